"""The account file: older ones are brought up to date, newer ones and others' are left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import stripe

from irl_helpers.simulator import AccountFileError, Simulator, SimulatorHTTPClient, store
from irl_helpers.simulator.versions import NEWEST

from .sale import new_payment, new_reader, pay

COLUMNS = "account, kind, id, created, body, inner"


def client_of(simulator: Simulator) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_file", http_client=SimulatorHTTPClient(simulator))


def schema(path: Path) -> list[tuple]:
    db = sqlite3.connect(path)
    rows = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    version = db.execute("PRAGMA user_version").fetchall()
    db.close()
    return rows + version


def contents_of(simulator: Simulator) -> tuple[list[tuple], tuple]:
    """The rows of its objects, and that of its account, for `older`."""
    rows = simulator.read(lambda db: db.execute(f"SELECT {COLUMNS} FROM objects").fetchall())
    return rows, simulator.read(
        lambda db: db.execute("SELECT id, key_hash, revision FROM accounts").fetchone()
    )


def older(path: Path, version: int, rows: list[tuple], account: tuple) -> None:
    """A file as a package of that version left it."""
    db = sqlite3.connect(path)
    for step in store.STEPS[:version]:
        db.executescript(step)
    db.execute(
        "CREATE INDEX event_by_type ON objects (account, json_extract(body, '$.type'), id) "
        "WHERE kind = 'event' AND json_extract(body, '$.type') IS NOT NULL"
    )
    db.execute("INSERT INTO accounts (id, key_hash, revision) VALUES (?, ?, ?)", account)
    db.executemany(f"INSERT INTO objects ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute(f"PRAGMA user_version = {version}")
    db.commit()
    db.close()


@pytest.mark.parametrize("version", range(1, store.VERSION))
def test_older_file_is_brought_up_to_date(tmp_path, version):
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    simulator = Simulator(new)
    client = client_of(simulator)
    paid = pay(client, new_reader(client).id, new_payment(client).id)
    rows, account = contents_of(simulator)
    simulator.close()
    older(old, version, rows, account)

    simulator = Simulator(old)
    client = client_of(simulator)
    assert client.v1.payment_intents.retrieve(paid.id).to_dict() == paid.to_dict()
    stored = simulator.read(lambda db: db.execute("SELECT api_version FROM accounts").fetchall())
    assert stored == [(NEWEST,)]
    assert [charge.id for charge in client.v1.charges.list({"payment_intent": paid.id}).data] == [
        paid.latest_charge
    ]
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1/", "enabled_events": ["*"]})
    new_payment(client)
    assert client.v1.events.list({"type": "payment_intent.created"}).data[0].pending_webhooks == 1
    simulator.close()
    assert schema(old) == schema(new)


def test_an_answer_kept_by_an_older_package_is_given_again(tmp_path):
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    headers = {"Authorization": "Bearer sk_test_file", "Idempotency-Key": "order 7"}
    request = ("POST", "/v1/customers", headers, "name=Mira")
    simulator = Simulator(new)
    first = simulator.handle(*request)
    columns = "number, account, key, request, status, body, created, original"
    answers = simulator.read(lambda db: db.execute(f"SELECT {columns} FROM answers").fetchall())
    account = simulator.read(lambda db: db.execute("SELECT id, key_hash, revision FROM accounts").fetchone())
    simulator.close()
    # Until then, an answer's place in the file was the number made from its key.
    older(old, 11, [], account)
    db = sqlite3.connect(old)
    db.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", answers)
    db.commit()
    db.close()

    simulator = Simulator(old)
    again = simulator.handle(*request)
    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    simulator.close()


def test_account_from_before_configurations_gets_its_default(tmp_path):
    """Every account has one, also one that was made by a package that knew of none."""
    path = tmp_path / "account.sqlite"
    simulator = Simulator(path)
    client = client_of(simulator)
    reader, payment = new_reader(client), new_payment(client)
    simulator.write(lambda db: db.execute("DELETE FROM objects WHERE kind = 'terminal.configuration'"))
    assert pay(client, reader.id, payment.id).status == "succeeded"
    (default,) = client.v1.terminal.configurations.list({"is_account_default": True}).data
    tipping = {"usd": {"fixed_amounts": [100]}}
    assert client.v1.terminal.configurations.update(default.id, {"tipping": tipping}).is_account_default
    assert client.v1.terminal.configurations.list().data[0].tipping.usd.fixed_amounts == [100]
    simulator.close()


def test_payments_from_before_balance_transactions_can_be_refunded(tmp_path):
    """They have none, and no receipt; what goes back has one."""
    path = tmp_path / "account.sqlite"
    simulator = Simulator(path)
    client = client_of(simulator)
    paid = pay(client, new_reader(client).id, new_payment(client).id)

    def forget(db: sqlite3.Connection) -> None:
        fields = "'$.balance_transaction', null, '$.receipt_url', null"
        db.execute(f"UPDATE objects SET body = json_set(body, {fields}) WHERE kind = 'charge'")
        db.execute("DELETE FROM objects WHERE kind = 'balance_transaction'")
        db.execute("DELETE FROM funds")

    simulator.write(forget)
    assert client.v1.balance.retrieve().pending[0].amount == 0
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert client.v1.balance_transactions.retrieve(refund.balance_transaction).net == -1000
    assert client.v1.charges.retrieve(paid.latest_charge).refunded
    assert client.v1.balance.retrieve().pending[0].amount == -1000
    simulator.close()


def test_newer_file_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "account.sqlite"
    Simulator(path).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {store.VERSION + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(AccountFileError, match="newer version") as caught:
        Simulator(path)
    assert "Update the package" in str(caught.value)
    assert path.read_bytes() == before


def test_keys_are_not_written_down(tmp_path):
    path = tmp_path / "account.sqlite"
    simulator = Simulator(path)
    new_payment(client_of(simulator))
    simulator.close()
    for file in tmp_path.iterdir():
        assert b"sk_test_file" not in file.read_bytes()
