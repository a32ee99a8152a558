"""The permissions of each group, in one table. `manage.py sync_permissions` applies it to the database.

Only superusers manage accounts and settings, so those apps are not in the table. Which applications a
hiring manager may see depends on the department; the `applications` app decides it.
"""

from django.utils.translation import gettext_noop

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)

CONTENT = {"company": ALL, "articles": ALL, "roles": ALL, "application_forms": ALL}

# Group: {app label: actions that the group may do with every model of that app}. The admin shows the
# names translated.
GROUP_PERMISSIONS = {
    gettext_noop("Recruiters"): CONTENT | {"applications": ("view", "change", "delete")},
    gettext_noop("Editors"): CONTENT,
    gettext_noop("Hiring managers"): {"roles": VIEW, "applications": VIEW},
    gettext_noop("Viewers"): dict.fromkeys(CONTENT, VIEW),
}


def allowed_actions(group):
    """The set of pairs of app label and action for `group`: ("roles", "view"), …"""
    return {
        (app, action) for app, actions in GROUP_PERMISSIONS[group].items() for action in actions
    }
