"""From a template to a mailbox: an invitation, as its recipient's program finds it in both its parts."""

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
def invited(signed_in, mail_server):
    """invited("ja", last_name="佐藤") is the letter that arrives there."""

    def invite(language, **name):
        form = {"email": "hana@example.org", "language": language, **name}
        signed_in(None).post("/admin/staff/user/add/", form)
        deliver()
        [arrived] = mail_server.letters
        return arrived

    return invite


def links(html):
    """Pairs of where a link leads and what it says."""
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', html)


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [
        ("ja", "【雨&風】採用サイトのアカウントのご案内", "佐藤 花 様"),
        ("en", "Your account for the Ame & Kaze careers site", "Dear 佐藤 花,"),
    ],
)
def test_both_parts_say_the_same(invited, language, subject, greeting):
    make.company(name_ja="雨&風", name_en="Ame & Kaze")
    arrived = invited(language, last_name="佐藤", first_name="花")
    assert arrived["Subject"] == subject
    assert arrived["Content-Language"] == language
    plain, html = text(arrived), text(arrived, "html")
    assert plain.startswith(f"{greeting}\n\n")
    assert f'<html lang="{language}">' in html and f"<p>{greeting}</p>" in html
    found = ADDRESSES.findall(plain)
    assert len(found) == 2 and "/password/choose/" in found[0]
    assert links(html) == [(address, address) for address in found]
    assert html.count("<hr>") == len(re.findall("(?m)^-{40}$", plain)) == 2
    company = "雨&amp;風 採用担当" if language == "ja" else "Ame &amp; Kaze recruiting team"
    assert company in html and "&amp;" not in plain
    assert not re.search(r"<img|<script|<link|url\(|\son\w+=|\sstyle=", html)


def test_the_html_of_a_japanese_letter_breaks_lines_where_sentences_end(invited):
    html = text(invited("ja"), "html")
    assert "アカウントを作成しましたので、ご案内いたします。</p>" in html
    assert "設定してください。<br>\n<a href=" in html


def test_a_hostile_name_can_do_nothing(invited):
    name = '<b>"Hana"</b>\nhttps://evil.example/a?b=1 www.evil.example \u202eevil@evil.example'
    arrived = invited("en", last_name=name)
    plain, html = text(arrived), text(arrived, "html")
    assert plain.startswith('Dear <b>"Hana"</b> https: //evil. example/a?b=1 www. evil. example ')
    assert "&lt;b&gt;&quot;Hana&quot;&lt;/b&gt; https: //evil. example" in html
    assert "<b>" not in html and "\u202e" not in plain + html
    assert not re.search(r"evil\.example|https?://evil", plain + html)
    assert [address for address, _said in links(html)] == ADDRESSES.findall(plain)
    assert all(said.startswith("https://careers.example.com/") for _address, said in links(html))


@given(st.text())
def test_no_text_of_a_stranger_becomes_a_link_or_a_second_line(typed):
    said = defang(typed + "\nhttps://evil.example" + typed)
    assert len(said.splitlines()) == 1 and not re.search(r"\w\.\w|://", said)
    assert defang(said) == said


def test_ordinary_names_stay_as_they_are_typed():
    for name in ("佐藤 花", "Ægir Þór-O’Neill", "J. R. R. Tolkien", "𠮷野 家", "سارة"):
        assert defang(name) == name


def test_replies_go_to_the_address_in_the_signature(mail_server):
    said = {"company": "クモ", "name": "花", "link": "https://careers.example.com/"}
    queue("invitation", "ja", "hana@example.org", reply_to="クモ採用 <jobs@example.com>", **said)
    deliver()
    [arrived] = mail_server.letters
    assert str(arrived["Reply-To"]) == "クモ採用 <jobs@example.com>"
    assert "クモ 採用担当\njobs@example.com\n採用サイト：" in text(arrived)
    assert Email.objects.get().body  # nothing in it opens anything


def test_the_full_stop_behind_a_link_is_no_part_of_it(mail_server):
    make.letter(body="See https://careers.example.com/en/?a=1&b=2. (Or http://example.com)、次")
    deliver()
    html = text(mail_server.letters[0], "html")
    assert 'href="https://careers.example.com/en/?a=1&amp;b=2">' in html
    assert '</a>. (Or <a href="http://example.com">http://example.com</a>)、次' in html


@pytest.mark.parametrize(
    ("indent", "shown"), [("  ", "\xa0\xa0"), ("\u3000", "\u3000")], ids=["English", "Japanese"]
)
def test_what_is_indented_is_so_in_both_parts(mail_server, indent, shown):
    body = f"Received:\n\n{indent}Reference: 7Q4K-M2XD\n{indent}https://careers.example.com/\n"
    make.letter(body=body)
    deliver()
    [arrived] = mail_server.letters
    assert text(arrived) == body
    html = text(arrived, "html")
    assert f"<p>{shown}Reference: 7Q4K-M2XD<br>\n{shown}<a href=" in html
