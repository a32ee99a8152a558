"""Every public page in both languages: links between the languages, and no text in the other one."""

import re

import pytest

from tests import make
from tests.conftest import HOST
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SITE = f"https://{HOST}"
JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")

PAGES = ["", "roles/", "working-here/", "hiring/", "advice/", "privacy/", "accessibility/"]


@pytest.fixture
def paths():
    """A company with one record of each model; the paths of all its pages, without the prefix."""
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


def alternates(page):
    """[(language, URL)] in the head of a page."""
    links = page.all("link[rel=alternate][hreflang]")
    return [(link["hreflang"], link["href"]) for link in links]


def canonical(page):
    """[URL] in the head of a page."""
    return [link["href"] for link in page.all("link[rel=canonical]")]


def test_hreflang_links_connect_both_languages(client, paths):
    """Each page has its canonical URL and hreflang links to itself, its translation and x-default."""
    for path in paths:
        pairs = [("en", f"{SITE}/en/{path}"), ("ja", f"{SITE}/ja/{path}")]
        for language, url in pairs:
            page = parse(client.page(f"/{language}/{path}"))
            assert page["lang"] == language
            assert canonical(page) == [url]
            assert alternates(page) == [*pairs, ("x-default", f"{SITE}/en/{path}")]


def test_sitemap_agrees_with_the_heads(client, paths):
    """The sitemap has the same alternates as the head of each page."""
    sitemap = client.page("/sitemap.xml")
    for path in paths:
        for language in ("en", "ja"):
            head = alternates(parse(client.page(f"/{language}/{path}")))
            entry = re.search(
                rf"<url>\s*<loc>{SITE}/{language}/{path}</loc>(.*?)</url>", sitemap, re.DOTALL
            )
            assert entry, path
            links = re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', entry[1])
            assert links == head


def test_sitemap_urls_answer(client, paths):
    """The sitemap lists every page in both languages, and each URL answers 200."""
    sitemap = client.page("/sitemap.xml")
    urls = set(re.findall(r"<loc>(.*?)</loc>", sitemap)) | set(re.findall(r'href="(.*?)"', sitemap))
    assert len(urls) == 2 * len(paths)
    for url in urls:
        client.page(url.removeprefix(SITE))


def test_page_is_in_one_language(client, paths):
    """An English page has no Japanese text, and a Japanese page no English interface text."""
    for path in paths:
        english = client.page(f"/en/{path}")
        body = english.partition("<body")[2].replace(">日本語<", "><")
        assert not JAPANESE.search(body), path
        japanese = client.page(f"/ja/{path}")
        for word in ("Openings", "Skip to", "Privacy", "Working here", "Apply for", "Reference"):
            assert word not in japanese, path


def test_page_titles_are_unique_without_invisible_characters(client, paths):
    """Titles are for search engines and tabs, so they contain no zero-width spaces."""
    for language in ("en", "ja"):
        pages = [parse(client.page(f"/{language}/{path}")) for path in paths]
        titles = [page.one("head > title").node.text() for page in pages]
        assert len(set(titles)) == len(titles)
        assert not any("\u200b" in title or "\n" in title for title in titles)


def test_pages_have_no_inline_script_or_style(client, paths):
    """The CSP would block them. Nor is template syntax left in a page."""
    for path in paths:
        for language in ("en", "ja"):
            page = client.page(f"/{language}/{path}")
            assert "{{" not in page and "{%" not in page
            assert not re.search(
                r"<style|\sstyle=|\son\w+=|<script(?! type=.application/ld| src=)", page
            )


def test_public_pages_use_no_cookies(client, paths):
    """Public pages set no cookie and do not vary by cookie."""
    for path in paths:
        response = client.get(f"/en/{path}", headers={"cookie": "language=ja; sessionid=x"})
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


def test_language_note_on_a_page_in_one_language(client):
    """The page says in the other language that it is not translated, and links to the list there."""
    role = make.role(published_at_en=None)
    page = client.page(role.get_absolute_url("ja"))
    assert (
        '<span class="language-note" lang="en">This opening is posted in Japanese only.</span>'
        in page
    )
    assert '<a href="/en/roles/" hreflang="en" lang="en">English</a>' in page
    assert alternates(parse(page)) == []
    assert canonical(parse(page)) == [f"{SITE}{role.get_absolute_url('ja')}"]

    article = make.article(published_at_ja=None)
    page = client.page(article.get_absolute_url("en"))
    assert 'lang="ja">この記事は英語のみで' in page
    assert '<a href="/ja/advice/" hreflang="ja" lang="ja">日本語</a>' in page


def test_missing_language_redirects_to_the_other(client):
    """The URL of a missing translation redirects with 302, query included."""
    role = make.role(published_at_en=None)
    response = client.get(role.get_absolute_url("en") + "?from=email")
    assert response.status_code == 302
    assert response.headers["Location"] == role.get_absolute_url("ja") + "?from=email"
    article = make.article(published_at_ja=None)
    response = client.get(article.get_absolute_url("ja"))
    assert response.headers["Location"] == article.get_absolute_url("en")


def test_list_entries_in_one_language_have_badge_and_lang(client):
    """Lists show roles of both languages, those of the other one with a badge and `lang`."""
    role = make.role(published_at_en=None, title_ja="地図の人")
    badge = '<span class="tag">%s</span>'
    english, japanese = client.page("/en/roles/"), client.page("/ja/roles/")
    link = f'href="{role.get_absolute_url("ja")}"'
    assert f'{link} lang="ja" hreflang="ja">' in english
    assert f"{link}>" in japanese
    assert badge % "Japanese only" in english
    assert badge % "日本語のみ" in japanese


def test_language_switcher_preserves_path_and_query(client):
    """The switcher links to the same page with the same filters."""
    make.role()
    page = client.page("/en/roles/?q=%E9%9B%A8&location=1")
    assert 'href="/ja/roles/?q=%E9%9B%A8&amp;location=1" hreflang="ja"' in page


def test_filtered_list_is_noindex_with_plain_canonical(client):
    """Search engines index only the list without filters."""
    page = client.page("/en/roles/?q=rain")
    assert '<meta name="robots" content="noindex, follow">' in page
    assert canonical(parse(page)) == [f"{SITE}/en/roles/"]
    assert alternates(parse(page)) == []


def test_untranslated_label_has_lang(client):
    """A department name that is shown in the other language has `lang`."""
    make.role(department=make.department(name_en=""))
    page = client.page("/en/roles/")
    assert '<h2><span lang="ja">バックエンド</span></h2>' in page


def test_absolute_urls_come_from_site_url(client):
    """An unknown Host header is rejected, and no URL is made from it."""
    assert client.get("/en/", headers={"host": "evil.example.org"}).status_code == 400
    page = client.page("/en/", headers={"host": HOST})
    assert f'href="{SITE}/en/"' in page
