"""A cgroup ends what forgot whose it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jupyterhub")

from workshop import detached
from workshop.room import Room

ROOT = Path(__file__).resolve().parents[2]
LEAVE = """
import os, sys
from workshop import detached
detached.join(sys.argv[1])
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        code = "import time; print(1, flush=True); time.sleep(600)"
        os.execve(sys.executable, [sys.executable, "-c", code], {})
    os._exit(0)
"""


def test_what_began_in_the_rooms_cgroup_ends_with_it(tmp_path, monkeypatch):
    room = Room(tmp_path / "room")
    cgroup = detached.make_cgroup(room)
    if not cgroup or not os.access(Path(cgroup).parent / "cgroup.procs", os.W_OK):
        pytest.skip("this system lets us make no cgroup")
    monkeypatch.setattr(detached, "as_root", lambda: False)  # the other way is not needed
    left = subprocess.Popen([sys.executable, "-c", LEAVE, cgroup], cwd=ROOT, stdout=subprocess.PIPE)
    assert left.stdout.read(1) == b"1"
    assert left.wait() == 0
    assert len(Path(cgroup, "cgroup.procs").read_text().split()) == 1
    detached.end(room)
    assert left.stdout.read() == b"\n", "nobody writes there any more"
    assert not Path(cgroup).exists()
    assert not room.cgroup_file.exists()
    detached.end(room)  # nothing is left to end
    left.stdout.close()


def test_a_user_is_ended_only_if_it_is_this_rooms_learner(tmp_path, monkeypatch):
    room = Room(tmp_path / "room")
    (room.homes / "ana").mkdir()
    ended = []
    monkeypatch.setattr(detached, "as_root", lambda: True)
    monkeypatch.setattr(detached, "_end_user", ended.append)
    detached.end(room)
    assert ended == [], "whoever owns a folder there"
