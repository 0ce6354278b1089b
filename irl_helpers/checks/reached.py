"""Finished stays finished: what a check has seen once is remembered with the account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Protocol

import stripe

from ..account import note, noted
from . import to_the_room
from .account_contents import AccountContents
from .result import Result


class Check(Protocol):
    """Looks whether a task is done, in the learner's own account or in that of a `client`."""

    __name__: str

    def __call__(self, client: stripe.StripeClient | AccountContents | None = None) -> Result:
        """What it found."""


def check(judge: Callable[[AccountContents], Result]) -> Check:
    """A check from what judges an account.

    In the learner's own it remembers that the task was done: carts leave the screen, events last 30 days, and
    the next notebook chooses another reader. Stripe is not told; a room is, where the learner wants it.
    """
    name = f"reached {judge.__name__}"

    @wraps(judge)
    def look(client: stripe.StripeClient | AccountContents | None = None) -> Result:
        account = AccountContents.of(client)
        result = judge(account)
        if account.own:
            result = remembered(result)
        if client is None:
            to_the_room.tell({judge.__name__: result.passed})
        return result

    def remembered(result: Result) -> Result:
        if not result.passed:
            return result.as_reached() if noted(name) else result
        if not noted(name):
            note(name, "yes")
        return result

    return look
