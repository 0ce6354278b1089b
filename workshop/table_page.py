"""The instructor's page: who is where, and a form to reset an account or to forget a PIN.

The form wants her password each time. Without `--domain` a learner's page that she opens in this browser
could use her login; it does not know her password.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from html import escape

from jupyterhub.services.auth import HubOAuthenticated
from tornado.web import RequestHandler, authenticated

from . import instructor
from .brake import Brake
from .pins import Pins
from .progress import Progress, table
from .room import RoomError

REFRESH = 15  # seconds
HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">{refresh}<title>Who is where</title><style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #171b2e; background: #fff }
table { border-collapse: collapse } .done { background: #e3f5ea }
th, td { padding: .3rem 1rem; text-align: left; border-bottom: 1px solid #ccc }
label, button { display: block; margin: .8rem 0 } select, input { font: inherit }
</style></head><body>"""
SEEN = """<h1>Who is where</h1>{table}
<p>✓ the task of the part is done. The page looks again every {refresh} seconds. Learners are told at login
that you see this.</p><p><a href="?change">Reset an account, or forget a PIN</a></p></body></html>"""
FORM = """<h1>Reset an account, or forget a PIN</h1><p role="status">{said}</p><form method="post">{xsrf}
<label>Learner <select name="name" required>{options}</select></label>
<label>Your password <input name="password" type="password" autocomplete="off" required></label>
<button name="do" value="reset">Empty the account; notebooks stay</button>
<button name="do" value="forget">Forget the PIN; who comes next under the name chooses one</button>
</form><p><a href="?">Who is where</a></p></body></html>"""
RULES = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"


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
        refresh = f'<meta http-equiv="refresh" content="{REFRESH}">'
        self._send(SEEN.format(table=seen, refresh=REFRESH), refresh)

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
        names = map(escape, Pins(self.room.pins).names())
        options = "".join(f'<option value="{name}">{name}</option>' for name in names)
        self._send(FORM.format(said=escape(said), options=options, xsrf=self.xsrf_form_html()))

    def _send(self, body: str, refresh: str = "") -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", RULES)
        self.finish(HEAD.replace("{refresh}", refresh) + body)
