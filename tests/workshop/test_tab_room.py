"""A room without kernels: names, what browsers send, the instructor's table, and who is turned away."""

from __future__ import annotations

import asyncio
import json
import os
import re
from urllib.parse import quote

import pytest

pytest.importorskip("aiohttp")

from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from irl_helpers import checks
from irl_helpers.account import stripe_client
from irl_helpers.checks import CHECKS, to_the_room
from lite.site import LARGEST_BODY, application
from workshop import learners, tab_room
from workshop.room import Room


class Browser:
    """A browser in the room: its cookies, and requests as a page of the room sends them."""

    def __init__(self, server: TestServer) -> None:
        self.at = str(server.make_url("")).rstrip("/")
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True))  # an address is no name

    async def get(self, path):
        async with self.session.get(f"{self.at}{path}", allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.text()

    async def post(self, path, *, origin=None, **body):
        headers = {"Origin": self.at if origin is None else origin} | body.pop("headers", {})
        async with self.session.post(
            f"{self.at}{path}", headers=headers, allow_redirects=False, **body
        ) as answer:
            return answer.status, answer.headers, await answer.text()

    async def come(self, name):
        return await self.post("/room/name", data={"name": name})

    async def report(self, **passed):
        status, _, _ = await self.post("/room/progress", json={"passed": passed})
        return status

    async def enter(self, password):
        return await self.post("/room/table", data={"password": password})


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path / "room")


@pytest.fixture
def play(room, tmp_path):
    """Runs a scene: a coroutine that is given a function which opens browsers in the room."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/index.html").write_text("the notebooks")

    def run(scene):
        async def staged():
            opened = []
            site = application(tmp_path / "dist", tab_room.TabRoom(room).routes())
            async with TestServer(site) as server:

                def browser():
                    opened.append(Browser(server))
                    return opened[-1]

                try:
                    await scene(browser)
                finally:
                    for each in opened:
                        await each.session.close()

        asyncio.run(staged())

    return run


class Fetched:
    """What a browser's `fetch` answers."""

    def __init__(self, status, text):
        self.ok, self._text = status < 400, text

    async def json(self):
        return json.loads(self._text)


def fetch_of(browser, asked):
    """A browser's `fetch`; what it is asked for is kept."""

    async def fetch(url, *, cache="default", method="GET", headers=None, body=None):
        asked.append((method, url.removeprefix(browser.at), body))
        path = url.removeprefix(browser.at)
        if method == "GET":
            status, _, text = await browser.get(path)
        else:
            status, _, text = await browser.post(path, headers=headers, data=body.encode())
        return Fetched(status, text)

    return fetch


def rows(html):
    """By name: how many ticks stand in the row."""
    found = re.findall(r"<tr><th>(.*?)</th>(.*?)</tr>", html)
    return {name: cells.count("✓") for name, cells in found if "learners" not in name}


def test_a_learner_is_asked_told_and_seen(play, room):
    async def scene(browser):
        ana, instructor = browser(), browser()
        status, headers, _ = await ana.get("/")
        assert (status, headers["Location"]) == (303, "room/")
        _, headers, page = await ana.get("/room/")
        assert f"which of the\n{len(CHECKS)} checks you have passed" in page
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert json.loads((await ana.get("/room.json"))[2]) == {"room": True, "name": ""}
        assert await ana.report(setup=True) == 401

        status, headers, _ = await ana.come(" Zoe\u0308 K. ")
        assert (status, headers["Location"]) == (303, "../index.html")
        assert "HttpOnly" in headers["Set-Cookie"]
        assert "SameSite=Lax" in headers["Set-Cookie"]
        assert json.loads((await ana.get("/room.json"))[2]) == {"room": True, "name": "zoë-k"}
        assert (await ana.get("/"))[1]["Location"] == "index.html"
        assert (await ana.get("/index.html"))[2] == "the notebooks"
        assert "You are here as <b>zoë-k</b>" in (await ana.get("/room/"))[2]
        assert await ana.report(setup=True, connect=False) == 204
        assert await ana.report(connect=True) == 204

        assert rows((await instructor.get("/room/table"))[2]) == {}
        status, headers, _ = await instructor.enter(room.keys.instructor_password)
        assert (status, headers["Location"]) == (303, "table")
        assert "SameSite=Strict" in headers["Set-Cookie"]
        status, headers, table = await instructor.get("/room/table")
        assert rows(table) == {"zoë-k": 2}
        assert headers["Cache-Control"] == "no-store"
        assert rows((await ana.get("/room/table"))[2]) == {}

        await ana.come("zoe")  # another name, and the same checks
        assert rows((await instructor.get("/room/table"))[2]) == {"zoe": 2}
        await ana.post("/room/leave", data={"leave": "1"})
        assert await ana.report(setup=True) == 401
        assert rows((await instructor.get("/room/table"))[2]) == {}

    play(scene)
    assert os.stat(room.learners).st_mode & 0o077 == 0


def test_a_notebook_sends_its_checks_once_there_is_a_name_and_nothing_before(play, room):
    async def scene(browser):
        ana, asked = browser(), []
        fetch = fetch_of(ana, asked)
        await to_the_room.send(fetch, f"{ana.at}/", {"setup": True})
        assert asked == [("GET", "/room.json", None)]
        await ana.come("ana")
        await to_the_room.send(fetch, f"{ana.at}/", {"setup": True, "cart": False})
        assert asked[2:] == [("POST", "/room/progress", '{"passed": {"setup": true, "cart": false}}')]
        assert learners.Learners(room.learners).seen()["ana"][1] == {"passed": {"setup": True, "cart": False}}
        # A public site is no room, whatever it answers.
        asked.clear()
        await to_the_room.send(fetch, f"{ana.at}/public/", {"setup": True})
        assert asked == [("GET", "/public/room.json", None)]

        async def away(*_, **__):
            raise OSError

        await to_the_room.send(away, f"{ana.at}/", {"setup": True})

    play(scene)


def test_each_check_is_told_by_its_name_and_progress_all_of_them_once(monkeypatch, tmp_path):
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(tmp_path / "account.sqlite"))
    told = []
    monkeypatch.setattr(to_the_room, "tell", told.append)
    for name, check in CHECKS.items():
        check()
        assert told.pop() == {name: False}
    checks.progress()
    assert told == [dict.fromkeys(CHECKS, False)]
    checks.progress(stripe_client())  # somebody's client is no business of the room's
    assert len(told) == 1


def test_a_name_is_one_learners(play):
    async def scene(browser):
        ana, other = browser(), browser()
        assert (await ana.come("josé"))[0] == 303
        for name, words in {
            "JOSE\u0301": "josé is taken",
            "jose": "jose is too much like josé",
            "instructor": "instructor is taken",
            "<b>ana</b>": "Choose a name of letters",
            "": "Choose a name of letters",
            "a" * 21: "Choose a name of letters",
            "\ud800": "Choose a name of letters",
        }.items():
            form = f"name={quote(name.encode('utf-8', 'surrogatepass'))}".encode()
            status, _, page = await other.post(
                "/room/name", data=form, headers={"Content-Type": tab_room.FORM}
            )
            assert status == 403, name
            assert words in page
        assert (await other.come("ben"))[0] == 303
        assert (await ana.come("ben"))[0] == 403  # and keeps hers
        assert json.loads((await ana.get("/room.json"))[2])["name"] == "josé"

    play(scene)


def test_the_instructor_frees_a_name(play, room):
    async def scene(browser):
        ana, instructor = browser(), browser()
        await ana.come("ana")
        key = room.keys.instructor_password
        await instructor.enter(key)
        assert '<option value="ana">' in (await instructor.get("/room/table?change"))[2]
        for password, status, words in (("no", 403, "not the instructor"), (key, 200, "ana is free now")):
            sent = {"do": "forget", "name": "ana", "password": password}
            got, _, page = await instructor.post("/room/table?change", data=sent)
            assert (got, words in page) == (status, True)
        _, _, page = await instructor.post(
            "/room/table?change", data={"do": "forget", "name": "<i>", "password": key}
        )
        assert "There is no &lt;i&gt;." in page
        assert await ana.report(setup=True) == 401

    play(scene)


JSON = {"Content-Type": "application/json"}
FINE = b'{"passed": {"setup": true}}'


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (204, {"data": FINE, "headers": JSON}),
        (403, {"data": FINE, "headers": JSON, "origin": "http://elsewhere.test"}),
        (403, {"data": FINE, "headers": JSON, "origin": "null"}),
        (403, {"data": FINE, "headers": JSON, "origin": "http://[broken"}),
        (403, {"data": FINE, "headers": JSON, "origin": ""}),
        (415, {"data": FINE, "headers": {"Content-Type": "text/plain"}}),
        (415, {"data": {"passed": "setup"}}),
        (413, {"data": b" " * (LARGEST_BODY + 1), "headers": JSON}),
        (400, {"data": b"\xff", "headers": JSON}),
        (400, {"data": b"[" * LARGEST_BODY, "headers": JSON}),
        (400, {"json": []}),
        (400, {"json": {"passed": {"setup": "<script>"}}}),
        (400, {"json": {"passed": {"<script>": True}}}),
        (400, {"json": {"passed": {"setup": 1}}}),
        (400, {"json": {"passed": {}, "code": "print()"}}),
    ],
)
def test_only_checks_are_taken_and_only_from_the_rooms_pages(play, status, sent):
    async def scene(browser):
        ana = browser()
        await ana.come("ana")
        assert (await ana.post("/room/progress", **sent))[0] == status

    play(scene)


def test_forms_from_elsewhere_are_not_taken(play, room):
    async def scene(browser):
        ana = browser()
        for path in ("/room/name", "/room/leave", "/room/table"):
            sent = {"name": "ana", "password": room.keys.instructor_password}
            assert (await ana.post(path, data=sent, origin="http://elsewhere.test"))[0] == 403
            assert (await ana.post(path, json=sent))[0] == 415

    play(scene)


def test_whoever_sends_too_much_waits(play):
    async def scene(browser):
        ana, ben = browser(), browser()
        await ana.come("ana")
        await ben.come("ben")
        answers = await asyncio.gather(*(ana.report(setup=True) for _ in range(100)))
        assert set(answers) == {204, 429}
        assert answers.count(204) >= 20
        assert await ben.report(setup=True) == 204
        guesses = await asyncio.gather(*(ana.enter("guess") for _ in range(9)))
        assert any("Too many wrong passwords" in page for _, _, page in guesses)

    play(scene)


def test_names_from_one_address_come_in_as_a_room_does_and_no_faster(monkeypatch):
    monkeypatch.setattr(tab_room.time, "monotonic", lambda: 1000.0)
    names = tab_room.Allowance(at_once=3, pause=10)
    assert [names.seconds("a") for _ in range(5)] == [0, 0, 0, 11, 11]
    assert names.seconds("b") == 0
    monkeypatch.setattr(tab_room.time, "monotonic", lambda: 1010.0)
    assert [names.seconds("a") for _ in range(2)] == [0, 11]


def test_a_room_is_full_one_day(play, monkeypatch):
    monkeypatch.setattr(learners, "MOST", 1)

    async def scene(browser):
        await browser().come("ana")
        status, _, page = await browser().come("ben")
        assert (status, "There are 1 names here" in page) == (503, True)

    play(scene)


def test_many_at_once_are_all_kept_and_still_there_after_a_restart(play, room):
    names = [f"{a}{b}x" for a in "cdfgh" for b in "aeiou"]
    kept = []

    async def come(browser):
        browsers = [browser() for _ in names]
        came = await asyncio.gather(*(each.come(name) for each, name in zip(browsers, names, strict=True)))
        assert {status for status, _, _ in came} == {303}
        reports = [each.report(**{check: True}) for each in browsers for check in CHECKS]
        assert set(await asyncio.gather(*reports)) == {204}
        kept.extend(browsers[0].session.cookie_jar)

    async def come_back(browser):
        ana = browser()
        ana.session.cookie_jar.update_cookies({each.key: each.value for each in kept})
        assert json.loads((await ana.get("/room.json"))[2])["name"] == names[0]
        # Of one name that many want at once, one gets it.
        came = await asyncio.gather(*(browser().come("zelda") for _ in range(8)))
        assert sorted(status for status, _, _ in came) == [303, *[403] * 7]

    play(come)
    seen = learners.Learners(room.learners).seen()
    assert {name: len(said["passed"]) for name, (_, said) in seen.items()} == dict.fromkeys(
        names, len(CHECKS)
    )
    play(come_back)
