"""The simulator in place of the network: what the official client calls to send a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import stripe

from .file_trouble import AccountFileError
from .response_headers import ResponseHeaders
from .simulator import Simulator


class SimulatorHTTPClient(stripe.HTTPClient):
    """`stripe.StripeClient(key, http_client=SimulatorHTTPClient(simulator))` talks to `simulator` directly.

    No thread, no socket, no waiting: retries follow one another at once, since nobody needs time to recover,
    and answers that are asked to be slow are not; those that are asked to get lost are. Where the account
    file went wrong there is no answer: AccountFileError is raised, or `file_error(message)` in its place.
    """

    name = "simulator"

    def __init__(self, simulator: Simulator, file_error: Callable[[str], Exception] | None = None) -> None:
        super().__init__()
        self._simulator = simulator
        self._file_error = file_error

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """Hand the request to the simulator. Raises stripe.APIConnectionError when its answer gets lost."""
        target = "/" + url.partition("://")[2].partition("/")[2]
        try:
            response = self._simulator.handle(method, target, headers or {}, post_data or "")
        except AccountFileError as trouble:
            if self._file_error is None:
                raise
            raise self._file_error(str(trouble)) from trouble
        self._simulator.answered(response)
        if response.drop:
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]  # untyped in the library
                "The connection was closed before an answer came (a fault in the simulator).",
                should_retry=True,
            )
        return response.body, response.status, ResponseHeaders(response.headers.items())

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """As `request`, for the client's async methods."""
        body, status, answered = self.request(method, url, headers, post_data)
        return body.encode(), status, answered

    async def sleep_async(self, secs: float) -> None:
        """No wait before a retry."""
        return None

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.0

    def close(self) -> None:
        """Nothing to close: the simulator belongs to whoever made it."""
        return None

    async def close_async(self) -> None:
        """As `close`, for the client's async methods."""
        return None
