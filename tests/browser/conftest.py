"""Fixtures for browser tests: a real Chromium, and the site with the demo company."""

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
def demo_site():
    """(URL of the site, environment of its commands)."""
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
def addresses(demo_site):
    """All public paths: those of the sitemap, and pages that it must not list, which are closed roles,
    forms, and paths that do not exist."""
    url, environment = demo_site
    with urllib.request.urlopen(f"{url}/sitemap.xml") as response:
        sitemap_urls = re.findall(r"<loc>(.*?)</loc>", response.read().decode())
    closed = site.shell(
        environment,
        "from careers.roles.models import Role\n"
        "for role in Role.objects.posted().exclude(closes_on=None):\n"
        "    for language in role.languages: print(role.get_absolute_url(language))",
    ).split()
    paths = {address.removeprefix(url) for address in sitemap_urls} | set(closed)
    # Two forms represent all others: the one of the first role, and the general one.
    role_paths = sorted(path for path in paths - set(closed) if re.search(r"/roles/\d", path))
    forms = {
        f"{next(path for path in role_paths if path.startswith(f'/{code}/'))}apply/"
        for code in ("en", "ja")
    }
    return sorted(paths | forms | {"/en/apply/", "/ja/apply/", "/en/nope/", "/ja/nope/"})


@pytest.fixture
def form(addresses):
    """form("ja") is the path of a form without questions."""

    def address(language):
        role_paths = [
            path
            for path in addresses
            if path.startswith(f"/{language}/roles/") and "data-scientist" in path
        ]
        return f"{role_paths[0]}apply/"

    return address


# Messages of the browser itself: the status of a page, and a field that it could not focus in time.
BROWSER_MESSAGES = (
    "Failed to load resource: the server responded with a status of",
    "Autofocus processing was blocked",
)


class Visit:
    """A page, with its console messages and its requests to other hosts."""

    def __init__(self, context, url):
        self.page = context.new_page()
        self.url = url
        self.foreign_requests, self.console_messages = [], []
        self.page.on("request", self._requested)
        self.page.on("console", lambda message: self.console_messages.append(message.text))
        self.page.on("pageerror", lambda error: self.console_messages.append(str(error)))

    def _requested(self, request):
        if not request.url.startswith(f"{self.url}/"):
            self.foreign_requests.append(request.url)

    def open(self, path):
        """Open a page that must write nothing to the console and contact no other host; its response."""
        self.foreign_requests.clear()
        self.console_messages.clear()
        response = self.page.goto(self.url + path)
        messages = [text for text in self.console_messages if not text.startswith(BROWSER_MESSAGES)]
        assert (messages, self.foreign_requests) == ([], []), path
        return response

    def sign_in(self, address, password=PASSWORD):
        """Sign in through the form."""
        self.open("/admin/")
        self.page.fill("[name=login]", address)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("main form [type=submit]")


@pytest.fixture
def visit(browser, demo_site):
    """visit(width=390, color_scheme="dark") is a new Visit with such a device."""
    contexts = []

    def open_visit(width, **device):
        context = browser.new_context(viewport={"width": width, "height": 900}, **device)
        contexts.append(context)
        return Visit(context, demo_site[0])

    yield open_visit
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def sessions():
    """{language: storage state}, shared by all tests, because signing in takes a second."""
    return {}


@pytest.fixture
def signed_in(visit, demo_site, sessions):
    """signed_in("ja") is the Visit of a superuser with this language, who has opened no page yet."""
    url, environment = demo_site

    def sign_in(language):
        address = f"{language}@example.com"
        create_code = (
            "from careers.staff.models import User\n"
            f"User.objects.filter(email={address!r}).exists() or User.objects.create_superuser("
            f"{address!r}, {PASSWORD!r}, language={language!r}, last_name='佐藤', first_name='花')"
        )
        site.shell(environment, create_code)
        visitor = visit(1280)
        visitor.sign_in(address)
        assert visitor.page.url == f"{url}/admin/", visitor.page.inner_text("main")
        sessions[language] = visitor.page.context.storage_state()

    def is_signed_in(visitor):
        # The smallest response of the admin; it redirects visitors who are not signed in.
        request = visitor.page.context.request
        return request.get(f"{url}/admin/jsi18n/", max_redirects=0).status == 200

    def open_visit(language, **device):
        if language in sessions:
            visitor = visit(1280, storage_state=sessions[language], **device)
            if is_signed_in(visitor):
                return visitor
        sign_in(language)
        return visit(1280, storage_state=sessions[language], **device)

    return open_visit


def backdate_token(page, demo_site, age=timedelta(seconds=5)):
    """Replace the form token by one that is `age` older, as if the form had been open for so long."""
    key = demo_site[1]["SECRET_KEY"]
    token = page.input_value("[name=token]")
    role, form, seconds = signing.loads(token, key=key, salt=FORM_SALT)
    older_token = signing.dumps(
        [role, form, int(seconds - age.total_seconds())], key=key, salt=FORM_SALT
    )
    page.evaluate("text => { document.querySelector('[name=token]').value = text }", older_token)


def wait_until_published(page):
    """Wait for the second after which an edit is visible on public pages."""
    page.wait_for_timeout(1_000)


def save(page, button="_continue"):
    """Press a button of the admin's form, and wait for the next page.

    A script first checks the session, so the click itself does not wait for a navigation.
    """
    with page.expect_navigation():
        page.click(f"[name={button}] >> nth=-1")
