"""Who may do what: one table. `manage.py rights` makes the groups equal to it.

Superusers alone manage accounts and settings, so those rooms are not in the table. What a hiring
manager may see of a single application is decided by department, in the rooms that hold them.
"""

from django.utils.translation import gettext_noop

ALL = ("view", "add", "change", "delete")
LOOK = ("view",)

# Room → what a group may do with every model in it. The names are shown in the admin, translated.
RIGHTS = {
    gettext_noop("Recruiters"): {"company": ALL, "articles": ALL, "roles": ALL},
    gettext_noop("Editors"): {"company": ALL, "articles": ALL, "roles": ALL},
    gettext_noop("Hiring managers"): {"roles": LOOK},
    gettext_noop("Viewers"): {"company": LOOK, "articles": LOOK, "roles": LOOK},
}


def codenames(group):
    """Pairs of room and action for `group`: ("roles", "view"), …"""
    return {(room, action) for room, actions in RIGHTS[group].items() for action in actions}
