"""What the page must show: the account, asked by another program."""

from __future__ import annotations

import time
from collections.abc import Callable

from irl_helpers.account import stripe_client
from irl_helpers.setup import find_reader

COUNTER = "Counter 1"  # the reader of parts 3 and 4
NONE_YET = "none yet"


def payment_ids() -> list[str]:
    """The PaymentIntents of the account, newest first."""
    return [intent.id for intent in stripe_client().v1.payment_intents.list().auto_paging_iter()]


def till(payment: str | None) -> dict[str, str]:
    """The status lines of a till that works on this payment, as the API has them now."""
    client = stripe_client()
    intent = client.v1.payment_intents.retrieve(payment) if payment else None
    action = find_reader(COUNTER).action
    return {
        "PaymentIntent": intent.id if intent else NONE_YET,
        "Its status": intent.status if intent else NONE_YET,
        "Reader action": f"{action.type}: {action.status}" if action else "none, the reader is idle",
    }


def becomes(look: Callable[[], object], expected: object, seconds: float = 5) -> float:
    """Wait until `look()` returns what is expected, and say how long that took. Raises AssertionError."""
    start = time.monotonic()
    while (seen := look()) != expected:
        waited = time.monotonic() - start
        assert waited < seconds, f"after {waited:.1f} s the page shows {seen!r}, not {expected!r}"
        time.sleep(0.02)
    return time.monotonic() - start
