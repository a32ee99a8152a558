"""Fill in a form of the admin as a browser does: what nobody types is sent as it stands on the page."""

import re
from html.parser import HTMLParser


def path_of(record, page="change"):
    """The address of a record's form in the admin, or of another page about it."""
    options = record._meta
    return f"/admin/{options.app_label}/{options.model_name}/{record.pk}/{page}/"


def fields_of(page):
    """What a browser would send: every control of the record's form on the page, {name: text or texts}."""
    form = re.search(r'<form [^>]*id="\w+_form".*?</form>', page.text, re.DOTALL)[0]
    parser = _FormParser()
    parser.feed(form)
    parser.close()
    fields = {name: texts if len(texts) > 1 else texts[0] for name, texts in parser.data.items()}
    return {
        name: text.replace("\n", "\r\n") if isinstance(text, str) else text
        for name, text in fields.items()
        if "__prefix__" not in name
    }


def edit(visitor, path, **typed):
    """Open the form, type, save. Names with a hyphen are given as `changes={…}`."""
    changes = typed.pop("changes", {})
    response = visitor.post(path, fields_of(visitor.get(path)) | typed | changes)
    assert response.status_code == 302, response.context["errors"]
    return response


class _FormParser(HTMLParser):
    """Collects the form data set of a form: {name: [texts]}."""

    def __init__(self):
        super().__init__()
        self.data = {}
        self._select, self._textarea, self._text = None, None, []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "option" and self._select and "selected" in attributes:
            self._add(self._select, attributes.get("value", ""))
        if not (name := attributes.get("name")):
            return
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea, self._text = name, []
        elif tag == "input" and attributes.get("type") in ("checkbox", "radio"):
            if "checked" in attributes:
                self._add(name, attributes.get("value", "on"))
        elif tag == "input" and attributes.get("type") != "file":
            self._add(name, attributes.get("value", ""))

    def handle_data(self, data):
        if self._textarea:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser drops the line break directly after the start tag.
            text = "".join(self._text).removeprefix("\r\n").removeprefix("\n")
            self._add(self._textarea, text)
            self._textarea = None
        elif tag == "select":
            self._select = None

    def _add(self, name, text):
        self.data.setdefault(name, []).append(text or "")
