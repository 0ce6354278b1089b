"""Many who come at once wait in line, and nobody is turned away."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys

import pytest

pytest.importorskip("jupyterhub")

from workshop import spawner
from workshop.room import Room
from workshop.spawner import LearnerSpawner


class Slow(LearnerSpawner):
    """Its server takes a moment, or fails."""

    fails = False
    now = 0
    most = 0
    order: tuple[int, ...] = ()

    async def _start(self):
        Slow.now += 1
        Slow.most = max(Slow.most, Slow.now)
        Slow.order += (self.port,)
        await asyncio.sleep(0.01)
        Slow.now -= 1
        if self.fails:
            raise RuntimeError("did not start")
        return "127.0.0.1", self.port


@pytest.fixture
def line(tmp_path, monkeypatch):
    monkeypatch.setattr(LearnerSpawner, "_moved", asyncio.Condition())
    for name, value in (("now", 0), ("most", 0), ("order", ())):
        monkeypatch.setattr(Slow, name, value)
    room = Room(tmp_path / "room")
    return [Slow(room=room, at_once=3, port=number) for number in range(1, 21)]


def test_they_come_in_one_after_the_other_and_so_many_at_once(line):
    async def all_at_once():
        return await asyncio.gather(*(spawner.start() for spawner in line))

    assert asyncio.run(all_at_once()) == [("127.0.0.1", number) for number in range(1, 21)]
    assert Slow.most == 3
    assert Slow.order == tuple(range(1, 21))


def test_one_that_fails_or_goes_away_does_not_hold_up_the_others(line):
    line[1].fails = True

    async def all_at_once():
        tasks = [asyncio.create_task(spawner.start()) for spawner in line]
        await asyncio.sleep(0)
        tasks[10].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    ended = asyncio.run(all_at_once())
    assert [type(end) for number, end in enumerate(ended) if number in (1, 10)] == [
        RuntimeError,
        asyncio.CancelledError,
    ]
    assert sum(type(end) is tuple for end in ended) == 18
    assert LearnerSpawner._line == []
    assert LearnerSpawner._starting == set()


def test_who_waits_sees_how_many_are_before_her(line):
    async def wait():
        tasks = [asyncio.create_task(spawner.start()) for spawner in line[:6]]
        await asyncio.sleep(0.005)
        said = [(await anext(spawner.progress()))["message"] for spawner in (line[0], line[3], line[5])]
        await asyncio.gather(*tasks)
        return said

    first, fourth, sixth = asyncio.run(wait())
    assert "laid out" in first
    assert "0 before you" in fourth
    assert "2 before you" in sixth


def test_only_the_process_that_listens_passes_for_a_learners_server():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert spawner._listens(os.getpid(), port)
        assert not spawner._is_free(port)
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as another:
            assert not spawner._listens(another.pid, port)
            another.communicate(b"\n")
    assert not spawner._listens(os.getpid(), port)
    assert spawner._is_free(port)


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_a_process_that_got_the_number_of_a_server_does_not_pass_for_it(line):
    before, after = line[0], line[1]
    before.pid, before._began = os.getpid(), spawner._began(os.getpid())
    after.load_state(before.get_state())
    assert asyncio.run(after.poll()) is None
    after.load_state({"pid": os.getpid(), "began": "1"})
    assert asyncio.run(after.poll()) == 0
    assert after.pid == 0
