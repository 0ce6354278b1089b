"""Who gets in, and how whoever guesses is slowed down."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("jupyterhub")

from tornado.httputil import HTTPHeaders
from tornado.web import HTTPError

from workshop import brake, client_address, login
from workshop.brake import Brake
from workshop.client_address import address_of, came_by_the_proxy
from workshop.room import Room, RoomError


class Browser:
    """What the hub knows of one: its address, what it says about that, and its cookies."""

    def __init__(self, address: str = "192.0.2.1", says: str = "") -> None:
        headers = HTTPHeaders({"X-Forwarded-For": f"{says},{address}" if says else address})
        self.request = SimpleNamespace(headers=headers, connection=None, host="room", path="/hub/login")
        self.cookies: dict[str, bytes] = {}

    def get_secure_cookie(self, name: str) -> bytes | None:
        return self.cookies.get(name)

    def set_secure_cookie(self, name: str, value: str, **how: Any) -> None:
        assert how == {"path": "/hub/login", "httponly": True}, "no learner's server gets it"
        self.cookies[name] = value.encode()


@pytest.fixture
def authenticator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> login.RoomAuthenticator:
    monkeypatch.setattr(login, "DELAY", 0)
    return login.RoomAuthenticator(room=Room(tmp_path / "room"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(brake.time, "monotonic", lambda: now[0])
    return now


def come(
    authenticator: login.RoomAuthenticator,
    name: str,
    pin: str,
    password: str | None = None,
    browser: Browser | None = None,
) -> str:
    """'in', or the reason why not."""
    keys = authenticator.room.keys
    form = {"username": name, "pin": pin, "password": keys.learner_password if password is None else password}
    try:
        return "in" if asyncio.run(authenticator.authenticate(browser or Browser(), form)) else "nothing"
    except HTTPError as refusal:
        return refusal.log_message if refusal.status_code == 403 else f"status {refusal.status_code}"


def test_a_brake_is_off_at_first_and_then_each_pause_is_twice_as_long(clock):
    slow = Brake(free=2, first=10, longest=60)
    assert [slow.seconds("eve"), slow.seconds("eve")] == [0, 0]
    for pause in (10, 20, 40, 60, 60):
        clock[0] += pause - 0.5
        assert slow.seconds("eve") == 1, "not yet"
        assert slow.seconds("ana") == 0, "nobody else waits"
        slow.release("ana")
        clock[0] += 0.5
        assert slow.seconds("eve") == 0
    clock[0] += brake.FORGIVEN
    assert [slow.seconds("eve"), slow.seconds("eve")] == [0, 0]


def test_wrong_pins_slow_the_guesser_and_not_the_owner(authenticator, clock):
    own, guesser = Browser("192.0.2.1"), Browser("192.0.2.2")
    assert come(authenticator, "ana", "2468", browser=own) == "in"
    for guess in range(5):
        assert "not its PIN" in come(authenticator, "ana", f"000{guess}", browser=guesser)
    assert "Try again in 31 seconds" in come(authenticator, "ana", "2468", browser=guesser), "not even this"
    assert come(authenticator, "ben", "1111", browser=guesser) == "in", "it is about one name"
    assert come(authenticator, "ana", "2468", browser=own) == "in"
    assert come(authenticator, "ana", "2468", browser=Browser("192.0.2.3")) == "in", "another laptop of hers"
    clock[0] += 30
    assert "not its PIN" in come(authenticator, "ana", "0005", browser=guesser)
    assert "Try again in 61 seconds" in come(authenticator, "ana", "0006", browser=guesser)


def test_a_browser_that_knew_the_pin_goes_on_where_another_guesses_at_its_address(authenticator, clock):
    own, guesser = Browser(), Browser()
    assert come(authenticator, "ana", "2468", browser=own) == "in"
    for guess in range(6):
        said = come(authenticator, "ana", f"000{guess}", browser=guesser)
    assert "Too many" in said
    assert come(authenticator, "ana", "2468", browser=own) == "in"
    # Whoever stole its cookie is slowed down as well, and the cookie is no PIN.
    for guess in range(6):
        said = come(authenticator, "ana", f"000{guess}", browser=own)
    assert "Too many" in said
    authenticator._pins.forget("ana")
    assert come(authenticator, "ana", "1357", browser=Browser("192.0.2.9")) == "in"
    assert "Too many" in come(authenticator, "ana", "2468", browser=own), "it knew another PIN: as any other"


def test_wrong_passwords_make_their_address_wait_and_longer_each_time(authenticator, clock):
    password = authenticator.room.keys.learner_password
    for _ in range(3):
        assert "not the room's password" in come(authenticator, "eve", "2468", "guess")
    for pause in (1, 2, 4, 8, 16, 32, 60, 60):
        assert "Too many wrong passwords" in come(authenticator, "eve", "2468", password)
        assert come(authenticator, "ana", "2468", browser=Browser("192.0.2.2")) == "in"
        clock[0] += pause
        assert "not the room's password" in come(authenticator, "eve", "2468", "guess")
    # Knowing one password helps with no other.
    clock[0] += 60
    assert come(authenticator, "eve", "2468") == "in"
    for _ in range(3):
        assert "instructor's password" in come(authenticator, "instructor", "", password)
        assert come(authenticator, "eve", "2468") == "in"
    assert "Too many" in come(authenticator, "instructor", "", authenticator.room.keys.instructor_password)


@pytest.mark.parametrize(
    ("seen", "says", "address"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # what a client says about itself does not count
        ("192.0.2.7", "198.51.100.1, 127.0.0.1", "192.0.2.7"),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
        ("127.0.0.1", "", "this machine"),
        ("127.44.5.6", "", "this machine"),
        ("::ffff:127.0.0.2", "", "this machine"),
        ("::1", "", "this machine"),
        ("2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "", "2001:db8:1:2::/64"),
        ("", "", "this machine"),
    ],
)
def test_the_address_is_the_one_that_the_proxy_saw(seen, says, address):
    browser = Browser(seen, says)
    browser.request.headers.add("X-Real-Ip", "198.51.100.2")
    assert address_of(browser.request) == address


def test_nobody_learns_who_is_here_without_the_rooms_password(authenticator):
    come(authenticator, "ana", "2468")
    assert come(authenticator, "ana", "2468", "guess") == come(authenticator, "nobody", "2468", "guess")


def test_what_cannot_be_a_name_is_told_clearly(authenticator):
    assert come(authenticator, "josé", "2468") == "in"
    assert (
        come(authenticator, "Jose", "2468") == "jose is too much like josé, who is here. Choose another name."
    )
    assert "letters of one alphabet" in come(authenticator, "an\u0430", "2468")
    assert come(authenticator, "李小龙", "2468") == "in"


def test_the_instructor_has_a_password_of_her_own_and_is_no_admin(authenticator):
    keys = authenticator.room.keys
    assert come(authenticator, "instructor", "", keys.instructor_password) == "in"
    assert "instructor's password" in come(authenticator, "Instructor", "2468", keys.learner_password)
    form = {"username": "instructor", "password": keys.instructor_password}
    learner = {"username": "ana", "pin": "2468", "password": keys.learner_password}
    for one in (form, learner):
        let_in = asyncio.run(authenticator.authenticate(Browser(), one))
        assert let_in == {"name": one["username"], "admin": False}


def test_the_rooms_keys_stay_the_same_and_are_nobody_elses(tmp_path):
    keys = Room(tmp_path / "room").keys
    assert Room(tmp_path / "room").keys == keys
    assert Room(tmp_path / "other").keys != keys
    path = tmp_path / "room" / "room.json"
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("{}")
    with pytest.raises(RoomError, match="Move it away"):
        Room(tmp_path / "room").keys  # noqa: B018  it is read when it is asked for


OURS, HERS = os.geteuid(), os.geteuid() + 1
# Connections from the port of whoever logs in, as the system's table has them: where to, and whose.
PAST = {
    "the proxy's": ([("hub", OURS)], True),
    "hers": ([("hub", HERS)], False),
    "hers, and one of the room's to somewhere else": ([("elsewhere", OURS), ("hub", HERS)], False),
    "one that is not in the table": ([("elsewhere", OURS)], False),
}


@pytest.mark.parametrize(("table", "by_the_proxy"), PAST.values(), ids=PAST)
def test_only_the_proxys_own_connection_passes_for_the_proxys(table, by_the_proxy, tmp_path, monkeypatch):
    with (
        socket.create_server(("127.0.0.1", 0)) as hub,
        socket.create_connection(hub.getsockname()) as peer,
        hub.accept()[0] as accepted,
    ):

        def row(to: str, owner: int) -> str:
            host, _ = (peer if to == "hub" else hub).getsockname()
            ends = (host, peer.getsockname()[1]), (host, hub.getsockname()[1] + (to != "hub"))
            shown = (f"{socket.inet_aton(host)[::-1].hex().upper()}:{port:04X}" for host, port in ends)
            return f"0: {' '.join(shown)} 01 0:0 0:0 0 {owner} 0"

        (tmp_path / "tcp").write_text("\n".join(["heads", *(row(*each) for each in table)]))
        monkeypatch.setattr(client_address, "CONNECTIONS", tmp_path / "tcp")
        stream = SimpleNamespace(socket=accepted, closed=lambda: False)
        request: Any = SimpleNamespace(connection=SimpleNamespace(stream=stream))
        assert came_by_the_proxy(request) == by_the_proxy
