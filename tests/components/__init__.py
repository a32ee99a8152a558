"""Real servers and programs for the tests; nothing that the site depends on is mocked."""


class Unavailable(Exception):
    """This machine does not have the component and cannot get it; the message says why in one line."""
