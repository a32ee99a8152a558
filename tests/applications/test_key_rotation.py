"""Changing SECRET_KEY: with the old key as a fallback nothing changes; without it nothing is lost."""

import pytest

from careers.applications.models import Application
from careers.outbox.models import Email
from tests import make

from .conftest import apply, form_values, path, retry_values
from .test_status_page import link

pytestmark = pytest.mark.one_database

NEW = "N3w-" + "9876543210zyxwvutsrqponmlkjihgfedcba" * 2


@pytest.fixture
def rotate(settings):
    """rotate() changes the key; the old one stays as a fallback, unless `forget` is true."""

    def rotate_key(*, forget=False):
        settings.SECRET_KEY_FALLBACKS = [] if forget else [settings.SECRET_KEY]
        settings.SECRET_KEY = NEW

    return rotate_key


def links():
    """The status links in the emails to the candidate, the oldest first."""
    emails = Email.objects.filter(recipient="taro@example.org").order_by("pk")
    return [link(email) for email in emails]


def test_rotation_keeps_open_form(client, rotate):
    role = make.role()
    form = form_values(client, role, email="x")
    response = client.post(path(role), form)
    rotate()
    response = client.post(path(role), retry_values(response, form, email="taro@example.org"))
    assert response.status_code == 302
    application = Application.objects.get()
    assert application.is_confirmed and application.attachments.count() == 1
    assert application.display_reference in client.page(response.url)


def test_rotation_keeps_receipt(client, rotate):
    response = apply(client, make.role())
    rotate()
    assert Application.objects.get().display_reference in client.page(response.url)


def test_rotation_keeps_status_links(client, rotate):
    apply(client, make.role())
    rotate()
    [old] = links()
    assert client.post(f"{old}withdraw/").status_code == 302
    assert links() == [old, old]
    apply(client, make.role())  # signed with the new key, while the old one is a fallback
    rotate(forget=True)
    for address in set(links()):
        client.page(address)


def test_rotation_without_fallback_returns_open_form(client, rotate):
    role = make.role()
    form = form_values(client, role, message="Long thought about.")
    rotate(forget=True)
    response = client.post(path(role), form)
    assert response.status_code == 422 and "Please send it once more" in response.text
    assert "Long thought about." in response.text
    assert client.post(path(role), retry_values(response, form)).status_code == 302
    assert Application.objects.get().attachments.count() == 1


def test_rotation_without_fallback_keeps_link_until_next_email(client, rotate):
    apply(client, make.role())
    rotate(forget=True)
    [old] = links()
    client.page(old)
    client.post(f"{old}withdraw/")
    [_old, new] = links()
    assert client.get(old).status_code == 404
    assert "withdrawn" in client.page(new)


def test_rotation_keeps_sessions(signed_in, rotate):
    current, signed_out = signed_in("Recruiters"), signed_in("Recruiters")
    rotate()
    assert current.get("/admin/").status_code == 200
    rotate(forget=True)
    assert (current.get("/admin/").status_code, signed_out.get("/admin/").status_code) == (200, 302)
