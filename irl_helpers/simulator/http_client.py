"""The simulator in place of the network: what the official client calls to send a request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe

from .simulator import Response, Simulator


class SimulatorHTTPClient(stripe.HTTPClient):
    """`stripe.StripeClient(key, http_client=SimulatorHTTPClient(simulator))` talks to `simulator` directly.

    No thread, no socket, no waiting: retries follow one another at once, since nobody needs time to recover.
    Only an answer that is asked to be slow takes its time; `sleep` is what it takes it with.
    """

    name = "simulator"

    def __init__(self, simulator: Simulator, sleep: Callable[[float], Any] = time.sleep) -> None:
        super().__init__()
        self._simulator = simulator
        self._sleep = sleep

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        response = self._send(method, url, headers, post_data)
        try:
            if response.delay:
                self._sleep(response.delay)
        finally:
            self._simulator.answered(response)
        return _received(response)

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None, **_: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        response = self._send(method, url, headers, post_data)
        try:
            if response.delay:
                await asyncio.sleep(response.delay)
        finally:
            self._simulator.answered(response)
        return _received(response)

    def _send(self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any) -> Response:
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._simulator.handle(method, target, headers or {}, post_data or "")

    async def sleep_async(self, secs: float) -> None:
        return None

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.0

    def close(self) -> None:
        return None

    async def close_async(self) -> None:
        return None


def _received(response: Response) -> tuple[str, int, Mapping[str, str]]:
    if response.drop:
        raise stripe.APIConnectionError(
            "The connection was closed before an answer came (a fault in the simulator).", should_retry=True
        )
    return response.body, response.status, _Headers(response.headers)


class _Headers(dict[str, str]):
    """Response headers, found in any spelling, as the library expects them of every transport."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in headers.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)
