"""The demo company: complete in both languages, loaded once, and never over a recruiter's edits."""

import re
import tomllib
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.utils import timezone

from careers.application_forms.forms import question_topics
from careers.application_forms.models import ApplicationForm
from careers.company.models import Company, Perk
from careers.roles.conditions import checklist, is_possible_in_japan
from careers.roles.models import Location, Role
from tests.html import parse
from tools.catalogues import ROOT, SLIPS

pytestmark = pytest.mark.django_db

DEMO = sorted((ROOT / "careers/pages/demo").glob("*.toml"))
APPS = ("company", "articles", "roles", "application_forms")


def all_rows():
    models = [model for app_label in APPS for model in apps.get_app_config(app_label).get_models()]
    return {model.__name__: serializers.serialize("json", model.objects.all()) for model in models}


def test_demo_loaded_again_changes_nothing(capsys):
    call_command("load_demo")
    before = all_rows()
    call_command("load_demo")
    assert all_rows() == before
    assert "nothing loaded" in capsys.readouterr().out


def test_demo_keeps_edits():
    call_command("load_demo")
    Company.objects.update(name_en="Ours")
    Role.objects.filter(reference_id="9636").update(title_en="Our title")
    Perk.objects.first().delete()
    perks = Perk.objects.count()
    call_command("load_demo")
    assert Company.objects.get().name_en == "Ours"
    assert Role.objects.get(reference_id="9636").title_en == "Our title"
    assert Perk.objects.count() == perks


def test_demo_contains_every_publication_state():
    call_command("load_demo")
    languages = sorted(role.languages for role in Role.objects.public())
    assert languages.count(("en", "ja")) == 4
    assert ("en",) in languages
    assert ("ja",) in languages
    closed = Role.objects.get(closes_on__lt=timezone.localdate())
    assert closed.closes_on == timezone.localdate() - timedelta(days=7)
    assert Role.objects.get(opens_at__gt=timezone.now()) not in Role.objects.posted()


def test_demo_roles_are_complete():
    """Each role states every condition and its pay in numbers; its page says once that it is an example."""
    call_command("load_demo")
    roles = Role.objects.all()
    assert roles.count() == 8
    assert sum(map(is_possible_in_japan, roles)) == 7
    for role in roles:
        is_complete = next(checklist(role)).startswith("The basic items are complete")
        assert is_complete == is_possible_in_japan(role)
        assert role.pay_min and role.pay_max
    assert {location.country for location in Location.objects.all()} == {"JP", "SG"}
    intern = Role.objects.get(reference_id="EX-103")
    assert intern.see_also.reference_id == "EX-102"
    content = tomllib.loads((ROOT / "careers/pages/demo/roles.toml").read_text("utf-8"))
    for role in content["roles"]:
        for language, mark in (("en", r"\bexamples?\b"), ("ja", "例")):
            role_texts = "\n".join(strings(role, f"_{language}"))
            assert len(re.findall(mark, role_texts)) == (language in role["published"])


@pytest.mark.parametrize("path", ["/en/", "/ja/working-here/"])
def test_demo_blog_link(client, path):
    """The page links to the blog beside the values, not only in its footer."""
    call_command("load_demo")
    page = parse(client.get(path).text)
    assert page.all("main a[href='https://tech.ahrefs.com/']")


def test_demo_forms_have_own_and_shared_questions():
    call_command("load_demo")
    forms = {form.role.reference_id: form for form in ApplicationForm.objects.all()}
    questions = {
        number: [str(question) for question in form.questions()] for number, form in forms.items()
    }
    assert (len(questions["9636"]), len(questions["EX-102"])) == (3, 1)
    assert questions["9636"][0] == questions["EX-102"][0]
    for form in forms.values():
        assert "example" in form.note_en and "例" in form.note_ja
        assert not any(question_topics(question) for question in form.questions())


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.name)
def test_demo_japanese_style(path):
    for text in strings(tomllib.loads(path.read_text("utf-8")), "_ja"):
        words = re.sub(r"<[^>]+>", "", text)
        for slip, pattern in SLIPS.items():
            assert not pattern.search(words), f"{slip}: {text}"


def strings(value, suffix, name=""):
    """All texts below keys that end with `suffix`, in the content of a file."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, suffix, key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, suffix, name)
    elif isinstance(value, str) and name.endswith(suffix):
        yield value
