"""Email addresses of candidates: sent in their ASCII form, and one however they were typed."""

import re

import pytest
from django.core.management import call_command

from careers.applications.models import Application, Submission
from careers.outbox.models import Email
from tests import make
from tests.outbox.conftest import deliver, mail_server, outbox  # noqa: F401 (fixtures)

from .conftest import apply

pytestmark = pytest.mark.django_db(transaction=True)

SENT = {  # typed: the envelope recipient
    "j@straße.example.de": "j@xn--strae-oqa.example.de",
    "Taro.Yamada@Example.COM": "Taro.Yamada@example.com",
    "nikos@βόλος.example": "nikos@xn--nxasmm1c.example",
    "sara@نامه‌ای.example": "sara@xn--mgba3gch31f060k.example",
    "ｔａｒｏ＠例え。ｊｐ": "taro@xn--r8jz45g.jp",
    "a..b@docomo.ne.jp": '"a..b"@docomo.ne.jp',
    '"a..b"@docomo.ne.jp': '"a..b"@docomo.ne.jp',
    "a.@ezweb.ne.jp": '"a."@ezweb.ne.jp',
    '"taro"@example.com': "taro@example.com",
    "=?utf-8?q?x?=@example.com": "=?utf-8?q?x?=@example.com",
    "o'brien+jobs/2026@example.com": "o'brien+jobs/2026@example.com",
}


@pytest.mark.parametrize("typed", SENT)
def test_address_of_envelope(client, signed_in, mail_server, typed):  # noqa: F811
    """The email to the candidate goes to exactly that mailbox, in the envelope and in the header."""
    assert apply(client, make.role(), email=typed).status_code == 302
    application = Application.objects.get()
    deliver()
    assert f"TO:<{SENT[typed]}>" in mail_server.paths
    field = f"\r\nTo: {SENT[typed]}\r\n".encode()
    assert [raw for _sender, _recipients, raw in mail_server.envelopes if field in raw]
    page = signed_in("Recruiters").page(f"/admin/applications/application/{application.pk}/change/")
    assert application.email.replace('"', "&quot;").replace("'", "&#x27;") in page


SAME = [  # ways to write one address
    ("sora@bücher.example", "sora@xn--bcher-kva.example"),
    ("Sora@BÜCHER.example", "sora@Xn--Bcher-KVA.example"),
    ("a..b@docomo.ne.jp", '"A..b"@DOCOMO.ne.jp'),
    ("taro@例え.jp", "taro@xn--r8jz45g。jp"),
]
DIFFERENT = [
    ("sora@straße.example", "sora@strasse.example"),
    ("a..b@docomo.ne.jp", "a.b@docomo.ne.jp"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_address_is_one_however_typed(client, signed_in, first, second):
    """Its emails, the guard of a minute, the limits, other applications, and erasure."""
    recruiter = signed_in("Recruiters")
    apply(client, make.role(), email=first)
    apply(client, make.role(), email=second)
    one, two = Application.objects.order_by("pk")
    assert len(set(Submission.objects.values_list("email_hash", flat=True))) == 1
    for application in (one, two):
        path = f"/admin/applications/application/{application.pk}/"
        page = recruiter.page(f"{path}change/")
        other = two if application == one else one
        assert other.display_reference in page
        assert page.count("Application received: Backend engineer") == 2
        recruiter.post(f"{path}resend/")
        assert "less than 1 minute ago" in recruiter.post(f"{path}resend/", follow=True).text
    call_command("erase_application", one.reference, verbosity=0)
    assert not Email.objects.filter(reference=one.reference).exists()
    remaining = Email.objects.to_address(first)
    assert remaining.exists() and set(remaining.values_list("reference", flat=True)) == {
        two.reference
    }
    make.email(recipient=second)  # without a reference: it goes with the last application
    call_command("erase_application", two.reference, verbosity=0)
    assert (
        not Email.objects.exclude(recipient="jobs@kumo.example.com").exclude(recipient="").exists()
    )


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_address_of_another_person(client, signed_in, first, second):
    """ß is not ss, and two dots are not one."""
    apply(client, make.role(), email=first)
    apply(client, make.role(), email=second)
    one, two = Application.objects.order_by("pk")
    assert len(set(Submission.objects.values_list("email_hash", flat=True))) == 2
    page = signed_in("Recruiters").page(f"/admin/applications/application/{one.pk}/change/")
    assert two.display_reference not in page
    call_command("erase_application", one.reference, verbosity=0)
    assert Email.objects.to_address(second).exists()


def test_address_limit_counts_all_forms(client, settings):
    """Of more emails than one address may get in a day, the rest is deferred."""
    settings.EMAILS_PER_ADDRESS_PER_DAY = 1
    apply(client, make.role(), email="sora@bücher.example")
    apply(client, make.role(), email="sora@xn--bcher-kva.example")
    assert Email.objects.to_address("sora@bücher.example").count() == 1


def test_address_found_by_search_in_both_forms(client, signed_in):
    apply(client, make.role(), email="sora@bücher.example")
    recruiter = signed_in("Recruiters")
    for query in ("sora@bücher.example", "xn--bcher-kva"):
        page = recruiter.get("/admin/applications/application/", {"q": query}).text
        assert Application.objects.get().display_reference in page, query


def test_address_with_space_is_returned_for_correction(client):
    """The form keeps the address. The error suggests a correct one only if there is one candidate."""
    for typed, suggested in (("taro@ example.com", True), ("taro yamada@example.com", False)):
        response = apply(client, make.role(), "en", email=typed)
        assert response.status_code == 422
        assert f'value="{typed}"' in response.text
        assert "Enter the address alone, without spaces." in response.text
        assert ("Did you mean taro@example.com?" in response.text) == suggested
        assert "taroyamada" not in response.text
    assert not Application.objects.exists()


def test_mailto_link_has_the_ascii_form(client, signed_in):
    apply(client, make.role(), email="a..b@docomo.ne.jp")
    application = Application.objects.get()
    page = signed_in("Recruiters").page(f"/admin/applications/application/{application.pk}/change/")
    assert re.search('href="mailto:%22a..b%22@docomo.ne.jp">a..b@docomo.ne.jp<', page)
