"""Full-text search of roles: spelling variants, synonyms, both languages, and searches with no results."""

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
    """post("生成AIエンジニア") creates a role with this text, posted in Japanese only."""

    def make_post(text, **changes):
        department = make.department(name_en="Team", name_ja="班")
        return make.role(
            **{**PLAIN, "duties_ja": f"<p>{text}</p>", "department": department, **changes}
        )

    return make_post


def search(client, typed, language="en"):
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
        # further cases
        ("ＡＩ", "生成AIエンジニア"),
        ("machine learning", "機械学習の研究"),
        ("機械 学習", "機械学習の研究"),
        ("でざいなー", "デザイナー"),
        ("ユーザインタフェース", "ユーザーインターフェース"),
        ("100%", "100%リモート"),
        ("engineer", "engineering"),
        ("バックエンド エンジニア", "Developer, server-side"),
        ("python go", "Java・Python・Go"),
        ("ML", "AI・ML"),
        ("UX デザイナー", "UI・UXデザイナー"),
        ("C", "C・C++"),
        ("react.js", "ReactJS"),
        ("engineers", "エンジニア"),
    ],
)
def test_search_matches_spelling_variants_and_synonyms(client, post, typed, text, language):
    post(text)
    assert search(client, typed, language) == ["募集"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("AI", "email training"),
        ("go", "Google Cloud"),
        ("c", "C++"),
        ("人事", "Backend Engineer"),
        # further cases
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
        ("javapythongo", "Java・Python・Go"),
        ("京都", "東京都"),
        ("HR", "個人事業主"),
        ("sales", "営業時間"),
    ],
)
def test_search_rejects_false_matches(client, post, typed, text):
    post(text)
    assert "Nothing found" in client.page("/en/roles/", query_params={"q": typed})


def test_search_finds_whole_words_and_signs(client, post):
    """A sample of tests/search_pairs.py: what the page finds among all of these roles."""
    texts = {
        "正社員": "25ペタバイトのデータとOS internals、パートナー企業、コンテスト、network",
        "在宅": "フルリモート可",
        "短時間": "パートスタッフ",
        "学生": "長期インターンシップ",
        "開発": "C#/.NETとNode.js、R&D、Zürich",
        "言語": "C/C++とJavaScript",
        "試験": "ソフトウェアテスト",
    }
    for title, text in texts.items():
        post(text, title_ja=title)
    for typed, found in {
        "アルバイト": ["短時間"],
        "パート": ["短時間"],
        "part-time": ["短時間"],
        "リモートワーク": ["在宅"],
        "telework": ["在宅"],
        "インターン": ["学生"],
        "intern": ["学生"],
        "テスト": ["試験"],
        "コンテスト": ["正社員"],
        ".net": ["開発"],
        "dotnet": ["開発"],
        "nodejs": ["開発"],
        "研究開発": ["開発"],
        "zurich": ["開発"],
        "c++": ["言語"],
        "c": ["言語"],
        "r": [],
        "java": [],
    }.items():
        assert search(client, typed) == found, typed


def test_search_covers_both_languages(client, post):
    post("バックエンド")
    make.role(title_en="Backend", title_ja="", reference_id="E-1")
    assert sorted(search(client, "サーバーサイド", "ja")) == ["Backend", "募集"]


@pytest.mark.parametrize(
    "typed",
    [
        *("Osaka", "大阪", "Clouds", "雲の部", "remote", "テレワーク", "intern", "インターン"),
        *("senior", "シニア", "英語", "English", "シンガポール", "singapore", "r-77", "Ｒ－７７"),
    ],
)
def test_search_covers_facts(client, post, typed):
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
    assert search(client, typed) == ["募集"]


def test_search_finds_new_location_name_at_once(client, signed_in, post):
    location = make.location(name_en="Tokyo", name_ja="東京")
    post("仕事", locations=[location])
    edit(
        signed_in("Recruiters"), f"/admin/roles/location/{location.pk}/change/", name_ja="東京本社"
    )
    assert search(client, "東京本社") == ["募集"]


def test_search_finds_public_roles_only(client, post):
    post("秘密", published_at_ja=None)
    post("秘密", closes_on="2026-01-01")
    post("秘密", opens_at="2999-01-01T00:00:00Z")
    assert search(client, "秘密") == []


def test_search_ranks_title_matches_first(client, post):
    post("雲を見る", title_ja="新しい", published_at_ja="2026-11-02T00:00:00Z")
    post("仕事", title_ja="雲の人", published_at_ja="2026-11-01T00:00:00Z")
    assert search(client, "雲") == ["雲の人", "新しい"]


def test_synonyms_edited_by_recruiters(client, signed_in, post):
    post("オキャムル")
    assert search(client, "camel") == []
    page = "/admin/roles/synonymgroup/add/"
    recruiter = signed_in("Recruiters")
    assert recruiter.post(page, {"terms": "camel\nオキャムル"}).status_code == 302
    assert search(client, "ＣＡＭＥＬ") == ["募集"]
    SynonymGroup.objects.filter(terms__startswith="camel").delete()
    assert search(client, "camel") == []


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "A group takes at most 50 words, and this one has 51. Please keep those"),
        ("ja", "1つのグループに登録できる言葉は50語までです（現在は51語です）。"),
    ],
)
def test_synonym_group_size_limit(client, signed_in, post, language, message):
    post("雲49")
    recruiter = signed_in("Recruiters", language=language)
    page, words = "/admin/roles/synonymgroup/add/", [f"雲{number}" for number in range(51)]
    answer = recruiter.post(page, {"terms": "\n".join(words)})
    assert message in answer.text and "雲50</textarea>" in answer.text
    assert recruiter.post(page, {"terms": "\n".join(words[:50])}).status_code == 302
    assert search(client, "雲0") == ["募集"]


def test_synonyms_of_many_groups_stay_within_query_limit(client, post):
    post("雨")
    SynonymGroup.objects.create(terms="雲\n雨")
    for group in range(30):
        SynonymGroup.objects.create(
            terms="\n".join(["雲", *(f"雪{group}の{n}" for n in range(49))])
        )
    assert search(client, "雲") == ["募集"]


def test_synonyms_created_by_migration():
    assert 55 <= SynonymGroup.objects.count() <= 80
    words = [word for group in SynonymGroup.objects.all() for word in group.words]
    assert len(words) == len({word.casefold() for word in words}), "each word is in one group"


# --- Searches with no results ----------------------------------------------------------------------


def test_empty_search_repeats_typed_words(client, post):
    post("仕事")
    page = client.page("/ja/roles/", query_params={"q": "<b>ＣＯＢＯＬ</b> & 'x'"})
    assert "「&lt;b&gt;ＣＯＢＯＬ&lt;/b&gt; &amp; &#x27;x&#x27;」に一致する求人は" in page
    assert "<b>" not in page
    assert page.count('href="/ja/roles/"') >= 2  # the navigation, and showing all
    assert 'href="/ja/apply/"' in page


def test_empty_search_shows_partial_matches(client, post):
    post("rustを書く")
    post("別")
    page = client.page("/en/roles/?q=cobol+rust")
    assert "No opening matches “cobol rust”." in page
    assert "0 openings" in page
    assert titles(page) == ["募集"]
    assert "With some of the words" in page
    assert "With some of the words" not in client.page("/en/roles/?q=cobol")


def test_empty_search_shows_similar_roles(client, post):
    clouds = make.department(name_en="Clouds")
    for _number in range(4):
        post("仕事", department=clouds, title_ja="雲")
    page = client.page(f"/en/roles/?q=cobol&department={clouds.pk}&type=intern")
    assert "Similar openings" in page
    assert titles(page) == ["雲"] * 3
    assert "?q=cobol&" not in page.partition("Nothing found")[2]
    assert 'href="/en/roles/?q=cobol"' in page  # without the filters


def test_zero_result_search_is_counted(client, post):
    post("仕事")
    for typed in ("ＣＯＢＯＬ", "cobol", "Cobol ", "仕事"):
        client.page("/en/roles/", query_params={"q": typed})
    client.page("/ja/roles/?q=cobol")
    client.page("/en/roles/?q=仕事&type=intern")  # the words match without the filter
    assert sorted(ZeroResultSearch.objects.values_list("term", "language", "count")) == [
        ("cobol", "en", 3),
        ("cobol", "ja", 1),
    ]


@pytest.mark.parametrize(
    "typed",
    ["taro@example.org", "090-1234-5678", "０９０１２３４５６７８", "x" * 61, "！？", "   "],
)
def test_zero_result_search_with_personal_data_is_not_stored(client, post, typed):
    post("仕事")
    client.page("/en/roles/", query_params={"q": typed})
    assert not ZeroResultSearch.objects.exists()


def test_zero_result_search_row_limit(client, post, monkeypatch):
    monkeypatch.setattr(ZeroResultSearch, "MAX_ROWS", 2)
    post("仕事")
    for typed in ("cobol", "cobol", "fortran", "lisp"):
        client.page(f"/en/roles/?q={typed}")
    assert sorted(ZeroResultSearch.objects.values_list("term", flat=True)) == ["cobol", "lisp"]


def test_zero_result_search_while_typing_is_not_counted(client, post):
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
def test_zero_result_search_on_read_only_database(client, post):
    post("仕事")
    off, on = READ_ONLY[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
        try:
            assert "cobol" in client.page("/en/roles/?q=cobol")
        finally:
            cursor.execute(on)
    assert not ZeroResultSearch.objects.exists()


def test_search_of_long_compound_has_limited_query(client, post):
    post("英語とバックエンド")
    assert search(client, "英語" * 50) and search(client, "英語バックエンド")
    with CaptureQueriesContext(connection) as captured:
        client.page("/ja/roles/", query_params={"q": "英語" * 50})
    assert max(query["sql"].count("public_search_text") for query in captured) < 60


def test_zero_result_search_does_not_bump_generation(client, post):
    post("仕事")
    before = Generation.current()
    client.page("/en/roles/?q=cobol")
    assert Generation.current() == before


def test_zero_result_search_links_to_new_synonym_group(client, signed_in, post):
    post("仕事")
    client.page("/en/roles/?q=Cobol")
    recruiter = signed_in("Recruiters")
    assert 'id="work-zero_result_searches"' in recruiter.page("/admin/")
    page = recruiter.page("/admin/roles/zeroresultsearch/")
    address = "/admin/roles/synonymgroup/add/?terms=cobol"
    assert f'<a href="{address}" aria-label="Add synonyms of “cobol”">Add synonyms</a>' in page
    assert (
        re.findall(r'href="(/admin/roles/zeroresultsearch/\d.*?)"', page) == []
    )  # rows have no page
    assert ">\ncobol</textarea>" in recruiter.page(address)
    recruiter.post("/admin/roles/synonymgroup/add/", {"terms": "COBOL\nコボル"})
    assert not ZeroResultSearch.objects.exists()
    assert 'id="work-zero_result_searches"' not in recruiter.page("/admin/")


# --- A search as one object ------------------------------------------------------------------------


def test_search_object(post):
    role = post("rust", workplace="remote")
    post("rust")
    search = Search(QueryDict("workplace=remote&page=3&q= rust &sort=newest&x=y"), "en")
    assert list(search.roles()) == [role]
    assert search.query_string == "q=rust&workplace=remote&sort=newest"
    assert search.sentence == "“rust” · Remote"
    assert bool(search)
    assert not Search(QueryDict("sort=newest&type=nonsense"), "en")


def test_search_reads_no_long_texts(client, post):
    post("仕事")
    with CaptureQueriesContext(connection) as captured:
        client.page("/en/roles/")
    for query in captured.captured_queries:
        assert "duties" not in query["sql"]
        assert '"roles_role"."search_text"' not in query["sql"]


@pytest.mark.parametrize(
    "query", ["", "?q=rust", "?q=rust&workplace=on_site&location=1", "?q=cobol+rust"]
)
def test_search_query_count_is_constant(client, post, query):
    def role():
        make_post = post("rust", locations=[make.location()])
        RemoteCountry.objects.create(role=make_post, country="JP")

    make.company()
    role()
    one = queries(client, f"/en/roles/{query}")
    for _number in range(49):
        role()
    assert queries(client, f"/en/roles/{query}") == one


def test_completeness_is_a_generated_column():
    role = make.role(summary_ja="")
    assert (role.complete_en, role.complete_ja) == (True, False)
    Role.objects.filter(pk=role.pk).update(summary_ja="概要")
    role.refresh_from_db()
    assert role.complete_ja


def test_synonym_group_edit_conflict(client, signed_in, post):
    post("雲")
    group = SynonymGroup.objects.create(terms="fog\n霧")
    recruiter, path = signed_in("Recruiters"), path_of(group)
    base_fields = fields_of(recruiter.get(path))
    edit(recruiter, path, terms="fog\n霧\n雲")
    assert search(client, "fog") == ["募集"]
    conflict = recruiter.post(path, base_fields | {"terms": "fog\n霧\n靄"})
    assert "Nothing of yours is saved yet" in conflict.text and "靄</textarea>" in conflict.text
    assert SynonymGroup.objects.get(pk=group.pk).terms.endswith("雲")
    assert 'name="_minor"' not in conflict.text  # it has no other language


def test_synonym_group_name_is_shortened(signed_in):
    SynonymGroup.objects.create(terms="\n".join(f"雲{number}" for number in range(7)))
    page = signed_in("Recruiters").page("/admin/roles/synonymgroup/?q=雲0")
    assert ">雲0 · 雲1 · 雲2 · 雲3 · 雲4 · 雲5 · …</a>" in page


def test_synonym_group_form_has_no_role_tools(signed_in):
    group = SynonymGroup.objects.create(terms="fog\n霧")
    page = signed_in("Recruiters").page(f"/admin/roles/synonymgroup/{group.pk}/change/")
    assert "fog" in page and "Application form</a>" not in page
    role = make.role()
    page = signed_in("Recruiters").page(f"/admin/roles/role/{role.pk}/change/")
    assert "Application form" in parse(page).texts(".object-tools a")
