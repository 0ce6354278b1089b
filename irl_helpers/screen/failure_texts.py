"""What the screen says when an action has failed, in words for the person who holds the card.

Whether a card is declined is decided by the bank: offline, in `simulator/`.

Codes: https://docs.stripe.com/declines/codes and https://docs.stripe.com/error-codes. A lost, stolen or
suspected card is only "declined by the bank", as Stripe asks: its holder may not be its owner.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .object_fields import part, text
from .screen_data import ScreenData


class Reason(NamedTuple):
    """A headline of one or two words, the reason, and what to do next."""

    headline: str
    words: str
    advice: str = ""


_ANOTHER = "Another card may work"
_AGAIN = "Please try again"
_ASK = "Ask the shop first"


def _declined(words: str, advice: str = _ANOTHER) -> Reason:
    return Reason("Declined", words, advice)


_BY_THE_BANK = _declined("The bank declined this card.")

REASONS = {
    "approve_with_id": _declined("The bank could not approve this payment.", _AGAIN),
    "call_issuer": _declined("The bank wants you to call it."),
    "card_not_supported": _declined("This card cannot pay for this."),
    "card_velocity_exceeded": _declined("The card's limit is used up."),
    "currency_not_supported": _declined("This card cannot pay in this currency."),
    "do_not_honor": _BY_THE_BANK,
    "expired_card": _declined("This card has expired."),
    "fraudulent": _BY_THE_BANK,
    "generic_decline": _BY_THE_BANK,
    "incorrect_number": _declined("The card could not be read.", _AGAIN),
    "incorrect_pin": _declined("The PIN is wrong.", _AGAIN),
    "invalid_pin": _declined("The PIN is wrong.", _AGAIN),
    "insufficient_funds": _declined("Not enough money on this card."),
    "invalid_account": _declined("The card's account is not valid."),
    "invalid_amount": _declined("The bank does not allow this amount."),
    "issuer_not_available": _declined("The bank could not be reached.", _AGAIN),
    "lost_card": _BY_THE_BANK,
    "merchant_blacklist": _BY_THE_BANK,
    "new_account_information_available": _declined("The bank has newer details for this card."),
    "not_permitted": _declined("The bank does not permit this payment."),
    "offline_pin_required": _declined("A PIN is needed.", "Insert the card again"),
    "online_or_offline_pin_required": _declined("A PIN is needed.", "Insert the card again"),
    "pickup_card": _BY_THE_BANK,
    "pin_try_exceeded": _declined("Too many wrong PINs."),
    "processing_error": _declined("The card could not be processed.", _AGAIN),
    "reenter_transaction": _declined("The bank could not process this.", _AGAIN),
    "restricted_card": _BY_THE_BANK,
    "security_violation": _BY_THE_BANK,
    "service_not_allowed": _declined("The bank does not allow this kind of payment."),
    "stolen_card": _BY_THE_BANK,
    "testmode_decline": _declined("Test cards pay nothing here."),
    "transaction_not_allowed": _declined("The bank does not allow this payment."),
    "try_again_later": _declined("The bank could not answer.", _AGAIN),
    "withdrawal_count_limit_exceeded": _declined("The card's limit is used up."),
    "setup_intent_authentication_failure": _declined("This card could not be saved."),
    "customer_canceled": Reason("Canceled", "You pressed cancel."),
    "collect_inputs_timeout": Reason("Timed out", "Nobody answered in time."),
    "connection_error": Reason("No answer", "Stripe could not be reached.", _ASK),
    "intent_invalid_state": Reason("Changed", "The payment was changed meanwhile.", _AGAIN),
}


def failure_words(reader: Any, payment_intent: Any = None) -> str:
    """Why the reader's action has failed, as its screen says it: "Not enough money on this card."."""
    return reason_of(ScreenData.of(reader, payment_intent)).words


def same_card_fails_again(reader: Any, payment_intent: Any = None) -> bool:
    """Whether the reader's action has failed for a reason that only another card mends."""
    return _reason(ScreenData.of(reader, payment_intent)).advice == _ANOTHER


def no_card_passes(reader: Any, payment_intent: Any = None) -> bool:
    """Whether it has failed for the last digits of the total, so that no standard test card mends it."""
    return _by_amount(ScreenData.of(reader, payment_intent))


def reason_of(data: ScreenData) -> Reason:
    """Why the reader's action has failed, and what the customer can do."""
    reason = _reason(data)
    return reason._replace(advice=_ASK) if _by_amount(data) else reason


def _by_amount(data: ScreenData) -> bool:
    """Another card would mend it, and Stripe's message says that the amount decided."""
    message = text(part(data.intent, "last_payment_error"), "message")
    return _reason(data).advice == _ANOTHER and "designated amount" in message


def _reason(data: ScreenData) -> Reason:
    """The reason in the table, else Stripe's own message, else that it failed."""
    codes = _codes(data)
    for code in codes:
        if code in REASONS:
            return REASONS[code]
    message = text(data.action, "failure_message") or text(part(data.action, "api_error"), "message")
    if "card_declined" in codes:
        return _declined(message or _BY_THE_BANK.words)
    return Reason("Not completed", message or "Something went wrong.", _AGAIN)


def _codes(data: ScreenData) -> list[str]:
    """The bank's own code first. The payment's last error counts only if it is this failure's."""
    failure = text(data.action, "failure_code")
    errors = [part(data.action, "api_error")]
    last = part(data.intent, "last_payment_error")
    if failure and text(last, "code") == failure:
        errors.append(last)
    codes = [text(error, name) for name in ("decline_code", "code") for error in errors]
    return [code for code in [*codes, failure] if code]
