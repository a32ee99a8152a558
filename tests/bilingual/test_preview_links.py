"""Every link of a preview leads to a page, also in the preview of a draft."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import make
from tests.bilingual.forms import fields_of
from tests.bilingual.test_share_links import share
from tests.conftest import HOST
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NOTE = {
    "en": "You can apply here once the role is published.",
    "ja": "求人が公開されると、ここから応募できます。",
}
UNPUBLISHED = {"published_at_en": None, "published_at_ja": None}

each_language = pytest.mark.parametrize("language", ["en", "ja"])


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


@pytest.fixture(autouse=True)
def company(db):
    make.policy()
    return make.company(blog_url="https://blog.example.com/")


def links(page):
    """The paths of all links of a page to this site."""
    root = parse(page)
    addresses = [link["href"] for link in root.all("a[href], link[href]")]
    addresses += [button["formaction"] for button in root.all("[formaction]")]
    paths = [address.removeprefix(f"https://{HOST}") for address in addresses]
    return {path for path in paths if re.match(r"/(en|ja|v1|theme)\b", path)}


def broken_links(client, page):
    """The links of a page that do not end at a page."""
    paths = links(page)
    assert len(paths) > 8
    return [path for path in paths if client.get(path, follow=True).status_code != 200]


def admin_preview(recruiter, record, language):
    """The preview of a record without unsaved changes."""
    path = f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/"
    values = fields_of(recruiter.get(f"{path}change/"))
    return recruiter.post(f"{path}preview/{language}/", values)


def role_previews(recruiter, client, role, language):
    """The page of a share link, and the admin's preview."""
    shared = share(recruiter, role)
    yield client.page(f"/{language}{shared[3:]}")
    yield admin_preview(recruiter, role, language).text


def apply_links(role, page):
    return [path for path in links(page) if path.endswith(f"{role.pk}-{role.slug}/apply/")]


@each_language
@pytest.mark.parametrize(
    "unpublished",
    [UNPUBLISHED, {"opens_at": timezone.now() + timedelta(days=3)}],
    ids=["draft", "scheduled"],
)
def test_preview_of_role_without_page_has_no_broken_link(recruiter, client, language, unpublished):
    """A note replaces the link to the form; a link to another draft is left out."""
    other = make.role(title_en="Secret", title_ja="秘密", **UNPUBLISHED)
    make.role()
    role = make.role(
        see_also=other, see_also_text_en="See:", see_also_text_ja="参照：", **unpublished
    )
    pages = list(role_previews(recruiter, client, role, language))
    assert len(pages) == 2
    for page in pages:
        assert parse(page).texts(".apply-note, .apply-bar") == [NOTE[language]] * 2
        assert apply_links(role, page) == [] and "Secret" not in page and "秘密" not in page
        assert broken_links(client, page) == []


@each_language
def test_preview_of_published_role_links_to_form(recruiter, client, language):
    role = make.role(see_also=make.role(), see_also_text_en="See:", see_also_text_ja="参照：")
    pages = list(role_previews(recruiter, client, role, language))
    assert len(pages) == 2
    for page in pages:
        assert apply_links(role, page) and NOTE[language] not in page
        assert broken_links(client, page) == []


def test_preview_of_role_published_in_one_language(recruiter, client):
    """The other language has the note."""
    role = make.role(published_at_ja=None)
    for language, is_published in (("en", True), ("ja", False)):
        pages = list(role_previews(recruiter, client, role, language))
        assert len(pages) == 2
        for page in pages:
            assert bool(apply_links(role, page)) is is_published
            assert (NOTE[language] in page) is not is_published
            assert broken_links(client, page) == []


@each_language
def test_preview_of_closed_role_has_no_broken_link(recruiter, client, language):
    role = make.role(closes_on=date(2026, 1, 1), **UNPUBLISHED)
    pages = list(role_previews(recruiter, client, role, language))
    assert len(pages) == 2
    for page in pages:
        assert NOTE[language] not in page and apply_links(role, page) == []
        assert broken_links(client, page) == []


def test_preview_of_unsaved_role_has_note(recruiter, client):
    values = fields_of(recruiter.get("/admin/roles/role/add/"))
    values |= {"title_en": "Rain engineer", "department": make.department().pk}
    page = recruiter.post("/admin/roles/role/add/preview/en/", values).text
    assert parse(page).texts(".apply-note, .apply-bar") == [NOTE["en"]] * 2
    assert broken_links(client, page) == []


@each_language
def test_previews_of_other_drafts_have_no_broken_link(recruiter, client, language):
    """Of an article, a policy, and the forms of a draft role and of the general application."""
    records = [
        make.article(**UNPUBLISHED),
        make.policy(published=False),
        make.form(),
        make.form(make.role(**UNPUBLISHED)),
    ]
    for record in records:
        page = admin_preview(recruiter, record, language).text
        # The form of a draft has no page in either language: its switcher sends the form itself.
        broken = [path for path in broken_links(client, page) if not path.endswith("/apply/")]
        assert broken == [], record
