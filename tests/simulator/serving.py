"""Starting `python -m irl_helpers.simulator` as anyone would, and talking to it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import stripe

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "irl_helpers.simulator"]
if sys.platform == "win32":
    INTERRUPT = signal.CTRL_C_EVENT
else:
    INTERRUPT = signal.SIGINT


class Served(NamedTuple):
    process: subprocess.Popen[str]
    ready: str
    url: str
    port: int

    def client(
        self, key: str = "sk_test_served", http_client: stripe.HTTPClient | None = None
    ) -> stripe.StripeClient:
        """The official client, over HTTP."""
        return stripe.StripeClient(
            key,
            base_addresses={"api": self.url, "files": self.url},
            http_client=http_client,
            max_network_retries=2,
        )

    def stop(self, number: int = INTERRUPT) -> tuple[int, str, str]:
        """Its exit code, and what else it wrote."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err

    def raw(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to these very bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), body


@contextmanager
def serve(
    *arguments: str,
    environment: dict[str, str] | None = None,
    command: list[str] = COMMAND,
    folder: Path = ROOT,
) -> Iterator[Served]:
    """The served simulator on a free port, until the end of the block."""
    process = subprocess.Popen(
        [*command, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        try:
            ready = process.stdout.readline()
            found = re.search(r"http://[\w.-]+:(\d+)", ready)
            assert found, ready + process.stderr.read()
            yield Served(process, ready, f"http://127.0.0.1:{found[1]}", int(found[1]))
        finally:
            if process.poll() is None:
                process.kill()


def refused(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a start that must fail."""
    done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=20)
    return done.returncode, done.stdout, done.stderr
