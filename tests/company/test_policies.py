"""Policies: versions, publishing in both languages, and read-only published versions."""

import pytest
from django.core.exceptions import ValidationError

from careers.company.models import Policy
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.html import form_data, parse

pytestmark = pytest.mark.django_db

LIST = "/admin/company/policy/"


def test_policy_versions_by_kind(client):
    """Versions are numbered by kind; the page shows the newest published one."""
    first = make.policy("privacy", text_en="<p>First.</p>")
    second = make.policy("privacy", text_en="<p>Second.</p>", published=False)
    assert (first.version, second.version, make.policy("accessibility").version) == (1, 2, 1)
    assert "<p>First.</p>" in client.page("/en/privacy/")
    second.publish()
    page = client.page("/en/privacy/")
    assert "<p>Second.</p>" in page
    assert "Version 2" in page


def test_published_policy_cannot_be_changed_or_deleted():
    """Candidates agreed to its text."""
    policy = make.policy()
    policy.text_en = "<p>Other words.</p>"
    with pytest.raises(ValidationError, match="never changes"):
        policy.save()
    with pytest.raises(ValidationError, match="cannot be deleted"):
        policy.delete()
    assert Policy.objects.get().text_en == "<p>We keep it safe.</p>"


def test_policy_is_published_in_both_languages():
    """A version with a missing translation cannot be published."""
    policy = make.policy(text_ja="", published=False)
    with pytest.raises(ValidationError, match="both languages"):
        policy.publish()
    assert Policy.objects.current("privacy") is None


def test_published_policy_is_read_only_in_the_admin(signed_in):
    """Neither the form, nor deletion, nor a bulk action changes a published version."""
    recruiter = signed_in("Recruiters")
    policy = make.policy()
    path = path_of(policy)
    assert 'name="text_en"' not in recruiter.page(path)
    recruiter.post(path, {"kind": "privacy", "title_en": "Hacked"})
    assert recruiter.post(path_of(policy, "delete"), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [policy.pk], "post": "yes"}
    recruiter.post(LIST, bulk)
    assert Policy.objects.get().title_en == "About privacy"


# --- A new version in the admin ---


def test_new_policy_version_asks_for_the_kind(signed_in):
    """The first page names the version in force and a draft, and links to the form of each kind."""
    make.policy("privacy")
    draft = make.policy("privacy", published=False)
    page = parse(signed_in("Recruiters").page(f"{LIST}add/"))
    rows = {row.one("strong").text: row for row in page.all(".policy-kinds li")}
    assert len(rows) == len(Policy.Kind)
    privacy = rows["Privacy"]
    assert "Version 1 in force since" in privacy.text
    assert path_of(draft) in [link["href"] for link in privacy.all("a")]
    assert "No version is in force." in rows["Accessibility"].text
    links = [link["href"] for row in rows.values() for link in row.all("a.button")]
    assert links == [f"{LIST}add/?kind={kind}" for kind in Policy.Kind.values]


def test_new_policy_version_starts_with_the_last_texts(signed_in):
    """Both languages of the newest version, which may be a draft; another kind stays empty."""
    make.policy("privacy", text_en="<p>Old.</p>")
    make.policy("privacy", title_en="New", text_ja="<p>新しい。</p>", published=False)
    make.policy("accessibility", title_en="Access")
    recruiter = signed_in("Recruiters")
    path = f"{LIST}add/?kind=privacy"
    page = recruiter.get(path)
    form = fields_of(page)
    assert (form["title_en"], form["title_ja"]) == ("New", "privacyについて")
    assert (form["text_en"], form["text_ja"]) == ("<p>We keep it safe.</p>", "<p>新しい。</p>")
    assert parse(page.text).texts("[name=kind] option") == ["Privacy"]
    assert "The texts are those of version 2." in page.text
    assert recruiter.post(path, form).status_code == 302
    third = Policy.objects.newest("privacy")
    assert (third.version, third.published_at, third.text_ja) == (3, None, "<p>新しい。</p>")
    assert fields_of(recruiter.get(f"{LIST}add/?kind=candidates"))["title_en"] == ""


@pytest.mark.parametrize("query", ["", "?kind=nonsense", "?kind="])
def test_new_policy_version_needs_permission(query, signed_in):
    assert signed_in("Viewers").get(f"{LIST}add/{query}").status_code == 403
    assert signed_in("Editors").get(f"{LIST}add/{query}").status_code == 200


def test_policy_kind_of_a_version_never_changes(signed_in):
    """Numbers count within a kind, so a draft cannot move to another one."""
    draft, recruiter = make.policy("privacy", published=False), signed_in("Recruiters")
    make.policy("accessibility")
    edit(recruiter, path_of(draft), kind="accessibility", title_en="Changed")
    draft.refresh_from_db()
    assert (draft.kind, draft.title_en) == ("privacy", "Changed")


# --- Publishing in the admin ---


@pytest.fixture
def draft():
    """Version 2, with one word changed in each language."""
    make.policy("privacy", text_en="<p>We keep it safe.</p>", text_ja="<p>安全に保管します。</p>")
    return make.policy(
        "privacy",
        text_en="<p>We keep it private.</p>",
        text_ja="<p>厳重に保管します。</p>",
        published=False,
    )


def publish(visitor, policy, **changes):
    """Open the page that asks, and press its button; the page after that."""
    path = path_of(policy, "publish")
    form = form_data(parse(visitor.page(path)).one("#content form"))
    return visitor.post(path, form | changes, follow=True)


@pytest.mark.parametrize("page", ["publish", "change"])
def test_policy_draft_shows_changes_from_the_version_in_force(page, draft, signed_in):
    """Both languages, with the changed words marked."""
    comparison = parse(signed_in("Recruiters").page(path_of(draft, page))).one(".comparison")
    assert comparison.one("h2").text == "Changes from version 1, which is in force"
    english, japanese = comparison.all("tr:has(ins) td .difference")
    assert (english.one("del").text, english.one("ins").text) == ("safe", "private")
    assert (japanese.one("del").text, japanese.one("ins").text) == ("安全", "厳重")


def test_policy_first_version_shows_its_texts(signed_in):
    draft = make.policy("accessibility", published=False)
    recruiter = signed_in("Recruiters")
    page = parse(recruiter.page(path_of(draft, "publish")))
    assert "We keep it safe." in page.one(".comparison").text
    assert page.all("del, ins") == []
    assert parse(recruiter.page(path_of(draft))).all(".comparison") == []


def test_policy_publication_says_what_cannot_be_undone(draft, signed_in):
    page = parse(signed_in("Recruiters").page(path_of(draft, "publish"))).one("#content")
    assert "You cannot undo this." in page.text
    assert "Those who agreed to an earlier version stay with that version." in page.text
    assert page.texts("button") == ["Publish version 2"]
    notice = make.policy("form_notice", published=False)
    page = parse(signed_in("Recruiters").page(path_of(notice, "publish"))).one("#content")
    assert "agreed" not in page.text


def test_policy_publication_in_japanese(draft, signed_in):
    page = parse(signed_in("Recruiters", language="ja").page(path_of(draft, "publish")))
    assert page.one("h1").text == "公開：個人情報の取り扱い 第2版"
    assert "この操作は取り消せません。" in page.one("#content").text


def test_policy_is_published_by_the_button_alone(draft, signed_in, client):
    """Opening the page publishes nothing; the button publishes at once, in both languages."""
    recruiter = signed_in("Recruiters")
    recruiter.page(path_of(draft, "publish"))
    assert "We keep it safe." in client.page("/en/privacy/")
    page = publish(recruiter, draft)
    assert "can no longer be changed" in page.text
    assert "We keep it private." in client.page("/en/privacy/")
    assert "厳重に保管します。" in client.page("/ja/privacy/")
    assert draft.revisions.first().created_by == recruiter.user


def test_policy_list_has_no_action_that_publishes(draft, signed_in):
    recruiter = signed_in("Recruiters")
    assert 'name="action"' not in recruiter.page(LIST)
    recruiter.post(LIST, {"action": "publish", "_selected_action": [draft.pk]})
    draft.refresh_from_db()
    assert draft.published_at is None


def test_policy_that_changed_meanwhile_is_not_published(draft, signed_in):
    """The button publishes only the text that the page showed, and only if no other version came first."""
    recruiter, path = signed_in("Recruiters"), path_of(draft, "publish")
    form = form_data(parse(recruiter.page(path)).one("#content form"))
    draft.text_en = "<p>Other words.</p>"
    draft.save()
    assert "has changed in the meantime" in recruiter.post(path, form, follow=True).text
    form = form_data(parse(recruiter.page(path)).one("#content form"))
    make.policy("privacy")
    assert "has changed in the meantime" in recruiter.post(path, form, follow=True).text
    draft.refresh_from_db()
    assert draft.published_at is None


def test_policy_draft_older_than_the_version_in_force_is_not_published(draft, signed_in):
    """It would be published and never shown."""
    make.policy("privacy")
    page = parse(signed_in("Recruiters").page(path_of(draft, "publish"))).one("#content")
    assert "A newer version, 3, is already in force." in page.one(".errornote").text
    assert page.texts("button") == []
    with pytest.raises(ValidationError, match="newer version"):
        draft.publish()


def test_published_policy_is_not_published_again(signed_in):
    policy, recruiter = make.policy(), signed_in("Recruiters")
    published_at = policy.published_at
    for method in (recruiter.get, recruiter.post):
        response = method(path_of(policy, "publish"), follow=True)
        assert response.redirect_chain == [(path_of(policy), 302)]
        assert "is published already" in response.text
    policy.refresh_from_db()
    assert policy.published_at == published_at


def test_incomplete_policy_cannot_be_published(signed_in):
    """The page asks for the missing texts, and has no button to publish."""
    draft, recruiter = make.policy(title_ja="", published=False), signed_in("Recruiters")
    page = parse(recruiter.page(path_of(draft, "publish"))).one("#content")
    assert "Please write the title and the text in both languages" in page.one(".errornote").text
    assert page.texts("button") == []
    assert path_of(draft) in [link["href"] for link in page.all("a.button")]


@pytest.mark.parametrize("path", ["/en/privacy/", "/ja/accessibility/"])
def test_missing_policy_page_is_noindex(client, path):
    """A page without a published policy is not for search engines."""
    page = client.page(path)
    assert '<meta name="robots" content="noindex, follow">' in page
    assert path not in client.page("/sitemap.xml")
