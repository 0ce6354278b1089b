"""Calls that stay on this machine: to a served simulator, by no proxy and to no other address."""

from __future__ import annotations

import asyncio
import http.client
import select
import ssl
import weakref
from collections import deque
from collections.abc import Mapping
from typing import Any

import stripe

from .simulator.loopback import Address, loopback
from .simulator.response_headers import ResponseHeaders

_Pool = deque[http.client.HTTPConnection]


class DirectHTTPClient(stripe.HTTPClient):
    """The shortest way to a server on this machine, without what the machine's settings would add to it.

    No proxy sees the key, no `.netrc` replaces it, and an answer that names another address is not followed.
    Connections are kept, as many as there were calls at a time; each answer may take `timeout` seconds.
    """

    name = "direct"

    def __init__(self, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout
        self._idle: dict[str, _Pool] = {}
        self._let_go = weakref.finalize(self, _close, self._idle)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """Send a request. Raises stripe.APIConnectionError where no answer comes, or one that leads away."""
        address = loopback(url)
        pool = self._idle.setdefault(address.origin, deque())
        connection = pool.pop() if pool else self._connect(address)
        if connection.sock is not None and _has_ended(connection):
            connection.close()  # it is opened again by itself
        body = post_data.encode() if isinstance(post_data, str) else post_data
        try:
            connection.request(method.upper(), address.target, body, dict(headers or {}))
            answer = connection.getresponse()
            content = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as problem:
            connection.close()
            # Called as the library's own transports call it.
            kind = "Timeout" if isinstance(problem, TimeoutError) else "ConnectionError"
            raise _no_answer(f"No answer from {address.origin} ({kind}: {problem}).") from problem
        except BaseException:
            connection.close()
            raise
        pool.append(connection)
        if 300 <= answer.status < 400:
            raise _no_answer(f"What answers at {address.origin} sends to another address.", retry=False)
        return content, answer.status, ResponseHeaders(answer.getheaders())

    def _connect(self, address: Address) -> http.client.HTTPConnection:
        host = address.host.strip("[]")
        if address.scheme == "http":
            return http.client.HTTPConnection(host, address.port, timeout=self._timeout)
        trusted = ssl.create_default_context(cafile=stripe.ca_bundle_path)
        return http.client.HTTPSConnection(host, address.port, timeout=self._timeout, context=trusted)

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """As `request`, in a thread."""
        body, status, answered = await asyncio.to_thread(self.request, method, url, headers, post_data)
        return body.encode(), status, answered

    async def sleep_async(self, secs: float) -> None:
        """Wait between two tries."""
        await asyncio.sleep(secs)

    def close(self) -> None:
        """Let go of the connections that are kept."""
        _close(self._idle)

    async def close_async(self) -> None:
        """As `close`."""
        self.close()


def _has_ended(connection: http.client.HTTPConnection) -> bool:
    """Whether the server has closed a connection that nobody used for some seconds."""
    try:
        return bool(select.select([connection.sock], [], [], 0)[0])
    except ValueError:  # more files are open than `select` can count
        return True


def _close(pools: dict[str, _Pool]) -> None:
    for pool in pools.values():
        while pool:
            pool.pop().close()


def _no_answer(words: str, retry: bool = True) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(words, should_retry=retry)  # type: ignore[no-untyped-call]  # the library
