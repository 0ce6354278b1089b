"""Stripe's test cards for readers; `declines` decides which are declined.

https://docs.stripe.com/terminal/references/testing
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .errors import StripeError


class Card(NamedTuple):
    """`outcome` is "approved", or the reason for which the card is always declined.

    `fails` are the checks that it fails, `risk` is what Stripe thinks of a payment with it online.
    """

    number: str
    name: str
    brand: str
    funding: str = "credit"
    country: str = "US"
    outcome: str = "approved"
    cvm: str = "approval"
    fails: tuple[str, ...] = ()
    risk: str = "normal"


_OK = [
    ("4242424242424242", "visa", "visa", "credit", "US"),
    ("4000056655665556", "visa_debit", "visa", "debit", "US"),
    ("5555555555554444", "mastercard", "mastercard", "credit", "US"),
    ("5200828282828210", "mastercard_debit", "mastercard", "debit", "US"),
    ("5105105105105100", "mastercard_prepaid", "mastercard", "prepaid", "US"),
    ("378282246310005", "amex", "amex", "credit", "US"),
    ("371449635398431", "amex2", "amex", "credit", "US"),
    ("6011111111111117", "discover", "discover", "credit", "US"),
    ("6011000990139424", "discover2", "discover", "credit", "US"),
    ("3056930009020004", "diners", "diners", "credit", "US"),
    ("36227206271667", "diners_14digits", "diners", "credit", "US"),
    ("3566002020360505", "jcb", "jcb", "credit", "JP"),
    ("6200000000000005", "unionpay", "unionpay", "credit", "CN"),
    ("4506445006931933", "interac", "interac", "debit", "CA"),
    ("6280000360000978", "eftpos_au_debit", "eftpos_au", "debit", "AU"),
    ("4000050360000001", "eftpos_au_visa_debit", "visa", "debit", "AU"),
    ("5555050360000080", "eftpos_au_mastercard_debit", "mastercard", "debit", "AU"),
    ("4000002500001001", "cartes_bancaires_visa_debit", "visa", "debit", "FR"),
    ("5555552500001001", "cartes_bancaires_mastercard_debit", "mastercard", "debit", "FR"),
    ("4711009900000316877", "girocard_debit", "girocard", "debit", "DE"),
]
_PIN = [
    ("4001007020000002", "offline_pin_cvm", "offline_pin"),
    ("4000008260000075", "offline_pin_sca_retry", "offline_pin"),
    ("4001000360000005", "online_pin_cvm", "online_pin"),
    ("4000002760000008", "online_pin_sca_retry", "online_pin"),
]
_ERRORS = [
    ("4000000000000002", "charge_declined", "generic_decline"),
    ("4000000000009995", "charge_declined_insufficient_funds", "insufficient_funds"),
    ("4000000000009987", "charge_declined_lost_card", "lost_card"),
    ("4000000000009979", "charge_declined_stolen_card", "stolen_card"),
    ("4000000000000069", "charge_declined_expired_card", "expired_card"),
    ("4000000000000119", "charge_declined_processing_error", "processing_error"),
]

CARDS: dict[str, Card] = {
    card.number: card
    for card in [
        *(Card(*row) for row in _OK),
        *(Card(number, name, "visa", "debit", cvm=cvm) for number, name, cvm in _PIN),
        *(Card(number, name, "visa", outcome=outcome) for number, name, outcome in _ERRORS),
        Card("4000000000005126", "refund_fail", "visa"),
    ]
}
DEFAULT = "4242424242424242"
INTERAC = "4506445006931933"
# The number whose card can be saved, and then fails with every charge.
SAVED_AND_DECLINED = "4000000000000341"


def card_number(card: str) -> str:
    """The number of a test card given by its number or by Stripe's name for it, such as "visa_debit" or
    "charge_declined_insufficient_funds". Raises ValueError for any other: real cards cannot be used."""
    for each in CARDS.values():
        if card.replace(" ", "") == each.number or card == each.name:
            return each.number
    from difflib import get_close_matches  # rarely needed, so it is not loaded at every start

    names = [each.name for each in CARDS.values()]
    close = get_close_matches(card.lower().replace("-", "_").replace(" ", "_"), names, n=1)
    page = "https://docs.stripe.com/terminal/references/testing#simulated-test-cards"
    there = (
        f"Did you mean {close[0]}?" if close else f"Their names: {', '.join(names)}. Their numbers: {page}"
    )
    raise ValueError(f"That is not one of Stripe's test cards. {there}")


def find_card(number: str, param: str) -> Card:
    """The test card with this number. Raises StripeError for any other: real cards cannot be used."""
    card = CARDS.get(number.replace(" ", ""))
    if card is None:
        raise StripeError(
            "Your card was declined. Your request was in test mode, but used a non test card. For a list of "
            "valid test cards, visit: https://docs.stripe.com/terminal/references/testing.",
            code="card_declined",
            param=param,
        )
    return card


def fingerprint(card: Card) -> str:
    """The same for each use of one card, as Stripe's fingerprints are."""
    return f"{int(card.number) * 2654435761 % 36**16:x}"[:16].rjust(16, "0")


def card_facts(card: Card) -> dict[str, Any]:
    """What a charge and a PaymentMethod both say of the card."""
    return {
        "brand": card.brand,
        "brand_product": None,
        "cardholder_name": None,
        "country": card.country,
        "description": None,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": fingerprint(card),
        "funding": card.funding,
        "iin": card.number[:6],
        "issuer": None,
        "last4": card.number[-4:],
        "preferred_locales": ["en"],
    }


def passes_checksum(number: str) -> bool:
    """Luhn's, of 12 to 19 digits, which every card number ends in."""
    if not (number.isascii() and number.isdecimal() and 12 <= len(number) <= 19):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
