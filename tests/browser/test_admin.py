"""Every kind of page in the admin, in both languages of an account, under the policy of production."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.components import site

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"
RECORDS = {
    "roles": ("role", "department", "location"),
    "articles": ("article",),
    "company": ("company", "perk", "value", "hiringstep", "testimonial", "video", "policy"),
    "staff": ("user",),
}


@pytest.fixture
def signed_in(visit, served):
    """signed_in("ja") is a superuser at the admin."""

    def sign_in(language, **device):
        url, environment = served
        address = f"{language}@example.com"
        make = (
            "from careers.staff.models import User\n"
            f"User.objects.filter(email={address!r}).exists() or User.objects.create_superuser("
            f"{address!r}, {PASSWORD!r}, language={language!r}, last_name='佐藤', first_name='花')"
        )
        site.manage(environment, "shell", "--no-imports", "-c", make)
        visitor = visit(1280, **device)
        visitor.open("/admin/login/")
        visitor.page.fill("[name=username]", address)
        visitor.page.fill("[name=password]", PASSWORD)
        visitor.page.click("[type=submit]")
        assert visitor.page.url == f"{url}/admin/"
        return visitor

    return sign_in


def pages(visitor):
    """Every kind of page: lists, forms to add, forms of the first record with its history."""
    yield "/admin/"
    for room, models in RECORDS.items():
        yield f"/admin/{room}/"
        for model in models:
            start = f"/admin/{room}/{model}/"
            yield start
            if model == "company":
                continue
            visitor.open(start)
            first = visitor.page.locator("#result_list tbody th a").first.get_attribute("href")
            yield first
            yield first.replace("change/", "history/")
            yield first.replace("change/", "delete/")
            yield f"{start}add/"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_is_accessible_silent_and_alone(signed_in, language):
    axe, visitor = Axe(), signed_in(language)
    faults = []
    for path in list(pages(visitor)):
        visitor.open(path)
        assert visitor.page.locator("html").get_attribute("lang").startswith(language), path
        found = axe.run(visitor.page)
        for violation in found.response["violations"]:
            places = [node["html"][:160] for node in violation["nodes"]]
            faults.append(f"{path}: {violation['id']}: {places}")
    assert not faults, "\n".join(faults)


def test_a_recruiter_who_reads_only_japanese_publishes_an_opening(signed_in, served):
    visitor = signed_in("ja")
    page = visitor.page
    page.click("text=求人 >> nth=0")
    visitor.open("/admin/roles/role/add/")
    page.fill("[name=title_ja]", "気象エンジニア")
    page.fill("[name=summary_ja]", "雨を読む仕事です。")
    page.fill("[name=duties_ja]", "雨を読みます。")
    page.fill("[name=reference_id]", "W-2026")
    page.select_option("[name=department]", index=1)
    page.click("text=勤務地を追加 >> nth=-1") if page.locator("text=勤務地を追加").count() else None
    page.check("[name=publish_ja]")
    page.click("[name=_save]")
    assert "「気象エンジニア」を追加しました。" in page.inner_text(".messagelist")
    visitor.open("/ja/roles/")
    page.click("text=気象エンジニア")
    assert "雨を読みます。" in page.inner_text("main")
