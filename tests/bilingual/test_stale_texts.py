"""Stale texts: when one language becomes stale, and when it is current again."""

import itertools

import pytest
from django.utils import timezone

from careers.bilingual import stale
from careers.bilingual.models import TextState
from careers.roles.models import Role, RoleCondition
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.conftest import queries

pytestmark = pytest.mark.django_db

BOTH, EN, JA, NONE = ["en", "ja"], ["en"], ["ja"], []

# (stale before, changed, with a text before, with a text now, minor, still correct, stale after)
TRANSITIONS = [
    ("", EN, BOTH, BOTH, False, False, "ja"),
    ("", JA, BOTH, BOTH, False, False, "en"),
    ("", BOTH, BOTH, BOTH, False, False, ""),
    ("", EN, EN, EN, False, False, ""),  # there is no other text that could be stale
    ("", EN, JA, BOTH, False, False, ""),  # the missing text is written: that is the translation
    ("", BOTH, NONE, BOTH, False, False, ""),
    ("", EN, BOTH, BOTH, True, False, ""),
    ("", NONE, BOTH, BOTH, False, False, ""),
    ("ja", JA, BOTH, BOTH, False, False, ""),
    ("ja", BOTH, BOTH, BOTH, False, False, ""),
    ("ja", EN, BOTH, BOTH, False, False, "ja"),
    ("ja", NONE, BOTH, BOTH, False, False, "ja"),
    ("ja", NONE, BOTH, BOTH, False, True, ""),
    ("ja", JA, BOTH, BOTH, True, False, "ja"),  # a corrected typo is not a translation
    ("ja", EN, BOTH, BOTH, True, False, "ja"),
    ("ja", EN, BOTH, JA, False, False, ""),  # the text that it would translate is gone
    ("ja", JA, BOTH, EN, False, False, ""),  # it is missing now, not stale
    ("en", EN, BOTH, BOTH, False, False, ""),
]


@pytest.mark.parametrize(
    ("stale_before", "changed", "before", "now", "minor", "still_correct", "expected"), TRANSITIONS
)
def test_stale_after_edit(stale_before, changed, before, now, minor, still_correct, expected):
    result = stale.stale_after_edit(
        stale_before, changed, before=before, now=now, minor=minor, still_correct=still_correct
    )
    assert result == expected


def test_stale_after_edit_is_symmetric():
    """The rule gives the same result with English and Japanese exchanged."""
    swap = {"": "", "en": "ja", "ja": "en"}
    subsets = [NONE, EN, JA, BOTH]
    for stale_before, *texts in itertools.product(swap, subsets, subsets, subsets):
        for minor, still_correct in itertools.product([False, True], repeat=2):
            flags = {"minor": minor, "still_correct": still_correct}
            changed, before, now = texts
            result = stale.stale_after_edit(stale_before, changed, before=before, now=now, **flags)
            changed, before, now = ([swap[code] for code in languages] for languages in texts)
            assert (
                stale.stale_after_edit(swap[stale_before], changed, before=before, now=now, **flags)
                == swap[result]
            )


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters", first_name="Rin")


@pytest.fixture
def role():
    return make.role(title_en="Rain engineer", title_ja="雨のエンジニア")


def state_of(record, field="title"):
    return record.text_states.filter(field=field).first()


def test_stale_note_names_author_date_and_difference(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    state = state_of(role)
    assert state.stale == "ja"
    assert state.changed_by_en == recruiter.user
    page = recruiter.page(path_of(role))
    assert "The English was changed on" in page
    assert "by Rin." in page
    assert "<del>Rain</del><ins>Storm</ins> engineer" in page
    assert 'class="chip stale" lang="ja" href="#id_title_ja"' in page


def test_stale_note_compares_with_last_translated_text(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    edit(recruiter, path_of(role), title_en="Storm and hail engineer")
    page = recruiter.page(path_of(role))
    assert "<del>Rain</del><ins>Storm and hail</ins> engineer" in page


def test_stale_note_compares_japanese_by_characters(recruiter, role):
    edit(recruiter, path_of(role), title_ja="風のエンジニア")
    page = recruiter.page(path_of(role))
    assert "The Japanese was changed on" in page
    assert "<del>雨</del><ins>風</ins>のエンジニア" in page


def test_stale_text_is_current_after_edit(recruiter, role):
    edit(recruiter, path_of(role), title_en="Storm engineer")
    edit(recruiter, path_of(role), title_ja="嵐のエンジニア")
    assert state_of(role).stale == ""
    assert "This text is still correct" not in recruiter.page(path_of(role))


def test_stale_text_marked_as_still_correct(recruiter, role):
    edit(recruiter, path_of(role), title_en="Rain Engineer")
    edit(recruiter, path_of(role), changes={"_correct-title": "on"})
    assert state_of(role).stale == ""


def test_stale_state_unchanged_by_minor_edit(recruiter, role):
    edit(recruiter, path_of(role), title_en="Rain engineer!", _minor="on")
    assert state_of(role).stale == ""
    role.refresh_from_db()
    assert role.title_en == "Rain engineer!"


def test_stale_state_unchanged_by_facts_and_publication(recruiter, role):
    edit(recruiter, path_of(role), level="senior", pay_min=1)
    form = fields_of(recruiter.get(path_of(role)))
    del form["publish_ja"]
    recruiter.post(path_of(role), form)
    assert not TextState.objects.exists()


def test_stale_state_unchanged_by_untouched_save(recruiter):
    """A browser sends CRLF line breaks; they are not an edit."""
    role, company = make.role(duties_en="<p>One</p>\n<p>Two</p>"), make.company()
    for record, path in ((role, path_of(role)), (company, "/admin/company/company/1/change/")):
        form = fields_of(recruiter.get(path))
        assert any("\r\n" in str(value) for value in form.values())
        assert recruiter.post(path, form).status_code == 302
        record.refresh_from_db()
    assert company.motto_en == "Look up.\nThen write it down."
    assert not TextState.objects.exists()


def test_stale_state_of_inline_rows(recruiter, role):
    row = RoleCondition.objects.create(
        role=role, kind="hours", text_en="9 to 6", text_ja="9:00～18:00"
    )
    edit(recruiter, path_of(role), changes={"conditions-0-text_en": "10 to 7"})
    assert state_of(row, "text").stale == "ja"
    assert "<del>9</del><ins>10</ins> to" in recruiter.page(path_of(role))
    edit(recruiter, path_of(role), changes={"_correct-conditions-0-text": "on"})
    assert state_of(row, "text").stale == ""


def test_stale_state_deleted_with_record(recruiter, role):
    perk = make.perk()
    edit(recruiter, f"/admin/company/perk/{perk.pk}/change/", title_en="A better chair")
    assert state_of(perk)
    recruiter.post(f"/admin/company/perk/{perk.pk}/delete/", {"post": "yes"})
    assert not TextState.objects.exists()


def test_stale_state_of_inline_rows_deleted_with_record(recruiter, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9～18時")
    edit(recruiter, path_of(role), changes={"conditions-0-text_en": "10 to 7"})
    assert TextState.objects.exists()
    recruiter.post(f"/admin/roles/role/{role.pk}/delete/", {"post": "yes"})
    assert not TextState.objects.exists()


def test_stale_states_query_count_is_constant(recruiter, role):
    def stale_rows(*kinds):
        for kind in kinds:
            row = RoleCondition.objects.create(role=role, kind=kind, text_en="a", text_ja="あ")
            TextState.objects.create(
                record=row,
                field="text",
                stale="ja",
                stale_since=timezone.now(),
                changed_at_en=timezone.now(),
                changed_by_en=recruiter.user,
            )

    stale_rows("hours")
    one = queries(recruiter, path_of(role))
    stale_rows("breaks", "days_off", "term", "pay", "location")
    assert queries(recruiter, path_of(role)) == one


def test_stale_state_unchanged_by_invalid_form(recruiter, role):
    form = fields_of(recruiter.get(path_of(role)))
    form |= {"title_en": "Storm engineer", "reference_id": ""}
    assert recruiter.post(path_of(role), form).status_code == 200
    assert not TextState.objects.exists()
    assert Role.objects.get().title_en == "Rain engineer"
