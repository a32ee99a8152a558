"""Share links: created once, opened without an account; they expire, can be revoked, and end with the record."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.core.management import call_command
from django.urls import resolve
from django.utils import timezone

from careers.bilingual.models import ShareLink
from careers.logs import route
from tests import make
from tests.conftest import HOST, Visitor, queries

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LINK_URL = re.compile(rf'value="(https://{HOST}/(en|ja)/preview/([\w-]+)/)"')
NOT_FOUND = "This preview is no longer here"


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters", first_name="Hana", last_name="Sato")


@pytest.fixture
def draft():
    return make.role(title_en="Rain engineer", published_at_en=None, published_at_ja=None)


def change_path(record):
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/change/"


def share(visitor, record):
    """Create a link as a browser does; returns the path of its URL."""
    response = visitor.post(change_path(record).replace("change", "share"))
    assert response.headers["Location"] == f"{change_path(record)}#share-links"
    return LINK_URL.search(visitor.page(change_path(record)))[1].removeprefix(f"https://{HOST}")


def test_share_link_shows_draft_in_both_languages(recruiter, client, draft):
    path = share(recruiter, draft)
    assert client.get(draft.get_absolute_url("en")).status_code == 404
    page = client.page(path)
    assert "<h1>Rain engineer</h1>" in page
    assert "This is a preview and not the public page." in page
    japanese = client.page(path.replace("/en/", "/ja/"))
    assert draft.title_ja in japanese.replace("\u200b", "")
    assert "これは確認用のプレビューで" in japanese
    assert f'href="{path.replace("/en/", "/ja/")}" hreflang="ja"' in page


def test_share_link_shows_current_version(recruiter, client, draft):
    path = share(recruiter, draft)
    draft.summary_en = "Reads every drop."
    draft.save()
    assert "Reads every drop." in client.page(path)


def test_share_link_of_article_and_policy(recruiter, client):
    article = make.article(published_at_en=None, published_at_ja=None)
    assert "Sleep well." in client.page(share(recruiter, article))
    policy = make.policy("privacy", published=False)
    assert "We keep it safe." in client.page(share(recruiter, policy))


def test_share_link_unavailable_without_page(recruiter):
    notice = make.policy("form_notice", published=False)
    assert "Links for sharing" not in recruiter.page(change_path(notice))
    assert recruiter.post(change_path(notice).replace("change", "share")).status_code == 404
    assert "Links for sharing" not in recruiter.page("/admin/roles/role/add/")


def test_share_link_page_is_not_cached_indexed_or_tracked(recruiter, client, draft):
    path = share(recruiter, draft)
    for address in (path, "/en/preview/nothing/"):
        response = client.get(address, headers={"cookie": "sessionid=x; language=ja"})
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "Cookie" not in response.headers.get("Vary", "")
        assert not response.cookies
        assert '<meta name="robots" content="noindex">' in response.text
        assert "canonical" not in response.text and 'rel="alternate"' not in response.text


def test_share_link_token_is_not_stored(recruiter, draft):
    token = share(recruiter, draft).split("/")[-2]
    link = ShareLink.objects.get()
    assert len(token) >= 22  # 128 bits
    assert link.digest == sha256(token.encode()).hexdigest()
    assert token not in str(list(ShareLink.objects.values()))
    assert share(recruiter, draft).split("/")[-2] != token


def test_share_link_token_is_not_logged(recruiter, draft):
    path = share(recruiter, draft)
    assert route(path, resolve(path)) == "/en/preview/<str:token>/"


def test_share_link_url_is_shown_once(recruiter, draft):
    share(recruiter, draft)
    page = recruiter.page(change_path(draft))
    assert not LINK_URL.search(page)
    assert "by Hana Sato, valid until" in page


def test_share_link_url_has_language_of_account(signed_in, draft):
    assert share(signed_in("Recruiters", "ja"), draft).startswith("/ja/preview/")


def test_share_link_form_page_is_not_cached(recruiter, draft):
    recruiter.post(change_path(draft).replace("change", "share"))
    assert "no-store" in recruiter.get(change_path(draft)).headers["Cache-Control"]


def get_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert NOT_FOUND in response.text
    assert "ask the person who sent it" in response.text
    return response.text


def test_share_link_revoked_expired_deleted_and_unknown_look_the_same(recruiter, client, draft):
    unknown = get_not_found(client, "/en/preview/never-was-one/")
    revoked = share(recruiter, draft)
    recruiter.post(
        change_path(draft).replace("change", f"share/{ShareLink.objects.get().pk}/revoke")
    )
    expired, deleted = share(recruiter, draft), share(recruiter, other := make.role())
    other.delete()
    with time_machine.travel(timezone.now() + timedelta(days=13, hours=23)):
        client.page(expired)
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        expired_page = get_not_found(client, expired)
    pages = {get_not_found(client, revoked), get_not_found(client, deleted), expired_page, unknown}
    assert len({re.sub(r"/preview/[\w-]+/", "", page) for page in pages}) == 1
    assert "このプレビューは表示できません" in client.get("/ja/preview/nothing/").text.replace(
        "\u200b", ""
    )


def test_share_link_redirects_to_available_language(recruiter, client):
    role = make.role(title_ja="", published_at_en=None, published_at_ja=None)
    path = share(recruiter, role)
    response = client.get(path.replace("/en/", "/ja/"))
    assert (response.status_code, response.headers["Location"]) == (302, path)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "このプレビューは英語のみです。" in client.page(path)


def test_share_link_get_changes_nothing(recruiter, client, draft):
    path = share(recruiter, draft)
    before = list(ShareLink.objects.values())
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert client.post(path).status_code == 405
    revoke = change_path(draft).replace("change", f"share/{before[0]['id']}/revoke")
    for address in (revoke, change_path(draft).replace("change", "share")):
        assert recruiter.get(address).status_code == 405
    assert list(ShareLink.objects.values()) == before


def test_share_link_of_another_record_is_not_revoked(recruiter, client, draft):
    path = share(recruiter, draft)
    link = ShareLink.objects.get().pk
    recruiter.post(change_path(make.role()).replace("change", f"share/{link}/revoke"))
    client.page(path)


def test_share_links_hidden_from_viewers(signed_in, recruiter, draft):
    share(recruiter, draft)
    viewer = signed_in("Viewers")
    assert "Links for sharing" not in viewer.page(change_path(draft))
    assert viewer.post(change_path(draft).replace("change", "share")).status_code == 403


def test_share_links_query_count_is_constant(recruiter, draft):
    share(recruiter, draft)
    one = queries(recruiter, change_path(draft))
    for _ in range(5):
        share(recruiter, draft)
    assert queries(recruiter, change_path(draft)) == one


def test_share_links_pruned_after_expiry(recruiter, client, draft):
    with time_machine.travel(timezone.now() - timedelta(days=15)):
        expires_at = timezone.now() + timedelta(days=14)
        ShareLink.objects.create(record=draft, digest="old", expires_at=expires_at)
    path = share(recruiter, draft)
    call_command("prune_share_links")
    assert ShareLink.objects.count() == 1
    Visitor().page(path)
