"""The data of an untouched form equals what a browser sends for the page with this form."""

import pytest
from django.contrib import admin
from django.http import QueryDict
from django.test import RequestFactory

from careers.revisions.admin import VersionedAdmin
from careers.revisions.form_data import fill_in, set_counts, set_untouched
from careers.revisions.snapshot import snapshot
from careers.roles.models import RemoteCountry, RoleCondition, RoleLanguage, SynonymGroup
from tests import make
from tests.bilingual.forms import fields_of, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def a_role():
    role = make.role(
        locations=[make.location(), make.location(name_en="Osaka")],
        duties_en="<p>Read & report “rain”.</p><ul><li>Daily</li></ul>",
        opens_at="2026-01-05T10:00+09:00",
        closes_on="2030-01-01",
        pay_min=6_000_000,
        see_also=make.role(),
    )
    RemoteCountry.objects.create(role=role, country="SG")
    RoleLanguage.objects.create(role=role, language="ja", proficiency="C1")
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6\n\n<b>")
    return role


def a_department():
    return make.department()


def an_application_form():
    form = make.form(make.role(), phone="required")
    make.question(
        form, kind="single_select", choices_en="a\nb", choices_ja="あ\nい", is_required=True
    )
    form.question_set_uses.create(question_set=make.question_set())
    return form


RECORDS = [
    a_role,
    a_department,
    an_application_form,
    make.question_set,
    make.location,
    make.company,
    make.perk,
    make.value,
    make.step,
    make.testimonial,
    make.video,
    make.article,
    lambda: make.policy(published=False),
    lambda: SynonymGroup.objects.create(terms="rain\n雨"),
]


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def test_form_data_tests_cover_every_versioned_model(db):
    models = {type(make_record()) for make_record in RECORDS}
    assert models == {
        model
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, VersionedAdmin)
    }


@pytest.mark.parametrize("make_record", RECORDS)
def test_form_data_of_untouched_form_is_what_a_browser_sends(recruiter, make_record):
    record = make_record()
    page = fields_of(recruiter.get(path_of(record)))
    form, formsets = _forms(recruiter.user, record)
    data = QueryDict(mutable=True)
    set_untouched(data, form)
    for formset in formsets:
        for row in formset.initial_forms:
            set_untouched(data, row)
        set_counts(data, formset, len(formset.initial_forms), len(formset.initial_forms))
    assert _lists(data) == {name: texts for name, texts in _lists(page).items() if name in data}
    others = page.keys() - data.keys()
    assert all(name.startswith(("_", "csrf")) or "_FORMS" in name for name in others), others


@pytest.mark.parametrize("make_record", RECORDS)
def test_form_data_of_current_snapshot_equals_untouched_form(recruiter, make_record):
    record = make_record()
    page = fields_of(recruiter.get(path_of(record)))
    record.refresh_from_db()
    data = fill_in(*_forms(recruiter.user, record), snapshot(record))
    assert _lists(data) == {name: texts for name, texts in _lists(page).items() if name in data}


def _forms(user, record):
    request = RequestFactory().get("/")
    request.user = user
    return admin.site.get_model_admin(type(record))._record_forms(request, record.pk)


def _lists(data):
    """{name: [texts]} with one kind of line break."""
    pairs = data.lists() if isinstance(data, QueryDict) else data.items()
    lists = ((name, value if isinstance(value, list) else [value]) for name, value in pairs)
    return {name: [text.replace("\r\n", "\n") for text in texts] for name, texts in lists}
