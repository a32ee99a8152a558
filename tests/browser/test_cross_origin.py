"""Cross-origin requests: scripts of other sites can read the job board, and nothing else."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Error

pytestmark = pytest.mark.browser

FETCH = """async ([address, options]) => {
    const response = await fetch(address, {cache: "no-store", ...options});
    return [response.status, response.headers.get("etag"), await response.text()];
}"""


class EmptyPageHandler(BaseHTTPRequestHandler):
    """Another site with one empty page."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def fetch_from_other_site(visit):
    """fetch_from_other_site(url) is the response that a script of another site gets."""
    server = HTTPServer(("127.0.0.1", 0), EmptyPageHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = visit(1280).page
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield lambda address, **options: page.evaluate(FETCH, [address, options])
    server.shutdown()
    server.server_close()


def test_other_sites_can_read_job_board(fetch_from_other_site, demo_site):
    jobs = f"{demo_site[0]}/v1/boards/ahrefs/jobs"
    status, tag, text = fetch_from_other_site(jobs)
    assert (status, '"meta": {"total": ' in text) == (200, True)
    # For a custom header the browser sends an OPTIONS request first.
    assert fetch_from_other_site(jobs, headers={"If-None-Match": tag, "X-Program": "1"}) == [
        304,
        tag,
        "",
    ]
    for address, method, expected in ((f"{jobs}/0", "GET", 404), (jobs, "POST", 405)):
        status, _tag, error = fetch_from_other_site(address, method=method)
        assert (status, '"error": ' in error) == (expected, True)


def test_other_sites_cannot_read_other_urls(fetch_from_other_site, demo_site):
    with pytest.raises(Error, match="Failed to fetch"):
        fetch_from_other_site(f"{demo_site[0]}/en/roles/feed.json")
    with pytest.raises(Error, match="Failed to fetch"):
        fetch_from_other_site(f"{demo_site[0]}/v1/boards/ahrefs/jobs", method="DELETE")
