"""Parsing of HTML responses: `parse(page).one("main h1").text`."""

from selectolax.lexbor import LexborHTMLParser

NOT_SUBMITTED = {"submit", "button", "image", "reset", "file"}


def parse(html):
    """The root Element of a page or fragment."""
    return Element(LexborHTMLParser(html).root)


class Element:
    """An HTML element; `element["href"]` is an attribute."""

    def __init__(self, node):
        self.node = node

    def all(self, selector):
        """Descendants that match a CSS selector, in document order."""
        return [Element(node) for node in self.node.css(selector)]

    def one(self, selector):
        """The only descendant that matches; AssertionError if there is another number."""
        elements = self.all(selector)
        assert len(elements) == 1, f"{len(elements)} elements match {selector!r}"
        return elements[0]

    def texts(self, selector):
        """The text of each descendant that matches."""
        return [element.text for element in self.all(selector)]

    @property
    def text(self):
        """Text content without zero-width spaces, and with single spaces."""
        return " ".join(self.node.text(deep=True).replace("\u200b", "").split())

    @property
    def html(self):
        return self.node.html

    @property
    def attributes(self):
        """{name: value}; an attribute without a value has ""."""
        return {name: value or "" for name, value in self.node.attributes.items()}

    def __getitem__(self, name):
        return self.attributes[name]

    def __contains__(self, name):
        return name in self.node.attributes


def form_data(form):
    """{name: [values]} that a browser sends when this form is submitted unchanged."""
    data = {}
    for control in form.all("input, select, textarea"):
        if "name" not in control or "disabled" in control:
            continue
        values = _values(control)
        if values is not None:
            data.setdefault(control["name"], []).extend(values)
    return data


def _values(control):
    """The values of a control; None if it is not sent."""
    if control.node.tag == "textarea":
        text = control.node.text(deep=True)  # without a line break with which it begins
        return [text.replace("\r\n", "\n").replace("\n", "\r\n")]
    if control.node.tag == "select":
        options = control.all("option")
        selected = [option for option in options if "selected" in option]
        if not selected and "multiple" not in control:
            selected = options[:1]
        return [option.attributes.get("value", option.text) for option in selected] or None
    kind = control.attributes.get("type", "text")
    if kind in NOT_SUBMITTED or (kind in ("checkbox", "radio") and "checked" not in control):
        return None
    return [control.attributes.get("value", "on" if kind in ("checkbox", "radio") else "")]
