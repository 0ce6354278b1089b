"""What a total should be made of, and which slip of the pen made another of it."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from ..money import format_amount

_ONCE = "each price counted once, whatever the quantity"
_UNTAXED = "the tax left out"
_DOLLARS = "dollars taken for cents"


class Total(NamedTuple):
    """The total of `lines`, each the price of one and how many, and a `tax`; all in cents."""

    lines: tuple[tuple[int, int], ...]
    tax: int

    @property
    def amount(self) -> int:
        """What it comes to."""
        return sum(price * quantity for price, quantity in self.lines) + self.tax

    def __str__(self) -> str:
        """ "2 × $7.20, $5.60 and $0.95 of tax"."""
        parts = [
            f"{quantity} × {_usd(price)}" if quantity > 1 else _usd(price) for price, quantity in self.lines
        ]
        return f"{', '.join(parts)} and {_usd(self.tax)} of tax"

    def instead_of(self, found: object) -> str:
        """Which amount was found instead, how that came about if it can be told, and what belongs in it."""
        shown = _usd(found) if isinstance(found, int) else str(found)
        slips = self._slips(found)
        return f"{shown}{f', with {slips}' if slips else ''}. It is made of {self}, in whole cents"

    def _slips(self, found: object) -> str:
        if not isinstance(found, int | float):
            return ""
        for once, untaxed, dollars in product((False, True), repeat=3):
            net = sum(price if once else price * quantity for price, quantity in self.lines)
            meant = net if untaxed else net + self.tax
            # Who thinks in dollars writes 20.95, or rounds it.
            if abs(100 * found - meant) < 100 if dollars else found == meant:
                slips = {_ONCE: once, _UNTAXED: untaxed, _DOLLARS: dollars}
                return " and ".join(slip for slip, so in slips.items() if so)
        return ""


def _usd(amount: int) -> str:
    return format_amount(amount, "usd")
