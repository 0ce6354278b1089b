"""What Stripe keeps of a payment, and when the rest can be paid out: its published prices, in one table.

https://stripe.com/pricing and, for payments at a reader, https://stripe.com/terminal#pricing
"""

from __future__ import annotations

import calendar
import time
from typing import NamedTuple

DAY = 24 * 60 * 60


class Price(NamedTuple):
    """`rate` is in hundredths of a percent of the amount, `fixed` in the currency's smallest unit."""

    rate: int
    fixed: int


class Prices(NamedTuple):
    """What payments in a currency cost: by the PaymentMethod's type, and what a dispute adds.

    `typed_in` is a card whose number came by mail or telephone.
    """

    card_present: Price
    card: Price
    typed_in: Price
    dispute: int
    interac_present: Price = Price(0, 15)


PRICES = {
    "usd": Prices(Price(270, 5), Price(290, 30), Price(340, 30), 1500),
    "cad": Prices(Price(270, 5), Price(290, 30), Price(340, 30), 1500),
    "gbp": Prices(Price(140, 10), Price(150, 20), Price(150, 20), 2000),
    "eur": Prices(Price(140, 10), Price(150, 25), Price(150, 25), 2000),
    "aud": Prices(Price(170, 10), Price(170, 30), Price(170, 30), 2500),
}
# Any other currency: the same numbers.
_ELSEWHERE = PRICES["usd"]
# What a card from another country adds, in hundredths of a percent.
_FOREIGN = 150
# In which of these a card counts as being from this country.
_EEA = frozenset(
    (
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
        "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    )
)  # fmt: skip
# Working days after which the money of a payment is available, by country; three in all others.
_WORKING_DAYS = {"US": 2, "AU": 2}
_SATURDAY = 5


def of_payment(amount: int, currency: str, type: str, card_country: str | None, home: str) -> int:
    """The fee for a payment of `amount`; `type` is a field of `Prices`, `home` the account's country."""
    price: Price = getattr(PRICES.get(currency, _ELSEWHERE), type)
    foreign = price.rate and card_country not in (None, home) and not {card_country, home} <= _EEA
    rate = price.rate + (_FOREIGN if foreign else 0)
    # Half a cent is rounded up.
    return (amount * rate + 5_000) // 10_000 + price.fixed


def of_dispute(currency: str) -> int:
    """The fee for a dispute, which is kept however it ends."""
    return PRICES.get(currency, _ELSEWHERE).dispute


def available_on(now: int, home: str) -> int:
    """When the money of a payment made `now` can be paid out: midnight (UTC) some working days later, by the
    account's country."""
    day, left = now // DAY, _WORKING_DAYS.get(home, 3)
    while left:
        day += 1
        left -= calendar.weekday(*time.gmtime(day * DAY)[:3]) < _SATURDAY
    return day * DAY
