"""The permissions of each group, in one table. `manage.py sync_permissions` applies it to the database.

Only superusers manage accounts and settings, so those apps are not in the table. Which applications a
hiring manager may see depends on the department; the apps that hold them decide it.
"""

from django.utils.translation import gettext_noop

ALL = ("view", "add", "change", "delete")
LOOK = ("view",)

CONTENT = {"company": ALL, "articles": ALL, "roles": ALL, "application_forms": ALL}

# Group: {app label: what the group may do with every model of that app}. The admin shows the names,
# translated.
RIGHTS = {
    gettext_noop("Recruiters"): CONTENT | {"applications": ("view", "change")},
    gettext_noop("Editors"): CONTENT,
    gettext_noop("Hiring managers"): {"roles": LOOK, "applications": LOOK},
    gettext_noop("Viewers"): dict.fromkeys(CONTENT, LOOK),
}


def codenames(group):
    """Pairs of app label and action for `group`: ("roles", "view"), …"""
    return {(app, action) for app, actions in RIGHTS[group].items() for action in actions}
