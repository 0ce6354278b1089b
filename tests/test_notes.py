"""Notes are kept with the account that they are about, whichever notebooks write them at the same time."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from irl_helpers.account import note, noted, reset_account
from irl_helpers.settings import settings
from tests.at_once import at_once
from tests.simulator.serving import serve
from tests.test_account import TEST_KEY

KERNELS = 4
EACH = 10


@pytest.fixture
def kind(request, monkeypatch, tmp_path):
    """That kind of account, in a home of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if request.param == "test mode":
        monkeypatch.setenv("STRIPE_SECRET_KEY", TEST_KEY)
    if request.param == "served":
        with serve("--account", str(tmp_path / "served.sqlite")) as served:
            monkeypatch.setenv("IRL_API_BASE", served.url)
            yield
    else:
        yield


@pytest.mark.parametrize("kind", ["in process", "test mode"], indirect=True)
@pytest.mark.usefixtures("kind")
def test_several_kernels_at_once_lose_nothing():
    code = (
        f"for each in range({EACH}):\n"
        "    note(f'{number}-{each}', str(each))\n"
        "    note('shared', str(number))\n"
        "    assert noted('shared')\n"
        "    note(f'gone-{number}', 'x'), note(f'gone-{number}', None)\n"
    )
    at_once("from irl_helpers.account import note, noted", code, KERNELS)
    for kernel in range(KERNELS):
        assert [noted(f"{kernel}-{number}") for number in range(EACH)] == [*map(str, range(EACH))]
        assert noted(f"gone-{kernel}") is None
    assert noted("shared") in map(str, range(KERNELS))


def test_notes_belong_to_one_account(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    note("reader", "tmr_1")
    assert noted("reader") == "tmr_1"
    monkeypatch.setenv("STRIPE_SECRET_KEY", TEST_KEY)
    assert noted("reader") is None
    note("reader", "tmr_2")
    monkeypatch.setenv("STRIPE_SECRET_KEY", f"{TEST_KEY}other")
    assert noted("reader") is None
    monkeypatch.delenv("STRIPE_SECRET_KEY")
    assert noted("reader") == "tmr_1"
    note("reader", None)
    assert noted("reader") is None
    monkeypatch.setenv("STRIPE_SECRET_KEY", TEST_KEY)
    assert noted("reader") == "tmr_2"
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert all(TEST_KEY.encode() not in content for content in kept)


@pytest.mark.parametrize("kind", ["in process", "served"], indirect=True)
@pytest.mark.usefixtures("kind")
def test_a_reset_forgets_them():
    note("reader", "tmr_1")
    reset_account()
    assert noted("reader") is None


def test_a_note_needs_nobody_else_to_have_finished(account_file):
    """Somebody is in the middle of writing: a look does not wait for that."""
    note("reader", "tmr_1")
    with sqlite3.connect(account_file) as db:
        db.execute("BEGIN IMMEDIATE")
        assert noted("reader") == "tmr_1"
    db.close()


def old_notes(account: Path, notes: object) -> Path:
    account.parent.mkdir(parents=True, exist_ok=True)
    path = account.with_suffix(".notes.json")
    path.write_text(json.dumps(notes))
    return path


def test_notes_of_an_older_version_are_taken_over_once(account_file):
    old = old_notes(account_file, {"reader": "tmr_1", "other": "x"})
    assert noted("reader") == "tmr_1"
    assert not old.exists()
    note("reader", None)
    settings_changed = old_notes(account_file.with_name("another.sqlite"), {"reader": "tmr_2"})
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("IRL_ACCOUNT_FILE", str(settings_changed.with_name("another.sqlite")))
        assert noted("reader") == "tmr_2"
    assert settings().file == account_file
    assert (noted("reader"), noted("other")) == (None, "x")
    assert not list(account_file.parent.glob("*.notes.*")), "they were left behind"


def test_notes_about_test_mode_are_taken_over_too(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("STRIPE_SECRET_KEY", TEST_KEY)
    # The first 16 digits of the SHA-256 of " " and the key, as it was named then.
    old = old_notes(tmp_path / "data/get-paid-irl/84a00491a349aa31", {"reader": "tmr_1"})
    assert noted("reader") == "tmr_1"
    assert not old.exists()


@pytest.mark.parametrize("rubbish", [[], ["reader"], "reader", None, {"reader": 1}, {"reader": None}])
def test_rubbish_is_no_note(rubbish, account_file):
    old_notes(account_file, rubbish)
    assert noted("reader") is None
