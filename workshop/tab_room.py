"""A room without kernels: who gave her name in her browser, what it sends, and the instructor's table.

Learners' notebooks run in their browsers (`make lite-serve ARGS="--room"`). A browser whose learner gave a
name posts which checks are passed; the others send nothing.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from irl_helpers.checks import CHECKS

from .allowance import Allowance
from .brake import Brake
from .client_address import one_of_many
from .learners import Learners
from .names import LONGEST, NO_NAME, normal_name
from .page import HEADERS, change_form, page, table, who_is_where
from .pins import TooAlike
from .room import Room, RoomError

LEARNER, INSTRUCTOR = "irl-learner", "irl-instructor"  # cookies
MONTH = 30 * 24 * 3600
PATIENCE = 10  # seconds in which what is sent must have come
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SENT = f"""<p>Your notebooks run in this browser, and what you do in them stays here.</p>
<p>If you like, give a name. Whoever leads this room then sees it in a table, with <b>which of the
{len(CHECKS)} checks you have passed, and when one of them last ran</b>. Nothing else is sent: no code, no
payments, no mistakes.</p>"""
ASK = """{sent}<p role="status">{said}</p><form method="post" action="name">
<label>Name <input name="name" maxlength="{longest}" autocomplete="nickname" required></label>
<button>Come in under this name</button></form><p><a href="../index.html">Come in without a name</a></p>"""
KNOWN = """{sent}<p>You are here as <b>{name}</b>.</p><p><a href="../index.html">To the notebooks</a></p>
<form method="post" action="leave"><button>Take me off the table, and send nothing more</button></form>"""
ENTER = """<p role="status">{said}</p><form method="post">
<label>The instructor's password <input name="password" type="password" required></label>
<button>Show the table</button></form>"""
TOLD = "Learners who gave a name were told that you see this; the others are not in it."
CHANGE = "Take a name off the table"
ACTIONS = {"forget": "Take it off, with its checks; whoever comes next may have the name"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class TabRoom:
    """What a room adds to the site. The site is at the root of its address."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._learners = Learners(room.learners)
        self._passwords = Brake(free=3, first=1, longest=60)
        # A whole room may share one address, behind a second router.
        self._names = Allowance(at_once=300, pause=0.2)
        self._reports = Allowance(at_once=20, pause=1)
        self._strangers = Allowance(at_once=300, pause=0.2)
        self._instructors: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        """By address: what answers there."""
        return [
            web.get("/", self._first_page),
            web.get("/room.json", self._about),
            web.get("/room", _to_folder),
            web.get("/room/", self._ask),
            web.post("/room/name", _taken(FORM, self._take_name)),
            web.post("/room/leave", _taken(FORM, self._leave)),
            web.post("/room/progress", _taken(JSON, self._report)),
            web.get("/room/table", self._table),
            web.post("/room/table", _taken(FORM, self._change)),
        ]

    async def _first_page(self, request: web.Request) -> web.StreamResponse:
        """Whoever types the address is asked for a name, once in this browser."""
        there = "index.html" if LEARNER in request.cookies else "room/"
        return _go(there)

    async def _about(self, request: web.Request) -> web.StreamResponse:
        """For notebooks: that this is a room, and under which name this browser is in it."""
        return web.json_response({"room": True, "name": await self._name(request)}, headers=HEADERS)

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        if name := await self._name(request):
            return _send("Get Paid IRL", KNOWN.format(sent=SENT, name=escape(name)))
        return _asked("")

    async def _take_name(self, request: web.Request) -> web.StreamResponse:
        if seconds := self._names.seconds(_sender(request)):
            return _asked(f"Many come in at the moment. Try again in {seconds} seconds.", 429)
        name = normal_name((await _fields(request)).get("name", ""))
        if not name:
            return _asked(NO_NAME, 403)
        try:
            token = await asyncio.to_thread(self._learners.take, name, request.cookies.get(LEARNER, ""))
        except TooAlike as other:
            here = "taken" if str(other) == name else f"too much like {other}, who is here"
            return _asked(f"{name} is {here}. Choose another name, or ask.", 403)
        except RoomError as problem:
            return _asked(str(problem), 503)
        answer = _go("../index.html")
        answer.set_cookie(LEARNER, token, max_age=MONTH, httponly=True, samesite="Lax", path="/")
        return answer

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        if name := await self._name(request):
            await asyncio.to_thread(self._learners.forget, name)
        answer = _go("./")
        answer.del_cookie(LEARNER, path="/")
        return answer

    async def _report(self, request: web.Request) -> web.StreamResponse:
        """`{"passed": {"setup": true, …}}`: 204, or 401 for a browser without a name."""
        token = request.cookies.get(LEARNER, "")
        if not await self._name(request):
            self._slow_down(self._strangers, _sender(request))
            raise web.HTTPUnauthorized(text="Give a name first: /room/", headers=HEADERS)
        self._slow_down(self._reports, token)
        try:
            sent = json.loads(await request.read())
        except (ValueError, RecursionError):
            sent = None
        passed = _checks(sent)
        if passed is None:
            raise web.HTTPBadRequest(text='Send {"passed": {"setup": true}}.', headers=HEADERS)
        await asyncio.to_thread(self._learners.report, token, passed)
        return web.Response(status=204, headers=HEADERS)

    async def _table(self, request: web.Request) -> web.StreamResponse:
        if request.cookies.get(INSTRUCTOR) not in self._instructors:
            return _send("Who is where", ENTER.format(said=""))
        if "change" in request.query:
            return await self._form("")
        seen = await asyncio.to_thread(self._learners.seen)
        return web.Response(
            text=who_is_where(table(seen, time.time()), TOLD, CHANGE),
            content_type="text/html",
            headers=HEADERS,
        )

    async def _change(self, request: web.Request) -> web.StreamResponse:
        """The password each time: it opens the table, and takes a name off it."""
        sent = await _fields(request)
        if problem := self._wrong_password(request, sent.get("password", "")):
            if "do" in sent:
                return await self._form(problem, 403)
            return _send("Who is where", ENTER.format(said=escape(problem)), 403)
        if sent.get("do") == "forget":
            name = sent.get("name", "")
            done = await asyncio.to_thread(self._learners.forget, name)
            return await self._form(f"{name} is free now." if done else f"There is no {name}.")
        answer = _go("table")
        token = secrets.token_urlsafe(24)
        self._instructors.add(token)
        answer.set_cookie(INSTRUCTOR, token, httponly=True, samesite="Strict", path="/room/table")
        return answer

    async def _form(self, said: str, status: int = 200) -> web.Response:
        names = await asyncio.to_thread(self._learners.seen)
        text = change_form(CHANGE, said, names, ACTIONS)
        return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)

    def _wrong_password(self, request: web.Request, given: str) -> str:
        who = _sender(request)
        if seconds := self._passwords.seconds(who):
            return f"Too many wrong passwords. Try again in {seconds} seconds."
        if not hmac.compare_digest(given.strip().encode(), self._room.keys.instructor_password.encode()):
            return "This is not the instructor's password. It stands in the terminal."
        self._passwords.release(who)
        return ""

    async def _name(self, request: web.Request) -> str:
        token = request.cookies.get(LEARNER, "")
        return await asyncio.to_thread(self._learners.name, token) if token else ""

    def _slow_down(self, allowance: Allowance, who: str) -> None:
        if seconds := allowance.seconds(who):
            raise web.HTTPTooManyRequests(
                text=f"Try again in {seconds} seconds.", headers={**HEADERS, "Retry-After": str(seconds)}
            )


def _taken(kind: str, handler: Handler) -> Handler:
    """What changes something is taken from our own pages only, in the form that they send, and soon."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if not _from_our_page(request):
            raise web.HTTPForbidden(text="Only the room's own pages may send this.", headers=HEADERS)
        if request.content_type != kind:
            raise web.HTTPUnsupportedMediaType(text=f"Send {kind}.", headers=HEADERS)
        try:
            async with asyncio.timeout(PATIENCE):
                await request.read()  # kept by the request, and limited by the application
        except TimeoutError:
            raise web.HTTPRequestTimeout(headers=HEADERS) from None
        return await handler(request)

    return guarded


def _from_our_page(request: web.Request) -> bool:
    try:
        return urlsplit(request.headers.get("Origin", "")).netloc == request.host
    except ValueError:
        return False


def _sender(request: web.Request) -> str:
    return one_of_many(request.remote or "")


async def _fields(request: web.Request) -> dict[str, str]:
    return dict(parse_qsl((await request.read()).decode("utf-8", "replace")))


def _checks(sent: Any) -> dict[str, bool] | None:
    """What a notebook sent, if it is nothing but checks of ours."""
    passed = sent.get("passed") if isinstance(sent, dict) and len(sent) == 1 else None
    if not isinstance(passed, dict) or not passed.keys() <= CHECKS.keys():
        return None
    return passed if all(isinstance(value, bool) for value in passed.values()) else None


async def _to_folder(request: web.Request) -> web.StreamResponse:
    return _go("room/")


def _go(there: str) -> web.Response:
    """Look there, now and this once."""
    return web.Response(status=303, headers={**HEADERS, "Location": there})


def _asked(said: str, status: int = 200) -> web.Response:
    return _send("Get Paid IRL", ASK.format(sent=SENT, said=escape(said), longest=2 * LONGEST), status)


def _send(title: str, body: str, status: int = 200) -> web.Response:
    return web.Response(text=page(title, body), content_type="text/html", status=status, headers=HEADERS)
