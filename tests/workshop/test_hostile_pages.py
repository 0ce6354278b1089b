"""What a learner's page does in another's browser: she writes JavaScript into a notebook that somebody opens
"to help", or listens where her server did. Each attack is replayed in a real browser."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

pytest.importorskip("playwright")

from tests.workshop.attack import ATTACK, browser, page_of
from tests.workshop.rooms import Room
from tests.workshop.visitor import Visitor

__all__ = ["browser"]  # a fixture

IN_A_NOTEBOOK = """
import nbformat
from nbformat.sign import NotebookNotary
page = nbformat.v4.new_output("display_data", {{"application/javascript": {script!r}}})
cell = nbformat.v4.new_code_cell("", outputs=[page], execution_count=1)
notebook = nbformat.v4.new_notebook(cells=[cell])
NotebookNotary().sign(notebook)
nbformat.write(notebook, "evil.ipynb")
"""
# It ends the server, and listens where that did, as soon as the port is free.
IN_ITS_PLACE = """
import os, subprocess, sys
from urllib.parse import urlsplit
port = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"]).port
code = f'''
import os, time
from http.server import BaseHTTPRequestHandler, HTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a hostile page")
    def log_message(self, *arguments):
        pass
time.sleep(1)
os.kill({os.getppid()}, 9)
while True:
    try:
        HTTPServer(("127.0.0.1", {port}), Page).serve_forever()
    except OSError:
        time.sleep(0.001)
'''
print(port, subprocess.Popen([sys.executable, "-c", code], start_new_session=True).pid)
"""


@pytest.fixture(scope="module")
def ana(room: Room) -> Visitor:
    return room.learner(room.name("ana"))


@pytest.fixture(scope="module")
def ben(room: Room) -> Visitor:
    return room.learner(room.name("ben"))


@pytest.fixture
def attack(room: Room, ana: Visitor, ben: Visitor) -> list[Any]:
    """What the attack is told: where the hub is, whose files it wants, and who wrote it."""
    files = {one.name.partition("-")[0]: f"{room.address}/user/{one.name}/" for one in (ana, ben)}
    return [room.address, files, ben.name]


REFUSED = {"token": 403, "admin": 403, "users": 403, "page": 403}


def test_a_notebook_that_attacks_whoever_helps_gets_no_token_no_file_and_no_admin(
    room, browser, ana, ben, attack
):
    script = f"({ATTACK})({json.dumps(attack)}).then(got => {{ window.got = got }})"
    ben.kernel().run(IN_A_NOTEBOOK.format(script=script))
    notebook = f"{room.address}/user/{ben.name}/doc/tree/notebooks/evil.ipynb"
    keys = room.keys()
    # It does what it is made for: to its author it shows his own file, and no more.
    with page_of(browser, room.address, ben.name, keys["learner_password"]) as page:
        page.goto(notebook)
        got = page.wait_for_function("() => window.got").json_value()
        assert (got["ben read"], got["ana read"]) == (True, False), got
        assert got.items() >= REFUSED.items()
    with page_of(browser, room.address, "instructor", keys["instructor_password"]) as page:
        assert page.goto(notebook).status == 403
        page.wait_for_load_state("networkidle")
        assert page.evaluate("() => window.got") is None, "nothing of it was run"
        # And if what the learner's server sends ran all the same: it may be any server.
        got = page.evaluate(ATTACK, attack)
        assert (got["ben read"], got["ana read"]) == (False, False)
        assert got.items() >= REFUSED.items()
        assert page.goto(f"{room.address}/hub/spawn").status == 403
        assert "in another browser" in page.content()
    for one in (ana, ben):
        assert one.browser.get(f"{room.address}/hub/admin").status_code == 403


def test_whoever_listens_where_a_server_did_gets_nobody(room, browser, ana):
    eve = room.learner(room.name("eve"))
    port, listener = map(int, eve.kernel().run(IN_ITS_PLACE).split())
    there = requests.Session()
    there.trust_env = False
    try:
        give_up, found = time.monotonic() + 30, ""
        while found != "a hostile page" and time.monotonic() < give_up:
            with contextlib.suppress(requests.ConnectionError):
                found = there.get(f"http://127.0.0.1:{port}/", timeout=5).text
        assert found == "a hostile page", "it is there"
        since = time.monotonic()
        while "a hostile page" in ana.browser.get(f"{room.address}/user/{eve.name}/").text:
            assert time.monotonic() - since < 2
        with page_of(browser, room.address, ana.name, room.keys()["learner_password"]) as page:
            page.goto(f"{room.address}/user/{eve.name}/lab")
            assert "a hostile page" not in page.content()
            assert urlsplit(page.url).path.startswith("/hub/")
    finally:
        os.kill(listener, signal.SIGKILL)


def test_another_learners_page_acts_as_the_visitor_where_there_is_no_domain(room, browser, ana, ben, attack):
    """The README says so, and that it ends there."""
    with page_of(browser, room.address, ana.name, room.keys()["learner_password"]) as page:
        page.goto(f"{room.address}/user/{ana.name}/lab")
        page.goto(f"{room.address}/user/{ben.name}/api")  # whatever his server likes to send
        got = page.evaluate(ATTACK, attack)
        assert (got["ana read"], got["ben read"]) == (True, False), got
        assert got.items() >= REFUSED.items(), "not for good, and not as an admin"
