"""How many learners this machine bears: `make bench-room`, or `python -m tests.workshop.bench 10 50 100`.

`--lite 10 100 1000` measures the room without kernels: see `bench_lite`.

Real learners' servers and kernels in a real room. All come in at once; each runs parts 3 and 4, every cell.
Refused for the moment (429) and let in later is no failure.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests
import websocket

from tests.browser.chromium import NoChromium, chromium
from tests.workshop import bench_lite
from tests.workshop.rooms import PIN, Room, Unavailable, room
from tests.workshop.visitor import Refused, Visitor

PARTS = ("03_collect.ipynb", "04_cancel.ipynb")
SIZES = (10, 50, 100)
# What must be reached with a hundred, on 2 cores and 24 GiB.
FIRST_CELL = 6 * 60  # seconds
MEMORY = 170  # MiB of each learner, shared pages shared out (PSS)
GIVE_UP = 20 * 60  # seconds


@dataclass
class Learner:
    """One learner's way through the parts; seconds since all set out."""

    name: str
    first_cell: float = 0.0
    finished: float = 0.0
    problem: str = ""
    page: int = 0  # bytes of the first page's files, as they came over the network
    kept: list[object] = field(default_factory=list)  # a page that stays open


def come(running: Room, learner: Learner, paths: list[str], start: threading.Barrier) -> None:
    """Log in, open the page, run the parts."""
    visitor = Visitor(running.address)
    start.wait()
    began = time.monotonic()
    try:
        visitor.log_in(learner.name, PIN, running.keys()["learner_password"])
        visitor.enter(timeout=GIVE_UP)
        learner.page = load(visitor, paths)
        for part in PARTS:
            kernel = visitor.kernel()
            learner.kept.append(kernel)
            notebook = visitor.api("GET", f"contents/notebooks/{part}").json()["content"]
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    kernel.run(cell["source"])
                    learner.first_cell = learner.first_cell or time.monotonic() - began
        learner.finished = time.monotonic() - began
    except (Refused, requests.RequestException, websocket.WebSocketException, OSError) as problem:
        learner.problem = f"{type(problem).__name__}: {problem}"


def first_page(running: Room) -> list[str]:
    """What a browser without a cache loads for Lab's first page, below the learner's own address. [] where
    there is no browser: then pages are left out, and the table says so."""
    name = running.name("b")
    prefix = f"{running.address}/user/{name}/"
    paths = []
    try:
        with chromium() as browser:
            page = browser.new_page()
            page.on("response", lambda answer: paths.append(answer.url.removeprefix(prefix)))
            page.goto(running.address)
            page.locator("[name=username]").fill(name)
            page.locator("[name=pin]").fill(PIN)
            page.locator("[name=password]").fill(running.keys()["learner_password"])
            page.get_by_role("button", name="Come in").click()
            page.locator(".jp-Notebook").wait_for(timeout=GIVE_UP * 1000)
            page.wait_for_load_state("networkidle")
    except NoChromium:
        return []
    return [path for path in paths if path.startswith(("lab/", "static/")) and "api" not in path]


def load(visitor: Visitor, paths: list[str]) -> int:
    """How many bytes came over the network."""
    total = 0
    for path in paths:
        with visitor.browser.get(f"{visitor.address}/user/{visitor.name}/{path}", stream=True) as answer:
            while chunk := answer.raw.read(65536):
                total += len(chunk)
    return total


def memory(running: Room) -> float:
    """MiB of all servers and kernels, and of what servers are copies of; shared memory counts once (PSS)."""
    total = 0
    for process in psutil.process_iter():
        try:
            environment = process.environ()
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        except (psutil.Error, OSError):
            continue
        if environment.get("IRL_ROLE") == "server" and environment.get("IRL_ROOM") == str(running.folder):
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])
    return total / 1024


def measure(size: int) -> tuple[list[str], list[str]]:
    """A row of the table, and what went wrong in it."""
    busy, free = os.getloadavg()[0], psutil.virtual_memory().available
    with room(as_root=os.geteuid() == 0) as running:
        paths = first_page(running)
        learners = [Learner(running.name("b")) for _ in range(size)]
        start = threading.Barrier(size)
        with ThreadPoolExecutor(size) as pool:
            list(pool.map(lambda learner: come(running, learner, paths, start), learners))
        each = memory(running) / (size + bool(paths))  # who looked at the first page is there as well
        taken = (free - psutil.virtual_memory().available) / 1024**3
    done = [learner for learner in learners if not learner.problem]
    wrong = [f"{learner.name}: {learner.problem}" for learner in learners if learner.problem]
    first = [learner.first_cell for learner in done]
    finished = [learner.finished for learner in done]
    if done and max(first) > FIRST_CELL:
        wrong.append(f"the last first cell came after {max(first):.0f} s, and must within {FIRST_CELL} s")
    if each > MEMORY:
        wrong.append(f"{each:.0f} MiB for each learner, and must be {MEMORY} at most")
    page = max((one.page for one in done), default=0) / 1e6
    row = [str(size), str(size - len(done)), times(first), times(finished)]
    row += [f"{each:.0f}", f"{taken:.1f}", f"{page:.1f}", f"{busy:.1f}"]
    return row, wrong


def times(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.0f} / {max(seconds):.0f}" if seconds else "-"


HEAD = ["learners", "failed", "first cell, s (median / last)", "both parts, s (median / last)"]
HEAD += ["MiB each (PSS)", "GiB of the machine", "first page, MB", "load before"]


def main(sizes: list[int]) -> int:
    """Print the table, row by row; 1 when something failed or a target is missed."""
    try:
        machine = f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 1024**3:.0f} GiB"
        print(f"{time.strftime('%Y-%m-%d')}, {machine}, {'root' if os.geteuid() == 0 else 'a plain user'}\n")
        print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
        wrong = []
        for size in sizes:
            row, problems = measure(size)
            wrong += problems
            print("| " + " | ".join(row) + " |", flush=True)
    except Unavailable as reason:
        print(reason, file=sys.stderr)
        return 2
    print("", *wrong, "Every target reached." if not wrong else "", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    lite, sizes = "--lite" in sys.argv, [int(size) for size in sys.argv[1:] if size != "--lite"]
    sys.exit(bench_lite.main(sizes or list(bench_lite.SIZES)) if lite else main(sizes or list(SIZES)))
