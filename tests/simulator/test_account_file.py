"""The account file: older ones are brought up to date, newer ones and others' are left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import stripe

from irl_helpers.simulator import AccountFileError, Simulator, SimulatorHTTPClient, store

from .sale import new_payment, new_reader, pay


def client_of(simulator: Simulator) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_file", http_client=SimulatorHTTPClient(simulator))


def schema(path: Path) -> list[tuple]:
    db = sqlite3.connect(path)
    rows = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    version = db.execute("PRAGMA user_version").fetchall()
    db.close()
    return rows + version


@pytest.mark.parametrize("version", range(1, store.VERSION))
def test_older_file_is_brought_up_to_date(tmp_path, monkeypatch, version):
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr(store, "STEPS", store.STEPS[:version])
        patch.setattr(store, "VERSION", version)
        simulator = Simulator(old)
        paid = pay(
            client_of(simulator), new_reader(client_of(simulator)).id, new_payment(client_of(simulator)).id
        )
        simulator.close()
    Simulator(new).close()
    simulator = Simulator(old)
    client = client_of(simulator)
    assert client.v1.payment_intents.retrieve(paid.id).to_dict() == paid.to_dict()
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1/", "enabled_events": ["*"]})
    new_payment(client)
    assert client.v1.events.list().data[0].pending_webhooks == 1
    simulator.close()
    assert schema(old) == schema(new)


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
