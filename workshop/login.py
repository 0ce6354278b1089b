"""Who gets in: anyone with the room's password, under a name that is kept by a PIN."""

from __future__ import annotations

import asyncio
import hmac
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.auth import Authenticator
from jupyterhub.spawner import SpawnException
from tornado.web import HTTPError
from traitlets import Instance, Unicode, default

from .pins import SHORTEST, Pins, normal_name
from .room import INSTRUCTOR, Room

TRIES = 5
PAUSE = 30  # seconds without a further try, after so many wrong PINs for a name
DELAY = 0.5  # seconds that every refusal takes


class RoomAuthenticator(Authenticator):
    """A learner brings the room's password, a name and a PIN; the instructor a password of her own."""

    room = Instance(Room).tag(config=True)
    address = Unicode(help="where alone one logs in; '' for wherever the hub is found").tag(config=True)
    _wrong: dict[str, tuple[int, float]]

    @default("allow_all")
    def _allow_all(self) -> bool:
        return True  # whoever passes `authenticate`

    @default("custom_html")
    def _form(self) -> str:
        return (Path(__file__).parent / "login.html").read_text("utf-8")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pins = Pins(self.room.pins)
        self._wrong = {}

    def normalize_username(self, username: str) -> str:
        """The form of the name that is used everywhere."""
        return normal_name(username)

    async def authenticate(self, handler: Any, data: dict[str, str]) -> dict[str, Any] | None:
        """The learner or the instructor that the form names. Raises HTTPError 403 with the reason; it never
        tells whether a name is in use to someone without the room's password."""
        try:
            # The hub answers at learners' names too, where their scripts could use a login.
            if self.address and handler.request.host != urlsplit(self.address).netloc:
                raise HTTPError(403, f"Come in at {self.address}")
            return await self._authenticated(data)
        except HTTPError:
            await asyncio.sleep(DELAY)
            raise

    async def pre_spawn_start(self, user: Any, spawner: Any) -> None:
        """Where the table is open, no notebook runs: what one shows could press the table's buttons."""
        if user.name == INSTRUCTOR:
            words = "The instructor has no notebooks. Come in as a learner, in another browser."
            raise SpawnException(words, reason="instructor", status_code=403)

    async def _authenticated(self, data: dict[str, str]) -> dict[str, Any]:
        name, password = normal_name(data.get("username", "")), data.get("password", "").strip()
        if name == INSTRUCTOR:
            if not _same(password, self.room.keys.instructor_password):
                raise HTTPError(403, "This is not the instructor's password.")
            return {"name": name, "admin": False}
        if not _same(password, self.room.keys.learner_password):
            raise HTTPError(403, "This is not the room's password. It is on the wall, or ask.")
        if not name:
            raise HTTPError(403, "Choose a name of letters a to z, digits and -, at most 20, a letter first.")
        pin = data.get("pin", "").strip()
        if len(pin) < SHORTEST:
            raise HTTPError(403, f"Choose a PIN of at least {SHORTEST} digits or letters, and remember it.")
        await self._check_pin(name, pin)
        return {"name": name, "admin": False}

    async def _check_pin(self, name: str, pin: str) -> None:
        count, since = self._wrong.get(name, (0, 0.0))
        if count >= TRIES and time.monotonic() - since < PAUSE:
            raise HTTPError(403, f"Too many wrong PINs for {name}. Try again in {PAUSE} seconds.")
        # Counted before it is looked at: tries that come at the same time count as well.
        self._wrong[name] = (count + 1, time.monotonic())
        # Hashing takes its time on purpose; the others need not wait for it.
        if not await asyncio.to_thread(self._pins.check, name, pin):
            raise HTTPError(403, f"{name} is taken, and this is not its PIN. Choose another name, or ask.")
        self._wrong.pop(name, None)


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())
