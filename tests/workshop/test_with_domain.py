"""A room whose learners have a host name each. It stands last: other tests want the room without one."""

from __future__ import annotations

import os

import psutil
import pytest

pytest.importorskip("playwright")

from tests.workshop.attack import ATTACK, DOMAIN, browser, log_in, page_of
from tests.workshop.rooms import Room
from tests.workshop.visitor import Visitor
from workshop.processes import runs

__all__ = ["browser"]  # a fixture

# With an empty environment, in another session and folder, and children of nobody.
DETACH = """
import os, subprocess, sys
runs = '''
import os, time
while True:
    time.sleep(0.02)
    if os.fork():
        os._exit(0)
'''
waits = "import time; time.sleep(600)"
for code in (runs, waits):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.chdir("/")
            os.execve(sys.executable, [sys.executable, "-c", code], {})
        os._exit(0)
print(os.getuid())
"""


@pytest.fixture(scope="module")
def ana(room: Room) -> Visitor:
    return room.learner(room.name("ana"))


@pytest.fixture(scope="module")
def detached(room: Room, ana: Visitor) -> int:
    """What a learner left behind, one of which has another pid every moment. Her Unix user."""
    *_, user = ana.kernel().run(DETACH).split()
    return int(user)


@pytest.fixture(scope="module")
def with_domain(room: Room, detached: int) -> Room:
    room.interrupt()
    room.start(f"--domain={DOMAIN}")
    return room


def test_another_learners_page_is_a_strangers_where_there_is_one(with_domain, browser, ana):
    room, password = with_domain, with_domain.keys()["learner_password"]
    names = ana.name, room.name("ben")
    hub = f"http://{DOMAIN}:{room.port}"
    hers, his = (f"http://{name}.{DOMAIN}:{room.port}/user/{name}/" for name in names)
    with page_of(browser, hub, names[1], password) as page:
        page.goto(f"{hub}/hub/spawn")
        page.wait_for_url(f"{his}lab/**")
    with page_of(browser, hub, ana.name, password) as page:
        page.goto(f"{hub}/hub/spawn")
        page.wait_for_url(f"{hers}lab/**")
        page.goto(f"{his}api")
        got = page.evaluate(ATTACK, [hub, {"ana": hers, "ben": his}, names[1]])
        assert not any(read for what, read in got.items() if what.endswith(" read"))
        asked = {what: status for what, status in got.items() if not what.startswith("ben")}
        assert {status for what, status in asked.items() if not what.endswith(" read")} == {"refused"}
        # Nobody is logged in where his scripts could use it.
        log_in(page, his.partition("/user")[0], ana.name, password, then="**/hub/login**")
        assert f"Come in at {hub}" in page.get_by_role("alert").inner_text()
    with page_of(browser, hub, "instructor", room.keys()["instructor_password"]) as page:
        page.goto(hub)
        assert ana.name in page.locator("table").inner_text()
        assert page.goto(f"{hers}lab").status == 403


def test_stop_ends_what_a_learner_detached(with_domain, detached):
    if os.geteuid() != 0:
        pytest.skip("a plain user's room needs a cgroup for it")
    assert processes_of(detached), "it outlived the server that it came from"
    assert with_domain.end().returncode == 0
    assert processes_of(detached) == []


def processes_of(user: int) -> list[psutil.Process]:
    return [each for each in psutil.process_iter() if runs(each) and user == each.uids().real]
