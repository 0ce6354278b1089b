"""Servers are copies of one process, and none finds in its memory what another was told."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.importorskip("jupyterhub")

from workshop.fork_server import ForkServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")

SECRET = "token-of-the-first-one"


async def servers(folder: Path) -> AsyncIterator[int]:
    """Two copies, one after the other, each stopped before it can do anything."""
    fork_server = ForkServer({"PATH": os.environ["PATH"], "IRL_CGROUP": ""})
    pids = []
    try:
        for token in (SECRET, "and-of-the-other"):
            environment = {"HOME": str(folder), "TOKEN": token, "PADDING": "x" * 9000}
            pids.append(
                await fork_server.new(
                    environment=environment, notebooks=str(folder / "none"), arguments=[], user="", memory=0
                )
            )
            os.kill(pids[-1], signal.SIGSTOP)
            yield pids[-1]
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        await fork_server.end()


def holds(pid: int, text: str) -> bool:
    """Whether this text is anywhere in the process's memory."""
    regions = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with open(f"/proc/{pid}/mem", "rb") as memory:
        for region in regions:
            span, rights = region.split()[:2]
            if rights.startswith("rw"):
                start, end = (int(each, 16) for each in span.split("-"))
                memory.seek(start)
                if text.encode() in memory.read(end - start):
                    return True
    return False


def test_no_server_knows_what_another_was_told(tmp_path):
    async def look() -> list[tuple[bool, bool]]:
        return [(holds(pid, SECRET), holds(pid, "and-of-the-other")) async for pid in servers(tmp_path)]

    assert asyncio.run(look()) == [(True, False), (False, True)]
