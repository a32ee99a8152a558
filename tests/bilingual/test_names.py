"""Every bilingual record has a name in at least one language; the form says so at the name."""

import pytest
from django.contrib import admin

from careers.application_forms.enums import QuestionKind
from careers.application_forms.models import ApplicationForm, Question, QuestionSet
from careers.bilingual.admin import BilingualAdmin
from careers.revisions.admin import VersionedAdmin
from careers.revisions.models import Revision
from careers.roles.models import Role, RoleCondition, SynonymGroup
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

INVISIBLE = "\u200b \u2060"  # pasted from a website: it looks empty
WITHOUT_GLYPH = ("\u3164", "\u2800 \u2800", "\U000e0041\U000e007f")  # fillers, Braille, tags

BILINGUAL_ADMINS = {
    model: model_admin
    for model, model_admin in admin.site._registry.items()
    if isinstance(model_admin, BilingualAdmin)
}
# Models with an admin whose records need no name of their own.
WITHOUT_NAME = {ApplicationForm}
# {model: values without which its form is refused, beside the name}
REQUIRED = {
    "location": lambda: {"country": "JP"},
    "role": lambda: {"reference_id": "N-1", "department": make.department().pk},
    "policy": lambda: {"kind": "privacy"},
    "video": lambda: {"external_url": "https://videos.example.org/1"},
}
MODELS = sorted(BILINGUAL_ADMINS.keys() - WITHOUT_NAME, key=lambda model: model.__name__)
ERRORS = {"en": "in English, in Japanese, or in both.", "ja": "日本語か英語のどちらか"}


def name_of(model):
    return model.required_fields[0]


def errors_at(page, field):
    """The errors beside one field of a form."""
    return parse(page.text).texts(f"[id='id_{field}_error'] li")


def add_path(model):
    query = "?kind=privacy" if model._meta.model_name == "policy" else ""
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/{query}"


def test_name_table_has_every_bilingual_model():
    """A new model has `required_fields`, or is named above as one that needs no name."""
    assert len(MODELS) > 10
    assert {model for model in BILINGUAL_ADMINS if not model.required_fields} == WITHOUT_NAME


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_name_is_required_in_one_language(model, language, signed_in):
    """An empty form is refused, at the name in the language of the admin; one language is enough."""
    recruiter, path = signed_in("Recruiters", language=language), add_path(model)
    form = fields_of(recruiter.get(path))
    form |= REQUIRED.get(model._meta.model_name, dict)()
    for empty in ("", " ", INVISIBLE, *WITHOUT_GLYPH):
        names = {f"{name_of(model)}_{code}": empty for code in ("en", "ja")}
        page = recruiter.post(path, form | names)
        assert page.status_code == 200
        [error] = errors_at(page, f"{name_of(model)}_{language}")
        assert ERRORS[language] in error
        other = "en" if language == "ja" else "ja"
        assert errors_at(page, f"{name_of(model)}_{other}") == []
        assert not model.objects.exists()
    for code, name in (("en", "A name"), ("ja", "名前")):
        assert recruiter.post(path, form | {f"{name_of(model)}_{code}": name}).status_code == 302
        [record] = model.objects.all()
        assert getattr(record, f"{name_of(model)}_{code}") == name
        record.delete()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_name_cannot_be_removed(model, signed_in):
    """An edit that empties both names is refused and records no version."""
    recruiter = signed_in("Recruiters")
    record = make_record(model)
    path = path_of(record)
    names = {f"{name_of(model)}_{code}": "" for code in ("en", "ja")}
    versions = Revision.objects.count()
    page = recruiter.post(path, fields_of(recruiter.get(path)) | names)
    assert ERRORS["en"] in errors_at(page, f"{name_of(model)}_en")[0]
    stored = model.objects.get(pk=record.pk)
    assert str(stored) == str(record)
    assert Revision.objects.count() == versions


def make_record(model):
    factories = {"hiringstep": make.step, "questionset": make.question_set}
    if model._meta.model_name == "policy":
        return make.policy(published=False)
    name = model._meta.model_name
    return factories.get(name, getattr(make, name, None))()


def test_name_error_says_what_to_do_in_japanese(signed_in):
    """The whole sentence, with the name of the field in the language of the admin."""
    recruiter, path = signed_in("Recruiters", language="ja"), "/admin/roles/department/add/"
    page = recruiter.post(path, fields_of(recruiter.get(path)))
    assert errors_at(page, "name_ja") == [
        "日本語か英語のどちらか、または両方で「部署名」を入力してください。"
    ]


def test_name_error_names_the_field_in_english(signed_in):
    recruiter, path = signed_in("Recruiters"), "/admin/company/perk/add/"
    page = recruiter.post(path, fields_of(recruiter.get(path)))
    assert errors_at(page, "title_en") == ["Enter the title in English, in Japanese, or in both."]


def test_name_that_is_too_long_has_one_error(signed_in):
    """Its error does not come with the error of a missing name."""
    recruiter, path = signed_in("Recruiters"), "/admin/company/perk/add/"
    page = recruiter.post(path, fields_of(recruiter.get(path)) | {"title_en": "a" * 121})
    [error] = parse(page.text).texts(".errorlist li")
    assert "120" in error


# --- Rows ---

ROWS = {
    "condition": ("roles", "conditions", {"kind": "hours"}),
    "question with a kind": ("sets", "questions", {"kind": QuestionKind.FILE}),
    "question with a position": ("sets", "questions", {"kind": QuestionKind.LINE, "position": "3"}),
    "question with choices alone": (
        "sets",
        "questions",
        {"kind": QuestionKind.SINGLE_SELECT, "choices_en": "a\nb", "choices_ja": "あ\nい"},
    ),
    "question with a help text alone": (
        "forms",
        "own_questions",
        {"kind": QuestionKind.LINE, "help_en": "x"},
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_name_of_a_row_is_required(row, signed_in):
    """A row with a kind, an order or other values, but no text, is refused at its text."""
    owner, rows, values = ROWS[row]
    record = {"roles": make.role, "sets": make.question_set, "forms": make.form}[owner]()
    recruiter, path = signed_in("Recruiters"), path_of(record)
    form = fields_of(recruiter.get(path)) | {f"{rows}-TOTAL_FORMS": 1}
    form |= {f"{rows}-0-{name}": value for name, value in values.items()}
    page = recruiter.post(path, form)
    assert page.status_code == 200
    assert ERRORS["en"] in errors_at(page, f"{rows}-0-text_en")[0]
    assert not RoleCondition.objects.exists()
    assert not Question.objects.exists()
    saved = recruiter.post(path, form | {f"{rows}-0-text_ja": "文章"})
    assert saved.status_code == 302, parse(saved.text).texts(".errorlist li")
    assert RoleCondition.objects.count() + Question.objects.count() == 1


def test_name_of_an_untouched_row_is_not_required(signed_in):
    """A new row in which nothing was chosen is left out."""
    questions, recruiter = make.question_set(), signed_in("Recruiters")
    edit(
        recruiter,
        path_of(questions),
        changes={
            "questions-TOTAL_FORMS": 1,
            "questions-0-kind": QuestionKind.LINE,
            "questions-0-visible_to_hiring_managers": "on",
        },
    )
    assert not questions.questions.exists()


def test_name_of_a_deleted_row_is_not_required(signed_in):
    """A row that is marked for deletion needs no text."""
    role, recruiter = make.role(), signed_in("Recruiters")
    role.conditions.create(kind="hours", text_en="9 to 18")
    changes = {"conditions-0-text_en": "", "conditions-0-DELETE": "on"}
    edit(recruiter, path_of(role), changes=changes)
    assert not role.conditions.exists()


# --- Other ways to save ---


def test_name_is_required_in_a_duplicate(signed_in):
    """The copy of a record is a form like any other."""
    questions, recruiter = make.question_set(), signed_in("Recruiters")
    path = f"/admin/application_forms/questionset/add/?from={questions.pk}"
    page = recruiter.post(path, fields_of(recruiter.get(path)) | {"name_en": "", "name_ja": ""})
    assert ERRORS["en"] in errors_at(page, "name_en")[0]
    assert QuestionSet.objects.count() == 1


def test_name_is_required_when_an_empty_version_is_restored(signed_in):
    """A version from before this rule can be shown, but not saved."""
    department = make.department(name_en="", name_ja="")
    Revision.objects.create_from(department, by=None)
    department.name_en = "Weather"
    department.save()
    recruiter, path = signed_in("Recruiters"), path_of(department)
    version = department.revisions.get().pk
    restored = recruiter.get(f"{path}?version={version}")
    page = recruiter.post(path, fields_of(restored))
    assert ERRORS["en"] in errors_at(page, "name_en")[0]
    department.refresh_from_db()
    assert department.name_en == "Weather"


def test_name_cannot_be_edited_in_a_list():
    """Lists have no fields: `list_editable` would save without the rules and versions of the form."""
    admins = [each for each in admin.site._registry.values() if isinstance(each, VersionedAdmin)]
    assert len(admins) > 10
    assert [each for each in admins if each.list_editable] == []


@pytest.mark.parametrize(
    ("path", "field"),
    [("/admin/roles/synonymgroup/add/", "terms"), ("/admin/roles/role/add/", "reference_id")],
)
def test_required_text_of_invisible_characters_is_refused(path, field, signed_in):
    """A required text without a language cannot be empty either."""
    recruiter = signed_in("Recruiters")
    form = fields_of(recruiter.get(path))
    if field == "reference_id":
        form |= {"title_en": "Cook", "department": make.department().pk}
    page = recruiter.post(path, form | {field: INVISIBLE})
    assert errors_at(page, field) == ["This field is required."]
    assert not Role.objects.exists()
    assert not SynonymGroup.objects.filter(terms__in=["", " "]).exists()


@pytest.mark.parametrize("name", ["🦊", "？", "…"])
def test_name_without_searchable_words_can_be_edited(name, signed_in):
    """Its search column is empty, which is no error of the form."""
    recruiter, department = signed_in("Recruiters"), make.department()
    for title in (name, name, "Backend"):
        edit(recruiter, path_of(department), name_en=title, name_ja="")
        department.refresh_from_db()
        assert department.name_en == title
