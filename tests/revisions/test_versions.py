"""Every version of a record: who changed what and when, two compared in both languages, one put back."""

import pytest
from django.contrib import admin

from careers.company.models import Perk
from careers.content import PublicContent
from careers.revisions.admin import VersionedAdmin
from careers.revisions.models import Revision
from careers.roles.models import Role, RoleCondition
from careers.staff.models import User
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.conftest import queries
from tests.html import parse

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
    """The newest first."""
    return list(Revision.objects.for_instance(record))


def comparison(visitor, record, *pair):
    path = f"{path_of(record, 'history')}?from={pair[0].pk}&to={pair[1].pk}"
    return parse(visitor.page(path)).one("section.comparison").html


def test_every_save_that_says_something_new_is_a_version(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    edit(recruiter, path_of(role))  # nothing new
    edit(recruiter, path_of(role), workplace="remote")
    assert [version.made_by for version in versions(role)] == [
        recruiter.user,
        recruiter.user,
        None,  # how it was found
    ]
    page = recruiter.page(path_of(role, "history"))
    rows = parse(page).all("tr:has(td.comparison-choice)")
    assert [row.texts("td:not(.comparison-choice)")[1] for row in rows] == [
        "Workplace",
        "Title (English)",
        "The first version",
    ]
    assert page.count("佐藤 花</td>") == 2


def test_the_history_speaks_the_language_of_the_reader(signed_in, role):
    recruiter = signed_in("Recruiters", language="ja")
    edit(recruiter, path_of(role), title_en="Storm engineer")
    page = recruiter.page(path_of(role, "history"))
    assert "職種名（英語）" in page or "タイトル（英語）" in page
    assert "Title" not in page


def test_a_new_record_begins_with_its_first_version(recruiter):
    made = {"title_en": "A desk", "applies_to": "everyone"}
    recruiter.post("/admin/company/perk/add/", made)
    [version] = versions(Perk.objects.get())
    assert version.made_by == recruiter.user
    assert version.content["fields"]["title_en"] == "A desk"


def test_what_a_program_changed_is_kept_as_found(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    Role.objects.filter(pk=role.pk).update(title_en="Cloud engineer")
    edit(recruiter, path_of(role), title_en="Wind engineer")
    said = [version.content["fields"]["title_en"] for version in versions(role)]
    assert said == ["Wind engineer", "Cloud engineer", "Storm engineer", "Rain engineer"]
    assert [bool(version.made_at) for version in versions(role)] == [True, False, True, False]


def test_two_versions_are_compared_in_both_languages(recruiter, role):
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
    # the other way round it is the same comparison, the older one first
    assert comparison(recruiter, role, new, old) == page


def test_rows_are_part_of_a_version(recruiter, role):
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


def test_form_alone_is_said_to_be_form_alone(recruiter, role):
    edit(recruiter, path_of(role), duties_en="<p><strong>Read</strong> the rain.</p><p>Daily</p>")
    new, old = versions(role)
    assert "The words are the same; their form has changed." in comparison(
        recruiter, role, old, new
    )


@pytest.mark.parametrize(
    "query", ["?from=1", "?from=x&to=y", "?from=²&to=²", f"?from=9{9**99}&to=1", "?p=99", "?p=x"]
)
def test_nonsense_in_the_address_is_ignored(recruiter, role, query):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    page = recruiter.page(path_of(role, "history") + query)
    assert "<ins>" not in page
    assert "Title (English)" in page


def test_a_version_of_another_record_is_not_shown(recruiter, role):
    other = make.role(title_en="Secret engineer")
    edit(recruiter, path_of(other), title_en="Hidden engineer")
    edit(recruiter, path_of(role), title_en="Storm engineer")
    foreign = versions(other)[0]
    path = f"{path_of(role, 'history')}?from={foreign.pk}&to={versions(role)[0].pk}"
    assert "Please choose two different versions" in recruiter.page(path)
    page = recruiter.page(f"{path_of(role)}?version={foreign.pk}")
    assert 'name="title_en" value="Storm engineer"' in page


# --- Putting one back ------------------------------------------------------------------------------


def revert(visitor, record, version, language=""):
    """Open the version in the form, and save what it shows."""
    path = path_of(record)
    shown = visitor.get(f"{path}?version={version.pk}&language={language}")
    assert "Nothing is saved yet" in shown.text
    response = visitor.post(path, fields_of(shown))
    assert response.status_code == 302, response.context["errors"]
    record.refresh_from_db()


def test_looking_at_an_old_version_in_the_form_saves_nothing(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    page = recruiter.page(f"{path_of(role)}?version={versions(role)[-1].pk}")
    assert 'value="Rain engineer"' in page
    role.refresh_from_db()
    assert role.title_en == "Storm engineer"


def test_a_version_is_put_back(recruiter, role):
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


def test_one_language_of_a_version_is_put_back(recruiter, role):
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


def test_publication_dates_and_people_stay_as_they_are(recruiter, role):
    first = fields_of(recruiter.get(path_of(role)))
    del first["publish_ja"]
    recruiter.post(path_of(role), first | {"closes_on": "2031-03-31", "slug": "storm"})
    edit(recruiter, path_of(role), recruiter=recruiter.user.pk)
    revert(recruiter, role, versions(role)[-1])
    assert role.published_at_ja is None
    assert role.closes_on.isoformat() == "2031-03-31"
    assert role.slug == "storm"
    assert role.recruiter == recruiter.user


def test_a_place_that_has_gone_meanwhile_stays_away(recruiter):
    near, far = make.location(name_en="Near"), make.location(name_en="Far")
    role = make.role(locations=[near, far])
    edit(recruiter, path_of(role), changes={"places-1-DELETE": "on"})
    far.delete()
    shown = recruiter.get(f"{path_of(role)}?version={versions(role)[-1].pk}")
    assert recruiter.post(path_of(role), fields_of(shown)).status_code == 302
    assert list(role.locations.all()) == [near]


def test_a_viewer_reads_versions_and_puts_none_back(signed_in, recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    viewer = signed_in("Viewers")
    page = viewer.page(path_of(role, "history"))
    assert "?version=" not in page
    old = versions(role)[-1]
    assert "Rain engineer" not in viewer.page(f"{path_of(role)}?version={old.pk}")


# --- What is kept, and for how long ----------------------------------------------------------------


def test_what_is_deleted_is_forgotten(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    recruiter.post(path_of(role, "delete"), {"post": "yes"})
    assert not Revision.objects.exists()


def test_many_are_forgotten_at_once(recruiter):
    for perk in (make.perk(), make.perk()):
        edit(recruiter, path_of(perk), title_en="A better chair")
    chosen = {
        "action": "delete_selected",
        "_selected_action": list(Perk.objects.values_list("pk", flat=True)),
        "post": "yes",
    }
    recruiter.post("/admin/company/perk/", chosen)
    assert not Perk.objects.exists()
    assert not Revision.objects.exists()


def test_only_what_pages_show_is_versioned():
    """Models that hold people are never versioned."""
    versioned = {
        model for model, desk in admin.site._registry.items() if isinstance(desk, VersionedAdmin)
    }
    assert Role in versioned
    assert all(issubclass(model, PublicContent) for model in versioned)
    assert not issubclass(User, PublicContent)


def test_as_many_queries_with_many_versions_as_with_two(recruiter, role):
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


def test_publishing_a_policy_is_a_version_too(recruiter):
    policy = make.policy(published=False)
    chosen = {"action": "publish", "_selected_action": [policy.pk]}
    recruiter.post("/admin/company/policy/", chosen)
    new, _found = versions(policy)
    assert new.made_by == recruiter.user
    assert "Published on" in recruiter.page(path_of(policy, "history"))
