"""A small server for clamd's commands INSTREAM and PING: it finds the EICAR test virus, or replies as configured."""

import contextlib
import socketserver
import struct
import threading

# In two parts, so that scanners do not report this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """What it received, and how it behaves: `limit` in bytes; with `hangs` it never replies.

    It also hangs for files with `poison` in them. `connections` and `most_at_once` count connections.
    """

    def __init__(self):
        self.url = ""
        self.received = []
        self.pings = 0
        self.limit = 25_000_000
        self.hangs = threading.Event()
        self.reply = None  # sent in place of the result
        self.poison = None
        self.lock = threading.Lock()
        self.connections = self.open = self.most_at_once = 0

    @contextlib.contextmanager
    def connection(self):
        with self.lock:
            self.connections += 1
            self.open += 1
            self.most_at_once = max(self.most_at_once, self.open)
        try:
            yield
        finally:
            with self.lock:
                self.open -= 1


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        with self.server.scanner.connection():
            self.respond(self.server.scanner)

    def respond(self, scanner):
        command = self.rfile.read(6)
        if command == b"zPING\0":
            scanner.pings += 1
            if scanner.hangs.is_set():
                self.wait_for_client()
            else:
                self.wfile.write(b"PONG\0")
            return
        assert command + self.rfile.read(4) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
            if len(data) > scanner.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        scanner.received.append(data)
        if scanner.hangs.is_set() or (scanner.poison and scanner.poison in data):
            self.wait_for_client()
            return
        reply = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        self.wfile.write(scanner.reply or reply)

    def wait_for_client(self):
        """Say nothing until the client gives up."""
        with contextlib.suppress(OSError):
            self.rfile.read(1)


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextlib.contextmanager
def running(path=None, port=0):
    """Yield a running Scanner, on a socket at `path` or on the loopback."""
    scanner = Scanner()
    with _Unix(str(path), _Handler) if path else _Tcp(("127.0.0.1", port), _Handler) as server:
        server.scanner = scanner
        scanner.url = f"unix:{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield scanner
        finally:
            server.shutdown()
            thread.join()
