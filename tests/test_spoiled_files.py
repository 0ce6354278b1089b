"""An account file that goes wrong, as a learner meets it: an AccountError, words in a panel, a way out."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing

import pytest

from irl_helpers import checks, clock, collect
from irl_helpers.account import AccountError, note, noted, reset_account, stripe_client
from irl_helpers.panels import CollectPanel
from irl_helpers.setup import own_reader
from irl_helpers.simulator import file_trouble
from tests.simulator.spoiling import BEFORE, IN_USE, no_longer_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and open files as Linux has them")

CALLS = {
    "a call": lambda: stripe_client().v1.payment_intents.list(),
    "a call that writes": lambda: collect.create_payment(1250),
    "a part's function": lambda: own_reader("Till"),
    "a control": clock.now,
    "a note": lambda: note("name", "value"),
    "a look at a note": lambda: noted("name"),
    "a check": checks.setup,
}


def check_way_out() -> None:
    """After a reset there is an empty account, which keeps what it is told."""
    reset_account()
    assert stripe_client().v1.payment_intents.list().data == []
    note("name", "value")
    payment = collect.create_payment(1250)
    assert stripe_client().v1.payment_intents.retrieve(payment.id).amount == 1250
    assert noted("name") == "value"


def pay_for_ever() -> None:
    while True:
        collect.create_payment(1250)


@pytest.mark.parametrize("kind", IN_USE)
def test_in_use(account_file, kind):
    spoil, expected = IN_USE[kind]
    for _ in range(3):
        collect.create_payment(1250)
    with closing(sqlite3.connect(account_file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    collect.create_payment(1250)
    spoil(account_file)
    for name, call in CALLS.items():
        with pytest.raises(AccountError, match=expected) as caught:
            call()
        assert "reset_account()" in str(caught.value), name
    check_way_out()


@pytest.mark.parametrize("kind", BEFORE)
def test_before_it_is_opened(account_file, kind, monkeypatch):
    spoil, expected = BEFORE[kind]
    path = account_file.with_name("other.sqlite")
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(path))
    collect.create_payment(1250)
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(account_file))
    stripe_client()
    spoil(path)
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(path))
    for call in CALLS.values():
        with pytest.raises(AccountError, match=expected):
            call()
    check_way_out()
    assert path.with_name("other.sqlite.damaged").exists()


def test_no_room(account_file):
    collect.create_payment(1250)
    with no_longer_files(600_000):
        with pytest.raises(AccountError, match="disk full"):
            pay_for_ever()
        check_way_out()


def test_a_panel_says_so(account_file):
    async def press() -> str:
        own_reader("Till")
        panel = CollectPanel()
        await panel.settled()
        account_file.unlink()
        panel.buttons["refresh"].click()
        await panel.settled()
        said = panel.error
        reset_account()
        panel.close()
        return said

    assert asyncio.run(press()).startswith(f"{account_file} was deleted or replaced while it was in use.")


def test_a_lock_is_said_after_five_seconds(account_file, monkeypatch):
    payment = collect.create_payment(1250)
    monkeypatch.setattr(file_trouble, "PATIENCE", 0.2)  # of which another test waits all
    with closing(sqlite3.connect(account_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(AccountError, match="being written by another program"):
            collect.create_payment(1250)
        with pytest.raises(AccountError, match="being written by another program"):
            note("name", "value")
        assert stripe_client().v1.payment_intents.retrieve(payment.id).amount == 1250
        assert noted("name") is None


def test_what_belongs_to_somebody_else_is_left_alone(account_file):
    with closing(sqlite3.connect(account_file)) as db:
        db.execute("CREATE TABLE birds (name)")
        db.commit()
    before = account_file.read_bytes()
    with pytest.raises(AccountError, match="belongs to another program"):
        reset_account()
    assert account_file.read_bytes() == before
