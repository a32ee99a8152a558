"""The slug follows the English title until the record is published in English; the admin links to the page."""

import pytest

from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.html import parse

pytestmark = pytest.mark.django_db

RECORDS = [(make.role, "role"), (make.article, "article")]


def japanese_only(make_record, **changes):
    return make_record(title_en="", title_ja="空の人", published_at_en=None, **changes)


def slug_of(record):
    record.refresh_from_db()
    return record.slug


@pytest.mark.parametrize(("make_record", "model_name"), RECORDS)
def test_slug_of_japanese_record_is_made_anew_from_the_english_title(
    signed_in, client, make_record, model_name
):
    recruiter, record = signed_in("Recruiters"), japanese_only(make_record)
    old_path = record.get_absolute_url("ja")
    assert record.slug == model_name
    edit(recruiter, path_of(record), title_en="Sky watcher")  # a draft in English
    assert slug_of(record) == "sky-watcher"
    edit(recruiter, path_of(record), title_en="Sky reader", publish_en="on")
    assert slug_of(record) == "sky-reader"
    # Published: a later title does not change the URL, not even after unpublishing.
    edit(recruiter, path_of(record), title_en="Star reader")
    form = fields_of(recruiter.get(path_of(record))) | {"title_en": "Moon reader"}
    del form["publish_en"]
    assert recruiter.post(path_of(record), form).status_code == 302
    assert slug_of(record) == "sky-reader"

    for path in (old_path, old_path.replace(f"-{model_name}/", "-sky-watcher/")):
        response = client.get(path)
        assert response.status_code == 301
        assert response.url == record.get_absolute_url("ja")
        assert client.get(response.url).status_code == 200


def test_form_of_role_redirects_from_an_earlier_slug(signed_in, client):
    recruiter, role = signed_in("Recruiters"), japanese_only(make.role)
    old_path = f"{role.get_absolute_url('ja')}apply/"
    edit(recruiter, path_of(role), title_en="Sky watcher")
    response = client.get(old_path)
    assert response.status_code == 301
    assert response.url == f"/ja/roles/{role.pk}-sky-watcher/apply/"


@pytest.mark.parametrize("make_record", [make.role, make.article])
def test_slug_that_a_recruiter_has_set_stays(signed_in, make_record):
    recruiter = signed_in("Recruiters")
    record = japanese_only(make_record)
    edit(recruiter, path_of(record), slug="tenki")
    edit(recruiter, path_of(record), title_en="Sky watcher")
    assert slug_of(record) == "tenki"
    edit(recruiter, path_of(record), slug="")  # a new one
    assert slug_of(record) == "sky-watcher"
    edit(recruiter, path_of(record), title_en="Sky reader")
    assert slug_of(record) == "sky-reader"


def test_slug_given_to_a_new_record_stays():
    role = japanese_only(make.role, slug="tenki")
    role.title_en = "Sky watcher"
    role.save()
    assert slug_of(role) == "tenki"


def test_saving_some_columns_keeps_the_slug():
    role = japanese_only(make.role)
    role.title_en, role.summary_en = "Sky watcher", "Watches."
    role.save(update_fields=["summary_en"])
    assert slug_of(role) == "role"


def test_slug_in_versions_without_slug_follows_title(signed_in):
    """Versions contain the slug, but not the column that says whether it follows the title."""
    recruiter, role = signed_in("Recruiters"), japanese_only(make.role)
    edit(recruiter, path_of(role), title_en="Sky watcher")
    newest = role.revisions.first().content["fields"]
    assert newest["slug"] == "sky-watcher"
    assert "slug_follows_title" not in newest


# --- Links to the public page --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("admin_language", "published", "link_language"),
    [
        ("en", ("en", "ja"), "en"),
        ("ja", ("en", "ja"), "ja"),
        ("en", ("ja",), "ja"),
        ("ja", ("en",), "en"),
    ],
)
@pytest.mark.parametrize("make_record", [make.role, make.article])
def test_link_to_public_page_is_in_the_language_of_the_admin(
    signed_in, make_record, admin_language, published, link_language
):
    drafts = {f"published_at_{code}": None for code in ("en", "ja") if code not in published}
    record, recruiter = make_record(**drafts), signed_in("Recruiters", admin_language)
    page = parse(recruiter.page(path_of(record)))
    assert page.one(".viewsitelink")["href"] == record.get_absolute_url(link_language)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_link_of_application_to_public_page_of_role(signed_in, language):
    role = make.role()
    snapshot = {"title": "Sky watcher", "facts": [], "texts": [], "perks": []}
    application = make.application(role, posting_snapshot=snapshot)
    page = signed_in("Recruiters", language).page(path_of(application))
    assert f'href="{role.get_absolute_url(language)}"' in page
