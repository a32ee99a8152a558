"""The permissions of each group, in one table. `manage.py sync_permissions` applies it to the database.

Only superusers manage accounts and settings, so those apps are not in the table. Which applications a
hiring manager may see depends on the department; the `applications` app decides it.

A second table lists the fields that decide who reads candidates' data. The admin shows them read-only to
users without the permission GRANT_ACCESS: a user who edits content must not gain access by it.
"""

from typing import NamedTuple

from django.utils.translation import gettext_noop

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)

CONTENT = {"company": ALL, "articles": ALL, "roles": ALL, "application_forms": ALL}

# Group: {app label: actions that the group may do with every model of that app}. The admin shows the
# names translated.
GROUP_PERMISSIONS = {
    gettext_noop("Recruiters"): CONTENT
    | {"roles": (*ALL, "grant"), "applications": ("view", "change", "delete")},
    gettext_noop("Editors"): CONTENT,
    gettext_noop("Hiring managers"): {"roles": VIEW, "applications": VIEW},
    gettext_noop("Viewers"): dict.fromkeys(CONTENT, VIEW),
}

# Recruiters have it: they read every application themselves.
GRANT_ACCESS = "roles.grant_access"


class AccessField(NamedTuple):
    """A field of a model that decides who reads candidates' data.

    `is_free_in_new`: everyone who adds a record may set it, because a new one has no applications.
    """

    model: str
    name: str
    is_free_in_new: bool = False


ACCESS_FIELDS = (
    AccessField("roles.Department", "managers"),
    # The managers of the department read the applications for its roles.
    AccessField("roles.Role", "department", is_free_in_new=True),
    # Emails about applications name the candidate. They go to the recruiter, else to this address, and
    # candidates' replies too.
    AccessField("roles.Role", "recruiter"),
    AccessField("company.Company", "contact_email"),
    # Only superusers may change accounts at all.
    AccessField("staff.User", "is_active"),
    AccessField("staff.User", "groups"),
    AccessField("staff.User", "is_superuser"),
)


def allowed_actions(group):
    """The set of pairs of app label and action for `group`: ("roles", "view"), …"""
    return {
        (app, action) for app, actions in GROUP_PERMISSIONS[group].items() for action in actions
    }


def locked_fields(user, model, *, is_new):
    """The names of the fields of `model` that decide about access and that `user` may not set."""
    if user.has_perm(GRANT_ACCESS):
        return []
    return [
        field.name
        for field in ACCESS_FIELDS
        if field.model == model._meta.label and not (is_new and field.is_free_in_new)
    ]
