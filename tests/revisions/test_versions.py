"""Version history: who changed what and when, comparison in both languages, and restoring."""

import pytest
from django.contrib import admin

from careers.company.models import Perk
from careers.content import PublicContent
from careers.revisions.admin import VersionedAdmin
from careers.revisions.models import Revision
from careers.roles.models import Role, RoleCondition
from careers.staff.models import User
from tests import make
from tests.bilingual.forms import edit, errors_of, fields_of, path_of
from tests.conftest import queries
from tests.html import form_data, parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters", last_name="佐藤", first_name="花")


@pytest.fixture
def role():
    return make.role(
        title_en="Rain engineer",
        title_ja="雨のエンジニア",
        duties_en="<p>Read the rain.</p><ul><li>Daily</li></ul>",
        duties_ja="<p>雨を読みます。</p>",
    )


def versions(record):
    """The revisions of a record, the newest first."""
    return list(Revision.objects.for_instance(record))


def comparison(visitor, record, *pair):
    path = f"{path_of(record, 'history')}?from={pair[0].pk}&to={pair[1].pk}"
    return parse(visitor.page(path)).one("section.comparison").html


def test_version_created_by_each_save_with_changes(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    edit(recruiter, path_of(role))  # nothing new
    edit(recruiter, path_of(role), workplace="remote")
    assert [version.created_by for version in versions(role)] == [
        recruiter.user,
        recruiter.user,
        None,  # the state before the first save in the admin
    ]
    page = recruiter.page(path_of(role, "history"))
    rows = parse(page).all("tr:has(td.comparison-choice)")
    assert [row.texts("td:not(.comparison-choice)")[1] for row in rows] == [
        "Workplace",
        "Title (English)",
        "The first version",
    ]
    assert page.count("佐藤 花</td>") == 2


@pytest.mark.one_database
def test_version_history_in_language_of_account(signed_in, role):
    recruiter = signed_in("Recruiters", language="ja")
    edit(recruiter, path_of(role), title_en="Storm engineer")
    page = recruiter.page(path_of(role, "history"))
    assert "職種名（英語）" in page or "タイトル（英語）" in page
    assert "Title" not in page


def test_version_created_with_new_record(recruiter):
    form = {"title_en": "A desk", "applies_to": "everyone"}
    recruiter.post("/admin/company/perk/add/", form)
    [version] = versions(Perk.objects.get())
    assert version.created_by == recruiter.user
    assert version.content["fields"]["title_en"] == "A desk"


def test_version_created_of_change_made_outside_the_admin(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    Role.objects.filter(pk=role.pk).update(title_en="Cloud engineer")
    edit(recruiter, path_of(role), title_en="Wind engineer")
    titles = [version.content["fields"]["title_en"] for version in versions(role)]
    assert titles == ["Wind engineer", "Cloud engineer", "Storm engineer", "Rain engineer"]
    assert [bool(version.created_at) for version in versions(role)] == [True, False, True, False]


def test_version_comparison_in_both_languages(recruiter, role):
    edit(
        recruiter,
        path_of(role),
        title_en="Storm engineer",
        title_ja="嵐のエンジニア",
        duties_en="<p>Read the storm.</p><ul><li>Daily</li></ul>",
    )
    edit(recruiter, path_of(role), workplace="remote", closes_on="2031-03-31")
    new, _middle, old = versions(role)
    page = comparison(recruiter, role, old, new)
    assert "<del>Rain</del><ins>Storm</ins> engineer" in page
    assert "<del>雨</del><ins>嵐</ins>のエンジニア" in page
    assert "Read the <del>rain</del><ins>storm</ins>.\nDaily" in page
    assert "<del>On-site</del> → <ins>Remote</ins>" in page
    assert "<del>–</del> → <ins>March 31, 2031</ins>" in page
    assert "Summary" not in page
    # The order of the parameters does not matter: the older version comes first.
    assert comparison(recruiter, role, new, old) == page


def test_version_comparison_includes_inline_rows(recruiter, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    RoleCondition.objects.create(role=role, kind="breaks", text_en="60 minutes")
    added = {
        "conditions-TOTAL_FORMS": "3",
        "conditions-0-text_en": "10 to 7",
        "conditions-1-DELETE": "on",
        "conditions-2-role": role.pk,
        "conditions-2-kind": "days_off",
        "conditions-2-text_en": "Weekends",
    }
    edit(recruiter, path_of(role), changes=added)
    new, old = versions(role)
    page = comparison(recruiter, role, old, new)
    assert "Condition “Working hours”: Text" in page
    assert "<del>9</del><ins>10</ins> to" in page
    assert "Deleted: Condition “Breaks”" in page
    assert "Added: Condition “Days off”" in page


@pytest.mark.one_database
def test_version_comparison_of_markup_only_change(recruiter, role):
    edit(recruiter, path_of(role), duties_en="<p><strong>Read</strong> the rain.</p><p>Daily</p>")
    new, old = versions(role)
    assert "The words are the same; their form has changed." in comparison(
        recruiter, role, old, new
    )


@pytest.mark.one_database
@pytest.mark.parametrize(
    "query", ["?from=1", "?from=x&to=y", "?from=²&to=²", f"?from=9{9**99}&to=1", "?p=99", "?p=x"]
)
def test_version_history_ignores_invalid_parameters(recruiter, role, query):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    page = recruiter.page(path_of(role, "history") + query)
    assert "<ins>" not in page
    assert "Title (English)" in page


def test_version_of_another_record_is_not_shown(recruiter, role):
    other = make.role(title_en="Secret engineer")
    edit(recruiter, path_of(other), title_en="Hidden engineer")
    edit(recruiter, path_of(role), title_en="Storm engineer")
    foreign_version = versions(other)[0]
    path = f"{path_of(role, 'history')}?from={foreign_version.pk}&to={versions(role)[0].pk}"
    assert "Please choose two different versions" in recruiter.page(path)
    page = recruiter.page(f"{path_of(role)}?version={foreign_version.pk}")
    assert 'name="title_en" value="Storm engineer"' in page


# --- Restoring -------------------------------------------------------------------------------------


def revert(visitor, record, version, language=""):
    """Open a version in the form, and save the form."""
    path = path_of(record)
    response = visitor.get(f"{path}?version={version.pk}&language={language}")
    assert "Nothing is saved yet" in response.text
    response = visitor.post(path, fields_of(response))
    assert response.status_code == 302, errors_of(response)
    record.refresh_from_db()


def test_version_shown_in_form_is_not_saved(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    page = recruiter.page(f"{path_of(role)}?version={versions(role)[-1].pk}")
    assert 'value="Rain engineer"' in page
    role.refresh_from_db()
    assert role.title_en == "Storm engineer"


def test_version_restored(recruiter, role):
    hours = RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    RoleCondition.objects.create(role=role, kind="breaks", text_en="60 minutes")
    changes = {
        "title_en": "Storm engineer",
        "title_ja": "嵐のエンジニア",
        "workplace": "remote",
        "level": "senior",
        "conditions-TOTAL_FORMS": "3",
        "conditions-0-text_en": "10 to 7",
        "conditions-1-DELETE": "on",
        "conditions-2-role": role.pk,
        "conditions-2-kind": "days_off",
        "conditions-2-text_en": "Weekends",
    }
    before = versions(role)
    edit(recruiter, path_of(role), changes=changes)
    assert before == []
    revert(recruiter, role, versions(role)[-1])
    assert (role.title_en, role.title_ja) == ("Rain engineer", "雨のエンジニア")
    assert (role.workplace, role.level) == ("on_site", "")
    rows = {row.kind: row.text_en for row in role.conditions.all()}
    assert rows == {"hours": "9 to 6", "breaks": "60 minutes"}
    assert role.conditions.get(kind="hours").pk == hours.pk
    assert len(versions(role)) == 3


def test_version_restored_in_one_language(recruiter, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9～18時")
    changes = {
        "title_en": "Storm engineer",
        "title_ja": "嵐のエンジニア",
        "workplace": "remote",
        "conditions-0-text_en": "10 to 7",
        "conditions-0-text_ja": "10～19時",
    }
    edit(recruiter, path_of(role), changes=changes)
    revert(recruiter, role, versions(role)[-1], "ja")
    assert (role.title_en, role.title_ja) == ("Storm engineer", "雨のエンジニア")
    assert role.workplace == "remote"
    row = role.conditions.get()
    assert (row.text_en, row.text_ja) == ("10 to 7", "9～18時")


def test_version_restore_keeps_publication_dates_and_users(recruiter, role):
    first = fields_of(recruiter.get(path_of(role)))
    del first["publish_ja"]
    recruiter.post(path_of(role), first | {"closes_on": "2031-03-31", "slug": "storm"})
    edit(recruiter, path_of(role), recruiter=recruiter.user.pk)
    revert(recruiter, role, versions(role)[-1])
    assert role.published_at_ja is None
    assert role.closes_on.isoformat() == "2031-03-31"
    assert role.slug == "storm"
    assert role.recruiter == recruiter.user


def test_version_restore_skips_deleted_location(recruiter):
    near, far = make.location(name_en="Near"), make.location(name_en="Far")
    role = make.role(locations=[near, far])
    edit(recruiter, path_of(role), changes={"role_locations-1-DELETE": "on"})
    far.delete()
    response = recruiter.get(f"{path_of(role)}?version={versions(role)[-1].pk}")
    assert recruiter.post(path_of(role), fields_of(response)).status_code == 302
    assert list(role.locations.all()) == [near]


def test_version_history_for_viewers_is_read_only(signed_in, recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    viewer = signed_in("Viewers")
    page = viewer.page(path_of(role, "history"))
    assert "?version=" not in page
    old = versions(role)[-1]
    assert "Rain engineer" not in viewer.page(f"{path_of(role)}?version={old.pk}")


# --- Stored revisions ------------------------------------------------------------------------------


def test_versions_deleted_with_record(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    recruiter.post(path_of(role, "delete"), {"post": "yes"})
    assert not Revision.objects.exists()


def test_versions_deleted_with_records_by_bulk_action(recruiter):
    for perk in (make.perk(), make.perk()):
        edit(recruiter, path_of(perk), title_en="A better chair")
    action = {
        "action": "delete_selected",
        "_selected_action": list(Perk.objects.values_list("pk", flat=True)),
        "post": "yes",
    }
    recruiter.post("/admin/company/perk/", action)
    assert not Perk.objects.exists()
    assert not Revision.objects.exists()


def test_versions_exist_for_public_content_only():
    """Models that hold personal data are never versioned."""
    versioned = {
        model
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, VersionedAdmin)
    }
    assert Role in versioned
    assert all(issubclass(model, PublicContent) for model in versioned)
    assert not issubclass(User, PublicContent)


@pytest.mark.one_database
def test_version_history_query_count_is_constant(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    path = path_of(role, "history")
    few, form = queries(recruiter, path), queries(recruiter, path_of(role))
    for number in range(19):
        edit(recruiter, path_of(role), title_en=f"Storm engineer {number}")
    assert queries(recruiter, path) <= few + 1  # the version before the oldest on the page
    assert queries(recruiter, path_of(role)) == form
    page = recruiter.page(path)
    assert page.count('name="from"') == 20
    assert "?p=2" in page


def test_version_created_by_publishing_a_policy(recruiter):
    policy = make.policy(published=False)
    path = path_of(policy, "publish")
    recruiter.post(path, form_data(parse(recruiter.page(path)).one("#content form")))
    new, _found = versions(policy)
    assert new.created_by == recruiter.user
    assert "Published on" in recruiter.page(path_of(policy, "history"))
