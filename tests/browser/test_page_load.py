"""What a first visit costs: the bytes until a page can be read, that nothing moves, and the next page."""

import re
import urllib.request
from urllib.parse import urljoin

import brotli
import pytest

from tests.components import site

pytestmark = pytest.mark.browser

# Ten packets of 1,460 bytes: what a server sends before it has heard that anything arrived (RFC 6928).
FLIGHT = 14_600
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


def fetched(address):
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        is_compressed = answer.headers["Content-Encoding"] == "br"
    return body, brotli.decompress(body) if is_compressed else body


@pytest.fixture
def many(served):
    """Twenty openings in the list, as long as one test needs them."""
    site.shell(served[1], TWENTY_ROLES)
    yield
    forget = "from careers.roles.models import Role\n"
    forget += "Role.objects.filter(reference_id__startswith='MANY-').delete()"
    site.shell(served[1], forget)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_and_its_styles_come_in_the_first_flight(served, addresses, many, language):
    url = served[0]
    role = next(path for path in addresses if re.match(rf"/{language}/roles/\d+[^/]*/$", path))
    for path in (f"/{language}/", f"/{language}/roles/", role, f"{role}apply/"):
        sent, page = fetched(url + path)
        links = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.decode())
        assert links
        styles = {link: len(fetched(urljoin(url, link))[0]) for link in links}
        assert len(sent) + sum(styles.values()) <= FLIGHT, (path, len(sent), styles)


# Told by the browser itself: how far what was painted has moved, without anybody's doing.
SHIFTS = """() => new Promise(resolve => {
    let moved = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) moved += entry.value;
    }).observe({type: "layout-shift", buffered: true});
    setTimeout(() => resolve(moved), 300);
})"""


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_while_a_page_comes_in(visit, addresses, width):
    visitor = visit(width)
    for path in addresses:
        visitor.open(path)
        assert visitor.page.evaluate(SHIFTS) == 0, path


@pytest.mark.parametrize(
    ("path", "target", "is_fetched"),
    [
        ("/en/", "/en/roles/", True),
        ("/ja/roles/", "/ja/hiring/", True),
        ("/en/roles/", "/en/apply/", False),
    ],
)
def test_the_next_page_is_fetched_before_the_link_is_pressed(visit, path, target, is_fetched):
    """Where somebody points to it; a form never is: each opened form is one person's."""
    visitor = visit(1440)
    session = visitor.page.context.new_cdp_session(visitor.page)
    fetched = []
    session.on("Preload.prefetchStatusUpdated", lambda said: fetched.append(said))
    session.send("Preload.enable")
    visitor.open(path)
    visitor.page.locator(f'a[href="{target}"]').first.hover()
    visitor.page.wait_for_timeout(1500)
    states = {(said["prefetchUrl"], said["status"]) for said in fetched}
    assert ((visitor.url + target, "Ready") in states) == is_fetched, fetched
