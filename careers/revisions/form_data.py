"""What a browser sends back for a form that nobody touches: the form is rendered, and read."""

from html.parser import HTMLParser


def sent(bound):
    """The names of all controls of a bound field, and what an untouched one sends: {name: [texts]}."""
    return controls(str(bound))


def controls(html):
    """The same for a piece of HTML."""
    parser = _Controls()
    parser.feed(html)
    parser.close()
    return parser.names, parser.sent


class _Controls(HTMLParser):
    def __init__(self):
        super().__init__()
        self.names, self.sent = set(), {}
        self._select, self._text = None, None

    def handle_starttag(self, tag, attrs):
        marks = dict(attrs)
        if tag == "option" and self._select and "selected" in marks:
            self._send(self._select, marks.get("value", ""))
        if not (name := marks.get("name")):
            return
        self.names.add(name)
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._select, self._text = name, []
        elif tag == "input" and marks.get("type") in ("checkbox", "radio"):
            if "checked" in marks:
                self._send(name, marks.get("value", "on"))
        elif tag == "input" and marks.get("type") != "file":
            self._send(name, marks.get("value", ""))

    def handle_data(self, data):
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser leaves out the line break with which the text of a textarea begins.
            self._send(self._select, "".join(self._text).removeprefix("\r\n").removeprefix("\n"))
            self._select, self._text = None, None
        elif tag == "select":
            self._select = None

    def _send(self, name, text):
        self.sent.setdefault(name, []).append(text or "")
