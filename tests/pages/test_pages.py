"""Pages with content of several apps: home, working here, hiring, privacy."""

import pytest

from tests import make
from tests.conftest import queries

pytestmark = pytest.mark.django_db


def test_home_page(client):
    make.company(about_en="We write forecasts.")
    make.role(title_en="Rain engineer")
    make.value()
    make.testimonial()
    make.perk()
    make.step()
    page = client.page("/en/")
    for text in (
        "<span>Look up.</span> <span>Then write it down.</span>",
        "We write forecasts.",
        "Rain engineer",
        "Say it simply.",
        "She likes the quiet mornings.",
        "A good chair",
        "Meet a recruiter",
    ):
        assert text in page, text


def test_pages_of_empty_site(client):
    for path in ("", "working-here/", "hiring/", "roles/", "advice/", "privacy/"):
        for language in ("en", "ja"):
            page = client.page(f"/{language}/{path}")
            assert "None" not in page


def test_working_here_page(client):
    make.company()
    make.value()
    make.testimonial(job_en="Meteorologist")
    make.perk(title_en="A desk", applies_to="office")
    make.perk(title_en="A budget", applies_to="remote")
    page = client.page("/en/working-here/")
    for text in ("Say it simply.", "Meteorologist", "A desk", "A budget", "Remote staff"):
        assert text in page, text


def test_hiring_page(client):
    make.company(
        promises_en="No puzzles\nNo whiteboard",
        concerns_contact_en="The works council",
        concerns_email="council@kumo.example.com",
    )
    make.step(text_en="Half an hour.")
    make.policy("candidates", text_en="<p>Nobody asks about your family.</p>")
    page = client.page("/en/hiring/")
    for text in (
        "Half an hour.",
        "No puzzles",
        "No whiteboard",
        "<p>Nobody asks about your family.</p>",
        "The works council",
        "council@kumo.example.com",
    ):
        assert text in page, text


def test_privacy_page_has_contact_and_hosting_country(client):
    make.company(
        privacy_contact_en="Legal", privacy_email="legal@kumo.example.com", hosting_country="JP"
    )
    make.policy("privacy")
    english, japanese = client.page("/en/privacy/"), client.page("/ja/privacy/")
    for text in ("We keep it safe.", "Legal", "legal@kumo.example.com", "Japan"):
        assert text in english
    assert "日本" in japanese


def test_pages_omit_content_missing_in_a_language(client):
    make.value(title_ja="", text_ja="", text_en="Only in English.")
    make.testimonial(name_en="", text_en="", text_ja="日本語だけ。")
    assert "Only in English." not in client.page("/ja/working-here/")
    assert "日本語だけ。" not in client.page("/en/working-here/")


@pytest.mark.parametrize("path", ["/en/", "/en/working-here/", "/en/hiring/"])
def test_pages_query_count_is_constant(client, path):
    def create_rows():
        for maker in (make.perk, make.value, make.testimonial, make.step, make.video):
            maker()

    make.company()
    create_rows()
    one = queries(client, path)
    for _ in range(49):
        create_rows()
    assert queries(client, path) == one
