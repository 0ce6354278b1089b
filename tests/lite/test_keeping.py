"""The account is kept by the browser for all notebooks of the site, and nothing of it is lost.

On this machine's own address, where a page may do everything, and over plain http at another name, where it
may not.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import stripe
from playwright.sync_api import Browser, BrowserContext, Page

from irl_helpers.simulator import Simulator, SimulatorHTTPClient
from irl_helpers.simulator.auth import OFFLINE_KEY
from irl_helpers.simulator.store import VERSION
from tests.browser.chromium import NoChromium, chromium
from tests.lite.kernels import Kernel, open_lab
from tests.simulator.sale import new_payment, new_reader, pay
from tests.simulator.test_account_file import contents_of, older

ROOM = "room.test"
PAYMENTS = 40

BEGIN = """
import json
from irl_helpers.account import account_status, reset_account, stripe_client
client = stripe_client()
v1 = client.v1
payment = {"amount": 1200, "currency": "usd", "allowed_payment_method_types": ["card_present"]}

def kept():
    payments = [each.id for each in v1.payment_intents.list({"limit": 100}).auto_paging_iter()]
    events = v1.events.list({"limit": 100, "type": "payment_intent.created"}).auto_paging_iter()
    print(json.dumps([payments, [each.data.object.id for each in events]]))
"""
PAY = f"print(json.dumps([v1.payment_intents.create(payment).id for _ in range({PAYMENTS})]))"
TILL = """
from irl_helpers.panels import CollectPanel
panel = CollectPanel()
"""
PROCESS = """
panel.process.click()
await panel.settled()
"""
LOOK = """
await panel.look()
print(panel.state)
"""
PRESENT = """
[reader] = v1.terminal.readers.list().data
v1.test_helpers.terminal.readers.present_payment_method(reader.id)
print(json.dumps([each.payment_intent for each in v1.charges.list().data]))
"""

KEEP_OLDER = """
from base64 import b64decode
from pathlib import Path
from irl_helpers.simulator.browser_file import BrowserFile
for name, content in older.items():
    path = Path.home() / name
    with BrowserFile(path).turn():
        path.write_bytes(b64decode(content))
"""
OPEN_OLDER = """
import os
for name in sorted(older):
    os.environ["IRL_ACCOUNT_FILE"] = str(Path.home() / name)
    v1 = stripe_client().v1
    v1.payment_intents.create(payment)
    print(v1.payment_intents.retrieve(paid).status, len(v1.payment_intents.list().data), account_status())
"""
SEE_THEM_TOO = """
import os
import sqlite3
for name in sorted(older):
    os.environ["IRL_ACCOUNT_FILE"] = str(Path.home() / name)
    v1 = stripe_client().v1
    seen = [v1.payment_intents.retrieve(paid).status, len(v1.payment_intents.list().data)]
    print(*seen, *sqlite3.connect(Path.home() / name).execute("PRAGMA user_version").fetchone())
"""
WRITE_IN_TURN = """
from pathlib import Path
from pyodide.code import run_js
from pyodide.ffi import run_sync
from irl_helpers.simulator import AccountFileError
from irl_helpers.simulator.browser_file import BrowserFile
turns = run_js('''
  const begin = IDBDatabase.prototype.transaction, turns = {};
  IDBDatabase.prototype.transaction = function (...all) {
    const made = begin.apply(this, all);
    turns.end = () => new Promise(gone => { made.addEventListener("abort", gone); made.abort(); });
    return made;
  };
  turns''')
file = BrowserFile(Path.home() / "turns.bin")

def write(content, then=lambda: None):
    with file.turn():
        file.path.write_bytes(content)
        then()
"""
LOSE_A_TURN = """
write(b"kept")
try:
    write(b"never", then=lambda: run_sync(turns.end()))
except AccountFileError as problem:
    print(problem.kind)
with file.turn():
    print(file.path.read_bytes())

def called_by_javascript():
    try:
        write(b"never")
    except RuntimeError as problem:
        print("cannot wait" in str(problem))

run_js("call => call()")(called_by_javascript)
"""
READ = """
file = BrowserFile(Path.home() / "turns.bin")
with file.turn():
    print(file.path.read_bytes())
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """It finds this machine by another name as well, and no other machine."""
    try:
        rules = f"MAP {ROOM} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        with chromium(f"--host-resolver-rules={rules}") as running:
            yield running
    except NoChromium as reason:
        pytest.skip(str(reason))


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    context: BrowserContext = browser.new_context()
    context.set_default_timeout(120_000)
    page = context.new_page()
    open_lab(page, address)
    yield page
    context.close()


def begun(page: Page) -> Kernel:
    kernel = Kernel(page)
    kernel.run(BEGIN)
    return kernel


@pytest.mark.parametrize(("name", "secure"), [("127.0.0.1", True), (ROOM, False)])
def test_two_notebooks_at_once_lose_nothing_and_a_reload_neither(browser, site, name, secure):
    address = f"http://{name}:{urlsplit(site).port}"
    with opened(browser, address) as page:
        assert page.evaluate("isSecureContext") is secure
        two = [begun(page), begun(page)]

        running = [kernel.start(PAY) for kernel in two]
        ids = [id for each in running for id in json.loads(each.printed())]
        assert len(set(ids)) == 2 * PAYMENTS
        for kernel in two:
            payments, events = json.loads(kernel.run("kept()"))
            assert sorted(payments) == sorted(events) == sorted(ids), "each once, as everybody sees it"

        two[0].run("from irl_helpers.setup import own_reader; own_reader('Till')")
        for kernel in two:
            kernel.run(TILL)
        for running in [kernel.start(PROCESS) for kernel in two]:
            running.printed()
        seen = [kernel.run(LOOK) for kernel in two]
        # The reader asks for one payment: of the till that came later, or of both, if that had looked first.
        assert sorted(seen) in (["in_flight", "open"], ["in_flight", "in_flight"])
        [charged] = json.loads(two[0].run(PRESENT))
        assert [kernel.run(LOOK) for kernel in two] == [
            {"in_flight": "authorized", "open": "open"}[state] for state in seen
        ]

        payments, _ = json.loads(two[0].run("kept()"))
        assert charged in payments
        page.reload()
        open_lab(page, address)
        later = begun(page)
        assert sorted(json.loads(later.run("kept()"))[0]) == sorted(payments)
        assert json.loads(later.run("reset_account(); kept()")) == [[], []]


def test_older_files_are_brought_up_to_date_and_a_lost_turn_is_nobodys_last(browser, site, tmp_path):
    simulator = Simulator(tmp_path / "new.sqlite")
    client = stripe.StripeClient(OFFLINE_KEY, http_client=SimulatorHTTPClient(simulator))
    paid = pay(client, new_reader(client).id, new_payment(client).id)
    rows, account = contents_of(simulator)
    simulator.close()
    files = {}
    for version in range(1, VERSION):
        path = tmp_path / f"{version:02}.sqlite"
        older(path, version, rows, account)
        files[path.name] = b64encode(path.read_bytes()).decode()

    with opened(browser, site) as page:
        two = [begun(page), begun(page)]
        for kernel, code in zip(two, (KEEP_OLDER, OPEN_OLDER), strict=True):
            seen = kernel.run(f"older = {files!r}\npaid = {paid.id!r}\nfrom pathlib import Path\n{code}")
        for line in seen.splitlines():
            assert line.startswith("succeeded 2 Account: offline account"), seen
        assert len(seen.splitlines()) == VERSION - 1
        # What the browser keeps is new, too: another notebook, which had the older file, goes on with it.
        assert two[0].run(SEE_THEM_TOO).splitlines() == [f"succeeded 2 {VERSION}"] * (VERSION - 1)

        for kernel in two:
            kernel.run(WRITE_IN_TURN)
        assert two[0].run(LOSE_A_TURN).splitlines() == ["failing", "b'kept'", "True"]
        assert two[1].run(READ) == "b'kept'"


def test_where_nothing_may_be_stored_it_is_said_and_all_works(browser, site):
    with opened(browser, site) as page:
        refuse = "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };"

        def answer(route):
            response = route.fetch()
            route.fulfill(response=response, body=f"{refuse}\n{response.text()}")

        page.context.route("**/load_pyodide.mjs", answer)
        kernel = begun(page)
        [_, said] = kernel.run("print(account_status())").splitlines()
        assert said.startswith("Nothing is kept: this window may not store anything")
        kernel.run("v1.payment_intents.create(payment)")
        assert len(json.loads(kernel.run("kept()"))[0]) == 1
