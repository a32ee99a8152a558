"""`manage.py load_demo`: fills what is empty with the demo company of careers/pages/demo/.

Each kind of record is written only where there is none of its kind yet, all in one transaction: it
can be run again without doubling anything and without touching what a recruiter has edited. Dates
count from the day of loading.
"""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management import BaseCommand
from django.db import transaction
from django.utils import timezone

from careers.application_forms.models import ApplicationForm, FormQuestionSet, Question, QuestionSet
from careers.articles.models import Article
from careers.company.models import (
    Company,
    HiringStep,
    Perk,
    Policy,
    Testimonial,
    Value,
    Video,
)
from careers.roles.models import (
    Department,
    Location,
    RemoteCountry,
    Role,
    RoleCondition,
    RoleLanguage,
    RoleLocation,
)

DEMO = Path(__file__).resolve().parents[2] / "demo"
OPENS = time(10)  # in the morning, in the time zone of the site


class Command(BaseCommand):
    help = "Load the demo company wherever the site is empty. Safe to repeat."

    def handle(self, *, verbosity, **options):
        content = {}
        for path in sorted(DEMO.glob("*.toml")):
            content |= tomllib.loads(path.read_text(encoding="utf-8"))
        with transaction.atomic():
            loaded = {kind: write(content[kind]) for kind, write in KINDS.items()}
        if verbosity:
            counts = ", ".join(f"{kind} {number}" for kind, number in loaded.items() if number)
            self.stdout.write(
                f"Loaded the demo company: {counts}."
                if counts
                else "The site already has content: nothing loaded."
            )


def _where_empty(model, write):
    """A writer of all rows of a kind, which returns their number, 0 where the kind is not empty."""

    def written(rows):
        if model.objects.exists():
            return 0
        for order, fields in enumerate(rows, start=1):
            place = {"order": order} if hasattr(model, "order") else {}
            write(model, {**fields, **place})
        return len(rows)

    return written


def _row(model, fields):
    row = model(**fields)
    row.full_clean()
    row.save()
    return row


def _video(model, fields):
    for name in ("file", "captions_en", "captions_ja"):
        fields[name] = ContentFile((DEMO / fields[name]).read_bytes(), name=fields[name])
    _row(model, fields)


def _policies(rows):
    """Each kind of policy by itself, in its first version."""
    empty = [fields for fields in rows if not Policy.objects.filter(kind=fields["kind"]).exists()]
    for fields in empty:
        Policy(**fields).publish()
    return len(empty)


def _published(model, fields):
    """A row with a page of its own; `published` names its languages."""
    today, now = timezone.localdate(), timezone.now()
    posted = now - timedelta(days=fields.pop("posted_days_ago", 0))
    for language in fields.pop("published"):
        fields[f"published_at_{language}"] = posted
    if "closes_in_days" in fields:
        fields["closes_on"] = today + timedelta(days=fields.pop("closes_in_days"))
    if "opens_in_days" in fields:
        day = today + timedelta(days=fields.pop("opens_in_days"))
        fields["opens_at"] = datetime.combine(day, OPENS, timezone.get_default_timezone())
    return _row(model, fields)


def _role(model, fields):
    locations = [_named(Location, name) for name in fields.pop("locations", [])]
    countries = fields.pop("remote_from", [])
    languages = fields.pop("languages")
    conditions = fields.pop("conditions", {})
    fields["department"] = _named(Department, fields["department"])
    if "see_also" in fields:
        fields["see_also"] = Role.objects.get(reference_id=fields["see_also"])
    role = _published(model, fields)
    for location in locations:
        _row(RoleLocation, {"role": role, "location": location})
    for country in countries:
        _row(RemoteCountry, {"role": role, "country": country})
    for language, proficiency in languages.items():
        _row(RoleLanguage, {"role": role, "language": language, "proficiency": proficiency})
    for kind, text in conditions.items():
        _row(RoleCondition, {"role": role, "kind": kind, **text})


def _question_set(model, fields):
    questions = fields.pop("questions")
    made = _row(model, fields)
    for question in questions:
        _row(Question, {"question_set": made, **question})


def _form(model, fields):
    """The form of a role, if that role is still there."""
    questions, sets = fields.pop("questions", []), fields.pop("sets")
    role = Role.objects.filter(reference_id=fields.pop("role")).first()
    if not role:
        return
    made = _row(model, {**fields, "role": role})
    for name in sets:
        _row(FormQuestionSet, {"form": made, "question_set": _named(QuestionSet, name)})
    for question in questions:
        _row(Question, {"form": made, **question})


def _named(model, name):
    """The one of this English name; where a recruiter has written others, the first of those."""
    return model.objects.filter(name_en=name).first() or model.objects.first()


# In this order: a role needs its department and its places, a form its role and its sets.
KINDS = {
    "company": _where_empty(Company, _row),
    "perks": _where_empty(Perk, _row),
    "values": _where_empty(Value, _row),
    "testimonials": _where_empty(Testimonial, _row),
    "steps": _where_empty(HiringStep, _row),
    "videos": _where_empty(Video, _video),
    "policies": _policies,
    "departments": _where_empty(Department, _row),
    "locations": _where_empty(Location, _row),
    "roles": _where_empty(Role, _role),
    "question_sets": _where_empty(QuestionSet, _question_set),
    "forms": _where_empty(ApplicationForm, _form),
    "articles": _where_empty(Article, _published),
}
