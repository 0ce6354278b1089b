"""The instructor's table: what it says, and that it looks only where something changed."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("jupyterhub")

from irl_helpers import checks
from irl_helpers.setup import own_reader
from workshop import accounts, page, progress
from workshop.pins import Pins
from workshop.room import Room

PARTS = len(checks.CHECKS)
ROOT = Path(__file__).resolve().parents[2]


def test_a_table_of_nobody_and_of_some():
    assert page.table({}, 0) == "<p>Nobody has come in yet.</p>"
    table = page.table(
        {
            "ana": (940.0, {"passed": {"setup": True, "collect": False}}),
            "ben": (0.0, {"problem": "AccountError: <b>no</b>"}),
            "cleo": (0.0, {}),
        },
        1000.0,
    )
    assert "<th>3 learners</th><th>setup<br><small>1 of 3</small></th>" in table
    assert "<th>collect<br><small>0 of 3</small></th>" in table
    assert f'<th>ana</th><td class="done">✓</td>{"<td></td>" * (PARTS - 1)}<td>1 min ago</td>' in table
    assert f'<td colspan="{PARTS}">AccountError: &lt;b&gt;no&lt;/b&gt;</td><td></td>' in table
    assert f"<th>cleo</th>{'<td></td>' * 5}" in table


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (59, "just now"), (60, "1 min ago"), (5399, "90 min ago"), (7200, "2 h ago")],
)
def test_how_long_ago(seconds, words):
    assert page.ago(seconds) == words


def test_an_account_is_looked_at_again_only_when_it_changed(tmp_path, monkeypatch):
    room = Room(tmp_path / "room")
    looked = []
    monkeypatch.setattr(
        accounts,
        "progress",
        lambda room, names: looked.append(names) or {name: {"passed": {}} for name in names},
    )
    for name in ("ana", "ben"):
        Pins(room.pins).check(name, "2468")
    table = progress.Progress(room)
    assert set(asyncio.run(table.look())) == {"ana", "ben"}
    asyncio.run(table.look())
    assert looked == [["ana", "ben"]]
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(room.account_file("ben")))
    own_reader("Counter 1")
    asyncio.run(table.look())
    assert looked == [["ana", "ben"], ["ben"]]


def test_an_account_that_cannot_be_read_is_left_alone_for_a_while(tmp_path, monkeypatch):
    room = Room(tmp_path / "room")
    Pins(room.pins).check("eve", "2468")
    room.account_file("eve").parent.mkdir(parents=True)
    looked, now = [], [1000.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(
        accounts, "progress", lambda room, names: looked.append(names) or {"eve": {"problem": "x"}}
    )
    table = progress.Progress(room)
    for seconds in (0, 30, 29, 1):
        now[0] += seconds
        room.account_file("eve").write_text("again and again")
        os.utime(room.account_file("eve"), (now[0], now[0]))
        assert asyncio.run(table.look())["eve"][1] == {"problem": "x"}
    assert looked == [["eve"], ["eve"]]


HOSTILE = """
import json, os, signal, sys, time
from pathlib import Path
from workshop import accounts
from workshop.room import Room

def work():
    name = Path(os.environ["IRL_ACCOUNT_FILE"]).parents[3].name
    if name == "sleeps":
        time.sleep(600)
    elif name == "stops":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif name == "spins":
        while True:
            pass
    elif name == "hoards":
        bytearray(2**31)
    elif name == "talks":
        os.write(max(int(fd) for fd in os.listdir("/proc/self/fd")), b"x" * 2**20)
    elif name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    elif name == "raises":
        raise ValueError("\\x1b[2J" + "x" * 10_000)
    return {"passed": {}}

accounts.as_root = lambda: False
room = Room(sys.argv[1])
names = ["ana", "sleeps", "stops", "spins", "hoards", "talks", "dies", "raises", "large", "pipe", "ben"]
for name in names:
    path = room.account_file(name)
    path.parent.mkdir(parents=True)
    os.mkfifo(path) if name == "pipe" else path.touch()
os.truncate(room.account_file("large"), 10 * 2**30)
print(json.dumps(accounts._side_by_side(room, names, work)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="as root, a room runs on Linux only")
def test_hostile_accounts_cost_their_owners_a_line_and_nobody_else_anything(tmp_path):
    since = time.monotonic()
    done = subprocess.check_output([sys.executable, "-c", HOSTILE, tmp_path / "room"], cwd=ROOT, text=True)
    answers = json.loads(done)
    assert time.monotonic() - since < accounts.SECONDS + 11 * accounts.EACH + 5
    assert len(answers) == 11
    for name, answer in answers.items():
        wanted = {"passed": {}} if name in ("ana", "ben") else {"problem": "could not be read"}
        assert answer.items() >= wanted.items(), name
        assert len(json.dumps(answer)) < 4000, name
