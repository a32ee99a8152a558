"""What superusers see of letters, and the one thing they can do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from careers.outbox.models import Email
from tests import make
from tests.outbox.conftest import deliver, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

LIST = "/admin/outbox/email/"


def failed(**changes):
    letter = make.letter(**changes)
    Email.objects.filter(pk=letter.pk).update(state="failed", failure="recipient", attempts=1)
    return letter


def try_again(visitor, *letters, action="try_again"):
    form = {"action": action, "_selected_action": [letter.pk for letter in letters]}
    return visitor.post(LIST, form, follow=True).text


def test_the_list_finds_by_address_subject_and_state(signed_in):
    superuser = signed_in(None)
    make.letter(recipient="ken@example.org", subject="An interview")
    failed()
    for query in ("?q=ken@", "?q=interview", "?state__exact=waiting"):
        page = superuser.page(f"{LIST}{query}")
        assert "ken@example.org" in page and "hana@example.org" not in page


def test_a_letter_is_shown_without_what_it_says(signed_in):
    letter = failed()
    page = signed_in(None, language="ja").page(f"{LIST}{letter.pk}/change/")
    assert "Your application" in page
    assert "メールサーバーが宛先のアドレスを拒否しました。" in page
    assert "We have received it." not in page
    assert 'name="_save"' not in page


def test_a_failed_letter_is_announced_to_superusers(signed_in):
    superuser, recruiter = signed_in(None), signed_in("Recruiters")
    said = "could not be delivered"
    assert said not in superuser.page("/admin/")
    failed()
    assert f"1 email {said}" in superuser.page("/admin/")
    failed()
    page = superuser.page("/admin/")
    assert f"2 emails {said}" in page and f'href="{LIST}?state__exact=failed"' in page
    assert said not in recruiter.page("/admin/")


def test_trying_again_now(signed_in, mail_server):
    superuser = signed_in(None)
    lost, late = failed(), make.letter()
    Email.objects.filter(pk=late.pk).update(due_at=timezone.now() + timedelta(hours=6))
    assert "2 emails will leave within seconds." in try_again(superuser, lost, late)
    deliver()
    assert {letter["Message-ID"] for letter in mail_server.letters} == {
        lost.message_id,
        late.message_id,
    }


def test_what_cannot_leave_again_says_so(signed_in, mail_server):
    superuser = signed_in(None)
    sent = make.letter()
    deliver()
    erased = failed()
    Email.objects.filter(pk=erased.pk).update(body="")
    page = try_again(superuser, sent, erased)
    assert "2 emails cannot leave again" in page and "within seconds" not in page
    deliver()
    assert len(mail_server.letters) == 1


def test_a_copy_of_what_has_arrived_is_a_letter_of_its_own(signed_in, mail_server):
    superuser = signed_in(None)
    lost = make.letter(sender="Kumo <jobs@example.com>", reply_to="rin@example.com")
    deliver()
    page = try_again(superuser, lost, action="send_copy")
    assert "1 email will leave within seconds." in page and "not copied" not in page
    deliver()
    first, second = mail_server.letters
    for name in ("To", "From", "Reply-To", "Subject", "Content-Language"):
        assert first[name] == second[name]
    assert text(first) == text(second) and text(first, "html") == text(second, "html")
    assert first["Message-ID"] == lost.message_id != second["Message-ID"]
    states = Email.objects.values_list("state", "attempts")
    assert list(states) == [("sent", 1)] * 2


def test_what_has_not_arrived_or_is_erased_is_not_copied(signed_in, mail_server):
    superuser = signed_in(None)
    erased, scrubbed = (
        make.letter(erase_after_sending=True),
        make.letter(recipient="ken@example.org"),
    )
    deliver()
    Email.objects.scrub("ken@example.org")
    page = try_again(superuser, erased, scrubbed, failed(), make.letter(), action="send_copy")
    assert "4 emails were not copied" in page and "within seconds" not in page
    assert Email.objects.count() == 4
