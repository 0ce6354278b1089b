"""Cards without a reader: Stripe's test PaymentMethods such as `pm_card_visa`, and numbers that are typed in.

https://docs.stripe.com/testing
"""

from __future__ import annotations

import time

from .cards import CARDS, Card, passes_checksum
from .declines import Decline, card_error
from .documented_cards import DOCUMENTED, TOKENS_DOCUMENTED
from .later_cards import CARDS_LATER, TOKENS_LATER
from .three_d_secure import CARDS_ASKING, TOKENS_ASKING

# Networks that only work where the card is, so that nothing can be charged online later.
SINGLE_BRANDED = frozenset(("eftpos_au", "girocard", "interac"))
ONLINE: dict[str, Card] = {
    **{number: card for number, card in CARDS.items() if card.brand not in SINGLE_BRANDED},
    **CARDS_LATER,
    **CARDS_ASKING,
    **DOCUMENTED,
}
# A new PaymentMethod each time one of these is named.
TOKENS = {**TOKENS_LATER, **TOKENS_ASKING, **TOKENS_DOCUMENTED}
# What `display_brand` calls a brand, where it is another name.
_SHOWN = {"amex": "american_express", "diners": "diners_club", "unionpay": "union_pay"}


def typed_card(number: str) -> Card:
    """The test card with this number. Raises StripeError, 402, for any other: real cards cannot be used."""
    number = number.replace(" ", "").replace("-", "")
    if card := ONLINE.get(number):
        return card
    if not passes_checksum(number):
        raise card_error(Decline("incorrect_number", None, "Your card number is incorrect."), "number")
    raise card_error(
        Decline(
            "card_declined",
            "test_mode_live_card",
            "Your card was declined. Your request was in test mode, but used a non test card. For a list of "
            "valid test cards, visit: https://stripe.com/docs/testing.",
        ),
        "number",
    )


def check_expiry(month: int, year: int, now: float) -> tuple[int, int]:
    """(month, year of four digits). Raises StripeError, 402, for an invalid or past date."""
    today = time.gmtime(now)
    if year < 100:
        year += 2000
    if not today.tm_year <= year <= today.tm_year + 50:
        raise card_error(
            Decline("invalid_expiry_year", None, "Your card's expiration year is invalid."), "exp_year"
        )
    if not 1 <= month <= 12 or (year, month) < (today.tm_year, today.tm_mon):
        raise card_error(
            Decline("invalid_expiry_month", None, "Your card's expiration month is invalid."), "exp_month"
        )
    return month, year


def check_cvc(cvc: str) -> None:
    """Raises StripeError unless it has three or four digits."""
    if not (cvc.isascii() and cvc.isdecimal() and len(cvc) in (3, 4)):
        raise card_error(Decline("invalid_cvc", None, "Your card's security code is invalid."), "cvc")


def shown_brand(brand: str) -> str:
    """The brand as `display_brand` names it."""
    return _SHOWN.get(brand, brand)
