"""A real browser, and the site with the demo company to look at."""

import os
import re
import urllib.request
from datetime import timedelta

import pytest
from django.core import signing
from playwright.sync_api import sync_playwright

from careers.applications.tokens import FORM_SALT
from tests.components import chromium, site
from tests.conftest import PASSWORD


@pytest.fixture(scope="session")
def served():
    """The address of the site, and the environment of its commands."""
    with site.running() as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    path, environment = chromium.find()
    os.environ.update(environment)  # before the driver starts: it needs the same libraries
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield chrome
        chrome.close()


@pytest.fixture(scope="session")
def addresses(served):
    """Every public address there is: all that the sitemap lists, and pages that it must not list:
    closed openings, the forms, what is not there."""
    url, environment = served
    with urllib.request.urlopen(f"{url}/sitemap.xml") as answer:
        listed = re.findall(r"<loc>(.*?)</loc>", answer.read().decode())
    closed = site.shell(
        environment,
        "from careers.roles.models import Role\n"
        "for role in Role.objects.posted().exclude(closes_on=None):\n"
        "    for language in role.languages: print(role.get_absolute_url(language))",
    ).split()
    paths = {address.removeprefix(url) for address in listed} | set(closed)
    # Two forms are like all others: the first opening's, and that of no opening.
    openings = sorted(path for path in paths - set(closed) if re.search(r"/roles/\d", path))
    forms = {
        f"{next(path for path in openings if path.startswith(f'/{code}/'))}apply/"
        for code in ("en", "ja")
    }
    return sorted(paths | forms | {"/en/apply/", "/ja/apply/", "/en/nope/", "/ja/nope/"})


@pytest.fixture
def form(addresses):
    """form("ja") is the address of a form that has no questions of its own."""

    def address(language):
        openings = [
            path
            for path in addresses
            if path.startswith(f"/{language}/roles/") and "data-scientist" in path
        ]
        return f"{openings[0]}apply/"

    return address


# The browser's own lines: about a page's status, and about a field that it could not focus in time.
BY_ITSELF = (
    "Failed to load resource: the server responded with a status of",
    "Autofocus processing was blocked",
)


class Visit:
    """A page, and everything it did that a page should not do."""

    def __init__(self, context, url):
        self.page = context.new_page()
        self.url = url
        self.elsewhere, self.said = [], []
        self.page.on("request", self._requested)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _requested(self, request):
        if not request.url.startswith(f"{self.url}/"):
            self.elsewhere.append(request.url)

    def open(self, path):
        """Open a page that must be silent and alone; the response."""
        self.elsewhere.clear()
        self.said.clear()
        response = self.page.goto(self.url + path)
        faults = [text for text in self.said if not text.startswith(BY_ITSELF)]
        assert (faults, self.elsewhere) == ([], []), path
        return response

    def sign_in(self, address, password=PASSWORD):
        """Through the form, as people do."""
        self.open("/admin/")
        self.page.fill("[name=login]", address)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("main form [type=submit]")


@pytest.fixture
def visit(browser, served):
    """visit(width=390, color_scheme="dark") opens pages as somebody with such a device."""
    contexts = []

    def make(width, **device):
        context = browser.new_context(viewport={"width": width, "height": 900}, **device)
        contexts.append(context)
        return Visit(context, served[0])

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def sessions():
    """Signing in takes a second, so tests share it: by language, what the browser kept."""
    return {}


@pytest.fixture
def signed_in(visit, served, sessions):
    """signed_in("ja") is a superuser at the admin, in a browser of their own."""

    def sign_in(language, **device):
        url, environment = served
        kept = sessions.get(language)
        visitor = visit(1280, storage_state=kept, **device)
        if kept:
            visitor.open("/admin/")
        if not kept or visitor.page.url != f"{url}/admin/":
            address = f"{language}@example.com"
            make = (
                "from careers.staff.models import User\n"
                f"User.objects.filter(email={address!r}).exists() or User.objects.create_superuser("
                f"{address!r}, {PASSWORD!r}, language={language!r}, last_name='佐藤', first_name='花')"
            )
            site.shell(environment, make)
            visitor.sign_in(address)
            sessions[language] = visitor.page.context.storage_state()
        assert visitor.page.url == f"{url}/admin/", visitor.page.inner_text("main")
        return visitor

    return sign_in


def take_time(page, served, time=timedelta(seconds=5)):
    """Let the token in the open form be signed for an earlier moment, as if the form had been open for so
    long: people need time to write."""
    key = served[1]["SECRET_KEY"]
    token = page.input_value("[name=token]")
    role, form, seconds = signing.loads(token, key=key, salt=FORM_SALT)
    older = signing.dumps(
        [role, form, int(seconds - time.total_seconds())], key=key, salt=FORM_SALT
    )
    page.evaluate("text => { document.querySelector('[name=token]').value = text }", older)


def published(page):
    """Wait for the second within which an edit is on the public pages."""
    page.wait_for_timeout(1_000)


def save(page, button="_continue"):
    """Press a button of the admin's form, and wait for the page that answers.

    The form asks first whether somebody is still signed in, so the click alone waits for nothing.
    """
    with page.expect_navigation():
        page.click(f"[name={button}] >> nth=-1")
