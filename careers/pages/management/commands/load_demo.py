"""`manage.py load_demo`: loads the demo company from careers/pages/demo/ into empty tables.

Each kind of record is written only if there is none of that kind yet, all in one transaction. So it can
be run again without duplicates, and never overwrites a recruiter's edits. Dates count from the day of
loading.
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
OPENING_TIME = time(10)  # in the morning, in the time zone of the site


class Command(BaseCommand):
    help = "Load the demo company into empty tables; safe to repeat."

    def handle(self, *, verbosity, **options):
        content = {}
        for path in sorted(DEMO.glob("*.toml")):
            content |= tomllib.loads(path.read_text(encoding="utf-8"))
        with transaction.atomic():
            loaded = {kind: write(content[kind]) for kind, write in WRITERS.items()}
        if verbosity:
            counts = ", ".join(f"{kind} {number}" for kind, number in loaded.items() if number)
            self.stdout.write(
                f"Loaded the demo company: {counts}."
                if counts
                else "The site already has content: nothing loaded."
            )


def _if_empty(model, write):
    """A function that writes all rows of a kind and returns their number; 0 if the kind is not empty."""

    def write_rows(rows):
        if model.objects.exists():
            return 0
        for order, fields in enumerate(rows, start=1):
            position = {"order": order} if hasattr(model, "order") else {}
            write(model, {**fields, **position})
        return len(rows)

    return write_rows


def _save_row(model, fields):
    row = model(**fields)
    row.full_clean()
    row.save()
    return row


def _save_video(model, fields):
    for name in ("file", "captions_en", "captions_ja"):
        fields[name] = ContentFile((DEMO / fields[name]).read_bytes(), name=fields[name])
    _save_row(model, fields)


def _publish_policies(rows):
    """Publish the first version of each kind of policy that does not exist yet."""
    empty = [fields for fields in rows if not Policy.objects.filter(kind=fields["kind"]).exists()]
    for fields in empty:
        Policy(**fields).publish()
    return len(empty)


def _save_published(model, fields):
    """Save a row with its own page; `published` names its languages."""
    today, now = timezone.localdate(), timezone.now()
    posted = now - timedelta(days=fields.pop("posted_days_ago", 0))
    for language in fields.pop("published"):
        fields[f"published_at_{language}"] = posted
    if "closes_in_days" in fields:
        fields["closes_on"] = today + timedelta(days=fields.pop("closes_in_days"))
    if "opens_in_days" in fields:
        day = today + timedelta(days=fields.pop("opens_in_days"))
        fields["opens_at"] = datetime.combine(day, OPENING_TIME, timezone.get_default_timezone())
    return _save_row(model, fields)


def _save_role(model, fields):
    locations = [_get_by_name(Location, name) for name in fields.pop("locations", [])]
    countries = fields.pop("remote_from", [])
    languages = fields.pop("languages")
    conditions = fields.pop("conditions", {})
    fields["department"] = _get_by_name(Department, fields["department"])
    if "see_also" in fields:
        fields["see_also"] = Role.objects.get(reference_id=fields["see_also"])
    role = _save_published(model, fields)
    for location in locations:
        _save_row(RoleLocation, {"role": role, "location": location})
    for country in countries:
        _save_row(RemoteCountry, {"role": role, "country": country})
    for language, proficiency in languages.items():
        _save_row(RoleLanguage, {"role": role, "language": language, "proficiency": proficiency})
    for kind, text in conditions.items():
        _save_row(RoleCondition, {"role": role, "kind": kind, **text})


def _save_question_set(model, fields):
    questions = fields.pop("questions")
    record = _save_row(model, fields)
    for question in questions:
        _save_row(Question, {"question_set": record, **question})


def _save_form(model, fields):
    """Save the form of a role, if that role still exists."""
    questions, sets = fields.pop("questions", []), fields.pop("sets")
    role = Role.objects.filter(reference_id=fields.pop("role")).first()
    if not role:
        return
    record = _save_row(model, {**fields, "role": role})
    for name in sets:
        _save_row(
            FormQuestionSet, {"form": record, "question_set": _get_by_name(QuestionSet, name)}
        )
    for question in questions:
        _save_row(Question, {"form": record, **question})


def _get_by_name(model, name):
    """The record with this English name; else the first one, if a recruiter has renamed it."""
    return model.objects.filter(name_en=name).first() or model.objects.first()


# In this order: a role needs its department and locations, a form needs its role and question sets.
WRITERS = {
    "company": _if_empty(Company, _save_row),
    "perks": _if_empty(Perk, _save_row),
    "values": _if_empty(Value, _save_row),
    "testimonials": _if_empty(Testimonial, _save_row),
    "steps": _if_empty(HiringStep, _save_row),
    "videos": _if_empty(Video, _save_video),
    "policies": _publish_policies,
    "departments": _if_empty(Department, _save_row),
    "locations": _if_empty(Location, _save_row),
    "roles": _if_empty(Role, _save_role),
    "question_sets": _if_empty(QuestionSet, _save_question_set),
    "forms": _if_empty(ApplicationForm, _save_form),
    "articles": _if_empty(Article, _save_published),
}
