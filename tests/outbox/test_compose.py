"""Composing emails: from a template to both parts of the received message."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careers.outbox.compose import queue
from careers.outbox.defang import defang
from careers.outbox.models import Email
from tests import make
from tests.outbox.conftest import deliver, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

ADDRESSES = re.compile(r'https?://[^\s<>"]+')


@pytest.fixture
def invitation(signed_in, mail_server):
    """invitation("ja", last_name="佐藤") is the message that the invited person receives."""

    def invite(language, **name):
        form = {"email": "hana@example.org", "language": language, **name}
        signed_in(None).post("/admin/staff/user/add/", form)
        deliver()
        [message] = mail_server.messages
        return message

    return invite


def links(html):
    """Pairs of address and text of each link."""
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', html)


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [
        ("ja", "【雨&風】採用サイトのアカウントのご案内", "佐藤 花 様"),
        ("en", "Your account for the Ame & Kaze careers site", "Dear 佐藤 花,"),
    ],
)
def test_plain_text_and_html_match(invitation, language, subject, greeting):
    make.company(name_ja="雨&風", name_en="Ame & Kaze")
    message = invitation(language, last_name="佐藤", first_name="花")
    assert message["Subject"] == subject
    assert message["Content-Language"] == language
    plain, html = text(message), text(message, "html")
    assert plain.startswith(f"{greeting}\n\n")
    assert f'<html lang="{language}">' in html and f"<p>{greeting}</p>" in html
    urls = ADDRESSES.findall(plain)
    assert len(urls) == 2 and "/password/choose/" in urls[0]
    assert links(html) == [(address, address) for address in urls]
    assert html.count("<hr>") == len(re.findall("(?m)^-{40}$", plain)) == 2
    company = "雨&amp;風 採用担当" if language == "ja" else "Ame &amp; Kaze recruiting team"
    assert company in html and "&amp;" not in plain
    assert not re.search(r"<img|<script|<link|url\(|\son\w+=|\sstyle=", html)


def test_html_line_breaks_in_japanese(invitation):
    html = text(invitation("ja"), "html")
    assert "アカウントを作成しましたので、ご案内いたします。</p>" in html
    assert "設定してください。<br>\n<a href=" in html


def test_hostile_name_is_defanged(invitation):
    name = '<b>"Hana"</b>\nhttps://evil.example/a?b=1 www.evil.example \u202eevil@evil.example'
    message = invitation("en", last_name=name)
    plain, html = text(message), text(message, "html")
    assert plain.startswith('Dear <b>"Hana"</b> https: //evil. example/a?b=1 www. evil. example ')
    assert "&lt;b&gt;&quot;Hana&quot;&lt;/b&gt; https: //evil. example" in html
    assert "<b>" not in html and "\u202e" not in plain + html
    assert not re.search(r"evil\.example|https?://evil", plain + html)
    assert [address for address, _text in links(html)] == ADDRESSES.findall(plain)
    assert all(text.startswith("https://careers.example.com/") for _address, text in links(html))


@given(st.text())
def test_defang_leaves_no_link_and_one_line(typed):
    content = defang(typed + "\nhttps://evil.example" + typed)
    assert len(content.splitlines()) == 1 and not re.search(r"\w\.\w|://", content)
    assert defang(content) == content


def test_defang_keeps_ordinary_names():
    for name in ("佐藤 花", "Ægir Þór-O’Neill", "J. R. R. Tolkien", "𠮷野 家", "سارة"):
        assert defang(name) == name


def test_reply_to_is_in_signature(mail_server):
    context = {"company": "クモ", "name": "花", "link": "https://careers.example.com/"}
    queue("invitation", "ja", "hana@example.org", reply_to="クモ採用 <jobs@example.com>", **context)
    deliver()
    [message] = mail_server.messages
    assert str(message["Reply-To"]) == "クモ採用 <jobs@example.com>"
    assert "クモ 採用担当\njobs@example.com\n採用サイト：" in text(message)
    assert Email.objects.get().body  # it contains no one-time link


def test_link_ends_before_full_stop(mail_server):
    make.email(body="See https://careers.example.com/en/?a=1&b=2. (Or http://example.com)、次")
    deliver()
    html = text(mail_server.messages[0], "html")
    assert 'href="https://careers.example.com/en/?a=1&amp;b=2">' in html
    assert '</a>. (Or <a href="http://example.com">http://example.com</a>)、次' in html


@pytest.mark.parametrize(
    ("indent", "rendered"), [("  ", "\xa0\xa0"), ("\u3000", "\u3000")], ids=["English", "Japanese"]
)
def test_indents_in_both_parts(mail_server, indent, rendered):
    body = f"Received:\n\n{indent}Reference: 7Q4K-M2XD\n{indent}https://careers.example.com/\n"
    make.email(body=body)
    deliver()
    [message] = mail_server.messages
    assert text(message) == body
    html = text(message, "html")
    assert f"<p>{rendered}Reference: 7Q4K-M2XD<br>\n{rendered}<a href=" in html
