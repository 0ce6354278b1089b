"""A learner as a program: she logs in through the form, as a browser does, and runs cells in her server.

What tests and `make bench-room` drive a room with.
"""

from __future__ import annotations

import html
import json
import re
import time
import uuid
import weakref
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import websocket

CELL_TIMEOUT = 300  # seconds


class Refused(Exception):
    """The hub did not let her in, or her server did not do it; the message is theirs."""


class Visitor:
    """A browser without a screen: `address` is the room's, such as http://127.0.0.1:8000."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.name = ""
        self.browser = requests.Session()
        self.browser.trust_env = False  # no proxy between us
        weakref.finalize(self, self.browser.close)

    def log_in(self, name: str, pin: str, password: str) -> None:
        """Fill in the form. Raises Refused with what the page says then."""
        self.browser.get(f"{self.address}/hub/login").raise_for_status()
        answer = self.browser.post(
            f"{self.address}/hub/login",
            data={"_xsrf": self._xsrf("/hub/"), "username": name, "pin": pin, "password": password},
            allow_redirects=False,
        )
        if answer.status_code != 302:
            said = re.search(r'class="login_error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
            raise Refused(html.unescape(said[1]).strip() if said else f"{answer.status_code} {answer.reason}")
        self.name = name

    @property
    def prefix(self) -> str:
        """Where her server is."""
        return f"/user/{quote(self.name)}/"

    def enter(self, timeout: float = 1800) -> None:
        """Wait for her own server, as the page does. Raises Refused when it does not start."""
        give_up = time.monotonic() + timeout
        page = f"{self.address}/hub/spawn"
        while True:
            answer = self.browser.get(page)
            if answer.ok and urlsplit(answer.url).path.startswith(self.prefix):
                return
            # 429 and 503: too many at once, come back.
            if answer.status_code not in (200, 429, 503) or time.monotonic() > give_up:
                raise Refused(f"{answer.status_code} {answer.reason} at {answer.url}: {_text(answer.text)}")
            page = f"{self.address}/hub/spawn-pending/{quote(self.name)}"
            time.sleep(float(answer.headers.get("Retry-After", 1)))

    def leave(self) -> None:
        """Stop her server, as the button on the hub's page does. Raises Refused when she may not."""
        headers = {"X-XSRFToken": self._xsrf("/hub/"), "Referer": f"{self.address}/hub/home"}
        answer = self.browser.delete(
            f"{self.address}/hub/api/users/{quote(self.name)}/server", headers=headers
        )
        if answer.status_code not in (202, 204):
            raise Refused(f"{answer.status_code} {answer.text}")

    def api(self, method: str, path: str, *, of: str = "", **arguments: Any) -> requests.Response:
        """A request to her server's API, or to the one of somebody else."""
        prefix = f"/user/{quote(of)}/" if of else self.prefix
        headers = {"X-XSRFToken": self._xsrf(prefix), "Referer": f"{self.address}{prefix}lab"}
        url = f"{self.address}{prefix}api/{path}"
        return self.browser.request(method, url, headers=headers, allow_redirects=False, **arguments)

    def kernel(self) -> Kernel:
        """A new kernel, where her notebooks are."""
        notebook = {"path": f"notebooks/{uuid.uuid4().hex}.ipynb", "name": "", "type": "notebook"}
        answer = self.api("POST", "sessions", json=notebook | {"kernel": {"name": "python3"}})
        if answer.status_code != 201:
            raise Refused(f"{answer.status_code} {answer.text}")
        return Kernel(self, answer.json()["kernel"]["id"])

    def _xsrf(self, path: str) -> str:
        """The cookie's value that holds at this path; the hub and each server have their own."""
        found = [c for c in self.browser.cookies if c.name == "_xsrf" and path.startswith(c.path)]
        return max(found, key=lambda cookie: len(cookie.path)).value if found else ""

    def cookies(self, path: str) -> str:
        """The Cookie header of a request for this path."""
        request = requests.Request("GET", self.address + path)
        return self.browser.prepare_request(request).headers.get("Cookie", "")


class Kernel:
    """A kernel in a learner's server; `run` runs cells in it."""

    def __init__(self, visitor: Visitor, id: str) -> None:
        self.id = id
        self._session = uuid.uuid4().hex
        path = f"{visitor.prefix}api/kernels/{id}/channels?session_id={self._session}"
        self._socket = websocket.create_connection(
            visitor.address.replace("http", "ws", 1) + path,
            cookie=visitor.cookies(path),
            origin=visitor.address,
            timeout=CELL_TIMEOUT,
        )
        weakref.finalize(self, self._socket.shutdown)

    def run(self, code: str) -> str:
        """What the cell printed and showed as text. Raises Refused when it raised, or the kernel died."""
        id = self._send("execute_request", code=code, silent=False, store_history=True, stop_on_error=True)
        shown, done, problem = [], set(), ""
        while done != {"execute_reply", "idle"}:
            message = json.loads(self._socket.recv())
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] in ("restarting", "dead"):
                raise Refused("The kernel died.")
            if message["parent_header"].get("msg_id") != id:
                continue
            if kind == "stream":
                shown.append(content["text"])
            elif kind in ("execute_result", "display_data"):
                shown.append(content["data"].get("text/plain", "") + "\n")
            elif kind == "error":
                problem = f"{content['ename']}: {content['evalue']}"
            elif kind == "execute_reply":
                done.add(kind)
            elif kind == "status" and content["execution_state"] == "idle":
                done.add("idle")
        if problem:
            raise Refused(problem)
        return "".join(shown)

    def _send(self, kind: str, **content: Any) -> str:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self._session, "version": "5.3"}
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
        }
        self._socket.send(json.dumps(message))
        return header["msg_id"]


def _text(page: str) -> str:
    return " ".join(re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL).split())[:300]
