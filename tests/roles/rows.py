"""Reads the entries of a role list."""

from tests.html import parse


def titles(page):
    """The titles on a page, in order, without the breaks between phrases."""
    return parse(page).texts("h3 > a")
