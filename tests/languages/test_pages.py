"""Every public page in both languages: the right head, no language mixed in, no foreign word."""

import re

import pytest

from tests import make
from tests.conftest import HOST

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SITE = f"https://{HOST}"
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")

PAGES = ["", "roles/", "working-here/", "hiring/", "advice/", "privacy/", "accessibility/"]


@pytest.fixture
def world():
    """A company with one of everything; the addresses of all its pages, without the prefix."""
    make.company()
    role = make.role(locations=[make.location()])
    article = make.article()
    make.perk()
    make.value()
    make.testimonial()
    make.step()
    make.video()
    for kind in ("privacy", "accessibility", "candidates"):
        make.policy(kind)
    return [*PAGES, role.get_absolute_url("en")[4:], article.get_absolute_url("en")[4:]]


def test_both_languages_of_every_page_point_at_each_other(client, world):
    for path in world:
        pairs = [("en", f"{SITE}/en/{path}"), ("ja", f"{SITE}/ja/{path}")]
        for language, address in pairs:
            page = client.page(f"/{language}/{path}")
            assert f'<html lang="{language}">' in page
            assert CANONICAL.findall(page) == [address]
            assert ALTERNATE.findall(page) == [*pairs, ("x-default", f"{SITE}/en/{path}")]


def test_the_sitemap_says_the_same_as_the_heads(client, world):
    sitemap = client.page("/sitemap.xml")
    for path in world:
        for language in ("en", "ja"):
            head = ALTERNATE.findall(client.page(f"/{language}/{path}"))
            entry = re.search(
                rf"<url>\s*<loc>{SITE}/{language}/{path}</loc>(.*?)</url>", sitemap, re.DOTALL
            )
            assert entry, path
            links = re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', entry[1])
            assert links == head


def test_every_address_that_a_search_engine_is_told_answers(client, world):
    sitemap = client.page("/sitemap.xml")
    told = set(re.findall(r"<loc>(.*?)</loc>", sitemap)) | set(re.findall(r'href="(.*?)"', sitemap))
    assert len(told) == 2 * len(world)
    for address in told:
        client.page(address.removeprefix(SITE))


def test_the_pages_are_in_one_language(client, world):
    for path in world:
        english = client.page(f"/en/{path}")
        body = english.partition("<body")[2].replace(">日本語<", "><")
        assert not JAPANESE.search(body), path
        japanese = client.page(f"/ja/{path}")
        for word in ("Openings", "Skip to", "Privacy", "Working here", "Apply for", "Reference"):
            assert word not in japanese, path


def test_titles_are_different_and_hold_nothing_invisible(client, world):
    for language in ("en", "ja"):
        titles = [TITLE.search(client.page(f"/{language}/{path}"))[1] for path in world]
        assert len(set(titles)) == len(titles)
        assert not any("\u200b" in title or "\n" in title for title in titles)


def test_pages_are_whole_and_carry_nothing_that_a_policy_would_refuse(client, world):
    for path in world:
        for language in ("en", "ja"):
            page = client.page(f"/{language}/{path}")
            assert "{{" not in page and "{%" not in page
            assert not re.search(
                r"<style|\sstyle=|\son\w+=|<script(?! type=.application/ld| src=)", page
            )


def test_no_public_page_sets_or_reads_a_cookie(client, world):
    for path in world:
        response = client.get(f"/en/{path}", headers={"cookie": "language=ja; sessionid=x"})
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


def test_a_page_in_one_language_says_so_in_the_other_and_leads_to_its_list(client):
    role = make.role(published_at_en=None)
    page = client.page(role.get_absolute_url("ja"))
    assert (
        '<span class="language-note" lang="en">This opening is posted in Japanese only.</span>'
        in page
    )
    assert '<a href="/en/roles/" hreflang="en" lang="en">English</a>' in page
    assert ALTERNATE.findall(page) == []
    assert CANONICAL.findall(page) == [f"{SITE}{role.get_absolute_url('ja')}"]

    article = make.article(published_at_ja=None)
    page = client.page(article.get_absolute_url("en"))
    assert 'lang="ja">この記事は英語のみで' in page
    assert '<a href="/ja/advice/" hreflang="ja" lang="ja">日本語</a>' in page


def test_asking_for_the_missing_language_leads_to_the_other_one(client):
    role = make.role(published_at_en=None)
    response = client.get(role.get_absolute_url("en") + "?from=letter")
    assert response.status_code == 302
    assert response.headers["Location"] == role.get_absolute_url("ja") + "?from=letter"
    article = make.article(published_at_ja=None)
    response = client.get(article.get_absolute_url("ja"))
    assert response.headers["Location"] == article.get_absolute_url("en")


def test_lists_show_both_with_a_badge_and_their_language(client):
    role = make.role(published_at_en=None, title_ja="地図の人")
    badge = '<span class="tag">%s</span>'
    english, japanese = client.page("/en/roles/"), client.page("/ja/roles/")
    link = f'href="{role.get_absolute_url("ja")}"'
    assert f'{link} lang="ja" hreflang="ja">' in english
    assert f"{link}>" in japanese
    assert badge % "Japanese only" in english
    assert badge % "日本語のみ" in japanese


def test_the_switch_keeps_the_page_and_its_query(client):
    make.role()
    page = client.page("/en/roles/?q=%E9%9B%A8&location=1")
    assert 'href="/ja/roles/?q=%E9%9B%A8&amp;location=1" hreflang="ja"' in page


def test_a_list_with_a_query_is_not_another_page_to_a_search_engine(client):
    page = client.page("/en/roles/?q=rain")
    assert '<meta name="robots" content="noindex, follow">' in page
    assert CANONICAL.findall(page) == [f"{SITE}/en/roles/"]
    assert ALTERNATE.findall(page) == []


def test_a_label_without_a_translation_is_marked(client):
    make.role(department=make.department(name_en=""))
    page = client.page("/en/roles/")
    assert '<h2><span lang="ja">バックエンド</span></h2>' in page


def test_addresses_come_from_the_setting_and_never_from_the_host(client):
    assert client.get("/en/", headers={"host": "evil.example.org"}).status_code == 400
    page = client.page("/en/", headers={"host": HOST})
    assert f'href="{SITE}/en/"' in page
