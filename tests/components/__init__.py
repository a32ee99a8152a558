"""Real components, started for the tests: what the site leans on is never replaced by a pretence."""


class Unavailable(Exception):
    """This machine has no such component and could not get one; the message says why in one line."""
