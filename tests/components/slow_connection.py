"""A server on the loopback that passes on the pages of a site, as slowly as a bad connection does."""

import contextlib
import http.client
import http.server
import re
import threading
import time
from urllib.parse import urlsplit

# Whole blocks of 500 bytes or more: a heading whose text is cut would be balanced anew.
PIECE = re.compile(rb".{500,}?</(?:h[1-6]|p|li|d[tdl]|div|nav|section)>|.+", re.DOTALL)
PAUSE = 0.02  # seconds after each piece: longer than a frame, so that the browser draws what it has


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        site = http.client.HTTPConnection(self.server.netloc)
        site.request("GET", self.path, headers={"Host": self.server.netloc})
        with contextlib.closing(site), site.getresponse() as response:
            body = response.read()
            self.send_response(response.status)
            for name, value in response.getheaders():
                if name.lower() in ("content-type", "cache-control", "content-security-policy"):
                    self.send_header(name, value)
            self.end_headers()
            is_page = response.headers.get_content_type() == "text/html"
        with contextlib.suppress(ConnectionError):  # the browser went on to the next page
            for piece in PIECE.findall(body) if is_page else [body]:
                self.wfile.write(piece)
                time.sleep(PAUSE)

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


@contextlib.contextmanager
def running(site_url):
    """Yield the URL of a server that sends the HTML of the site's pages block by block. It answers GET only."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.netloc = urlsplit(site_url).netloc
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
