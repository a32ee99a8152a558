"""Asks clamd whether there is a virus in a file, by its INSTREAM command."""

import socket
import struct
import time

from .reading import chunks

ANSWER_LIMIT = 4096


class NotScanned(Exception):
    """Nobody knows: the scanner is too slow, or did not look at the whole file."""


class ScannerDown(NotScanned):
    """The scanner is not there."""


def is_infected(scanner, file, *, within):
    """Whether clamd finds something in a file. NotScanned, when it has not said so after `within` seconds."""
    deadline = time.monotonic() + within
    try:
        connection = _connection(scanner, within)
    except OSError as fault:
        raise ScannerDown from fault
    try:
        with connection:
            connection.sendall(b"zINSTREAM\0")
            for chunk in chunks(file):
                _wait_until(connection, deadline)
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection, deadline)
    except OSError as fault:
        raise NotScanned from fault
    if answer.endswith(b" FOUND"):
        return True
    if answer.endswith(b": OK"):
        return False
    raise NotScanned  # its own limit of size, or a fault of its own


def _connection(scanner, within):
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


def _answer(connection, deadline):
    answer = b""
    while not answer.endswith(b"\0"):
        _wait_until(connection, deadline)
        part = connection.recv(ANSWER_LIMIT)
        if not part or len(answer) > ANSWER_LIMIT:
            raise NotScanned
        answer += part
    return answer.rstrip(b"\0\n")


def _wait_until(connection, deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        raise NotScanned
    connection.settimeout(left)
