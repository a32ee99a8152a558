"""The job board from a page of another site: its scripts may read that, and no page of ours."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Error

pytestmark = pytest.mark.browser

FETCH = """async ([address, options]) => {
    const answer = await fetch(address, {cache: "no-store", ...options});
    return [answer.status, answer.headers.get("etag"), await answer.text()];
}"""


class Blank(BaseHTTPRequestHandler):
    """A site with one empty page."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def elsewhere(visit):
    """A page of another site, whose scripts ask for an address."""
    server = HTTPServer(("127.0.0.1", 0), Blank)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = visit(1280).page
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield lambda address, **options: page.evaluate(FETCH, [address, options])
    server.shutdown()
    server.server_close()


def test_scripts_of_other_sites_read_the_openings(elsewhere, served):
    jobs = f"{served[0]}/v1/boards/ahrefs/jobs"
    status, tag, text = elsewhere(jobs)
    assert (status, '"meta": {"total": ' in text) == (200, True)
    # For a header of its own the browser asks first, by OPTIONS.
    assert elsewhere(jobs, headers={"If-None-Match": tag, "X-Program": "1"}) == [304, tag, ""]
    for address, method, expected in ((f"{jobs}/0", "GET", 404), (jobs, "POST", 405)):
        status, _tag, error = elsewhere(address, method=method)
        assert (status, '"error": ' in error) == (expected, True)


def test_scripts_of_other_sites_read_nothing_else(elsewhere, served):
    with pytest.raises(Error, match="Failed to fetch"):
        elsewhere(f"{served[0]}/en/roles/feed.json")
    with pytest.raises(Error, match="Failed to fetch"):
        elsewhere(f"{served[0]}/v1/boards/ahrefs/jobs", method="DELETE")
