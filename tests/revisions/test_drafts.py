"""Drafts: unsaved values of a form are stored, offered when the form is opened again, and merged."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.core.management import call_command
from django.utils import timezone

from careers.application_forms.models import ApplicationForm
from careers.company.models import Perk
from careers.page_cache.models import Generation
from careers.revisions.admin import VersionedAdmin
from careers.revisions.models import Draft, Revision
from careers.roles.models import Role, RoleCondition, SynonymGroup
from tests import make
from tests.bilingual.forms import edit, errors_of, fields_of, path_of
from tests.conftest import queries
from tests.html import parse

pytestmark = pytest.mark.django_db

ADD_PERK = "/admin/company/perk/add/"
# A record of each model whose admin stores drafts.
MAKERS = {
    "role": make.role,
    "department": make.department,
    "location": make.location,
    "synonymgroup": lambda: SynonymGroup.objects.create(terms="rain\n雨"),
    "applicationform": make.form,
    "questionset": make.question_set,
    "article": make.article,
    "company": make.company,
    "perk": make.perk,
    "value": make.value,
    "testimonial": make.testimonial,
    "hiringstep": make.step,
    "video": make.video,
    "policy": lambda: make.policy(published=False),
}


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters", last_name="佐藤", first_name="花")


@pytest.fixture
def colleague(signed_in):
    return signed_in("Recruiters", first_name="Ken", last_name="Ito")


@pytest.fixture
def role():
    return make.role(title_en="Rain engineer", title_ja="雨のエンジニア", workplace="hybrid")


def send(visitor, path, fields, *, sequence=1):
    """Send the fields of the form at `path` as a draft; the response."""
    path, mark, query = path.partition("?")
    base = path.removesuffix("change/")
    return visitor.post(f"{base}draft/{mark}{query}", fields | {"_draft_sequence": sequence})


def type_into(visitor, path, *, sequence=1, **changes):
    """Open a form, change fields without saving, and let the page store the draft; all fields."""
    changes = changes.pop("changes", {}) | changes
    fields = fields_of(visitor.get(path)) | changes
    response = send(visitor, path, fields, sequence=sequence)
    assert response.status_code == 200, response.text
    return fields


def offers(visitor, path):
    """The drafts that the form at `path` offers, as elements."""
    return parse(visitor.page(path)).all("#drafts li")


def continue_draft(visitor, path, index=0):
    """Follow the link “Continue editing”; the response."""
    return visitor.get(offers(visitor, path)[index].one("a")["href"])


# --- Storing, continuing, saving ---------------------------------------------------------------


def test_draft_offered_continued_and_saved(recruiter, role):
    """Nothing is saved until the recruiter saves; then the draft is gone."""
    path = path_of(role)
    assert offers(recruiter, path) == []
    assert "hidden" in parse(recruiter.page(path)).one("#drafts")
    type_into(recruiter, path, title_ja="嵐のエンジニア", duties_en="<p>Read the storm.</p>")
    role.refresh_from_db()
    assert role.title_ja == "雨のエンジニア"
    [offer] = offers(recruiter, path)
    assert "Draft of " in offer.text
    form = continue_draft(recruiter, path)
    assert "The form shows your draft of " in form.text
    assert errors_of(form) == []
    assert offers(recruiter, offer.one("a")["href"]) == []  # the form shows it already
    fields = fields_of(form)
    assert fields["title_ja"] == "嵐のエンジニア"
    assert fields["duties_en"] == "<p>Read the storm.</p>"
    assert recruiter.post(path, fields).status_code == 302
    role.refresh_from_db()
    assert role.title_ja == "嵐のエンジニア"
    assert not Draft.objects.exists()


@pytest.mark.one_database
def test_draft_in_japanese(signed_in, role):
    recruiter = signed_in("Recruiters", language="ja")
    type_into(recruiter, path_of(role), changes={"_draft_has_files": "on"})
    [offer] = offers(recruiter, path_of(role))
    assert "の下書き" in offer.text
    assert offer.texts("button") == ["破棄"]
    assert "選択したファイルは下書きに含まれていません。" in offer.text
    page = continue_draft(recruiter, path_of(role)).text
    assert "の下書きを表示しています。まだ保存されていません。" in page
    assert "ファイルはもう一度選択してください。" in page


def test_draft_contains_rows(recruiter, role):
    """An added row, a changed one, and one that is marked for deletion."""
    hours = RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    breaks = RoleCondition.objects.create(role=role, kind="breaks", text_en="60 minutes")
    rows = {
        "conditions-TOTAL_FORMS": "3",
        "conditions-0-text_ja": "9:00～18:00",
        "conditions-1-DELETE": "on",
        "conditions-2-id": "",
        "conditions-2-role": role.pk,
        "conditions-2-kind": "days_off",
        "conditions-2-text_en": "Weekends",
        "conditions-2-text_ja": "",
    }
    type_into(recruiter, path_of(role), changes=rows)
    fields = fields_of(continue_draft(recruiter, path_of(role)))
    assert recruiter.post(path_of(role), fields).status_code == 302
    hours.refresh_from_db()
    assert hours.text_ja == "9:00～18:00"
    assert not RoleCondition.objects.filter(pk=breaks.pk).exists()
    assert role.conditions.get(kind="days_off").text_en == "Weekends"


@pytest.mark.one_database
def test_draft_of_incomplete_form_shows_no_errors(recruiter, role):
    type_into(recruiter, path_of(role), reference_id="", pay_min="six million", opens_at_0="x")
    form = continue_draft(recruiter, path_of(role))
    assert errors_of(form) == []
    fields = fields_of(form)
    assert (fields["reference_id"], fields["pay_min"], fields["opens_at_0"]) == (
        "",
        "six million",
        "x",
    )
    assert recruiter.post(path_of(role), fields).status_code == 200


@pytest.mark.one_database
def test_draft_shows_no_errors_of_its_rows(recruiter):
    """Publishing with a condition in one language is an error, but only when the form is saved."""
    role = make.role(published_at_en=None)
    RoleCondition.objects.create(role=role, kind="hours", text_ja="9:00～18:00")
    type_into(recruiter, path_of(role), publish_en="on")
    form = continue_draft(recruiter, path_of(role))
    assert errors_of(form) == []
    rejected = recruiter.post(path_of(role), fields_of(form))
    assert rejected.status_code == 200
    assert len(errors_of(rejected)) == 1


@pytest.mark.one_database
@pytest.mark.parametrize("name", MAKERS)
def test_draft_of_each_model(name, recruiter):
    """Every form of content stores and offers drafts, for a record and for a new one."""
    record = MAKERS[name]()
    options = record._meta
    paths = [path_of(record)]
    if name != "company":  # there is one
        kind = "?kind=privacy" if name == "policy" else ""
        paths.append(f"/admin/{options.app_label}/{options.model_name}/add/{kind}")
    for path in paths:
        type_into(recruiter, path)
        assert len(offers(recruiter, path)) == 1, path
        assert continue_draft(recruiter, path).status_code == 200, path


@pytest.mark.one_database
def test_draft_table_has_every_versioned_model():
    """Fails if a model with versions is missing in the table above."""
    assert {
        model._meta.model_name
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, VersionedAdmin)
    } == MAKERS.keys()


# --- Merging -----------------------------------------------------------------------------------


def test_draft_merged_with_colleagues_save(recruiter, colleague, role):
    """The form has the colleague's values in other fields; the same field is a conflict."""
    type_into(recruiter, path_of(role), title_en="Storm engineer", intro_en="<p>Typed.</p>")
    changes = {"title_en": "Cloud engineer", "summary_ja": "雲を読みます。", "workplace": "remote"}
    edit(colleague, path_of(role), **changes)
    form = continue_draft(recruiter, path_of(role))
    assert "Ken Ito saved this on" in form.text
    assert "Cloud engineer</q>" in form.text
    fields = fields_of(form)
    assert (fields["title_en"], fields["intro_en"]) == ("Storm engineer", "<p>Typed.</p>")
    assert (fields["summary_ja"], fields["workplace"]) == ("雲を読みます。", "remote")
    assert recruiter.post(path_of(role), fields).status_code == 302
    role.refresh_from_db()
    assert (role.title_en, role.summary_ja) == ("Storm engineer", "雲を読みます。")


def test_draft_rows_merged_with_colleagues_rows(recruiter, colleague, role):
    def added_row(kind, text):
        return {
            "conditions-TOTAL_FORMS": "1",
            "conditions-0-role": role.pk,
            "conditions-0-kind": kind,
            "conditions-0-text_en": text,
        }

    type_into(recruiter, path_of(role), changes=added_row("days_off", "Weekends"))
    edit(colleague, path_of(role), changes=added_row("hours", "9 to 6"))
    fields = fields_of(continue_draft(recruiter, path_of(role)))
    assert recruiter.post(path_of(role), fields).status_code == 302
    rows = role.conditions.values_list("kind", "text_en")
    assert set(rows) == {("days_off", "Weekends"), ("hours", "9 to 6")}


# --- Add forms ---------------------------------------------------------------------------------


def test_draft_of_new_record(recruiter):
    """Drafts of several new records are told apart by the name in them."""
    type_into(recruiter, ADD_PERK, title_en="A desk")
    type_into(recruiter, ADD_PERK, title_ja="椅子")
    newest, oldest = offers(recruiter, ADD_PERK)
    assert newest.one("[lang=ja]").text == "椅子"
    assert oldest.one("[lang=en]").text == "A desk"
    fields = fields_of(recruiter.get(oldest.one("a")["href"]))
    assert fields["title_en"] == "A desk"
    assert recruiter.post(ADD_PERK, fields).status_code == 302
    assert Perk.objects.get().title_en == "A desk"
    [offer] = offers(recruiter, ADD_PERK)
    assert offer.one("[lang=ja]").text == "椅子"


def test_draft_of_duplicate(recruiter, role):
    """The draft of a copy still copies the application form when it is saved."""
    make.form(role)
    path = f"/admin/roles/role/add/?from={role.pk}"
    fields = fields_of(recruiter.get(path)) | {"reference_id": "COPY-1", "_draft_sequence": 1}
    save_url = parse(recruiter.page(path)).one("#draft-status")["data-save-url"]
    assert recruiter.post(save_url, fields).status_code == 200
    [offer] = offers(recruiter, "/admin/roles/role/add/")
    url = offer.one("a")["href"]
    assert f"from={role.pk}" in url
    assert recruiter.post(url, fields_of(recruiter.get(url))).status_code == 302
    copy = Role.objects.get(reference_id="COPY-1")
    assert ApplicationForm.objects.filter(role=copy).exists()
    assert not Draft.objects.exists()


@pytest.mark.one_database
def test_draft_link_keeps_filters_of_the_list(recruiter, role):
    type_into(recruiter, path_of(role), title_en="Storm engineer")
    path = f"{path_of(role)}?_changelist_filters=q%3Drain"
    [offer] = offers(recruiter, path)
    assert "_changelist_filters=q%3Drain" in offer.one("a")["href"]
    discarded = recruiter.post(offer.one("form")["action"], {"_draft_key": offer["data-key"]})
    assert discarded.headers["Location"] == path


# --- Several tabs ------------------------------------------------------------------------------


def test_draft_of_each_tab(recruiter, role):
    """Two tabs store two drafts; saving one form deletes its draft only."""
    first = type_into(recruiter, path_of(role), title_en="Storm engineer")
    type_into(recruiter, path_of(role), title_en="Cloud engineer")
    assert len(offers(recruiter, path_of(role))) == 2
    assert recruiter.post(path_of(role), first).status_code == 302
    [offer] = offers(recruiter, path_of(role))
    form = recruiter.get(offer.one("a")["href"])
    assert fields_of(form)["title_en"] == "Cloud engineer"
    assert "Storm engineer</q>" in form.text


def test_draft_states_arrive_in_any_order(recruiter, role):
    """A request that was overtaken does not replace a later state."""
    fields = type_into(recruiter, path_of(role), sequence=2, title_en="Storm engineer")
    late = send(recruiter, path_of(role), fields | {"title_en": "Sto"}, sequence=1)
    assert late.status_code == 409
    same = send(recruiter, path_of(role), fields | {"title_en": "Other tab"}, sequence=2)
    assert same.status_code == 409
    assert fields_of(continue_draft(recruiter, path_of(role)))["title_en"] == "Storm engineer"
    latest = send(recruiter, path_of(role), fields | {"title_en": "Wind"}, sequence=3)
    assert latest.status_code == 200
    assert fields_of(continue_draft(recruiter, path_of(role)))["title_en"] == "Wind"


def test_draft_kept_by_rejected_save(recruiter, role):
    """The form with errors continues its draft."""
    fields = type_into(recruiter, path_of(role), sequence=4, reference_id="")
    rejected = recruiter.post(path_of(role), fields)
    assert rejected.status_code == 200
    status = parse(rejected.text).one("#draft-status")
    assert (status["data-sequence"], "data-is-rejected" in status) == ("4", True)
    assert fields_of(rejected)["_draft_key"] == fields["_draft_key"]
    assert parse(rejected.text).all("#drafts li") == []
    assert len(offers(recruiter, path_of(role))) == 1


def test_draft_kept_by_conflict(recruiter, colleague, role):
    fields = type_into(recruiter, path_of(role), title_en="Storm engineer")
    edit(colleague, path_of(role), title_en="Cloud engineer")
    conflict = recruiter.post(path_of(role), fields)
    assert fields_of(conflict)["_draft_key"] == fields["_draft_key"]
    assert Draft.objects.count() == 1
    assert recruiter.post(path_of(role), fields_of(conflict)).status_code == 302
    assert not Draft.objects.exists()


# --- Who sees a draft --------------------------------------------------------------------------


def test_draft_of_another_user_is_unknown(recruiter, colleague, role):
    fields = type_into(recruiter, path_of(role), title_en="Storm engineer")
    key = fields["_draft_key"]
    assert offers(colleague, path_of(role)) == []
    response = colleague.get(f"{path_of(role)}?draft={key}", follow=True)
    assert "This draft no longer exists." in response.text
    assert "Storm engineer" not in response.text
    discard = "/admin/roles/role/drafts/discard/"
    assert colleague.post(discard, {"_draft_key": key}).status_code == 404
    # The same key of another user is another draft.
    own = fields_of(colleague.get(path_of(role))) | {"_draft_key": key, "title_en": "Wind"}
    assert send(colleague, path_of(role), own).status_code == 200
    assert fields_of(continue_draft(recruiter, path_of(role)))["title_en"] == "Storm engineer"
    assert fields_of(continue_draft(colleague, path_of(role)))["title_en"] == "Wind"


def test_draft_of_another_record_is_unknown(recruiter, role):
    key = type_into(recruiter, path_of(role))["_draft_key"]
    for path in (path_of(make.role()), "/admin/roles/role/add/"):
        response = recruiter.get(f"{path}?draft={key}")
        assert (response.status_code, response.headers["Location"]) == (302, path)


@pytest.mark.one_database
def test_draft_needs_permission_to_change(signed_in, recruiter, role):
    fields = type_into(recruiter, path_of(role))
    viewer = signed_in("Viewers")
    assert send(viewer, path_of(role), fields).status_code == 403
    assert "_draft_key" not in viewer.page(path_of(role))
    policy = make.policy()
    assert send(recruiter, path_of(policy), fields).status_code == 403
    assert "_draft_key" not in recruiter.page(path_of(policy))


def test_draft_of_deleted_record_becomes_a_new_one(recruiter, colleague, role):
    """A colleague deletes the record while its form is open: the add form offers the typed values."""
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9時～18時")
    fields = type_into(recruiter, path_of(role))
    colleague.post(path_of(role, "delete"), {"post": "yes"})
    assert not Draft.objects.exists()
    typed = fields | {"title_en": "Storm engineer", "conditions-0-text_en": "10 to 7"}
    assert send(recruiter, path_of(role), typed, sequence=2).status_code == 200
    add = "/admin/roles/role/add/"
    [offer] = offers(recruiter, add)
    assert offer.one("[lang=en]").text == "Storm engineer"
    assert recruiter.post(add, fields_of(continue_draft(recruiter, add))).status_code == 302
    saved = Role.objects.get()
    assert (saved.title_en, saved.conditions.get().text_en) == ("Storm engineer", "10 to 7")
    assert not Draft.objects.exists()


# --- Limits ------------------------------------------------------------------------------------


@pytest.mark.one_database
def test_draft_size_limit(recruiter, role, settings):
    settings.DRAFT_MAX_BYTES = 10_000
    fields = fields_of(recruiter.get(path_of(role)))
    long_text = fields | {"intro_ja": "雨" * 3_400}
    assert send(recruiter, path_of(role), long_text).status_code == 413
    assert not Draft.objects.exists()


def test_draft_number_limit(recruiter, colleague, settings):
    """The oldest draft of the same user is deleted."""
    settings.DRAFTS_PER_USER = 2
    type_into(colleague, ADD_PERK, title_en="Of a colleague")
    for title in ("One", "Two", "Three"):
        type_into(recruiter, ADD_PERK, title_en=title)
    assert [offer.one("[lang=en]").text for offer in offers(recruiter, ADD_PERK)] == [
        "Three",
        "Two",
    ]
    assert len(offers(colleague, ADD_PERK)) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    "changes",
    [
        {"_draft_key": ""},
        {"_draft_key": "short"},
        {"_draft_key": "x" * 33},
        {"_draft_key": "é" * 20},
        {"_draft_sequence": ""},
        {"_draft_sequence": "-1"},
        {"_draft_sequence": "²"},
        {"_draft_sequence": "9" * 19},
    ],
)
def test_invalid_draft_is_rejected(changes, recruiter, role):
    fields = fields_of(recruiter.get(path_of(role))) | {"_draft_sequence": 1}
    path = path_of(role, "draft")
    assert recruiter.post(path, fields | changes).status_code == 400
    assert recruiter.post(path, fields).status_code == 200


def test_draft_contains_only_content(recruiter, role):
    """No token, no template of a row, and no character that PostgreSQL cannot store."""
    extra = {
        "csrfmiddlewaretoken": "x" * 64,
        "conditions-__prefix__-text_en": "",
        "title_en": "Sto\0rm",
    }
    type_into(recruiter, path_of(role), changes=extra)
    data = Draft.objects.get().data
    assert data["title_en"] == ["Storm"]
    assert not [name for name in data if "prefix" in name or "csrf" in name or "_draft" in name]


def test_draft_neither_clears_page_cache_nor_records_revision(recruiter, role):
    before = Generation.current()
    type_into(recruiter, path_of(role), title_en="Storm engineer")
    key = type_into(recruiter, path_of(role), title_en="Cloud engineer")["_draft_key"]
    continue_draft(recruiter, path_of(role))
    recruiter.post("/admin/roles/role/drafts/discard/", {"_draft_key": key})
    assert Draft.objects.count() == 1
    call_command("prune_drafts")
    assert Generation.current() == before
    assert not Revision.objects.exists()


@pytest.mark.one_database
def test_draft_query_count(recruiter, role):
    """Twenty drafts cost as many queries as one. In a fixed minute, so that the session is not touched."""
    with time_machine.travel(timezone.now(), tick=False):
        type_into(recruiter, path_of(role))
        with_one = queries(recruiter, path_of(role))
        for _ in range(19):
            type_into(recruiter, path_of(role))
        assert len(offers(recruiter, path_of(role))) == 20
        assert queries(recruiter, path_of(role)) == with_one


# --- Deletion ----------------------------------------------------------------------------------


def test_draft_discarded(recruiter, role):
    type_into(recruiter, path_of(role), title_en="Storm engineer")
    [offer] = offers(recruiter, path_of(role))
    form = offer.one("form")
    data = {"_draft_key": form.one("[name=_draft_key]")["value"]}
    response = recruiter.post(form["action"], data)
    assert response.headers["Location"] == path_of(role)
    assert offers(recruiter, path_of(role)) == []
    assert recruiter.post(form["action"], data).status_code == 404


def test_draft_deleted_with_its_record(recruiter, role):
    type_into(recruiter, path_of(role))
    confirmation = recruiter.page(path_of(role, "delete"))
    assert "draft" not in parse(confirmation).one("main").text.lower()
    assert recruiter.post(path_of(role, "delete"), {"post": "yes"}).status_code == 302
    assert not Draft.objects.exists()


def test_draft_deleted_with_its_user(recruiter, role):
    type_into(recruiter, path_of(role))
    recruiter.user.delete()
    assert not Draft.objects.exists()


def test_draft_pruned_after_its_lifetime(recruiter, role, settings):
    almost = timezone.now() - settings.DRAFT_LIFETIME + timedelta(hours=1)
    with time_machine.travel(almost, tick=False):
        type_into(recruiter, path_of(role), title_en="Storm engineer")
    call_command("prune_drafts")
    assert Draft.objects.count() == 1
    Draft.objects.update(stored_at=almost - timedelta(hours=2))
    call_command("prune_drafts")
    assert not Draft.objects.exists()


# --- The URL after a save ----------------------------------------------------------------------


@pytest.fixture
def old_version(recruiter, role):
    """The path of the form that shows the first version of the role."""
    edit(recruiter, path_of(role), title_en="Storm engineer")
    return f"{path_of(role)}?version={Revision.objects.for_instance(role).last().pk}"


@pytest.mark.parametrize(("button", "expected"), [("_continue", "change"), ("_addanother", "add")])
def test_saved_version_is_not_restored_again(button, expected, recruiter, role, old_version):
    response = edit(recruiter, old_version, changes={button: "1"})
    paths = {"change": path_of(role), "add": "/admin/roles/role/add/"}
    assert response.headers["Location"] == paths[expected]
    role.refresh_from_db()
    assert role.title_en == "Rain engineer"


@pytest.mark.one_database
def test_version_parameter_gone_after_conflict(recruiter, colleague, role, old_version):
    fields = fields_of(recruiter.get(old_version))
    edit(colleague, path_of(role), summary_en="Reads clouds.")
    conflict = recruiter.post(old_version, fields)
    assert conflict.status_code == 200
    saved = recruiter.post(old_version, fields_of(conflict) | {"_continue": "1"})
    assert saved.headers["Location"] == path_of(role)


@pytest.mark.one_database
def test_draft_parameter_gone_after_save(recruiter, role):
    type_into(recruiter, path_of(role), title_en="Storm engineer")
    url = offers(recruiter, path_of(role))[0].one("a")["href"]
    response = edit(recruiter, url, changes={"_continue": "1"})
    assert response.headers["Location"] == path_of(role)
    # Back to the URL of the draft.
    response = recruiter.get(url, follow=True)
    assert response.redirect_chain == [(path_of(role), 302)]
    assert "This draft no longer exists." in response.text


@pytest.mark.one_database
def test_parameters_of_a_copy_gone_after_save(recruiter, role):
    """“Save and add another” does not copy the same record once more."""
    changes = {"reference_id": "COPY-1", "_addanother": "1"}
    response = edit(recruiter, f"/admin/roles/role/add/?from={role.pk}", changes=changes)
    assert response.headers["Location"] == "/admin/roles/role/add/"


@pytest.mark.one_database
def test_filters_of_the_list_kept_after_save(recruiter, role, old_version):
    filters = "_changelist_filters=q%3Drain"
    response = edit(recruiter, f"{old_version}&{filters}", changes={"_continue": "1"})
    assert response.headers["Location"] == f"{path_of(role)}?{filters}"
