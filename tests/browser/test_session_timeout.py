"""A form that outlives the session, or the connection: what is typed stays, and is saved later."""

import pytest

from tests.browser.test_admin import violations
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


def test_a_session_that_has_ended_loses_nothing(visitor, served):
    page = visitor.page
    assert page.locator("#not-sent").is_hidden()
    site.shell(served[1], SIGN_OUT)
    page.click("[name=_continue] >> nth=-1")
    hint = page.locator("#not-sent")
    hint.wait_for()
    assert "You are no longer signed in. What you typed is still here:" in hint.inner_text()
    assert page.input_value("[name=text_en]") == "Typed for a very long time."
    assert [*violations(page)] == []
    with page.context.expect_page() as opened:
        hint.locator("a").click()
    second = opened.value
    second.fill("[name=login]", "en@example.com")
    second.fill("[name=password]", PASSWORD)
    second.click("main form [type=submit] >> nth=0")
    second.wait_for_url("**/admin/")
    page.click("[name=_continue] >> nth=-1")
    page.locator(".messagelist .success").wait_for()
    assert page.input_value("[name=text_en]") == "Typed for a very long time."


def test_a_connection_that_is_gone_loses_nothing(visitor):
    page = visitor.page
    page.context.set_offline(True)
    page.click("[name=_continue] >> nth=-1")
    page.get_by_text("The site cannot be reached.").wait_for()
    page.context.set_offline(False)
    page.click("[name=_continue] >> nth=-1")
    page.locator(".messagelist .success").wait_for()
    assert page.input_value("[name=text_en]") == "Typed for a very long time."
