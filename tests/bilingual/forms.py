"""Fill in a form of the admin as a browser does: what nobody types is sent as it stands on the page."""

from tests.html import form_data, parse


def path_of(record, page="change"):
    """The address of a record's form in the admin, or of another page about it."""
    options = record._meta
    return f"/admin/{options.app_label}/{options.model_name}/{record.pk}/{page}/"


def fields_of(page):
    """What a browser would send back: every control of the record's form on the page, as it stands."""
    sent = form_data(parse(page.text).one("form[id$=_form]"))
    return {
        name: values if len(values) > 1 else values[0]
        for name, values in sent.items()
        if "__prefix__" not in name
    }


def edit(visitor, path, **typed):
    """Open the form, type, save. Names with a hyphen are given as `changes={…}`."""
    changes = typed.pop("changes", {})
    response = visitor.post(path, fields_of(visitor.get(path)) | typed | changes)
    assert response.status_code == 302, response.context["errors"]
    return response
