"""Interview advice: the list, articles, redirects."""

import pytest

from tests import make
from tests.conftest import queries

pytestmark = pytest.mark.django_db


def test_article_list_links_in_order(client):
    """The list links every article in the recruiters' order."""
    second = make.article(title_en="Second", order=2)
    first = make.article(title_en="First", order=1)
    page = client.page("/en/advice/")
    links = [page.index(f'href="{article.get_absolute_url("en")}"') for article in (first, second)]
    assert links == sorted(links)
    assert "Three things that help." in page


def test_article_list_hides_unpublished_texts(client):
    """An article that is published in one language shows no text of the other."""
    make.article(published_at_en=None, title_ja="眠り", summary_en="Not yet.", summary_ja="睡眠。")
    page = client.page("/en/advice/")
    assert "Not yet." not in page
    assert '<p lang="ja">睡眠。</p>' in page


def test_article_heading_levels(client):
    """Headings in the text continue below the h1 of the page."""
    text = "<h3>First</h3><p>a</p><h4>Detail</h4>"
    page = client.page(make.article(text_en=text).get_absolute_url("en"))
    assert "<h2>First</h2><p>a</p><h3>Detail</h3>" in page


def test_article_links_to_the_list(client):
    """An article shows its text and a link to all articles."""
    page = client.page(make.article(text_en="<p>Sleep well.</p>").get_absolute_url("en"))
    assert "<p>Sleep well.</p>" in page
    assert 'href="/en/advice/">All advice' in page


def test_article_drafts_and_redirects(client):
    """A draft is a 404; an earlier slug or leading zeros redirect to the canonical URL."""
    draft = make.article(published_at_en=None, published_at_ja=None)
    assert client.get(draft.get_absolute_url("en")).status_code == 404
    article = make.article()
    for wrong in (f"{article.pk}-old", f"00{article.pk}-{article.slug}"):
        response = client.get(f"/en/advice/{wrong}/")
        assert response.headers["Location"] == article.get_absolute_url("en")
        assert response.status_code == 301


def test_empty_article_list(client):
    """The list says that there are no articles."""
    assert "No article has been published yet." in client.page("/en/advice/")


@pytest.mark.parametrize("path", ["/en/advice/", "/sitemap.xml", "/sitemap-articles.xml"])
def test_article_queries_do_not_grow_with_rows(client, path):
    """Fifty articles need as many queries as one."""
    make.company()
    make.article()
    one = queries(client, path)
    for _ in range(49):
        make.article()
    assert queries(client, path) == one > 0
