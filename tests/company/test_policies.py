"""Policies: versions, publishing in both languages, and read-only published versions."""

import pytest
from django.core.exceptions import ValidationError

from careers.company.models import Policy
from tests import make

pytestmark = pytest.mark.django_db


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
    draft = make.policy(published=False)
    action = {"action": "publish", "_selected_action": [draft.pk]}
    page = recruiter.post("/admin/company/policy/", action, follow=True).text
    assert "can no longer be changed" in page
    path = f"/admin/company/policy/{draft.pk}/"
    assert 'name="text_en"' not in recruiter.page(f"{path}change/")
    recruiter.post(f"{path}change/", {"kind": "privacy", "title_en": "Hacked"})
    assert recruiter.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"}
    recruiter.post("/admin/company/policy/", bulk)
    assert Policy.objects.get().title_en == "About privacy"


def test_publishing_an_incomplete_policy_shows_an_error(signed_in):
    """The error says what to complete."""
    draft = make.policy(title_ja="", published=False)
    action = {"action": "publish", "_selected_action": [draft.pk]}
    page = signed_in("Recruiters").post("/admin/company/policy/", action, follow=True).text
    assert "Please write the title and the text in both languages" in page


@pytest.mark.parametrize("path", ["/en/privacy/", "/ja/accessibility/"])
def test_missing_policy_page_is_noindex(client, path):
    """A page without a published policy is not for search engines."""
    page = client.page(path)
    assert '<meta name="robots" content="noindex, follow">' in page
    assert path not in client.page("/sitemap.xml")
