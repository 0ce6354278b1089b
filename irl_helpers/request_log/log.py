"""Every request that the official client sends, kept as it was: what a button or a cell really did.

One place sees them all: `LoggedHTTPClient` stands between the client and its transport, whichever that is.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import stripe

_quiet: ContextVar[bool] = ContextVar("quiet", default=False)
_button: ContextVar[str] = ContextVar("button", default="")


@dataclass(frozen=True)
class LoggedRequest:
    """One request and its answer.

    `form` is the body as it was sent, `status` the HTTP status (None when no answer came, and `body` then
    says why), `seconds` how long it took, `at` the Unix time at which it began, `button` the label of the
    button whose work it was, '' for a cell. Headers are not kept: they carry the key. In the form of an
    `upload`, `@name` stands for a file.
    """

    method: str
    path: str
    form: str
    status: int | None
    body: str
    request_id: str | None
    idempotency_key: str | None
    at: float
    seconds: float
    button: str = ""
    upload: bool = False


class RequestLog:
    """The latest requests, oldest first; at most `size` of them."""

    def __init__(self, size: int = 200) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=size)
        self._listeners: list[Callable[[LoggedRequest], None]] = []

    def __iter__(self) -> Iterator[LoggedRequest]:
        return iter(list(self._requests))

    def __len__(self) -> int:
        return len(self._requests)

    def add(self, request: LoggedRequest) -> None:
        """Keep a request, and tell those who listen."""
        self._requests.append(request)
        for listener in list(self._listeners):
            listener(request)

    def listen(self, listener: Callable[[LoggedRequest], None]) -> Callable[[], None]:
        """Call `listener(request)` for each request from now on; what is returned ends that.

        Over the network it is called in the thread that made the request.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None


@contextmanager
def unlogged() -> Iterator[None]:
    """Requests made inside are not logged: those of a panel that only looks would bury a button's."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


@contextmanager
def work_of(button: str) -> Iterator[None]:
    """Requests made inside are logged as the work of this button."""
    token = _button.set(button)
    try:
        yield
    finally:
        _button.reset(token)


class LoggedHTTPClient(stripe.HTTPClient):
    """`inner`, with every request it carries added to `log`.

    Those that are not logged carry a header of this name, if one is given.
    """

    name = "logged"

    def __init__(self, inner: stripe.HTTPClient, log: RequestLog, unlogged_header: str = "") -> None:
        super().__init__()
        self._inner = inner
        self._log = log
        self._unlogged_header = unlogged_header

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **usage: Any
    ) -> tuple[Any, int, Mapping[str, str]]:
        """Send the request, and log it with its answer or with what prevented one."""
        start = (time.time(), time.perf_counter())
        try:
            answer = self._inner.request(method, url, self._marked(headers), post_data, **usage)
        except stripe.APIConnectionError as problem:
            self._keep(start, method, url, headers, post_data, problem)
            raise
        self._keep(start, method, url, headers, post_data, answer)
        return answer

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None, **usage: Any
    ) -> tuple[Any, int, Mapping[str, str]]:
        """As `request`, for the client's async methods."""
        start = (time.time(), time.perf_counter())
        try:
            answer = await self._inner.request_async(method, url, self._marked(headers), post_data, **usage)
        except stripe.APIConnectionError as problem:
            self._keep(start, method, url, headers, post_data, problem)
            raise
        self._keep(start, method, url, headers, post_data, answer)
        return answer

    def _marked(self, headers: Mapping[str, str] | None) -> Mapping[str, str]:
        """The headers, and one more if the request is not to be written down elsewhere either."""
        if self._unlogged_header and _quiet.get():
            return {**(headers or {}), self._unlogged_header: "true"}
        return headers or {}

    def _keep(
        self,
        start: tuple[float, float],
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any,
        answer: tuple[Any, int, Mapping[str, str]] | stripe.APIConnectionError,
    ) -> None:
        parts = urlsplit(url)
        # The simulator's own controls are not part of a conversation with Stripe.
        if _quiet.get() or parts.path.startswith("/_simulator/"):
            return
        body: Any
        status: int | None
        answered: Mapping[str, str]
        if isinstance(answer, stripe.APIConnectionError):
            body, status, answered = str(answer), None, {}
        else:
            body, status, answered = answer
        form, upload = _form(headers or {}, post_data)
        self._log.add(
            LoggedRequest(
                method=method.upper(),
                path=f"{parts.path}?{parts.query}" if parts.query else parts.path,
                form=form,
                status=status,
                body=_text(body),
                request_id=answered.get("request-id"),
                idempotency_key=(headers or {}).get("Idempotency-Key"),
                at=start[0],
                seconds=time.perf_counter() - start[1],
                button=_button.get(),
                upload=upload,
            )
        )

    # What is not logged goes straight through.

    def request_stream(self, *args: Any, **kwargs: Any) -> Any:
        """Send without logging: a stream is read by the caller."""
        return self._inner.request_stream(*args, **kwargs)

    async def request_stream_async(self, *args: Any, **kwargs: Any) -> Any:
        """As `request_stream`, for the client's async methods."""
        return await self._inner.request_stream_async(*args, **kwargs)

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return self._inner._sleep_time_seconds(num_retries)

    async def sleep_async(self, secs: float) -> None:
        """Wait before a retry, as the inner client does."""
        await self._inner.sleep_async(secs)

    def close(self) -> None:
        """Close the inner client."""
        self._inner.close()  # type: ignore[no-untyped-call]  # the library does not say

    async def close_async(self) -> None:
        """As `close`, for the client's async methods."""
        await self._inner.close_async()  # type: ignore[no-untyped-call]  # the library does not say


def _form(headers: Mapping[str, str], data: Any) -> tuple[str, bool]:
    """(what was sent, whether files were; of them only their names, as `@name`)."""
    content_type = headers.get("Content-Type", "")
    if not isinstance(data, bytes) or not content_type.startswith("multipart/"):
        return _text(data), False
    from ..simulator.uploads import read  # uploads are rare

    return read(content_type, data)[0], True


def _text(data: Any) -> str:
    if data is None:
        return ""
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
