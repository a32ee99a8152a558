"""Fills in a form of the admin as a browser does: untouched fields are sent with the page's values."""

from tests.html import form_data, parse


def path_of(record, page="change"):
    """The path of a record's form in the admin, or of another page about it."""
    options = record._meta
    return f"/admin/{options.app_label}/{options.model_name}/{record.pk}/{page}/"


def fields_of(page):
    """What a browser would send for the untouched form of a record: {name: value or list of values}."""
    data = form_data(parse(page.text).one("form[id$=_form]"))
    return {
        name: values if len(values) > 1 else values[0]
        for name, values in data.items()
        if "__prefix__" not in name
    }


def errors_of(page):
    """The error messages of a form."""
    return parse(page.text).texts(".errorlist li")


def edit(visitor, path, **values):
    """Open the form, change `values`, save. Names with a hyphen are passed as `changes={…}`."""
    changes = values.pop("changes", {})
    response = visitor.post(path, fields_of(visitor.get(path)) | values | changes)
    assert response.status_code == 302, errors_of(response)
    return response
