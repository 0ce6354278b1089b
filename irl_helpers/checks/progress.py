"""How far the learner is: all checks at a glance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import stripe

from . import to_the_room
from .account_contents import AccountContents
from .at_the_till import point_of_sale, when_it_goes_wrong
from .exercises import cart, end_of_day, save_a_card, tips
from .parts import cancel, collect, connect, setup
from .reached import Check
from .result import Result, table

CHECKS: dict[str, Check] = {
    "setup": setup,
    "connect": connect,
    "collect": collect,
    "cancel": cancel,
    "point_of_sale": point_of_sale,
    "cart": cart,
    "tips": tips,
    "save_a_card": save_a_card,
    "end_of_day": end_of_day,
    "when_it_goes_wrong": when_it_goes_wrong,
}
"""Every check by its name, in the order in which they are met."""

NOTEBOOKS = {
    "setup": "01_setup.ipynb",
    "connect": "02_connect.ipynb",
    "collect": "03_collect.ipynb",
    "cancel": "04_cancel.ipynb",
    "point_of_sale": "point_of_sale.ipynb",
} | {
    name: f"exercises/{name}.ipynb"
    for name in ("cart", "tips", "save_a_card", "end_of_day", "when_it_goes_wrong")
}
"""Where each task is set, below `notebooks/`."""


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
        """How many checks are passed: "3 of 10 done"."""
        done = f"{sum(self.passed.values())} of {len(self.passed)} done"
        return f"{done}. Well done!" if all(self.passed.values()) else done

    def __repr__(self) -> str:
        return "\n".join([self.summary, *(" ".join(row[:2]) + f": {row[2]}" for row in self._rows())])

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            ("✓" if result.passed else "✗", result.task, result.verdict) for result in self.results.values()
        ]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": table(self.summary, self._rows(), self._links())}

    def _links(self) -> list[str]:
        """The notebook of each task, from where this one lies: a kernel begins in its notebook's folder."""
        up = "../" if Path.cwd().name == "exercises" else ""
        return [up + NOTEBOOKS[name] for name in self.results]


def progress(client: stripe.StripeClient | None = None) -> Progress:
    """All parts at a glance, for the learner's own account or that of any `client`.

    It counts what each check counts, and what was done before stays done. Each list is asked for once.
    Raises stripe.StripeError when there is no answer.
    """
    account = AccountContents(client)
    seen = Progress({name: check(account) for name, check in CHECKS.items()})
    if client is None:
        to_the_room.tell(seen.passed)
    return seen
