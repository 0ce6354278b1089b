"""Stripe's test cards for simulated readers, by what happens when they are presented.

https://docs.stripe.com/terminal/references/testing#simulated-test-cards
"""

from __future__ import annotations

from .simulator.cards import CARDS, Card

DEFAULT_CARD = "4242424242424242"

_BRANDS = {
    "amex": "American Express",
    "eftpos_au": "eftpos Australia",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
}
_OUTCOMES = {
    "generic_decline": "declined",
    "insufficient_funds": "declined: not enough money",
    "lost_card": "declined: lost card",
    "stolen_card": "declined: stolen card",
    "expired_card": "declined: expired",
    "processing_error": "processing error",
}


def card_number(card: str) -> str:
    """The number of a test card given by its number or by Stripe's name for it, such as "visa_debit" or
    "charge_declined_insufficient_funds". Raises ValueError for any other: real cards cannot be used."""
    for each in CARDS.values():
        if card.replace(" ", "") == each.number or card == each.name:
            return each.number
    raise ValueError(
        "That is not one of Stripe's test cards. Their numbers and names are at "
        "https://docs.stripe.com/terminal/references/testing#simulated-test-cards"
    )


def card_options() -> list[tuple[str, str]]:
    """(what it is and what happens, number) of every test card: approved ones first, then those with a PIN,
    then declines."""
    return [(_label(card), card.number) for card in sorted(CARDS.values(), key=_group)]


def _group(card: Card) -> int:
    return 2 if card.outcome != "approved" or card.refund_fails else 1 if card.cvm != "approval" else 0


def _label(card: Card) -> str:
    brand = _BRANDS.get(card.brand, card.brand.replace("_", " ").title())
    kind = "" if card.funding == "credit" else f" {card.funding}"
    if card.outcome != "approved":
        outcome = _OUTCOMES[card.outcome]
    elif card.refund_fails:
        outcome = "approved, but its refund fails later"
    elif card.cvm != "approval":
        outcome = f"approved with a PIN ({card.cvm.replace('_', ' ').replace('pin', 'PIN')})"
    else:
        outcome = "approved"
    return f"{brand}{kind} …{card.number[-4:]}: {outcome}"
