"""Which account the calls go to, and what is refused before anything is sent."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import stripe

from irl_helpers import account, clock, collect, faults
from irl_helpers.direct_http_client import DirectHTTPClient
from tests.at_once import at_once
from tests.simulator.serving import serve

SECRET = "4eC39HqLyjWDarjtT1zdp7dc"
TEST_KEY = "sk_" + "test_" + SECRET
ADDRESS = {
    "line1": "1 Main Street",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94111",
    "country": "US",
}


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A working directory two levels below a folder that may hold a `.env`."""
    folder = tmp_path / "project"
    (folder / "notebooks" / "exercises").mkdir(parents=True)
    monkeypatch.chdir(folder / "notebooks" / "exercises")
    for name in ("STRIPE_SECRET_KEY", "IRL_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def network(monkeypatch):
    """What would have been sent over the network; nothing is."""
    sent = []

    def request(self, method, url, headers, post_data=None, **_):
        sent.append((threading.current_thread(), method, url, headers["Authorization"]))
        return '{"object": "list", "data": [], "has_more": false, "url": "/v1/x"}', 200, {}

    for client in (stripe.RequestsClient, DirectHTTPClient):
        monkeypatch.setattr(client, "request", request)
    return sent


def make_location(client):
    return client.v1.terminal.locations.create(params={"display_name": "Shop", "address": ADDRESS})


def test_nothing_set_is_the_offline_account_in_its_file(elsewhere, account_file):
    client = account.stripe_client()
    assert type(client) is stripe.StripeClient
    assert account.account_status().startswith("Account: offline account · Stripe API 20")
    make_location(client)
    assert account_file.exists()
    assert account.OFFLINE_KEY not in account_file.read_bytes().decode("latin-1")
    assert stripe.enable_telemetry is False
    assert account.stripe_client() is client


def test_the_account_is_found_by_the_next_process(account_file):
    location = make_location(account.stripe_client())
    code = (
        "from irl_helpers.account import stripe_client\n"
        "print(stripe_client().v1.terminal.locations.list().data[0].id)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == location.id


def test_several_kernels_begin_an_account_at_once(monkeypatch, tmp_path):
    """They meet at a new file eight times."""
    monkeypatch.setenv("FOLDER", str(tmp_path))
    code = (
        "for turn in range(8):\n"
        "    os.environ['IRL_ACCOUNT_FILE'] = f\"{os.environ['FOLDER']}/{turn}.sqlite\"\n"
        "    while time.time() % 0.2 > 0.02: pass\n"
        "    stripe_client()\n"
    )
    imports = "import os, time; from irl_helpers.account import stripe_client; stripe_client()"
    at_once(imports, code, 4)
    for turn in range(8):
        monkeypatch.setenv("IRL_ACCOUNT_FILE", str(tmp_path / f"{turn}.sqlite"))
        assert account.stripe_client().v1.terminal.readers.list().data == []


def test_a_test_key_in_a_env_file_above_is_test_mode(elsewhere, network):
    (elsewhere / ".env").write_text(f"STRIPE_SECRET_KEY={TEST_KEY}\n")
    account.stripe_client().v1.terminal.readers.list()
    [(_, method, url, authorization)] = network
    assert (method, url) == ("get", "https://api.stripe.com/v1/terminal/readers")
    assert authorization == f"Bearer {TEST_KEY}"
    offline = account.account_status().replace("Stripe test mode", "offline account")
    assert SECRET not in account.account_status()
    assert account.offline_controls() is None
    assert account.revision() is None
    assert account.dashboard_url("pi_123") == "https://dashboard.stripe.com/test/payments/pi_123"
    (elsewhere / ".env").unlink()
    assert account.account_status() == offline


def test_the_environment_wins_over_the_file_also_when_it_is_empty(elsewhere, monkeypatch):
    (elsewhere / ".env").write_text(f"STRIPE_SECRET_KEY={TEST_KEY}\n")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "")
    assert "offline account" in account.account_status()


REFUSED = {
    "live": "sk_" + "live_" + SECRET,
    "live, restricted": "rk_" + "live_" + SECRET,
    "publishable": "pk_" + "test_" + SECRET,
    "publishable, live": "pk_" + "live_" + SECRET,
    "rubbish": f"rubbish {SECRET}",
    "cut off": "sk_" + "test_",
    "with a dash": TEST_KEY + "-x",
    "two lines": f"{TEST_KEY}\n{TEST_KEY}",
}


@pytest.mark.parametrize("key", REFUSED.values(), ids=REFUSED)
def test_any_other_key_is_refused_and_not_repeated(key, monkeypatch, network):
    monkeypatch.setenv("STRIPE_SECRET_KEY", key)
    with pytest.raises(account.AccountError, match="Nothing was sent") as caught:
        account.stripe_client()
    assert SECRET not in str(caught.value)
    assert "sk_test_…" in str(caught.value)
    assert network == []


def test_a_served_simulator_has_the_offline_controls(account_file, monkeypatch):
    location = make_location(account.stripe_client())
    with serve("--account", str(account_file)) as server:
        monkeypatch.setenv("IRL_API_BASE", server.url)
        assert account.stripe_client().v1.terminal.locations.list().data[0].id == location.id
        before = account.revision()
        make_location(account.stripe_client())
        assert account.revision() > before
        assert account.dashboard_url("pi_123") is None
        account.reset_account()
        assert account.stripe_client().v1.terminal.locations.list().data == []


def test_a_file_that_is_no_account_is_left_alone(account_file):
    account_file.write_text("a shopping list")
    with pytest.raises(account.AccountError, match="IRL_ACCOUNT_FILE"):
        account.stripe_client()
    assert account_file.read_text() == "a shopping list"


def test_a_env_file_that_is_not_text_is_named(elsewhere):
    (elsewhere / ".env").write_bytes(b"\xff\xfeS\0")
    with pytest.raises(account.AccountError, match="UTF-8"):
        account.stripe_client()


def test_reset_empties_the_account_and_what_was_noted(account_file):
    make_location(account.stripe_client())
    account.note("reader", "tmr_1")
    account.reset_account()
    assert account.stripe_client().v1.terminal.locations.list().data == []
    assert account.noted("reader") is None


def test_test_mode_cannot_be_reset(monkeypatch, network):
    monkeypatch.setenv("STRIPE_SECRET_KEY", TEST_KEY)
    with pytest.raises(account.AccountError, match="Only the offline account"):
        account.reset_account()
    assert network == []


def test_calls_over_the_network_do_not_hold_up_the_page(monkeypatch, network):
    here = threading.current_thread()

    async def look():
        return await account.call(account.stripe_client().v1.terminal.readers.list)

    monkeypatch.setenv("STRIPE_SECRET_KEY", TEST_KEY)
    asyncio.run(look())
    assert network[0][0] is not here


def test_calls_in_process_use_no_thread():
    here = threading.current_thread()
    assert asyncio.run(account.call(threading.current_thread)) is here


def test_every_request_is_logged_once_with_what_was_sent_and_answered():
    client = account.stripe_client()
    log = account.request_log()
    location = make_location(client)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.terminal.readers.retrieve("tmr_nobody")
    account.revision()
    made, refused = log
    assert (made.method, made.path, made.status) == ("POST", "/v1/terminal/locations", 200)
    assert "display_name=Shop" in made.form
    assert location.id in made.body
    assert made.request_id == location.last_response.request_id
    assert made.idempotency_key
    assert made.seconds > 0
    assert (refused.method, refused.status) == ("GET", 404)
    assert account.OFFLINE_KEY not in repr(list(log))


def test_importing_the_package_imports_nothing_else():
    code = (
        "import sys, irl_helpers; print([name for name in ('stripe', 'ipywidgets') if name in sys.modules]);"
        "print(irl_helpers.account.AccountError.__name__, hasattr(irl_helpers, 'nothing'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "AccountError False"]


def test_the_readme_names_the_account_file_of_each_system(monkeypatch):
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for path in (
        "~/.local/share/get-paid-irl/account.sqlite",
        "~/Library/Application Support/get-paid-irl/account.sqlite",
        r"%LOCALAPPDATA%\get-paid-irl\account.sqlite",
    ):
        assert path in readme


# -- nothing is left on in secret


@pytest.mark.parametrize(
    ("days", "left", "second_line"),
    [
        (0, [], None),
        (0, [faults.webhook_lost], "1 fault on"),
        (8, [], "clock 8 days ahead"),
        (1, [faults.reader_busy, faults.webhook_lost], "2 faults on · clock 1 day ahead"),
    ],
)
def test_the_status_says_what_was_left_on_and_what_ends_it(days, left, second_line):
    for fault in left:
        fault().start()
    if days:
        clock.advance(days=days)
    first, *more = account.account_status().splitlines()
    assert first.startswith("Account: offline account")
    assert (more[0] if more else None) == second_line
    assert [line for line in more if line.startswith("- ")] == [
        f"- {f.kind}: {f.text}" for f in faults.active()
    ]
    assert any("faults.clear()" in line for line in more) == bool(left)
    assert any("reset_account()" in line for line in more) == bool(days)


def test_a_served_account_says_so_too_and_one_that_is_down_is_called_so(account_file, monkeypatch):
    faults.reader_busy().start()
    with serve("--account", str(account_file)) as server:
        monkeypatch.setenv("IRL_API_BASE", server.url)
        assert "\n1 fault on\n" in account.account_status()
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *_: 0)
    assert account.account_status().splitlines()[1].startswith("It does not answer")


def test_a_reset_says_what_it_did():
    assert account.reset_account() == "The offline account was empty, and still is."
    make_location(account.stripe_client())
    assert account.reset_account() == "The offline account is empty: 1 location is gone."
    make_location(account.stripe_client())
    make_location(account.stripe_client())
    collect.create_payment(1250)
    faults.reader_busy().start()
    clock.advance(days=8)
    assert account.reset_account() == (
        "The offline account is empty: 2 locations, 1 payment and 1 fault are gone; its clock was 8 days "
        "ahead, and shows this machine's time again."
    )
    assert account.account_status().count("\n") == 0


def test_the_log_has_a_file_s_name_and_not_the_file():
    """An upload goes where all calls go, and its bytes are nothing to read."""
    picture = io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    picture.name = "splash.png"
    params = {"purpose": "terminal_reader_splashscreen", "file": picture}
    assert account.stripe_client().v1.files.create(params).type == "png"
    assert [*account.request_log()][-1].form == "purpose=terminal_reader_splashscreen&file=%40splash.png"
