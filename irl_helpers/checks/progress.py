"""How far the learner is: all checks at a glance."""

from __future__ import annotations

from typing import Any

import stripe

from .account_contents import AccountContents
from .exercises import cart, end_of_day, save_a_card, tips
from .parts import cancel, collect, connect, setup
from .reached import Check
from .result import Result, table

CHECKS: dict[str, Check] = {
    "setup": setup,
    "connect": connect,
    "collect": collect,
    "cancel": cancel,
    "cart": cart,
    "tips": tips,
    "save_a_card": save_a_card,
    "end_of_day": end_of_day,
}
"""Every check by its name, in the order in which they are met."""


class Progress:
    """What every check said, in the order of `CHECKS`.

    `results` has them in full; `passed` is `{"setup": True, "connect": False, …}`, ready for JSON.
    """

    def __init__(self, results: dict[str, Result]) -> None:
        self.results = results

    @property
    def passed(self) -> dict[str, bool]:
        """Whether each check is passed, by its name."""
        return {name: result.passed for name, result in self.results.items()}

    @property
    def summary(self) -> str:
        """How many checks are passed: "3 of 8 done"."""
        return f"{sum(self.passed.values())} of {len(self.passed)} done"

    def __repr__(self) -> str:
        return "\n".join([self.summary, *(" ".join(row[:2]) + f": {row[2]}" for row in self._rows())])

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            ("✓" if result.passed else "✗", result.task, result.verdict) for result in self.results.values()
        ]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": table(self.summary, self._rows())}


def progress(client: stripe.StripeClient | None = None) -> Progress:
    """All parts at a glance, for the learner's own account or that of any `client`.

    It counts what each check counts, and what was done before stays done. Each list is asked for once.
    Raises stripe.StripeError when there is no answer.
    """
    account = AccountContents(client)
    return Progress({name: check(account) for name, check in CHECKS.items()})
