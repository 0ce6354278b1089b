"""What a learner's page does in another's browser: she writes JavaScript into a notebook that somebody opens
"to help", or listens where her server did. Each attack is replayed in a real browser."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import requests

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page

from tests.browser.chromium import NoChromium, chromium
from tests.workshop.rooms import PATIENCE, PIN, Room
from tests.workshop.visitor import Visitor

DOMAIN = "room.test"
# What it tries, as whoever looks at it: read the visitor's own file and another learner's, make a token,
# read with it, make its author an admin, and open the page for admins. What was answered, and what leaked.
ATTACK = """
async ([hub, files, author]) => {
  const got = {}, secret = 'Main Street';
  const ask = async (name, address, options = {}) => {
    try {
      const answer = await fetch(address, {credentials: 'include', referrer: hub + '/hub/home', ...options});
      got[name] = answer.status;
      return await answer.text();
    } catch (problem) { got[name] = 'refused'; return ''; }
  };
  const home = await ask('home', hub + '/hub/home');
  const xsrf = (/xsrf_token: "([^"]+)"/.exec(home) || [])[1] || '';
  const me = (/user: "([^"]+)"/.exec(home) || [])[1] || '';
  const headers = {'Content-Type': 'application/json', 'X-XSRFToken': xsrf};
  const told = await ask('token', `${hub}/hub/api/users/${me}/tokens`, {method: 'POST', headers, body: '{}'});
  const token = (/"token": "([^"]+)"/.exec(told) || [])[1];
  for (const [whose, address] of Object.entries(files)) {
    const path = `${address}api/contents/notebooks/01_setup.ipynb`;
    // Within one origin, a page sees into the windows that it opens.
    const opened = window.open(address + 'lab');
    let key = '', there = null;
    for (let tries = 0; tries < 50 && !key && there !== 'complete'; tries++) {
      await new Promise(resolve => setTimeout(resolve, 100));
      try {
        if (opened.location.href !== 'about:blank') there = opened.document.readyState;
        key = (/_xsrf=([^;]+)/.exec(opened.document.cookie) || [])[1] || '';
      } catch { break; }  // of another origin
    }
    opened.close();
    let text = await ask(whose, path, {headers: {'X-XSRFToken': key}, referrer: undefined});
    if (token) text += await ask('by token', path, {headers: {Authorization: `token ${token}`}});
    got[whose + ' read'] = text.includes(secret);
  }
  await ask('admin', `${hub}/hub/api/users/${author}`, {method: 'PATCH', headers, body: '{"admin": true}'});
  await ask('users', `${hub}/hub/api/users`, {headers});
  await ask('page', `${hub}/hub/admin`);
  return got;
}
"""
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
def browser() -> Iterator[Browser]:
    """One that finds the domain's names, as with a router that gives them."""
    try:
        with chromium(f"--host-resolver-rules=MAP {DOMAIN} 127.0.0.1,MAP *.{DOMAIN} 127.0.0.1") as running:
            yield running
    except NoChromium as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def ana(room: Room) -> Visitor:
    return room.learner(room.name("ana"))


@pytest.fixture(scope="module")
def ben(room: Room) -> Visitor:
    return room.learner(room.name("ben"))


@contextlib.contextmanager
def page_of(browser: Browser, address: str, name: str, password: str) -> Iterator[Page]:
    """A browser in which this one has logged in."""
    context = browser.new_context(bypass_csp=True)  # a hostile server sends no such rules
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    log_in(page, address, name, password)
    yield page
    context.close()


def log_in(page: Page, address: str, name: str, password: str, then: str = "**/hub/home") -> None:
    page.goto(f"{address}/hub/login?next=%2Fhub%2Fhome")
    page.get_by_label("Your name in this room").fill(name)
    page.get_by_label("A PIN that keeps it yours").fill(PIN)
    page.get_by_label("The room's password").fill(password)
    page.get_by_role("button", name="Come in").click()
    page.wait_for_url(then)


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


@pytest.fixture(scope="module")
def detached(room: Room, ana: Visitor) -> int:
    """What a learner left behind, one of which has another pid every moment. Her Unix user."""
    *_, user = ana.kernel().run(DETACH).split()
    return int(user)


@pytest.fixture(scope="module")
def with_domain(room: Room, detached: int) -> Iterator[Room]:
    room.interrupt()
    room.start(f"--domain={DOMAIN}")
    yield room
    room.end()
    room.start()


def test_another_learners_page_acts_as_the_visitor_where_there_is_no_domain(room, browser, ana, ben, attack):
    """The README says so, and that it ends there."""
    with page_of(browser, room.address, ana.name, room.keys()["learner_password"]) as page:
        page.goto(f"{room.address}/user/{ana.name}/lab")
        page.goto(f"{room.address}/user/{ben.name}/api")  # whatever his server likes to send
        got = page.evaluate(ATTACK, attack)
        assert (got["ana read"], got["ben read"]) == (True, False), got
        assert got.items() >= REFUSED.items(), "not for good, and not as an admin"


def test_another_learners_page_is_a_strangers_where_there_is_one(with_domain, browser, ana, ben):
    room, password = with_domain, with_domain.keys()["learner_password"]
    hub = f"http://{DOMAIN}:{room.port}"
    hers, his = (f"http://{one.name}.{DOMAIN}:{room.port}/user/{one.name}/" for one in (ana, ben))
    with page_of(browser, hub, ben.name, password) as page:
        page.goto(f"{hub}/hub/spawn")
        page.wait_for_url(f"{his}lab/**")
    with page_of(browser, hub, ana.name, password) as page:
        page.goto(f"{hub}/hub/spawn")
        page.wait_for_url(f"{hers}lab/**")
        page.goto(f"{his}api")
        got = page.evaluate(ATTACK, [hub, {"ana": hers, "ben": his}, ben.name])
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
    return [process for process in psutil.process_iter() if user == process.uids().real]
