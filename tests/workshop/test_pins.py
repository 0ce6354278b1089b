"""The PINs that keep names: safe across processes, and never written down."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from workshop.pins import Pins, TooAlike


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    return Pins(tmp_path / "pins.sqlite")


def test_the_first_pin_keeps_the_name_and_none_is_written_down(pins):
    assert pins.names() == []
    assert pins.check("ana", "secret-2468")
    assert pins.check("ben", "secret-2468")
    assert pins.names() == ["ana", "ben"]
    assert not pins.check("ana", "0000")
    assert Pins(pins.path).check("ana", "secret-2468")
    files = list(pins.path.parent.iterdir())
    assert all(b"secret" not in file.read_bytes() for file in files)
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    with closing(sqlite3.connect(pins.path)) as kept:
        assert len(set(kept.execute("SELECT hash FROM names"))) == 2, "one PIN looks different for everyone"


def test_a_forgotten_pin_is_chosen_anew_and_the_name_stays(pins):
    assert not pins.forget("ana")
    assert pins.check("ana", "2468")
    before = pins.mark("ana")
    assert pins.forget("ana")
    assert pins.names() == ["ana"]
    assert pins.mark("ana") == ""
    assert pins.check("ana", "0000")
    assert not pins.check("ana", "2468")
    assert pins.mark("ana") not in ("", before)


def test_a_name_like_another_is_not_given_away(pins):
    assert pins.check("josé", "2468")
    with pytest.raises(TooAlike, match="josé"):
        pins.check("jose", "2468")
    with pytest.raises(TooAlike, match="instructor"):
        pins.check("\u0131nstructor", "2468")
    pins.forget("josé")
    with pytest.raises(TooAlike, match="josé"):
        pins.check("jose", "2468")
    assert pins.names() == ["josé"]


LOG_IN = """
import sys
from workshop import pins
pins._hash = lambda pin, salt: salt + pin.encode()  # the real one takes its time on purpose
kept = pins.Pins(pins.Path(sys.argv[1]))
for number in range(25):
    assert kept.check(f"{sys.argv[2]}-{number}", "2468")
    assert kept.forget("ana")
"""


def test_a_hundred_first_logins_at_once_and_a_hundred_forgotten_pins_lose_nothing(pins):
    pins.check("ana", "2468")
    begin = [sys.executable, "-c", LOG_IN, str(pins.path)]
    root = Path(__file__).resolve().parents[2]
    logins = [subprocess.Popen([*begin, letter], cwd=root) for letter in "bcde"]
    while any(login.poll() is None for login in logins):
        assert pins.check("ana", "2468") or pins.forget("ana")
        time.sleep(0.01)
    assert [login.returncode for login in logins] == [0] * 4
    assert len(pins.names()) == 101


def test_the_first_logins_of_a_room_may_come_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("workshop.pins._hash", lambda pin, salt: salt + pin.encode())
    for number in range(5):
        room = tmp_path / f"{number}.sqlite"
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(lambda name, room=room: Pins(room).check(name, "2468"), "abcdefgh"))


def test_names_of_a_room_from_before_are_taken_over(pins):
    old = {"ana": {"salt": "00" * 16, "hash": "11" * 64}}
    pins.path.with_suffix(".json").write_text(json.dumps(old))
    assert pins.names() == ["ana"]
    assert not pins.check("ana", "2468"), "she has a PIN"
