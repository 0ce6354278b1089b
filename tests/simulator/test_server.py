"""`python -m irl_helpers.simulator`: starting, stopping, and a whole sale from another process."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient
from irl_helpers.simulator.account_file import account_file, data_directory

from .sale import new_payment, new_reader, pay
from .serving import COMMAND, INTERRUPT, ROOT, refused, serve

KEY = "sk_test_served"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory):
    with serve("--account", str(tmp_path_factory.mktemp("served") / "account.sqlite")) as running:
        yield running


def test_sale_and_change_of_amount_over_http(served):
    client = served.client("sk_test_sale")
    reader = new_reader(client)
    assert [one.id for one in client.v1.terminal.readers.list().data] == [reader.id]
    paid = pay(client, reader.id, new_payment(client).id)
    assert (paid.status, paid.amount_received) == ("succeeded", 1000)

    changed = new_payment(client)
    shown = client.v1.terminal.readers.process_payment_intent(reader.id, {"payment_intent": changed.id})
    assert shown.action.status == "in_progress"
    assert client.v1.terminal.readers.cancel_action(reader.id).action is None
    client.v1.payment_intents.update(changed.id, {"amount": 2500})
    paid = pay(client, reader.id, changed.id)
    assert (paid.status, paid.amount_received) == ("succeeded", 2500)


def test_errors_reach_the_client_as_the_official_exceptions(served):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        served.client().v1.payment_intents.retrieve("pi_nobody")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.AuthenticationError):
        served.client("sk_live_real").v1.payment_intents.list()


def test_each_key_is_an_account_of_its_own(served):
    payment = new_payment(served.client("sk_test_one"))
    assert served.client("sk_test_two").v1.payment_intents.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        served.client("rk_test_two").v1.payment_intents.retrieve(payment.id)


def test_notebook_and_server_share_the_file(account_file: Path):
    with serve() as running:  # finds IRL_ACCOUNT_FILE, as notebooks do
        assert str(account_file) in running.ready
        simulator = Simulator(account_file)
        notebook = stripe.StripeClient(KEY, http_client=SimulatorHTTPClient(simulator))
        reader = new_reader(notebook)
        paid = pay(running.client(KEY), reader.id, new_payment(notebook).id)
        assert notebook.v1.payment_intents.retrieve(paid.id).status == "succeeded"
        simulator.close()


def test_default_file_is_in_the_users_data_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("IRL_ACCOUNT_FILE=from_dotenv.sqlite\n")  # whoever serves reads that
    monkeypatch.setenv("IRL_ACCOUNT_FILE", "")
    assert account_file() == data_directory() / "account.sqlite"
    monkeypatch.setenv("IRL_ACCOUNT_FILE", "mine.sqlite")
    assert account_file() == Path("mine.sqlite")
    monkeypatch.delenv("IRL_ACCOUNT_FILE")
    assert account_file() == data_directory() / "account.sqlite"


@pytest.mark.parametrize("number", [INTERRUPT, signal.SIGTERM])
def test_stops_cleanly(tmp_path, number):
    with serve("--account", str(tmp_path / "account.sqlite")) as running:
        assert running.ready.count("\n") == 1
        new_payment(running.client())
        with socket.create_connection(("127.0.0.1", running.port)) as idle:
            idle.sendall(b"POST /v1/terminal/locations HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf")
            assert running.stop(number) == (0, "", "")
    simulator = Simulator(tmp_path / "account.sqlite")
    client = stripe.StripeClient(KEY, http_client=SimulatorHTTPClient(simulator))
    assert len(client.v1.payment_intents.list().data) == 1
    simulator.close()


def test_answers_survive_a_kill(tmp_path):
    account = str(tmp_path / "account.sqlite")
    with serve("--account", account) as running:
        payment = new_payment(running.client())
        running.process.kill()
    with serve("--account", account) as running:
        assert running.client().v1.payment_intents.retrieve(payment.id).amount == 1000


def unusable_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """What is wrong -> (file, what the message must say)."""
    rubbish = folder / "rubbish"
    rubbish.write_text("not a database, whatever its name may promise")
    newer, foreign = folder / "newer", folder / "foreign"
    for path, statement in ((newer, "PRAGMA user_version = 1000"), (foreign, "CREATE TABLE birds (name)")):
        db = sqlite3.connect(path)
        db.execute(statement)
        db.commit()
        db.close()
    return {
        "rubbish": (rubbish, "not a database"),
        "newer": (newer, "newer version"),
        "another program's": (foreign, "belongs to another program"),
        "a folder": (folder, "cannot be used"),
        "below a file": (rubbish / "account.sqlite", "cannot be used"),
    }


@pytest.mark.parametrize("kind", ["rubbish", "newer", "another program's", "a folder", "below a file"])
def test_unusable_file_is_said_in_one_line(tmp_path, kind):
    path, expected = unusable_files(tmp_path)[kind]
    before = path.read_bytes() if path.is_file() else None
    code, out, err = refused("--port", "0", "--account", str(path))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert str(path) in err
    assert expected in err
    assert before is None or path.read_bytes() == before


def test_taken_port_is_said_in_one_line(served, tmp_path):
    code, out, err = refused("--port", str(served.port), "--account", str(tmp_path / "a.sqlite"))
    assert (code, out) == (2, "")
    assert err == f"Port {served.port} is taken, perhaps by another simulator; choose one with --port.\n"
    assert not (tmp_path / "a.sqlite").exists()


@pytest.mark.parametrize("port", ["abc", "-1", "65536", "12.5"])
def test_port_that_is_none(port):
    code, out, err = refused("--port", port)
    assert (code, out) == (2, "")
    assert "a number from 0 to 65535" in err or "expected one argument" in err
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux answers on all of 127.0.0.0/8")
def test_listens_on_no_other_address(served):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", served.port), timeout=5)


def test_imports_no_widgets_and_no_notebook():
    listing = "import sys, irl_helpers.simulator.__main__, irl_helpers.simulator.server; print(*sys.modules)"
    done = subprocess.run(
        [COMMAND[0], "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ
    )
    assert not {"ipywidgets", "IPython", "nbformat", "jupyterlab"} & set(done.stdout.split())
