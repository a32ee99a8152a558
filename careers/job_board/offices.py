"""Departments and offices of the job board, with their job posts.

Only departments and offices with an open role are listed: others are not public. Names are in the active
language, else in the other one; job posts are in both languages.
"""

from .job_posts import NO_HIERARCHY, department, office, public_roles, summary

RENDERINGS = ("list", "tree")  # values of `render_as`
HIERARCHY = {"list": NO_HIERARCHY, "tree": {"children": []}}
NO_OFFICE = {"id": 0, "name": "No Office", "location": None}  # holds the posts without an office


def departments(company, rendering):
    """The departments with their job posts, as a list or as trees."""
    return _departments(public_roles(), company, rendering)


def offices(company, rendering):
    """The offices with their departments and job posts, as a list or as trees; `NO_OFFICE` last."""
    by_location, without_location = {}, []
    for role in public_roles():
        locations = list(role.locations.all())
        for location in locations:
            by_location.setdefault(location, []).append(role)
        if not locations:
            without_location.append(role)
    in_order = sorted(by_location, key=lambda location: (location.order, location.pk))
    groups = [(office(location), by_location[location]) for location in in_order]
    if without_location:
        groups.append((NO_OFFICE, without_location))
    return [
        {
            **head,
            "departments": _departments(roles, company, rendering),
            **HIERARCHY[rendering],
        }
        for head, roles in groups
    ]


def _departments(roles, company, rendering):
    by_department = {}
    for role in roles:
        posts = [summary(role, language, company) for language in role.languages]
        by_department.setdefault(role.department, []).extend(posts)
    return [
        {**department(row), "jobs": posts, **HIERARCHY[rendering]}
        for row, posts in by_department.items()
    ]
