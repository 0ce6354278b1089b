"""An answer, as the transport gives it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import StripeError
from .ids import new_id
from .object_json import dumps


@dataclass
class Response:
    """An answer: `body` is JSON text, and `content` what is in a file, in its place.

    `delay`: the transport waits this many seconds first, and then calls `Simulator.answered`. `drop`: it
    hangs up instead, so that the request was executed and its answer is lost. `at` is the account's time, 0
    where the request got as far as no account; `revision` is the account's as the request found it, or -1.
    """

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    drop: bool = False
    hold: tuple[str, str | None] = ("", None)
    content: bytes | None = None
    at: float = 0
    revision: int = -1

    @classmethod
    def refusal(cls, error: StripeError) -> Response:
        """The answer to a request that did not get as far as an account."""
        headers = {"Content-Type": "application/json", "Request-Id": new_id("req", 14), **error.headers}
        return cls(error.status, dumps(error.body()), headers)
