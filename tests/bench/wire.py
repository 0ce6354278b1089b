"""The official client on a connection of its own, which says how long it waited for answers.

What the client does with an answer is left out: the more fields an answer has, the longer that takes.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe


class WireHTTPClient(stripe.HTTPClient):
    """`waited` is the time in seconds from the first byte of a request to the last of its answer, in all."""

    name = "wire"

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0.0
        self._connections: dict[str, http.client.HTTPConnection] = {}

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        parts = urlsplit(url)
        connection = self._connections.get(parts.netloc)
        if connection is None:
            connection = self._connections[parts.netloc] = http.client.HTTPConnection(parts.netloc)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        start = time.perf_counter()
        connection.request(method.upper(), target, post_data, dict(headers or {}))
        answer = connection.getresponse()
        body = answer.read()
        self.waited += time.perf_counter() - start
        named = {name.lower(): value for name, value in answer.headers.items()}
        return body.decode(), answer.status, named

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
