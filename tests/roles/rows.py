"""What stands in a list of openings."""

import re


def titles(page):
    """The titles in the order of the page, without the breaks between phrases."""
    return [
        title.replace("\u200b", "") for title in re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page)
    ]
