"""Where the bank decides: the card's number first, then the amount's last two digits.

https://docs.stripe.com/terminal/references/testing
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .cards import SAVED_AND_DECLINED, Card
from .errors import StripeError

# last two digits of the amount -> decline code
AMOUNT_ENDINGS = {
    1: "call_issuer",
    2: "offline_pin_required",
    3: "online_or_offline_pin_required",
    5: "generic_decline",
    55: "incorrect_pin",
    65: "withdrawal_count_limit_exceeded",
    75: "pin_try_exceeded",
}
# Declines after which the reader asks for a PIN: the next attempt at the same payment is approved with it.
PIN_REQUIRED = {"offline_pin_required": "offline_pin", "online_or_offline_pin_required": "online_pin"}

# Codes that stand alone; every other decline has the code `card_declined` and this as its decline code.
_OWN_CODE = {"expired_card", "incorrect_cvc", "processing_error", *PIN_REQUIRED}
_MESSAGES = {
    "call_issuer": "Your card was declined. You can call your bank for details.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "incorrect_pin": "Your PIN is incorrect.",
    "offline_pin_required": "Your card was declined because a PIN is required.",
    "online_or_offline_pin_required": "Your card was declined because a PIN is required.",
    "withdrawal_count_limit_exceeded": "Your card has exceeded its withdrawal limit.",
    "pin_try_exceeded": "The allowed number of PIN tries was exceeded.",
}


class Decline(NamedTuple):
    """A bank's no, as it stands in errors and charges."""

    code: str
    decline_code: str | None
    message: str


class Verdict(NamedTuple):
    """What the bank says: `decline` is None when it approved; `cvm` is how the cardholder was verified."""

    decline: Decline | None
    cvm: str = "approval"


def decline(reason: str) -> Decline:
    """The decline for this reason, with Stripe's code and message for it."""
    if reason in _OWN_CODE:
        return Decline(reason, reason if reason in PIN_REQUIRED else None, _MESSAGES[reason])
    return Decline("card_declined", reason, _MESSAGES.get(reason, "Your card was declined."))


def decide_at_reader(card: Card, amount: int, last_decline: str | None = None) -> Verdict:
    """Whether this card may pay this amount.

    A card that always fails keeps its own reason and a PIN card is verified by its PIN; for any other the
    amount's last two digits decide. `last_decline` is the decline code of the same payment's last try.
    """
    if card.outcome != "approved":
        return Verdict(decline(card.outcome))
    if card.cvm != "approval":
        return Verdict(None, card.cvm)
    reason = AMOUNT_ENDINGS.get(amount % 100)
    if reason is None:
        return Verdict(None)
    if reason in PIN_REQUIRED and last_decline == reason:
        return Verdict(None, PIN_REQUIRED[reason])
    return Verdict(decline(reason))


def decide_refund(amount: int) -> Decline | None:
    """What an Interac card's bank says to a refund of this amount: its last two digits decide."""
    reason = AMOUNT_ENDINGS.get(amount % 100)
    return decline(reason) if reason and reason not in PIN_REQUIRED else None


def decide_online(card: Card) -> Verdict:
    """What the bank says without a reader: the card's number decides, the amount never."""
    return Verdict(None if card.outcome == "approved" else decline(card.outcome))


def decide_saving(card: Card) -> Decline | None:
    """What the bank says when the card is to be kept: declining cards cannot be, one excepted."""
    if card.outcome == "approved" or card.number == SAVED_AND_DECLINED:
        return None
    return decline(card.outcome)


def card_error(reason: Decline, param: str | None = None, **fields: Any) -> StripeError:
    """The 402 of a card that is refused."""
    return StripeError(
        reason.message,
        code=reason.code,
        decline_code=reason.decline_code,
        param=param,
        status=402,
        type="card_error",
        **fields,
    )
