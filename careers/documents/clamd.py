"""A client of clamd: scans a file with its INSTREAM command."""

import socket
import struct
import time

from .config import ClamdConfig
from .reading import BinaryFile, chunks

MAX_REPLY = 4096


class NotScanned(Exception):
    """No result: the scanner cannot be reached, is too slow, or refused the file."""


class ScannerDown(NotScanned):
    """The scanner refuses connections."""


class ScanTimeout(NotScanned):
    """The scanner did not answer in time."""


def is_infected(scanner: ClamdConfig, file: BinaryFile, *, within: float) -> bool:
    """Whether clamd finds a virus. Raises NotScanned if there is no result after `within` seconds."""
    deadline = time.monotonic() + within
    try:
        connection = _connect(scanner, within)
    except OSError as error:
        raise (ScanTimeout if _is_late(error, deadline) else ScannerDown) from error
    try:
        with connection:
            connection.sendall(b"zINSTREAM\0")
            for chunk in chunks(file):
                _limit_to(connection, deadline)
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            reply = _read_reply(connection, deadline)
    except OSError as error:
        raise (ScanTimeout if _is_late(error, deadline) else NotScanned) from error
    if reply.endswith(b" FOUND"):
        return True
    if reply.endswith(b": OK"):
        return False
    raise NotScanned  # it exceeds clamd's size limit, or clamd failed


def is_answering(scanner: ClamdConfig, *, within: float) -> bool:
    """Whether clamd replies to a PING within this number of seconds."""
    try:
        with _connect(scanner, within) as connection:
            connection.sendall(b"zPING\0")
            return _read_reply(connection, time.monotonic() + within) == b"PONG"
    except (OSError, NotScanned):
        return False


def _connect(scanner: ClamdConfig, within: float) -> socket.socket:
    if scanner.path:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(within)
            connection.connect(scanner.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((scanner.host, scanner.port), timeout=within)


def _read_reply(connection: socket.socket, deadline: float) -> bytes:
    reply = b""
    while not reply.endswith(b"\0"):
        _limit_to(connection, deadline)
        part = connection.recv(MAX_REPLY)
        if not part or len(reply) > MAX_REPLY:
            raise NotScanned
        reply += part
    return reply.rstrip(b"\0\n")


def _is_late(error: OSError, deadline: float) -> bool:
    """Also of another error after a long time, such as that of a failed name lookup."""
    return isinstance(error, TimeoutError) or time.monotonic() >= deadline


def _limit_to(connection: socket.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise ScanTimeout
    connection.settimeout(left)
