"""Let time pass; offline account only.

The account has a clock of its own, which starts with the machine's and can be moved forward. Objects get
their timestamps from it. What is due by then (an expiry, a timeout, a forgotten idempotency key) happens
at the next request.
"""

from __future__ import annotations

from .account import offline_only

_WHY = "make time pass: nobody can move Stripe's own clock"


def now() -> int:
    """The account's time, Unix seconds as in `created`. Raises AccountError in Stripe's test mode."""
    return int(offline_only(_WHY).request("get", "clock")["now"])


def advance(*, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0) -> int:
    """Move the account's time forward, whole seconds; the new time, as `now()` gives it.

    Raises AccountError in Stripe's test mode, ValueError for a step back, and TypeError for a fraction.
    """
    controls = offline_only(_WHY)
    step = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if not isinstance(step, int):
        raise TypeError("time is moved by whole seconds")
    if step < 0:
        raise ValueError("time never runs backwards")
    return int(controls.request("post", "clock", advance=step)["now"])
