"""How many learners a room without kernels bears: `make bench-room ARGS="--lite 10 100 1000"`.

So many browsers with empty caches come at once to `make lite-serve`, and fetch what a real one was seen to
fetch on its first visit. They share the machine with the server, whose share is reported apart. They take
gzip: browsers take Brotli over https only, and a room's address has none.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from aiohttp import web
from aiohttp.test_utils import TestServer

from lite import site
from tests.browser.chromium import NoChromium, chromium
from tests.browser.notebook import Notebook
from tests.workshop.first_visits import CONNECTIONS, File, Visit, visits

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "dist"
SIZES = (10, 100, 1000)
ACCEPT = "gzip, deflate"
GIVE_UP = 10 * 60  # seconds
HEAD = [
    "learners",
    "failed files",
    "all have all after, s",
    "MB each",
    "server: CPU ms each",
    "server: MiB (PSS)",
]


@dataclass(frozen=True)
class Server:
    """A server that was started; `address` is where a browser finds it."""

    process: psutil.Process
    address: str

    def cpu(self) -> float:
        """Seconds of a core so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> float:
        """MiB; what is shared with others is shared out (PSS)."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Server]:
    """The server of `make lite-serve`, on a port that is free."""
    command = [sys.executable, "-m", "lite.serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        try:
            if found is None:
                raise SystemExit(2)  # it has said why
            yield Server(psutil.Process(process.pid), found[0])
        finally:
            process.terminate()
            process.communicate()


async def first_visit(folder: Path) -> list[str]:
    """The paths that a browser without a cache asks for until the first notebook's first cell has run.
    Raises NoChromium."""
    asked: list[str] = []

    async def note(request: web.Request, response: web.StreamResponse) -> None:
        asked.append(request.path.removeprefix("/"))

    watched = site.application(folder)
    watched.on_response_prepare.append(note)
    async with TestServer(watched) as server:
        await asyncio.to_thread(look, str(server.make_url("/lab/index.html")))
    return list(dict.fromkeys(asked))


def look(address: str) -> None:
    """Open the first notebook, and run its first cell."""
    with chromium() as browser:
        notebook = Notebook(browser.new_page(), f"{address}?path=notebooks/01_setup.ipynb")
        notebook.execute("from irl_helpers import checkup; checkup.ready()")


def files(folder: Path, paths: list[str]) -> list[File]:
    """Those that are there, each with the bytes that go over the network."""
    found = []
    for path in paths:
        file = folder / (f"{path}index.html" if path.endswith("/") or not path else path)
        packed = file.with_name(f"{file.name}.gz")
        if file.is_file():
            found.append(File(path, (packed if packed.is_file() else file).stat().st_size))
    return found


async def crowd(server: Server, wanted: list[File], size: int, give_up: float) -> tuple[list[Visit], float]:
    """The visits, and the most memory that the server had meanwhile."""
    most = 0.0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, server.memory())
            await asyncio.sleep(0.5)

    watching = asyncio.create_task(watch())
    at = urlsplit(server.address)
    try:
        made = await visits(
            str(at.hostname), int(at.port or 80), wanted, size, accept=ACCEPT, give_up=give_up
        )
        return made, max(most, server.memory())
    finally:
        watching.cancel()


def measure(
    server: Server, wanted: list[File], size: int, give_up: float = GIVE_UP
) -> tuple[list[str], list[str]]:
    """A row of the table, and what went wrong in it."""
    before = server.cpu()
    made, memory = asyncio.run(crowd(server, wanted, size, give_up))
    failures = sum((visit.failures for visit in made), Counter())
    each = sum(visit.received for visit in made) / size / 1e6
    cpu = (server.cpu() - before) * 1000 / size
    last = max(visit.seconds for visit in made)
    row = [size, failures.total(), f"{last:.0f}", f"{each:.1f}", f"{cpu:.0f}", f"{memory:.0f}"]
    return [str(cell) for cell in row], [f"{size} learners: {n} times {what}" for what, n in failures.items()]


def main(sizes: list[int], folder: Path = BUILT) -> int:
    """Print the table, row by row; 1 when a file failed, 2 when nothing could be measured."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if max(sizes) * CONNECTIONS >= most:
        print(f"{max(sizes)} learners need more than the {most} connections allowed here.", file=sys.stderr)
        return 2
    if not folder.is_dir():
        print("Nothing is built yet: make lite", file=sys.stderr)
        return 2
    try:
        wanted = files(folder, asyncio.run(first_visit(folder)))
    except NoChromium as reason:
        print(f"What a first visit fetches is watched in a browser. {reason}", file=sys.stderr)
        return 2
    wrong = []
    with served(folder) as server:
        machine = f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 1024**3:.0f} GiB"
        print(f"{time.strftime('%Y-%m-%d')}, {machine}, {len(wanted)} files each\n")
        print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
        for size in sizes:
            row, problems = measure(server, wanted, size)
            wrong += problems
            print("| " + " | ".join(row) + " |", flush=True)
    print("", *wrong, "Nothing failed." if not wrong else "", sep="\n")
    return 1 if wrong else 0
