"""Stripe's test cards for simulated readers, by what happens when they are presented.

https://docs.stripe.com/terminal/references/testing#simulated-test-cards
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from .simulator.cards import CARDS, Card
from .simulator.cards import card_number as card_number
from .simulator.declines import PIN_REQUIRED, declined_for_amount
from .simulator.later_cards import LATER

DEFAULT_CARD = "4242424242424242"

_BRANDS = {
    "amex": "American Express",
    "eftpos_au": "eftpos Australia",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
}
_GROUPS = ["Approved", "Approved with a PIN", "Declined", "Approved, refund fails", "Interac, in Canada"]
_OUTCOMES = {
    "generic_decline": "declined",
    "insufficient_funds": "declined: not enough money",
    "lost_card": "declined: lost card",
    "stolen_card": "declined: stolen card",
    "expired_card": "declined: expired",
    "processing_error": "processing error",
}


def card_options() -> list[tuple[str, str]]:
    """(what it is and what happens, number) of every test card: approved ones first, then those with a PIN,
    declines, and special ones."""
    return [(_label(card), card.number) for card in sorted(CARDS.values(), key=_group)]


def card_groups() -> list[tuple[str, str]]:
    """The same with a heading before each group; a heading's value is not a number."""
    found = []
    for group, cards in groupby(sorted(CARDS.values(), key=_group), key=_group):
        found.append((f"── {_GROUPS[group]} ──", f"group {group}"))
        found += [(_label(card), card.number) for card in cards]
    return found


PIN = "1234"
"""Of every test card here; Stripe's own simulated readers ask for none."""

WALLET_NOTE = "A card with a PIN is inserted, any other is tapped. Swipes and phones are for a real reader."
"""`present_payment_method` takes a card's number, and nothing that says how the card is held to the reader.

https://docs.stripe.com/api/terminal/readers/present_payment_method
"""


_IN_THE_WALLET = ("mastercard_debit", "unionpay")  # beside the common ones: notebooks ask for these


class WalletCard(NamedTuple):
    """A card to hold to the reader: `digits` are the first and the last four, as two cards may end alike;
    `words` say what it will do, `kind` is "approved", "pin", "declined" or "special"."""

    number: str
    brand: str
    digits: str
    words: str
    kind: str


def wallet() -> list[WalletCard]:
    """One test card for each thing that can happen, the common brands, and what the notebooks ask for;
    `card_options` has them all."""
    found, asked_for, seen = [], [], set()
    for card in sorted(CARDS.values(), key=_group):
        group = _group(card)
        what = (group, card.brand if group == 0 else card.outcome, group and card.cvm)
        if card.name in _IN_THE_WALLET:
            asked_for.append(_wallet_card(card, "approved"))
        elif what not in seen and (group or card.brand in ("visa", "mastercard", "amex", "discover")):
            seen.add(what)
            found.append(_wallet_card(card, ("approved", "pin", "declined", "special", "special")[group]))
    declines = next(place for place, card in enumerate(found) if card.kind == "declined")
    return [*found[:declines], *asked_for, *found[declines:]]


def _wallet_card(card: Card, kind: str) -> WalletCard:
    name, _, words = _label(card).partition(": ")
    brand = name.partition(" …")[0] if kind == "approved" else _brand(card)
    return WalletCard(card.number, brand, f"{card.number[:4]} •••• {card.number[-4:]}", words, kind)


def asks_for_pin(card: str) -> bool:
    """Whether one pays with a PIN with this test card."""
    return card in CARDS and CARDS[card].cvm != "approval"


def amount_hint(amount: int, card: str) -> str:
    """What the last two digits of an amount, in the smallest unit, make the bank say to this test card; ''
    where it is approved, or where the card decides by itself.

    https://docs.stripe.com/terminal/references/testing#simulated-test-cards
    """
    known = CARDS.get(card)
    reason = declined_for_amount(known, amount) if known else None
    if reason is None:
        return ""
    ending = f"This amount ends in {amount % 100:02d}"
    if reason in PIN_REQUIRED:
        return f"{ending}: the bank will want a PIN ({reason}). Processed again, it is approved with one."
    return f"{ending}: the bank will decline it ({reason})."


def _group(card: Card) -> int:
    if card.brand == "interac":
        return 4
    if card.outcome != "approved":
        return 2
    return 3 if _refund_fails(card) else 1 if card.cvm != "approval" else 0


def _refund_fails(card: Card) -> bool:
    return card.number in LATER and LATER[card.number].refund == "fails"


def _brand(card: Card) -> str:
    return _BRANDS.get(card.brand, card.brand.replace("_", " ").title())


def _label(card: Card) -> str:
    brand = _brand(card)
    kind = "" if card.funding == "credit" else f" {card.funding}"
    if card.outcome != "approved":
        outcome = _OUTCOMES[card.outcome]
    elif _refund_fails(card):
        outcome = "approved, but its refund fails later"
    elif card.brand == "interac":
        outcome = "only for Interac payments, in Canada"
    elif card.cvm != "approval":
        outcome = f"approved with a PIN ({card.cvm.replace('_', ' ').replace('pin', 'PIN')})"
    else:
        outcome = "approved"
    return f"{brand}{kind} …{card.number[-4:]}: {outcome}"
