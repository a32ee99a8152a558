"""Fill in a form of the admin as a browser would: everything as it stands, but for what is typed."""


def fields_of(page):
    """What a browser would send back: every field of the forms on the page, as they stand."""
    context = page.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    sent = {}
    for name, value in fields.items():
        if hasattr(value, "strftime"):
            sent[f"{name}_0"], sent[f"{name}_1"] = (
                value.strftime("%Y-%m-%d"),
                value.strftime("%H:%M"),
            )
            sent[name] = value.isoformat()
        elif isinstance(value, str) and value:
            sent[name] = value.replace("\n", "\r\n")
        elif value is not None and value is not False and value != "":
            sent[name] = value
    return sent


def edit(visitor, path, **typed):
    """Open the form, type, save. Names with a hyphen are given as `changes={…}`."""
    changes = typed.pop("changes", {})
    response = visitor.post(path, fields_of(visitor.get(path)) | typed | changes)
    assert response.status_code == 302, response.context["errors"]
    return response
