"""Openings are found by their words, in either language, however they are typed."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from careers.page_cache.models import Generation
from careers.roles.models import RemoteCountry, Role, RoleLanguage, SynonymGroup, ZeroResultSearch
from careers.roles.search import Search
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.conftest import queries
from tests.html import parse
from tests.roles.rows import titles

pytestmark = pytest.mark.django_db

PLAIN = {
    "title_en": "",
    "summary_en": "",
    "duties_en": "",
    "title_ja": "募集",
    "summary_ja": "概要",
    "duties_ja": "<p>内容</p>",
}


@pytest.fixture
def post():
    """post("生成AIエンジニア") is an opening that says so, posted in Japanese only."""

    def made(text, **changes):
        department = make.department(name_en="Team", name_ja="班")
        return make.role(
            **{**PLAIN, "duties_ja": f"<p>{text}</p>", "department": department, **changes}
        )

    return made


def found(client, typed, language="en"):
    return titles(client.page(f"/{language}/roles/", query_params={"q": typed}))


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("サーバ", "サーバーサイド"),
        ("ｻｰﾊﾞｰ", "サーバー"),
        ("サーバー", "サーバ"),
        ("えんじにあ", "エンジニア"),
        ("backend", "バックエンド"),
        ("バックエンド", "Backend Engineer"),
        ("Back-end", "backend"),
        ("AI", "生成AIエンジニア"),
        ("Go", "GoやRust"),
        ("C++", "C++エンジニア"),
        ("C++", "C++14/17"),
        ("C#", "C#/.NET"),
        ("node.js", "Node.jsの経験"),
        ("東京　リモート", "東京（在宅勤務可）"),
        ("ヴァイス", "バイス"),
        ("プロダクト・マネージャー", "プロダクトマネジャー"),
        ("ダイバーシティー", "ダイバーシティ"),
        ("データ", "データーサイエンティスト"),
        ("髙橋", "高橋"),
        ("斎藤", "齋藤"),
        ("QA", "QAエンジニア"),
        ("GPT 3.5", "GPT-3.5"),
        ("東京バックエンド", "Backend Engineer, Tokyo"),
        ("インタフェース", "インターフェイス設計"),
        # beyond the table
        ("ＡＩ", "生成AIエンジニア"),
        ("machine learning", "機械学習の研究"),
        ("機械 学習", "機械学習の研究"),
        ("でざいなー", "デザイナー"),
        ("ユーザインタフェース", "ユーザーインターフェース"),
        ("100%", "100%リモート"),
        ("engineer", "engineering"),
        ("バックエンド エンジニア", "Developer, server-side"),
    ],
)
def test_it_is_found(client, post, typed, text, language):
    post(text)
    assert found(client, typed, language) == ["募集"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("AI", "email training"),
        ("go", "Google Cloud"),
        ("c", "C++"),
        ("人事", "Backend Engineer"),
        # beyond the table
        ("メール", "ものを求める人"),
        ("ルート", "そうすると"),
        ("ノート", "働くのと学ぶのと"),
        ("end", "backend"),
        ("100%", "100 days"),
        ("a_b", "a.b"),
        ("%", "50% of it"),
        ("\\", "a\\b"),
        ("！？", "何でも！？"),
        ("p", "paragraph"),
        ("rust cobol", "rust"),
    ],
)
def test_it_is_not_found(client, post, typed, text):
    post(text)
    assert "Nothing found" in client.page("/en/roles/", query_params={"q": typed})


def test_a_posting_in_one_language_is_found_in_the_other(client, post):
    post("バックエンド")
    make.role(title_en="Backend", title_ja="", reference_id="E-1")
    assert sorted(found(client, "サーバーサイド", "ja")) == ["Backend", "募集"]


@pytest.mark.parametrize(
    "typed",
    [
        *("Osaka", "大阪", "Clouds", "雲の部", "remote", "テレワーク", "intern", "インターン"),
        *("senior", "シニア", "英語", "English", "シンガポール", "singapore", "r-77", "Ｒ－７７"),
    ],
)
def test_what_it_is_chosen_by_is_searched_too(client, post, typed):
    osaka = make.location(name_en="Osaka", name_ja="大阪")
    role = post(
        "仕事",
        department=make.department(name_en="Clouds", name_ja="雲の部"),
        locations=[osaka],
        workplace="remote",
        employment_type="intern",
        level="senior",
        reference_id="R-77",
    )
    RoleLanguage.objects.create(role=role, language="en", proficiency="B2")
    RemoteCountry.objects.create(role=role, country="SG")
    post("別の仕事", title_ja="別")
    assert found(client, typed) == ["募集"]


def test_a_new_name_of_a_place_is_found_at_once(client, signed_in, post):
    place = make.location(name_en="Tokyo", name_ja="東京")
    post("仕事", locations=[place])
    edit(signed_in("Recruiters"), f"/admin/roles/location/{place.pk}/change/", name_ja="東京本社")
    assert found(client, "東京本社") == ["募集"]


def test_what_a_visitor_may_not_see_is_not_found(client, post):
    post("秘密", published_at_ja=None)
    post("秘密", closes_on="2026-01-01")
    post("秘密", opens_at="2999-01-01T00:00:00Z")
    assert found(client, "秘密") == []


def test_a_title_comes_before_a_text(client, post):
    post("雲を見る", title_ja="新しい", published_at_ja="2026-11-02T00:00:00Z")
    post("仕事", title_ja="雲の人", published_at_ja="2026-11-01T00:00:00Z")
    assert found(client, "雲") == ["雲の人", "新しい"]


def test_recruiters_say_what_means_the_same(client, signed_in, post):
    post("オキャムル")
    assert found(client, "camel") == []
    page = "/admin/roles/synonymgroup/add/"
    recruiter = signed_in("Recruiters")
    assert recruiter.post(page, {"terms": "camel\nオキャムル"}).status_code == 302
    assert found(client, "ＣＡＭＥＬ") == ["募集"]
    SynonymGroup.objects.filter(terms__startswith="camel").delete()
    assert found(client, "camel") == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "A group takes at most 50 words, and this one has 51. Please keep those"),
        ("ja", "1つのグループに登録できる言葉は50語までです（現在は51語です）。"),
    ],
)
def test_a_group_has_so_many_words_and_no_more(client, signed_in, post, language, said):
    post("雲49")
    recruiter = signed_in("Recruiters", language=language)
    page, words = "/admin/roles/synonymgroup/add/", [f"雲{number}" for number in range(51)]
    answer = recruiter.post(page, {"terms": "\n".join(words)})
    assert said in answer.text and "雲50</textarea>" in answer.text
    assert recruiter.post(page, {"terms": "\n".join(words[:50])}).status_code == 302
    assert found(client, "雲0") == ["募集"]


def test_words_of_many_groups_are_no_more_than_a_database_takes(client, post):
    post("雨")
    SynonymGroup.objects.create(terms="雲\n雨")
    for group in range(30):
        SynonymGroup.objects.create(
            terms="\n".join(["雲", *(f"雪{group}の{n}" for n in range(49))])
        )
    assert found(client, "雲") == ["募集"]


def test_about_sixty_groups_are_shipped():
    assert 55 <= SynonymGroup.objects.count() <= 75
    words = [word for group in SynonymGroup.objects.all() for word in group.words]
    assert len(words) == len({word.casefold() for word in words}), "each stands in one group"


# --- Where nothing is found ------------------------------------------------------------------------


def test_nothing_found_says_so_in_the_words_that_were_typed(client, post):
    post("仕事")
    page = client.page("/ja/roles/", query_params={"q": "<b>ＣＯＢＯＬ</b> & 'x'"})
    assert "「&lt;b&gt;ＣＯＢＯＬ&lt;/b&gt; &amp; &#x27;x&#x27;」に一致する求人は" in page
    assert "<b>" not in page
    assert page.count('href="/ja/roles/"') >= 2  # the navigation, and showing all
    assert 'href="/ja/apply/"' in page


def test_it_shows_what_has_some_of_the_words(client, post):
    post("rustを書く")
    post("別")
    page = client.page("/en/roles/?q=cobol+rust")
    assert "No opening matches “cobol rust”." in page
    assert "0 openings" in page
    assert titles(page) == ["募集"]
    assert "With some of the words" in page
    assert "With some of the words" not in client.page("/en/roles/?q=cobol")


def test_it_shows_what_is_like_the_choice(client, post):
    clouds = make.department(name_en="Clouds")
    for _number in range(4):
        post("仕事", department=clouds, title_ja="雲")
    page = client.page(f"/en/roles/?q=cobol&department={clouds.pk}&type=intern")
    assert "Similar openings" in page
    assert titles(page) == ["雲"] * 3
    assert "?q=cobol&" not in page.partition("Nothing found")[2]
    assert 'href="/en/roles/?q=cobol"' in page  # without the filters


def test_a_search_without_a_hit_is_counted(client, post):
    post("仕事")
    for typed in ("ＣＯＢＯＬ", "cobol", "Cobol ", "仕事"):
        client.page("/en/roles/", query_params={"q": typed})
    client.page("/ja/roles/?q=cobol")
    client.page("/en/roles/?q=仕事&type=intern")  # the words are there; the choice is not
    assert sorted(ZeroResultSearch.objects.values_list("term", "language", "count")) == [
        ("cobol", "en", 3),
        ("cobol", "ja", 1),
    ]


@pytest.mark.parametrize(
    "typed",
    ["taro@example.org", "090-1234-5678", "０９０１２３４５６７８", "x" * 61, "！？", "   "],
)
def test_what_may_be_about_a_person_is_not_kept(client, post, typed):
    post("仕事")
    client.page("/en/roles/", query_params={"q": typed})
    assert not ZeroResultSearch.objects.exists()


def test_not_more_is_kept_than_there_is_room_for(client, post, monkeypatch):
    monkeypatch.setattr(ZeroResultSearch, "MAX_ROWS", 2)
    post("仕事")
    for typed in ("cobol", "cobol", "fortran", "lisp"):
        client.page(f"/en/roles/?q={typed}")
    assert sorted(ZeroResultSearch.objects.values_list("term", flat=True)) == ["cobol", "lisp"]


def test_half_a_word_is_answered_and_not_counted(client, post):
    post("仕事")
    assert "cob" in client.page("/en/roles/?q=cob", headers={"Typing": "?1"})
    assert not ZeroResultSearch.objects.exists()


READ_ONLY = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": (
        "SET default_transaction_read_only = on",
        "SET default_transaction_read_only = off",
    ),
}


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_counted_is_answered(client, post):
    post("仕事")
    off, on = READ_ONLY[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
        try:
            assert "cobol" in client.page("/en/roles/?q=cobol")
        finally:
            cursor.execute(on)
    assert not ZeroResultSearch.objects.exists()


def test_a_long_compound_asks_no_more_than_many_words(client, post):
    post("英語とバックエンド")
    assert found(client, "英語" * 50) and found(client, "英語バックエンド")
    with CaptureQueriesContext(connection) as ran:
        client.page("/ja/roles/", query_params={"q": "英語" * 50})
    assert max(query["sql"].count("public_search_text") for query in ran) < 60


def test_it_moves_no_page(client, post):
    post("仕事")
    before = Generation.current()
    client.page("/en/roles/?q=cobol")
    assert Generation.current() == before


def test_a_missed_search_is_a_synonym_to_be_made(client, signed_in, post):
    post("仕事")
    client.page("/en/roles/?q=Cobol")
    recruiter = signed_in("Recruiters")
    assert 'id="work-missed"' in recruiter.page("/admin/")
    page = recruiter.page("/admin/roles/zeroresultsearch/")
    address = "/admin/roles/synonymgroup/add/?terms=cobol"
    assert f'<a href="{address}" aria-label="Add synonyms of “cobol”">Add synonyms</a>' in page
    assert (
        re.findall(r'href="(/admin/roles/zeroresultsearch/\d.*?)"', page) == []
    )  # it says all there is
    assert ">\ncobol</textarea>" in recruiter.page(address)
    recruiter.post("/admin/roles/synonymgroup/add/", {"terms": "COBOL\nコボル"})
    assert not ZeroResultSearch.objects.exists()
    assert 'id="work-missed"' not in recruiter.page("/admin/")


# --- A search as one object ------------------------------------------------------------------------


def test_a_search_is_one_object(post):
    role = post("rust", workplace="remote")
    post("rust")
    search = Search(QueryDict("workplace=remote&page=3&q= rust &sort=newest&x=y"), "en")
    assert list(search.roles()) == [role]
    assert search.query_string == "q=rust&workplace=remote&sort=newest"
    assert search.sentence == "“rust” · Remote"
    assert bool(search)
    assert not Search(QueryDict("sort=newest&type=nonsense"), "en")


def test_long_texts_are_not_read_for_a_list(client, post):
    post("仕事")
    with CaptureQueriesContext(connection) as asked:
        client.page("/en/roles/")
    for query in asked.captured_queries:
        assert "duties" not in query["sql"]
        assert '"roles_role"."search_text"' not in query["sql"]


@pytest.mark.parametrize(
    "query", ["", "?q=rust", "?q=rust&workplace=on_site&location=1", "?q=cobol+rust"]
)
def test_as_many_queries_with_fifty_rows_as_with_one(client, post, query):
    def role():
        made = post("rust", locations=[make.location()])
        RemoteCountry.objects.create(role=made, country="JP")

    make.company()
    role()
    one = queries(client, f"/en/roles/{query}")
    for _number in range(49):
        role()
    assert queries(client, f"/en/roles/{query}") == one


def test_completeness_is_worked_out_by_the_database():
    role = make.role(summary_ja="")
    assert (role.complete_en, role.complete_ja) == (True, False)
    Role.objects.filter(pk=role.pk).update(summary_ja="概要")
    role.refresh_from_db()
    assert role.complete_ja


def test_a_group_is_edited_and_nobody_is_overwritten(client, signed_in, post):
    post("雲")
    group = SynonymGroup.objects.create(terms="fog\n霧")
    recruiter, path = signed_in("Recruiters"), path_of(group)
    opened = fields_of(recruiter.get(path))
    edit(recruiter, path, terms="fog\n霧\n雲")
    assert found(client, "fog") == ["募集"]
    stopped = recruiter.post(path, opened | {"terms": "fog\n霧\n靄"})
    assert "Nothing of yours is saved yet" in stopped.text and "靄</textarea>" in stopped.text
    assert SynonymGroup.objects.get(pk=group.pk).terms.endswith("雲")
    assert 'name="_minor"' not in stopped.text  # it has no other language


def test_a_long_group_is_called_by_its_first_words(signed_in):
    SynonymGroup.objects.create(terms="\n".join(f"雲{number}" for number in range(7)))
    page = signed_in("Recruiters").page("/admin/roles/synonymgroup/?q=雲0")
    assert ">雲0 · 雲1 · 雲2 · 雲3 · 雲4 · 雲5 · …</a>" in page


def test_a_group_has_no_button_of_a_role(signed_in):
    group = SynonymGroup.objects.create(terms="fog\n霧")
    page = signed_in("Recruiters").page(f"/admin/roles/synonymgroup/{group.pk}/change/")
    assert "fog" in page and "Application form</a>" not in page
    role = make.role()
    page = signed_in("Recruiters").page(f"/admin/roles/role/{role.pk}/change/")
    assert "Application form" in parse(page).texts(".object-tools a")
