"""localstripe, which the same calls are sent to; installed by `make bench` in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tests.bench.connections import Server

MODULES = Path(__file__).parent / ".python" / "localstripe"
# Where it keeps its data, whatever one tells it.
DATA = Path("/tmp/localstripe.pickle")


class NotRunning(Exception):
    """It is not installed, or does not start; the message says what is wrong."""


@contextmanager
def localstripe() -> Iterator[Server]:
    """A localstripe with nothing in it. Raises NotRunning."""
    if not (MODULES / "localstripe").is_dir():
        raise NotRunning("localstripe is not installed: run `make bench`")
    if DATA.exists():
        raise NotRunning(f"{DATA} is somebody's, and localstripe would write over it")
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    # It writes a line for every request: into a file, since nobody would empty a pipe.
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "localstripe", "--from-scratch", "--port", str(port)],
            env={**os.environ, "PYTHONPATH": str(MODULES)},
            stdout=log,
            stderr=log,
        )
        try:
            _wait(process, port, log)
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)
            DATA.unlink(missing_ok=True)


def _wait(process: subprocess.Popen[bytes], port: int, log: TextIO) -> None:
    for _ in range(200):
        if process.poll() is not None:
            log.seek(0)
            raise NotRunning(f"localstripe does not start here: {log.read().strip()[-300:]}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise NotRunning("localstripe did not start within ten seconds")
