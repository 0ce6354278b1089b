"""Who gets in: anyone with the room's password, under a name that is kept by a PIN."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Hashable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.auth import Authenticator
from jupyterhub.spawner import SpawnException
from tornado.web import HTTPError
from traitlets import Instance, Unicode, default

from .brake import Brake
from .client_address import address_of, came_by_the_proxy
from .names import NO_NAME, normal_name
from .pins import SHORTEST, Pins, TooAlike
from .room import INSTRUCTOR, Room

DELAY = 0.5  # seconds that every refusal takes
REFUSAL = "This is not the room's password. It is on the wall, or ask."


class RoomAuthenticator(Authenticator):
    """A learner brings the room's password, a name and a PIN; the instructor a password of her own."""

    room = Instance(Room).tag(config=True)
    address = Unicode(help="where alone one logs in; '' for wherever the hub is found").tag(config=True)

    @default("allow_all")
    def _allow_all(self) -> bool:
        return True  # whoever passes `authenticate`

    @default("custom_html")
    def _form(self) -> str:
        return (Path(__file__).parent / "login.html").read_text("utf-8")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pins = Pins(self.room.pins)
        self._passwords = Brake(free=3, first=1, longest=60)
        self._tries = Brake(free=5, first=30, longest=900)

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
            return await self._authenticated(handler, data)
        except HTTPError:
            await asyncio.sleep(DELAY)
            raise

    async def pre_spawn_start(self, user: Any, spawner: Any) -> None:
        """Where the table is open, no notebook runs: what one shows could press the table's buttons."""
        if user.name == INSTRUCTOR:
            words = "The instructor has no notebooks. Come in as a learner, in another browser."
            raise SpawnException(words, reason="instructor", status_code=403)

    async def _authenticated(self, handler: Any, data: dict[str, str]) -> dict[str, Any]:
        if not came_by_the_proxy(handler.request):
            raise HTTPError(403, "Come in by the room's address.")
        address = address_of(handler.request)
        name, password = normal_name(data.get("username", "")), data.get("password", "").strip()
        if name == INSTRUCTOR:
            known, refusal = self.room.keys.instructor_password, "This is not the instructor's password."
        else:
            known, refusal = self.room.keys.learner_password, REFUSAL
        self._check_password((address, name == INSTRUCTOR), password, known, refusal)
        if name == INSTRUCTOR:
            return {"name": name, "admin": False}
        if not name:
            raise HTTPError(403, NO_NAME)
        pin = data.get("pin", "").strip()
        if len(pin) < SHORTEST:
            raise HTTPError(403, f"Choose a PIN of at least {SHORTEST} digits or letters, and remember it.")
        await self._check_pin(handler, address, name, pin)
        return {"name": name, "admin": False}

    def _check_password(self, who: Hashable, given: str, known: str, refusal: str) -> None:
        if seconds := self._passwords.seconds(who):
            raise HTTPError(403, f"Too many wrong passwords. Try again in {seconds} seconds.")
        if not hmac.compare_digest(given.encode(), known.encode()):
            raise HTTPError(403, refusal)
        self._passwords.release(who)

    async def _check_pin(self, handler: Any, address: str, name: str, pin: str) -> None:
        cookie = f"irl-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
        kept = (handler.get_secure_cookie(cookie) or b"").decode()
        # A browser that knew this PIN is counted by itself: its owner does not wait for who guesses.
        knew_it = kept and kept.partition(":")[0] == await asyncio.to_thread(self._pins.mark, name)
        who = (kept if knew_it else address, name)
        if seconds := self._tries.seconds(who):
            raise HTTPError(403, f"Too many wrong PINs for {name}. Try again in {seconds} seconds.")
        try:
            # Hashing takes its time on purpose; the others need not wait for it.
            right = await asyncio.to_thread(self._pins.check, name, pin)
        except TooAlike as other:
            raise HTTPError(
                403, f"{name} is too much like {other}, who is here. Choose another name."
            ) from None
        if not right:
            raise HTTPError(403, f"{name} is taken, and this is not its PIN. Choose another name, or ask.")
        self._tries.release(who)
        if not knew_it:
            mark = await asyncio.to_thread(self._pins.mark, name)
            value = f"{mark}:{secrets.token_hex(8)}"
            handler.set_secure_cookie(cookie, value, path=handler.request.path, httponly=True)
