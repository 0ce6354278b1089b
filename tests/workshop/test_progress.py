"""The instructor's table: what it says, and that it looks only where something changed."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("jupyterhub")

from irl_helpers import checks
from irl_helpers.setup import own_reader
from workshop import accounts, progress
from workshop.pins import Pins
from workshop.room import Room

PARTS = len(checks.CHECKS)


def test_a_table_of_nobody_and_of_some():
    assert progress.table({}, 0) == "<p>Nobody has come in yet.</p>"
    table = progress.table(
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
    assert progress.ago(seconds) == words


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
