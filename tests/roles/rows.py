"""What stands in a list of openings."""

from tests.html import parse


def titles(page):
    """The titles in the order of the page, without the breaks between phrases."""
    return parse(page).texts("h3 > a")
