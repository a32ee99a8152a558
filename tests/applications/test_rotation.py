"""Another SECRET_KEY: with the old one as a fallback nobody notices, without it nothing is lost."""

import pytest

from careers.applications.models import Application
from careers.outbox.models import Email
from tests import make

from .conftest import again, apply, filled, path
from .test_own import link

pytestmark = pytest.mark.one_database

NEW = "N3w-" + "9876543210zyxwvutsrqponmlkjihgfedcba" * 2


@pytest.fixture
def rotate(settings):
    """rotate() changes the key; the old one is kept as a fallback, unless it is forgotten."""

    def change(*, forget=False):
        settings.SECRET_KEY_FALLBACKS = [] if forget else [settings.SECRET_KEY]
        settings.SECRET_KEY = NEW

    return change


def links():
    """Where the letters lead that one candidate has had, the oldest first."""
    letters = Email.objects.filter(recipient="taro@example.org").order_by("pk")
    return [link(letter) for letter in letters]


def test_an_open_form_is_taken_with_its_files_and_its_puzzle(client, rotate):
    role = make.role()
    form = filled(client, role, email="x")
    answer = client.post(path(role), form)
    rotate()
    sent = client.post(path(role), again(answer, form, email="taro@example.org"))
    assert sent.status_code == 302
    application = Application.objects.get()
    assert application.is_confirmed and application.attachments.count() == 1
    assert application.display_reference in client.page(sent.url)


def test_the_page_that_says_it_has_arrived_stays(client, rotate):
    sent = apply(client, make.role())
    rotate()
    assert Application.objects.get().display_reference in client.page(sent.url)


def test_old_letters_and_new_ones_lead_to_the_same_page(client, rotate):
    apply(client, make.role())
    rotate()
    [old] = links()
    assert client.post(f"{old}withdraw/").status_code == 302
    assert links() == [old, old]
    apply(client, make.role())  # with the new key, though the old one is still known
    rotate(forget=True)
    for address in set(links()):
        client.page(address)


def test_with_the_old_key_forgotten_an_open_form_comes_back_whole(client, rotate):
    role = make.role()
    form = filled(client, role, message="Long thought about.")
    rotate(forget=True)
    answer = client.post(path(role), form)
    assert answer.status_code == 422 and "Please send it once more" in answer.text
    assert "Long thought about." in answer.text
    assert client.post(path(role), again(answer, form)).status_code == 302
    assert Application.objects.get().attachments.count() == 1


def test_with_the_old_key_forgotten_a_link_opens_its_page_until_the_next_letter(client, rotate):
    apply(client, make.role())
    rotate(forget=True)
    [old] = links()
    client.page(old)
    client.post(f"{old}withdraw/")
    [_old, new] = links()
    assert client.get(old).status_code == 404
    assert "withdrawn" in client.page(new)


def test_nobody_is_signed_out(signed_in, rotate):
    here, away = signed_in("Recruiters"), signed_in("Recruiters")
    rotate()
    assert here.get("/admin/").status_code == 200
    rotate(forget=True)
    assert (here.get("/admin/").status_code, away.get("/admin/").status_code) == (200, 302)
