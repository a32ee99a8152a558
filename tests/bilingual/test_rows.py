"""Rows of a form without JavaScript: a button that adds one, and a checkbox that deletes one."""

import pytest
from django.contrib import admin

from careers.application_forms.enums import QuestionKind
from careers.application_forms.models import ApplicationForm, QuestionSet
from careers.bilingual.admin import BilingualAdmin
from careers.revisions.models import Revision
from careers.roles.models import Role
from tests import make
from tests.bilingual.forms import fields_of, path_of
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

INLINES = [
    (model, inline.model)
    for model, model_admin in admin.site._registry.items()
    if isinstance(model_admin, BilingualAdmin)
    for inline in model_admin.inlines
]
FACTORIES = {
    Role: make.role,
    ApplicationForm: lambda: make.form(make.role()),
    QuestionSet: make.question_set,
}


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def prefix_of(model, row_model):
    [relation] = [each for each in model._meta.related_objects if each.related_model is row_model]
    return relation.get_accessor_name()


def add_path(model):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"


def add_row(visitor, path, prefix, form):
    """Press the button; the page with the row."""
    page = visitor.post(path, form | {"_add_row": prefix})
    assert page.status_code == 200
    return page


def test_rows_are_of_every_model_with_inlines():
    assert len(INLINES) >= 7
    assert {model for model, _row_model in INLINES} == FACTORIES.keys()


@pytest.mark.parametrize(("model", "row_model"), INLINES, ids=lambda model: model.__name__)
def test_row_button_of_every_inline(model, row_model, recruiter):
    """In the form of a new record and of an existing one: one more row each time, nothing saved."""
    prefix = prefix_of(model, row_model)
    record = FACTORIES[model]()
    versions = Revision.objects.count()
    for path in (add_path(model), path_of(record)):
        page = recruiter.get(path)
        [button] = parse(page.text).all(f"noscript button[name=_add_row][value={prefix}]")
        assert "formnovalidate" in button
        assert button["formaction"] == f"#{prefix}-0"
        for number in (1, 2, 3):
            page = add_row(recruiter, path, prefix, fields_of(page))
            rows = parse(page.text).all(f".inline-related[id^={prefix}-]:not(.empty-form)")
            assert len(rows) == number
            assert parse(page.text).all(".errorlist, .errornote:not([hidden])") == []
            [button] = parse(page.text).all(f"button[value={prefix}]")
            assert button["formaction"] == f"#{prefix}-{number}"
    assert row_model.objects.count() == 0
    assert model.objects.count() == 1
    assert Revision.objects.count() == versions


def test_row_button_keeps_everything_typed(recruiter):
    """Valid or not, in fields, checkboxes, rich text and other rows; and the row can then be saved."""
    role = make.role()
    role.conditions.create(kind="hours", text_en="9 to 18", text_ja="9時から18時")
    path = path_of(role)
    typed = {
        "title_en": "x" * 300,
        "title_ja": "",
        "duties_ja": "<p>書きかけ",
        "pay_min": "not a number",
        "opens_at_0": "tomorrow",
        "_minor": "on",
        "conditions-0-text_en": "Ten to six",
        "conditions-0-DELETE": "on",
    }
    form = fields_of(recruiter.get(path)) | typed
    del form["publish_en"]
    page = add_row(recruiter, path, "conditions", form)
    shown = fields_of(page)
    assert {name: shown[name] for name in typed} == typed
    assert "publish_en" not in shown
    assert shown["conditions-TOTAL_FORMS"] == "2"
    assert shown["_base_digest"] == form["_base_digest"]
    saved = recruiter.post(
        path,
        shown
        | {"title_en": "Cook", "title_ja": "料理人", "pay_min": "", "opens_at_0": ""}
        | {"conditions-1-kind": "probation", "conditions-1-text_en": "Three months"},
    )
    assert saved.status_code == 302, parse(saved.text).texts(".errorlist li")
    assert [row.kind for row in role.conditions.all()] == ["probation"]  # the other one is deleted


def test_row_of_a_button_has_default_values(recruiter):
    """A new row that stays empty is not saved."""
    questions = make.question_set()
    path = path_of(questions)
    page = add_row(recruiter, path, "questions", fields_of(recruiter.get(path)))
    shown = fields_of(page)
    assert shown["questions-0-kind"] == QuestionKind.LINE
    assert shown["questions-0-visible_to_hiring_managers"] == "on"
    assert "questions-0-is_required" not in shown
    assert recruiter.post(path, shown).status_code == 302
    assert not questions.questions.exists()


def test_row_button_detects_a_conflict_afterwards(recruiter):
    """The form was opened before a colleague saved: that still counts after adding a row."""
    role = make.role()
    path = path_of(role)
    form = fields_of(recruiter.get(path)) | {"title_en": "Mine"}
    role.title_en = "Theirs"
    role.save()
    shown = fields_of(add_row(recruiter, path, "conditions", form))
    page = recruiter.post(path, shown)
    assert page.status_code == 200
    assert "Theirs" in page.text and "Mine" in page.text
    role.refresh_from_db()
    assert role.title_en == "Theirs"


def test_row_button_of_a_record_deleted_meanwhile_keeps_what_was_typed(recruiter):
    role = make.role()
    path = path_of(role)
    form = fields_of(recruiter.get(path)) | {"title_en": "Typed for an hour"}
    role.delete()
    page = add_row(recruiter, path, "conditions", form)
    assert fields_of(page)["title_en"] == "Typed for an hour"
    assert not Role.objects.exists()


@pytest.mark.parametrize(
    ("prefix", "count"), [("nonsense", "0"), ("conditions", "many"), ("conditions", "1000")]
)
def test_row_button_with_nonsense_adds_nothing(prefix, count, recruiter):
    role = make.role()
    path = path_of(role)
    form = fields_of(recruiter.get(path)) | {"conditions-TOTAL_FORMS": count, "title_en": "Typed"}
    page = recruiter.post(path, form | {"_add_row": prefix})
    assert page.status_code == 200
    assert fields_of(page)["title_en"] == "Typed"
    role.refresh_from_db()
    assert role.title_en != "Typed"


def test_row_button_needs_permission(signed_in):
    """Viewers have no button, and a request of theirs changes nothing."""
    role, viewer = make.role(), signed_in("Viewers")
    path = path_of(role)
    assert parse(viewer.page(path)).all("button[name=_add_row]") == []
    viewer.post(path, {"_add_row": "conditions", "title_en": "Hacked"})
    assert viewer.post(add_path(Role), {"_add_row": "conditions"}).status_code == 403
    role.refresh_from_db()
    assert role.title_en != "Hacked"


def test_enter_key_saves_and_adds_no_row(recruiter):
    """Without JavaScript, browsers press the first button of a form."""
    page = parse(recruiter.page(add_path(Role)))
    first, *_rest = page.all(
        "form#role_form button:not([type=button]), form#role_form [type=submit]"
    )
    assert first["name"] == "_save"


def test_row_button_is_translated(signed_in):
    page = parse(signed_in("Recruiters", language="ja").page(add_path(Role)))
    assert page.texts("button[name=_add_row]")[-1] == "労働条件を追加"
