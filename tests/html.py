"""HTML that the site has sent, read as a browser reads it: `parse(page).one("main h1").text`."""

from selectolax.lexbor import LexborHTMLParser

NOT_SENT = {"submit", "button", "image", "reset", "file"}


def parse(html):
    """The root Element of a page or of a part of one."""
    return Element(LexborHTMLParser(html).root)


class Element:
    """An element, its attributes (`element["href"]`) and what is inside it."""

    def __init__(self, node):
        self.node = node

    def all(self, selector):
        """The elements inside that match a CSS selector, in the order of the page."""
        return [Element(node) for node in self.node.css(selector)]

    def one(self, selector):
        """The only element inside that matches."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector!r}"
        return found[0]

    def texts(self, selector):
        """The text of each element inside that matches."""
        return [element.text for element in self.all(selector)]

    @property
    def text(self):
        """Without markup, places where a line may break, and runs of whitespace."""
        return " ".join(self.node.text(deep=True).replace("\u200b", "").split())

    @property
    def html(self):
        return self.node.html

    @property
    def attributes(self):
        """{name: value}; a value is "" for an attribute that has none."""
        return {name: value or "" for name, value in self.node.attributes.items()}

    def __getitem__(self, name):
        return self.attributes[name]

    def __contains__(self, name):
        return name in self.node.attributes


def form_data(form):
    """{name: [values]} that a browser sends when this form is submitted as it stands."""
    sent = {}
    for control in form.all("input, select, textarea"):
        if "name" not in control or "disabled" in control:
            continue
        values = _values(control)
        if values is not None:
            sent.setdefault(control["name"], []).extend(values)
    return sent


def _values(control):
    """What one control contributes; None, if it is not sent."""
    if control.node.tag == "textarea":
        text = control.node.text(deep=True)  # without a line break with which it begins
        return [text.replace("\r\n", "\n").replace("\n", "\r\n")]
    if control.node.tag == "select":
        options = control.all("option")
        chosen = [option for option in options if "selected" in option]
        if not chosen and "multiple" not in control:
            chosen = options[:1]
        return [option.attributes.get("value", option.text) for option in chosen] or None
    kind = control.attributes.get("type", "text")
    if kind in NOT_SENT or (kind in ("checkbox", "radio") and "checked" not in control):
        return None
    return [control.attributes.get("value", "on" if kind in ("checkbox", "radio") else "")]
