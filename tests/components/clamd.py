"""A small server that speaks clamd's INSTREAM: finds EICAR's test virus, or does as it is told."""

import contextlib
import socketserver
import struct
import threading

# In two parts, so that no scanner takes this file for the virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """What it has read, and how it behaves: `limit` bytes are too many, `hangs` never answers."""

    def __init__(self):
        self.url = ""
        self.seen = []
        self.limit = 25_000_000
        self.hangs = threading.Event()
        self.ended = threading.Event()
        self.answer = None  # says this instead


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        scanner = self.server.scanner
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
            if len(data) > scanner.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        scanner.seen.append(data)
        if scanner.hangs.is_set():
            scanner.ended.wait(30)
            return
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        self.wfile.write(scanner.answer or found)


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextlib.contextmanager
def running(path=None):
    """Yield a Scanner that lives as long as this block, on a socket at `path` or on the loopback."""
    scanner = Scanner()
    with (
        _Unix(str(path), _Conversation) if path else _Tcp(("127.0.0.1", 0), _Conversation)
    ) as server:
        server.scanner = scanner
        scanner.url = f"unix:{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield scanner
        finally:
            scanner.ended.set()
            server.shutdown()
            thread.join()
