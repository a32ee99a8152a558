"""Interview advice: the list, an article, the way back."""

import pytest

from tests import make
from tests.conftest import queries

pytestmark = pytest.mark.django_db


def test_the_list_leads_to_every_article_in_order(client):
    second = make.article(title_en="Second", order=2)
    first = make.article(title_en="First", order=1)
    page = client.page("/en/advice/")
    links = [page.index(f'href="{made.get_absolute_url("en")}"') for made in (first, second)]
    assert links == sorted(links)
    assert "Three things that help." in page


def test_what_is_not_published_in_a_language_does_not_leak_into_its_list(client):
    make.article(published_at_en=None, title_ja="眠り", summary_en="Not yet.", summary_ja="睡眠。")
    page = client.page("/en/advice/")
    assert "Not yet." not in page
    assert '<p lang="ja">睡眠。</p>' in page


def test_headings_of_an_article_follow_its_title(client):
    text = "<h3>First</h3><p>a</p><h4>Detail</h4>"
    page = client.page(make.article(text_en=text).get_absolute_url("en"))
    assert "<h2>First</h2><p>a</p><h3>Detail</h3>" in page


def test_an_article_has_the_way_back(client):
    page = client.page(make.article(text_en="<p>Sleep well.</p>").get_absolute_url("en"))
    assert "<p>Sleep well.</p>" in page
    assert 'href="/en/advice/">All advice' in page


def test_drafts_and_wrong_addresses(client):
    draft = make.article(published_at_en=None, published_at_ja=None)
    assert client.get(draft.get_absolute_url("en")).status_code == 404
    article = make.article()
    for wrong in (f"{article.pk}-old", f"00{article.pk}-{article.slug}"):
        response = client.get(f"/en/advice/{wrong}/")
        assert response.headers["Location"] == article.get_absolute_url("en")
        assert response.status_code == 301


def test_an_empty_list_says_so(client):
    assert "No article has been published yet." in client.page("/en/advice/")


@pytest.mark.parametrize("path", ["/en/advice/", "/sitemap.xml", "/sitemap-articles.xml"])
def test_as_many_queries_with_fifty_rows_as_with_one(client, path):
    make.company()
    make.article()
    one = queries(client, path)
    for _ in range(49):
        make.article()
    assert queries(client, path) == one > 0
