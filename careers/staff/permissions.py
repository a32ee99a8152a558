"""Who may do what: one table. `manage.py sync_permissions` makes the groups equal to it.

Superusers alone manage accounts and settings, so those rooms are not in the table. What a hiring
manager may see of a single application is decided by department, in the rooms that hold them.
"""

from django.utils.translation import gettext_noop

ALL = ("view", "add", "change", "delete")
LOOK = ("view",)

CONTENT = {"company": ALL, "articles": ALL, "roles": ALL, "application_forms": ALL}

# Room → what a group may do with every model in it. The names are shown in the admin, translated.
RIGHTS = {
    gettext_noop("Recruiters"): CONTENT | {"applications": ("view", "change")},
    gettext_noop("Editors"): CONTENT,
    gettext_noop("Hiring managers"): {"roles": LOOK, "applications": LOOK},
    gettext_noop("Viewers"): dict.fromkeys(CONTENT, LOOK),
}


def codenames(group):
    """Pairs of room and action for `group`: ("roles", "view"), …"""
    return {(room, action) for room, actions in RIGHTS[group].items() for action in actions}
