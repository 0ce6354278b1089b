"""Cards without a reader: Stripe's test PaymentMethods such as `pm_card_visa`, and numbers that are typed in.

https://docs.stripe.com/testing
"""

from __future__ import annotations

import time

from .cards import CARDS, SAVED_AND_DECLINED, Card
from .declines import Decline, card_error
from .later_cards import CARDS_LATER, TOKENS_LATER

# Networks that only work where the card is, so that nothing can be charged online later.
SINGLE_BRANDED = frozenset(("eftpos_au", "girocard", "interac"))
ONLINE: dict[str, Card] = {
    **{number: card for number, card in CARDS.items() if card.brand not in SINGLE_BRANDED},
    **CARDS_LATER,
    "4000000000000127": Card("4000000000000127", "incorrect_cvc", "visa", outcome="incorrect_cvc"),
    SAVED_AND_DECLINED: Card(SAVED_AND_DECLINED, "charge_fails", "visa", outcome="generic_decline"),
}
# A new PaymentMethod each time one of these is named.
TOKENS = {
    **TOKENS_LATER,
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_debit": "4000056655665556",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_mastercard_debit": "5200828282828210",
    "pm_card_mastercard_prepaid": "5105105105105100",
    "pm_card_amex": "378282246310005",
    "pm_card_discover": "6011111111111117",
    "pm_card_diners": "3056930009020004",
    "pm_card_jcb": "3566002020360505",
    "pm_card_unionpay": "6200000000000005",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeCustomerFail": SAVED_AND_DECLINED,
}
# What `display_brand` calls a brand, where it is another name.
_SHOWN = {"amex": "american_express", "diners": "diners_club", "unionpay": "union_pay"}


def typed_card(number: str) -> Card:
    """The test card with this number. Raises StripeError, 402, for any other: real cards cannot be used."""
    number = number.replace(" ", "").replace("-", "")
    if card := ONLINE.get(number):
        return card
    if not _passes_checksum(number):
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


def _passes_checksum(number: str) -> bool:
    """Luhn's, which every card number ends in."""
    if not (number.isascii() and number.isdecimal() and 12 <= len(number) <= 19):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
