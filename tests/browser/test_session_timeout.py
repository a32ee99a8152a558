"""Saving a form after the session or the connection has ended: the typed text stays and is saved later."""

import pytest

from tests.browser.accessibility import violations_on_devices
from tests.components import site
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

SIGN_OUT = "from django.contrib.sessions.models import Session\nSession.objects.all().delete()"


@pytest.fixture
def visitor(signed_in):
    visitor = signed_in("en")
    visitor.open("/admin/company/value/")
    visitor.page.click("#result_list tbody th a >> nth=0")
    visitor.page.fill("[name=text_en]", "Typed for a very long time.")
    return visitor


def test_ended_session_keeps_typed_text(visitor, demo_site):
    page = visitor.page
    assert page.locator("#not-sent").is_hidden()
    site.shell(demo_site[1], SIGN_OUT)
    page.click("[name=_continue] >> nth=-1")
    hint = page.locator("#not-sent")
    hint.wait_for()
    assert "You are no longer signed in. What you typed is still here:" in hint.inner_text()
    assert page.input_value("[name=text_en]") == "Typed for a very long time."
    assert violations_on_devices(page) == []
    with page.context.expect_page() as new_page:
        hint.locator("a").click()
    sign_in_page = new_page.value
    sign_in_page.fill("[name=login]", "en@example.com")
    sign_in_page.fill("[name=password]", PASSWORD)
    sign_in_page.click("main form [type=submit] >> nth=0")
    sign_in_page.wait_for_url("**/admin/")
    page.click("[name=_continue] >> nth=-1")
    page.locator(".messagelist .success").wait_for()
    assert page.input_value("[name=text_en]") == "Typed for a very long time."


def test_lost_connection_keeps_typed_text(visitor):
    page = visitor.page
    page.context.set_offline(True)
    page.click("[name=_continue] >> nth=-1")
    page.get_by_text("The site cannot be reached.").wait_for()
    page.context.set_offline(False)
    page.click("[name=_continue] >> nth=-1")
    page.locator(".messagelist .success").wait_for()
    assert page.input_value("[name=text_en]") == "Typed for a very long time."
