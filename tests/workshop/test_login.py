"""Names, and the PINs that keep them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

pytest.importorskip("jupyterhub")

from tornado.web import HTTPError

from workshop import login
from workshop.pins import Pins, normal_name
from workshop.room import Room, RoomError


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ana", "ana"),
        (" Ana ", "ana"),
        ("Zoë K.", "zoe-k"),
        ("JEAN_LUC", "jean-luc"),
        ("a" * 20, "a" * 20),
        ("a" * 21, ""),
        ("9lives", ""),
        ("", ""),
        ("李", ""),
        ("../../etc", ""),
        ("ana/ben", ""),
        ("ana\nben", "ana-ben"),
        ("-", ""),
    ],
)
def test_a_name_is_plain_wherever_it_is_typed(typed, name):
    assert normal_name(typed) == name


def test_the_first_pin_keeps_the_name_and_none_is_written_down(tmp_path):
    pins = Pins(tmp_path / "pins.json")
    assert pins.names() == []
    assert pins.check("ana", "secret-2468")
    assert pins.check("ben", "secret-2468")
    assert pins.names() == ["ana", "ben"]
    assert not pins.check("ana", "0000")
    assert Pins(tmp_path / "pins.json").check("ana", "secret-2468")
    kept = json.loads((tmp_path / "pins.json").read_text())
    assert "secret" not in json.dumps(kept)
    assert kept["ana"]["hash"] != kept["ben"]["hash"], "the same PIN looks different for everyone"
    assert (tmp_path / "pins.json").stat().st_mode & 0o077 == 0
    assert pins.forget("ana")
    assert not pins.forget("ana")
    assert pins.check("ana", "0000")


@pytest.fixture
def authenticator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> login.RoomAuthenticator:
    monkeypatch.setattr(login, "DELAY", 0)
    return login.RoomAuthenticator(room=Room(tmp_path / "room"))


def come(authenticator: login.RoomAuthenticator, name: str, pin: str, password: str | None = None) -> str:
    """'in', or the reason why not."""
    keys = authenticator.room.keys
    form = {"username": name, "pin": pin, "password": keys.learner_password if password is None else password}
    try:
        return "in" if asyncio.run(authenticator.authenticate(None, form)) else "nothing"
    except HTTPError as refusal:
        return refusal.log_message if refusal.status_code == 403 else f"status {refusal.status_code}"


def test_pins_cannot_be_tried_out(authenticator, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(login.time, "monotonic", lambda: now[0])
    assert come(authenticator, "ana", "2468") == "in"
    for guess in range(login.TRIES):
        assert "not its PIN" in come(authenticator, "ana", f"000{guess}")
    assert "Too many" in come(authenticator, "ana", "2468"), "not even the right one, for now"
    assert come(authenticator, "ben", "1111") == "in", "nobody else has to wait"
    now[0] += login.PAUSE
    assert "not its PIN" in come(authenticator, "ana", "0009"), "one more"
    assert "Too many" in come(authenticator, "ana", "0010")
    now[0] += login.PAUSE
    assert come(authenticator, "ana", "2468") == "in"


def test_nobody_learns_who_is_here_without_the_rooms_password(authenticator):
    come(authenticator, "ana", "2468")
    assert come(authenticator, "ana", "2468", "guess") == come(authenticator, "nobody", "2468", "guess")


def test_the_instructor_has_a_password_of_her_own_and_is_no_admin(authenticator):
    keys = authenticator.room.keys
    assert come(authenticator, "instructor", "", keys.instructor_password) == "in"
    assert "instructor's password" in come(authenticator, "Instructor", "2468", keys.learner_password)
    form = {"username": "instructor", "password": keys.instructor_password}
    assert asyncio.run(authenticator.authenticate(None, form)) == {"name": "instructor", "admin": False}
    form = {"username": "ana", "pin": "2468", "password": keys.learner_password}
    assert asyncio.run(authenticator.authenticate(None, form)) == {"name": "ana", "admin": False}


def test_the_rooms_keys_stay_the_same_and_are_nobody_elses(tmp_path):
    keys = Room(tmp_path / "room").keys
    assert Room(tmp_path / "room").keys == keys
    assert Room(tmp_path / "other").keys != keys
    path = tmp_path / "room" / "room.json"
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("{}")
    with pytest.raises(RoomError, match="Move it away"):
        Room(tmp_path / "room").keys  # noqa: B018  it is read when it is asked for
