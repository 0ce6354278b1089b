"""Many first visits at once, each as a browser makes one: six connections, one file after another on each.

Bodies are counted and thrown away in one buffer, because the clients share the machine with the server.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

CONNECTIONS = 6  # of a browser to one host
HEAD_END = b"\r\n\r\n"
BUFFER = bytearray(256 * 1024)


@dataclass(frozen=True)
class File:
    """A path below the site's address, and how many bytes its body has as it is sent."""

    path: str
    length: int


@dataclass
class Visit:
    """One browser's way through the files; `seconds` since all set out, 0 before it has the last one."""

    waiting: deque[File]
    left: int
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    received: int = 0  # bytes of bodies
    complete: asyncio.Event = field(default_factory=asyncio.Event)
    open: list[asyncio.Transport] = field(default_factory=list)
    over: bool = False

    @classmethod
    def of(cls, files: Iterable[File]) -> Visit:
        """A visit that has all of these files before it."""
        waiting = deque(files)
        return cls(waiting, len(waiting))

    def one_less(self, problem: str = "") -> None:
        """A file has come, or failed."""
        if self.over:
            return
        self.left -= 1
        if problem:
            self.failures[problem] += 1
        if not self.left:
            self.complete.set()


class Connection(asyncio.BufferedProtocol):
    """One of a browser's connections. A wrong answer is counted, and the next file asked for."""

    def __init__(self, visit: Visit, host: str, accept: str) -> None:
        self.visit = visit
        self._request = f" HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: {accept}\r\n\r\n".encode()
        self._file: File | None = None
        self._head = b""
        self._missing = -1  # bytes of the body that are still to come; -1: its head is
        self._problem = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first file."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.visit.open.append(transport)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """A file that had not come whole has failed; those that wait are left to the other connections."""
        if self._file:
            self._file = None
            self.visit.one_less("cut off")

    def get_buffer(self, sizehint: int) -> bytearray:
        """One buffer for all: what is in it is used at once."""
        return BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        """A piece of an answer."""
        if self._missing >= 0:
            self._body(nbytes)
            return
        self._head += BUFFER[:nbytes]
        head, end, rest = self._head.partition(HEAD_END)
        if not end:
            return
        self._head = b""
        self._read(head.decode("latin-1"))
        self._body(len(rest))

    def _ask(self) -> None:
        self._file = self.visit.waiting.popleft() if self.visit.waiting else None
        if self._file is None:
            self._transport.close()
            return
        self._transport.write(b"GET /" + self._file.path.encode() + self._request)

    def _read(self, head: str) -> None:
        status, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        code = status.split()[1]
        self._missing = int(headers.get("content-length", -1))
        self._problem = "" if code == "200" else f"status {code}"
        if self._missing < 0:
            self._problem = self._problem or "no length"
            self._missing = 0
        elif self._file and self._missing != self._file.length:
            self._problem = self._problem or "wrong length"

    def _body(self, nbytes: int) -> None:
        self._missing -= nbytes
        self.visit.received += nbytes
        if self._missing > 0:
            return
        problem = self._problem if self._missing == 0 else "wrong length"
        self._missing, self._file = -1, None
        self.visit.one_less(problem)
        self._ask()


async def visits(
    host: str, port: int, files: list[File], size: int, *, accept: str, give_up: float
) -> list[Visit]:
    """That many visits, all at once; after `give_up` seconds what has not come counts as failed."""
    began = time.monotonic()
    everybody = [Visit.of(files) for _ in range(size)]

    async def connect(visit: Visit) -> None:
        try:
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: Connection(visit, f"{host}:{port}", accept), host, port)
        except OSError as problem:
            visit.failures[f"connection: {problem.strerror}"] += 1

    async def go(visit: Visit) -> None:
        await asyncio.gather(*(connect(visit) for _ in range(min(CONNECTIONS, len(files)))))
        await visit.complete.wait()
        visit.seconds = time.monotonic() - began

    going = asyncio.gather(*map(go, everybody))
    try:
        await asyncio.wait_for(going, give_up)
    except TimeoutError:
        for visit in everybody:
            if visit.left:
                visit.failures["not in time"] += visit.left
    for visit in everybody:
        visit.over = True
        for transport in visit.open:
            transport.abort()
    await asyncio.sleep(0)  # in which they are
    return everybody
