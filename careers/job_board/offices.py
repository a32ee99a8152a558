"""Where in the company the posts of the board are: by department, and by office and department.

What has no post is not there: nobody learns of a department before it has an opening. Names are in
the active language, else in the other one; the posts below them are in both.
"""

from .post import BESIDE, department, office, post, roles

FORMS = ("list", "tree")
ALONE = {"list": BESIDE, "tree": {"children": []}}
NO_OFFICE = {"id": 0, "name": "No Office", "location": None}  # so that no post is missing


def departments(company, form):
    """The departments with their posts, as a list or as trees."""
    return _departments(roles(), company, form)


def offices(company, form):
    """The offices with their departments and posts, likewise; last, what has no office."""
    found, elsewhere = {}, []
    for role in roles():
        places = list(role.locations.all())
        for place in places:
            found.setdefault(place, []).append(role)
        if not places:
            elsewhere.append(role)
    in_order = sorted(found, key=lambda place: (place.order, place.pk))
    offices = [(office(place), found[place]) for place in in_order]
    if elsewhere:
        offices.append((NO_OFFICE, elsewhere))
    return [
        {**place, "departments": _departments(rows, company, form), **ALONE[form]}
        for place, rows in offices
    ]


def _departments(rows, company, form):
    found = {}
    for role in rows:
        posts = [post(role, language, company) for language in role.languages]
        found.setdefault(role.department, []).extend(posts)
    return [{**department(row), "jobs": posts, **ALONE[form]} for row, posts in found.items()]
