"""A real S3 server on the loopback, with one bucket. It accepts any credentials."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import boto3
from botocore.config import Config

from tests.components import Unavailable
from tests.components.site import free_port

BUCKET = "documents"
START_TIMEOUT = 30  # seconds until it listens


class S3Server:
    """An S3 server: its DOCUMENTS_URL, and its bucket."""

    def __init__(self, port):
        self.port = port
        self.url = f"s3+plain://KEY:SECRET@127.0.0.1:{port}/{BUCKET}?region=ap-northeast-1"
        self.process = None

    @property
    def bucket(self):
        return boto3.resource(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id="KEY",
            aws_secret_access_key="SECRET",
            region_name="ap-northeast-1",
            config=Config(s3={"addressing_style": "path"}),
        ).Bucket(BUCKET)

    def start(self):
        """Start it, with an empty bucket."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(START_TIMEOUT * 10):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                self.bucket.create(
                    CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
                )
                return
            time.sleep(0.1)
        raise Unavailable("the S3 server does not listen")

    def stop(self):
        """Kill it and its child processes."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None


@contextlib.contextmanager
def running():
    """Yield a running server, which is stopped afterwards."""
    server = S3Server(free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
