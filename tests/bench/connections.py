"""Many connections at a time: how many requests a server answers in a second of one processor's time.

What is counted is the server's own time, so that neither the one who asks nor what else the machine does
changes the result much. Only where the system tells a process's time in nanoseconds (Linux).
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import NamedTuple

import stripe

CONNECTIONS, EACH = 8, 100
POSSIBLE = Path("/proc/self/schedstat").exists()


class Server(NamedTuple):
    """Where it is, and its process."""

    url: str
    pid: int


class _Connection(asyncio.Protocol):
    """Sends the same request, `EACH` times, each once the answer to the one before is there."""

    def __init__(self, request: bytes, over: asyncio.Future[None]) -> None:
        self._request, self._over = request, over
        self._left, self._got = EACH, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
            return
        assert head.startswith(b"HTTP/1.1 200 "), self._got
        self._got = b""
        self._left -= 1
        if self._left:
            self._transport.write(self._request)
        else:
            self._transport.close()

    def connection_lost(self, problem: Exception | None) -> None:
        if self._left:
            self._over.set_exception(problem or ConnectionError("the server has hung up"))
        else:
            self._over.set_result(None)


def requests_per_second(server: Server, payment: str, key: str) -> float:
    """How often `server` says within a second of its own time how this payment is."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    request = (
        f"GET /v1/payment_intents/{payment} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Authorization: Bearer {key}\r\nStripe-Version: {stripe.api_version}\r\n\r\n"
    ).encode()

    async def ask() -> None:
        loop = asyncio.get_running_loop()
        over = [loop.create_future() for _ in range(CONNECTIONS)]
        for each in over:
            await loop.create_connection(partial(_Connection, request, each), host, int(port))
        await asyncio.gather(*over)

    before = _seconds(server.pid)
    asyncio.run(ask())
    return CONNECTIONS * EACH / (_seconds(server.pid) - before)


def _seconds(pid: int) -> float:
    """What all threads of a process have used of a processor's time."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads) / 1e9
