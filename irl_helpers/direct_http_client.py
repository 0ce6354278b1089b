"""Calls that stay on this machine: to a served simulator, by no proxy and to no other address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import stripe


class DirectHTTPClient(stripe.RequestsClient):
    """The library's own way over HTTP, without what a machine's settings would add to it.

    No proxy sees the key, no `.netrc` replaces it, and an answer that names another address is not followed.
    """

    def __init__(self, timeout: float) -> None:
        import requests  # as stripe.RequestsClient does: it need not be there unless calls go over HTTP

        session = requests.Session()
        session.trust_env = False
        session.max_redirects = 0
        super().__init__(timeout=timeout, session=session)

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """As `request`, in a thread."""
        return await asyncio.to_thread(self.request, method, url, headers, post_data)

    async def sleep_async(self, secs: float) -> None:
        """Wait between two tries."""
        await asyncio.sleep(secs)

    async def close_async(self) -> None:
        """As `close`."""
        self.close()  # type: ignore[no-untyped-call]  # the library does not say
