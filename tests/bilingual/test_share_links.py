"""Links for sharing: made once, followed without an account, ended by time, by hand, or by deleting."""

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

ADDRESS = re.compile(rf'value="(https://{HOST}/(en|ja)/preview/([\w-]+)/)"')
GONE = "This preview is no longer here"


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters", first_name="Hana", last_name="Sato")


@pytest.fixture
def draft():
    return make.role(title_en="Rain engineer", published_at_en=None, published_at_ja=None)


def form(record):
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/change/"


def share(visitor, record):
    """Make a link as a browser does; the path of its address."""
    response = visitor.post(form(record).replace("change", "share"))
    assert response.headers["Location"] == f"{form(record)}#sharing"
    return ADDRESS.search(visitor.page(form(record)))[1].removeprefix(f"https://{HOST}")


def test_a_draft_is_shown_to_whoever_has_the_link(recruiter, client, draft):
    path = share(recruiter, draft)
    assert client.get(draft.get_absolute_url("en")).status_code == 404
    page = client.page(path)
    assert "<h1>Rain engineer</h1>" in page
    assert "This is a preview and not the public page." in page
    japanese = client.page(path.replace("/en/", "/ja/"))
    assert draft.title_ja in japanese.replace("\u200b", "")
    assert "これは確認用のプレビューで" in japanese
    assert f'href="{path.replace("/en/", "/ja/")}" hreflang="ja"' in page


def test_it_shows_what_is_saved_now(recruiter, client, draft):
    path = share(recruiter, draft)
    draft.summary_en = "Reads every drop."
    draft.save()
    assert "Reads every drop." in client.page(path)


def test_articles_and_policies_too(recruiter, client):
    article = make.article(published_at_en=None, published_at_ja=None)
    assert "Sleep well." in client.page(share(recruiter, article))
    policy = make.policy("privacy", published=False)
    assert "We keep it safe." in client.page(share(recruiter, policy))


def test_what_has_no_page_of_its_own_has_no_link(recruiter):
    notice = make.policy("form_notice", published=False)
    assert "Links for sharing" not in recruiter.page(form(notice))
    assert recruiter.post(form(notice).replace("change", "share")).status_code == 404
    assert "Links for sharing" not in recruiter.page("/admin/roles/role/add/")


def test_nobody_keeps_it_and_it_leaves_no_trace(recruiter, client, draft):
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


def test_the_database_does_not_know_the_address(recruiter, draft):
    token = share(recruiter, draft).split("/")[-2]
    link = ShareLink.objects.get()
    assert len(token) >= 22  # 128 bits
    assert link.digest == sha256(token.encode()).hexdigest()
    assert token not in str(list(ShareLink.objects.values()))
    assert share(recruiter, draft).split("/")[-2] != token


def test_no_log_holds_the_address(recruiter, draft):
    path = share(recruiter, draft)
    assert route(path, resolve(path)) == "/en/preview/<str:token>/"


def test_the_address_is_shown_once(recruiter, draft):
    share(recruiter, draft)
    page = recruiter.page(form(draft))
    assert not ADDRESS.search(page)
    assert "by Hana Sato, valid until" in page


def test_the_address_is_shown_in_the_language_of_who_made_it(signed_in, draft):
    assert share(signed_in("Recruiters", "ja"), draft).startswith("/ja/preview/")


def test_the_page_with_the_address_is_kept_by_nobody(recruiter, draft):
    recruiter.post(form(draft).replace("change", "share"))
    assert "no-store" in recruiter.get(form(draft)).headers["Cache-Control"]


def assert_gone(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert GONE in response.text
    assert "ask the person who sent it" in response.text
    return response.text


def test_there_is_one_answer_for_all_that_is_gone(recruiter, client, draft):
    never = assert_gone(client, "/en/preview/never-was-one/")
    revoked = share(recruiter, draft)
    recruiter.post(form(draft).replace("change", f"share/{ShareLink.objects.get().pk}/revoke"))
    expired, deleted = share(recruiter, draft), share(recruiter, other := make.role())
    other.delete()
    with time_machine.travel(timezone.now() + timedelta(days=13, hours=23)):
        client.page(expired)
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        late = assert_gone(client, expired)
    pages = {assert_gone(client, revoked), assert_gone(client, deleted), late, never}
    assert len({re.sub(r"/preview/[\w-]+/", "", page) for page in pages}) == 1
    assert "このプレビューは表示できません" in client.get("/ja/preview/nothing/").text.replace(
        "\u200b", ""
    )


def test_a_language_without_a_title_leads_to_the_other(recruiter, client):
    role = make.role(title_ja="", published_at_en=None, published_at_ja=None)
    path = share(recruiter, role)
    response = client.get(path.replace("/en/", "/ja/"))
    assert (response.status_code, response.headers["Location"]) == (302, path)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "このプレビューは英語のみです。" in client.page(path)


def test_looking_changes_nothing(recruiter, client, draft):
    path = share(recruiter, draft)
    before = list(ShareLink.objects.values())
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert client.post(path).status_code == 405
    revoke = form(draft).replace("change", f"share/{before[0]['id']}/revoke")
    for address in (revoke, form(draft).replace("change", "share")):
        assert recruiter.get(address).status_code == 405
    assert list(ShareLink.objects.values()) == before


def test_one_record_cannot_revoke_the_links_of_another(recruiter, client, draft):
    path = share(recruiter, draft)
    link = ShareLink.objects.get().pk
    recruiter.post(form(make.role()).replace("change", f"share/{link}/revoke"))
    client.page(path)


def test_whoever_may_only_look_sees_no_links(signed_in, recruiter, draft):
    share(recruiter, draft)
    viewer = signed_in("Viewers")
    assert "Links for sharing" not in viewer.page(form(draft))
    assert viewer.post(form(draft).replace("change", "share")).status_code == 403


def test_many_links_cost_one_query(recruiter, draft):
    share(recruiter, draft)
    one = queries(recruiter, form(draft))
    for _ in range(5):
        share(recruiter, draft)
    assert queries(recruiter, form(draft)) == one


def test_expired_links_are_pruned(recruiter, client, draft):
    with time_machine.travel(timezone.now() - timedelta(days=15)):
        expires_at = timezone.now() + timedelta(days=14)
        ShareLink.objects.create(record=draft, digest="old", expires_at=expires_at)
    path = share(recruiter, draft)
    call_command("prune_share_links")
    assert ShareLink.objects.count() == 1
    Visitor().page(path)
