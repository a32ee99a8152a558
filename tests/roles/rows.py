"""Reads the entries and the facets of a role list."""

from tests.html import parse


def titles(page):
    """The titles on a page, in order, without the breaks between phrases."""
    return parse(page).texts("h3 > a")


def choices(page):
    """{(facet, value): (count, whether it is selected)} of all choices on the page."""
    labels = [label for label in parse(page).all("label") if label.all("input[value] ~ .number")]
    return {
        (choice["name"], choice["value"]): (int(label.one(".number").text), "checked" in choice)
        for label in labels
        for choice in label.all("input")
    }
