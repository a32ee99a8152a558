"""Search in the lists of the admin: both languages at once, with spelling variants."""

import pytest

from careers.company.models import Perk
from careers.revisions.snapshot import snapshot
from tests import make
from tests.bilingual.forms import edit
from tests.html import parse

pytestmark = pytest.mark.django_db

MAKERS = [
    make.role,
    make.department,
    make.location,
    make.article,
    make.perk,
    make.value,
    make.step,
    make.testimonial,
    make.video,
    make.policy,
]


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def search(visitor, path, words):
    """The number of rows found."""
    page = visitor.page(path, query_params={"q": words})
    return len(parse(page).all("#result_list tbody tr"))


@pytest.mark.parametrize(
    "words",
    [
        "ｴﾝｼﾞﾆｱ",
        "えんじにあ",
        "エンジニア",
        "ENGINEER",
        "ＥＮＧＩＮＥＥＲ",
        "Ｒ‐７７",
        "r-77",
        "rain エンジニア R-77",
        "雨の　engineer",
        "   ",
    ],
)
def test_admin_search_ignores_spelling_variants(recruiter, words):
    make.role(title_en="Rain engineer", title_ja="雨のエンジニア", reference_id="R-77")
    assert search(recruiter, "/admin/roles/role/", words) == 1


@pytest.mark.parametrize("words", ["rain 雪", "%", "r_77", "\\", "engineer雨の", "strong", "p"])
def test_admin_search_rejects_false_matches(recruiter, words):
    make.role(
        title_en="Rain",
        title_ja="雨の人",
        summary_en="Ice",
        duties_en="<p><strong>Write</strong> OCaml.</p>",
        reference_id="R-77",
    )
    assert search(recruiter, "/admin/roles/role/", words) == 0


def test_admin_search_escapes_like_patterns(recruiter):
    make.perk(title_en="100% remote")
    make.perk(title_en="100 days")
    assert search(recruiter, "/admin/company/perk/", "100%") == 1


def test_admin_search_ignores_words_after_the_eighth(recruiter):
    """A pasted page of text is one short query."""
    make.department(name_en="One two three four five six seven eight")
    for rest in ("", " nine", " nine" * 900):
        words = f"one two three four five six seven eight{rest}"
        assert search(recruiter, "/admin/roles/department/", words) == 1
    assert search(recruiter, "/admin/roles/department/", "nine one two") == 0


@pytest.mark.parametrize("make_record", MAKERS)
def test_admin_search_covers_both_languages_in_every_list(recruiter, make_record):
    record = make_record()
    field = record.required_fields[0]
    path = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
    for language in ("en", "ja"):
        assert search(recruiter, path, getattr(record, f"{field}_{language}")) == 1
    assert search(recruiter, path, "nothing of the kind") == 0


def test_admin_search_finds_edit_at_once(recruiter):
    role = make.role(title_en="Rain engineer")
    edit(recruiter, f"/admin/roles/role/{role.pk}/change/", title_ja="嵐のエンジニア")
    assert search(recruiter, "/admin/roles/role/", "嵐のｴﾝｼﾞﾆｱ") == 1


def test_admin_search_finds_bulk_writes(recruiter):
    Perk.objects.bulk_create(
        Perk(title_en=title, order=number) for number, title in enumerate(["One", "Two"])
    )
    one = Perk.objects.get(title_en="One")
    one.title_ja = "ヒトツ"
    Perk.objects.bulk_update([one], ["title_ja"])
    Perk.objects.filter(title_en="Two").update(title_en="Second")
    path = "/admin/company/perk/"
    assert [search(recruiter, path, words) for words in ("ひとつ", "second", "two")] == [1, 1, 0]


def test_search_text_is_neither_in_versions_nor_in_forms(recruiter):
    role = make.role()
    assert "search_text" not in snapshot(role)["fields"]
    assert "search_text" not in recruiter.page(f"/admin/roles/role/{role.pk}/change/")
