"""The offline account as a file that can be moved: out of it, into another one, and what is refused."""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from irl_helpers import account
from irl_helpers.account import AccountError, stripe_client
from irl_helpers.account_copy import AccountCopy, export_account, import_account
from irl_helpers.setup import own_reader
from irl_helpers.simulator.store import STEPS, VERSION, key_hash

PAYMENT = {"amount": 1200, "currency": "usd", "allowed_payment_method_types": ["card_present"]}


def work(label: str) -> list[str]:
    """A reader, a payment and a note: the ids of the first two."""
    reader = own_reader(label)
    payment = stripe_client().v1.payment_intents.create(PAYMENT)
    account.note("reader", reader.id)
    return [reader.id, payment.id]


def in_it() -> list[str]:
    """The ids of the account's readers and payments."""
    v1 = stripe_client().v1
    return [each.id for found in (v1.terminal.readers.list(), v1.payment_intents.list()) for each in found]


def test_an_account_moves_to_another_file_and_goes_on_there(tmp_path, monkeypatch):
    ids = work("Till")
    path = export_account().save(tmp_path / "moved.sqlite")

    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(tmp_path / "elsewhere.sqlite"))
    work("Another till")
    work("Third till")
    before = account.changes()
    said = import_account(path)

    assert said == "The offline account is that of the copy now: readers: 1, payments: 1."
    assert in_it() == ids
    assert account.noted("reader") == ids[0]
    assert account.changes().revision > before.revision, "an open panel sees that something has changed"
    assert stripe_client().v1.payment_intents.create(PAYMENT).id not in ids


def test_another_notebook_on_the_file_sees_it(account_file):
    from irl_helpers.simulator import Simulator, SimulatorHTTPClient

    ids = work("Till")
    copy = export_account()
    account.reset_account()
    simulator = Simulator(account_file)
    client = type(stripe_client())(account.OFFLINE_KEY, http_client=SimulatorHTTPClient(simulator))
    assert not client.v1.payment_intents.list().data
    import_account(copy)
    assert [each.id for each in client.v1.payment_intents.list()] == ids[1:]
    simulator.close()


def test_in_a_notebook_it_is_a_link_that_saves_it():
    work("Till")
    copy = export_account()
    [data] = re.findall(r'href="data:application/vnd.sqlite3;base64,([^"]+)"', copy._repr_html_())
    assert base64.b64decode(data) == copy.content
    assert import_account(base64.b64decode(data)).endswith("readers: 1, payments: 1.")


def test_one_of_an_older_version_is_brought_up_to_date(tmp_path):
    old = tmp_path / "old.sqlite"
    db = sqlite3.connect(old)
    db.executescript(STEPS[0])
    db.execute("PRAGMA user_version = 1")
    db.execute("INSERT INTO accounts (key_hash) VALUES (?)", (key_hash(account.OFFLINE_KEY),))
    db.commit()
    db.close()
    work("Till")
    assert import_account(old).endswith("readers: 0, payments: 0.")
    assert in_it() == []
    assert work("Till") == in_it()


def newer(content: bytes) -> bytes:
    return content[:60] + (VERSION + 1).to_bytes(4, "big") + content[64:]


def of_another_program(content: bytes) -> bytes:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE songs (title)")
    return db.serialize()


def unreadable(content: bytes) -> bytes:
    """SQLite finds nothing wrong with it, and no request could answer from it."""
    return content.replace(b'{"id":"pi_', b'["id":"pi_')


REFUSED: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("nothing", lambda content: b"", "It is no copy of an offline account."),
    ("a picture", lambda content: b"\x89PNG" + content, "It is no copy of an offline account."),
    ("a newer version's", newer, "It was written by a newer version of this package: update this one."),
    ("another program's", of_another_program, "It is the file of another program"),
    ("half of one", lambda content: content[: len(content) // 2], "It is damaged: export it again."),
    ("only its beginning", lambda content: content[:20], "It is damaged: export it again."),
    ("an unreadable payment", unreadable, "It is damaged: export it again."),
]


@pytest.mark.parametrize(("make", "why"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_is_no_sound_copy_is_refused_before_anything_changes(tmp_path, make, why):
    ids = work("Till")
    path = tmp_path / "given.sqlite"
    path.write_bytes(make(export_account().content))
    before = account.changes()
    for given, name in ((path, str(path)), (path.read_bytes(), "The copy")):
        with pytest.raises(AccountError, match="Nothing was changed") as problem:
            import_account(given)
        assert str(problem.value).startswith(f"{name} cannot be imported. {why}")
    assert account.changes() == before
    assert in_it() == ids


def test_paths_that_cannot_be_used_are_named(tmp_path):
    (tmp_path / "taken.sqlite").touch()
    copy = AccountCopy(b"")
    for path, why in (("taken.sqlite", "is there already"), ("no/folder.sqlite", "No such file")):
        with pytest.raises(AccountError, match=why):
            copy.save(tmp_path / path)
    with pytest.raises(AccountError, match="No such file"):
        import_account(tmp_path / "none.sqlite")


@pytest.mark.parametrize(
    "setting", [("IRL_API_BASE", "http://127.0.0.1:1"), ("STRIPE_SECRET_KEY", "sk_test_1")]
)
def test_only_the_account_in_a_file_can_be_moved(monkeypatch: pytest.MonkeyPatch, setting, tmp_path: Path):
    monkeypatch.setenv(*setting)
    with pytest.raises(AccountError, match="Only the offline account in a file can be exported"):
        export_account()
    with pytest.raises(AccountError, match="Only the offline account in a file can be replaced"):
        import_account(tmp_path / "any.sqlite")
