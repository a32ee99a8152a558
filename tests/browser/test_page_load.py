"""Loading pages: the bytes of a first visit, layout shifts, and prefetching of the next page."""

import contextlib
import re
import urllib.request
from urllib.parse import urljoin

import brotli
import pytest

from tests.browser.conftest import Visit
from tests.components import site, slow_connection

pytestmark = pytest.mark.browser

# Ten packets of 1,460 bytes: what a server sends before the first acknowledgment (RFC 6928).
INITIAL_WINDOW = 14_600
TWENTY_ROLES = """
from careers.roles.models import Role
from django.utils import timezone
first = Role.objects.public("en").first()
for number in range(Role.objects.public().count(), 20):
    role = Role.objects.get(pk=first.pk)
    role.pk, role.reference_id = None, f"MANY-{number}"
    role.title_en, role.title_ja = f"Engineer of kind {number}", f"{number}番のエンジニア"
    role.published_at_en = role.published_at_ja = timezone.now()
    role._state.adding = True
    role.save()
"""


def fetch(address):
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as response:
        body = response.read()
        is_compressed = response.headers["Content-Encoding"] == "br"
    return body, brotli.decompress(body) if is_compressed else body


@pytest.fixture
def twenty_roles(demo_site):
    """Twenty roles in the list, deleted after the test."""
    site.shell(demo_site[1], TWENTY_ROLES)
    yield
    delete_code = "from careers.roles.models import Role\n"
    delete_code += "Role.objects.filter(reference_id__startswith='MANY-').delete()"
    site.shell(demo_site[1], delete_code)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_page_and_styles_fit_initial_window(demo_site, addresses, twenty_roles, language):
    url = demo_site[0]
    role = next(path for path in addresses if re.match(rf"/{language}/roles/\d+[^/]*/$", path))
    for path in (f"/{language}/", f"/{language}/roles/", role, f"{role}apply/"):
        compressed, page = fetch(url + path)
        links = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.decode())
        assert links
        styles = {link: len(fetch(urljoin(url, link))[0]) for link in links}
        assert len(compressed) + sum(styles.values()) <= INITIAL_WINDOW, (
            path,
            len(compressed),
            styles,
        )


# A tenth of what counts as good (0.1, web.dev/cls). A browser that draws between two parts of one row,
# such as the name of the company and the heading beside it, moves one of them by a few pixels.
MAX_SHIFT = 0.01
# Layout shifts as the browser measures them, without user input.
LAYOUT_SHIFTS = """() => new Promise(resolve => {
    let moved = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) moved += entry.value;
    }).observe({type: "layout-shift", buffered: true});
    setTimeout(() => resolve(moved), 300);
})"""


@pytest.mark.parametrize("width", [390, 1440])
def test_no_layout_shift(visit, addresses, width):
    visitor = visit(width)
    for path in addresses:
        visitor.open(path)
        assert visitor.page.evaluate(LAYOUT_SHIFTS) < MAX_SHIFT, path


@pytest.mark.parametrize("width", [390, 1440])
def test_no_layout_shift_on_slow_connection(browser, demo_site, addresses, width):
    """Text that has been drawn does not move when the rest of the page arrives."""
    kinds = {re.sub(r"\d+.*?/", "1/", path): path for path in addresses}
    kinds = {kind: path for kind, path in kinds.items() if kind.startswith("/en/")}
    assert {"/en/", "/en/roles/", "/en/roles/1/", "/en/roles/1/apply/"} <= kinds.keys()
    context = browser.new_context(viewport={"width": width, "height": 900})
    with slow_connection.running(demo_site[0]) as url, contextlib.closing(context):
        visitor = Visit(context, url)
        for path in kinds.values():
            visitor.open(path)
            assert visitor.page.evaluate(LAYOUT_SHIFTS) < MAX_SHIFT, path


@pytest.mark.parametrize(
    ("path", "target", "is_fetched"),
    [
        ("/en/", "/en/roles/", True),
        ("/ja/roles/", "/ja/hiring/", True),
        ("/en/roles/", "/en/apply/", False),
    ],
)
def test_next_page_prefetched_on_hover(visit, path, target, is_fetched):
    """Pages are prefetched on hover; forms never, because each opened form has its own token."""
    visitor = visit(1440)
    session = visitor.page.context.new_cdp_session(visitor.page)
    events = []
    session.on("Preload.prefetchStatusUpdated", lambda event: events.append(event))
    session.send("Preload.enable")
    visitor.open(path)
    visitor.page.locator(f'a[href="{target}"]').first.hover()
    visitor.page.wait_for_timeout(1500)
    states = {(event["prefetchUrl"], event["status"]) for event in events}
    assert ((visitor.url + target, "Ready") in states) == is_fetched, events
