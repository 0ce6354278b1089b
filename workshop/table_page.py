"""The instructor's page: who is where, and a form to reset an account or to forget a PIN.

The form wants her password each time. Without `--domain` a learner's page that she opens in this browser
could use her login; it does not know her password.
"""

from __future__ import annotations

import asyncio
import hmac
import time

from jupyterhub.services.auth import HubOAuthenticated
from tornado.web import RequestHandler, authenticated

from . import instructor
from .brake import Brake
from .page import HEADERS, change_form, table, who_is_where
from .pins import Pins
from .progress import Progress
from .room import RoomError

ACTIONS = {
    "reset": "Empty the account; notebooks stay",
    "forget": "Forget the PIN; who comes next under the name chooses one",
}
CHANGE = "Reset an account, or forget a PIN"


class TablePage(HubOAuthenticated, RequestHandler):
    """Open to whom the hub gives the instructor's role."""

    def initialize(self, progress: Progress, brake: Brake) -> None:
        """Keep what tornado passes on from the route."""
        self.progress, self.brake, self.room = progress, brake, progress.room

    @authenticated
    async def get(self) -> None:
        """The table as it is now, or the form."""
        if self.get_query_argument("change", None) is not None:
            self._send_form("")
            return
        seen = table(await self.progress.look(), time.time())
        self._send(who_is_where(seen, "Learners are told at login that you see this.", CHANGE))

    @authenticated
    async def post(self) -> None:
        """Do what the form says, and say how it went."""
        try:
            self._check_password()
            self._send_form(await self._do(self.get_body_argument("do"), self.get_body_argument("name")))
        except RoomError as problem:
            self.set_status(403)
            self._send_form(str(problem))

    def _check_password(self) -> None:
        if seconds := self.brake.seconds("instructor"):
            raise RoomError(f"Too many wrong passwords. Try again in {seconds} seconds.")
        given, known = self.get_body_argument("password"), self.room.keys.instructor_password
        if not hmac.compare_digest(given.encode(), known.encode()):
            raise RoomError("This is not the instructor's password.")
        self.brake.release("instructor")

    async def _do(self, what: str, name: str) -> str:
        if what == "forget":
            await asyncio.to_thread(instructor.forget, self.room, [name])
            return f"{name} can choose a new PIN now. Her notebooks and her account are as they were."
        problems = await asyncio.to_thread(instructor.reset, self.room, [name])
        return f"{name}: {problems[name] or 'an empty account; notebooks as they were'}"

    def _send_form(self, said: str) -> None:
        names = Pins(self.room.pins).names()
        self._send(change_form(CHANGE, said, names, ACTIONS, self.xsrf_form_html()))

    def _send(self, page: str) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.finish(page)
