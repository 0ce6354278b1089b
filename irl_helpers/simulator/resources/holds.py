"""Holds on a customer's money: placed by an authorization, released when the payment is canceled, and expired
when nobody captures it in time: how long that is, `charges.py` says.

https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
"""

from __future__ import annotations

from ..account import Account, Object
from ..states import payment_intent_move
from . import charges, refunds

# Before it, what is not captured of a hold makes a Refund. (changelog basil/2025-03-31)
_NO_REFUNDS_SINCE = "2025-03-31"


def place(account: Account, intent: Object, capture_before: int) -> None:
    """The amount can be captured until `capture_before` (Unix, seconds); then the hold expires."""
    intent["amount_capturable"] = intent["amount"]
    account.schedule(capture_before, "expire_authorization", intent["id"])


def expire(account: Account, intent: Object) -> None:
    """Its time is over: a PaymentIntent that still waits for its capture is canceled. Events are sent."""
    if intent["status"] == "requires_capture":
        cancel_payment(account, intent, "expire", "expired")


def cancel_payment(account: Account, intent: Object, call: str, reason: str | None) -> None:
    """Nothing more can be paid, and a hold is released; `call` is "cancel" or "expire". Events are sent."""
    held = intent["status"] == "requires_capture"
    following = payment_intent_move(intent["status"], call)
    intent.update(status=following, canceled_at=account.now, cancellation_reason=reason, amount_capturable=0)
    intent["next_action"] = None
    account.save(intent)
    account.emit("payment_intent.canceled", intent)
    if held:
        charge = account.require(intent["latest_charge"], charges.KIND)
        charges.details(charge).pop("capture_before", None)
        account.save(charge)
        if call == "expire":
            account.emit("charge.expired", charge)
        if makes_refund(account):
            why = "expired_uncaptured_charge" if call == "expire" else None
            refunds.release(account, charge, charge["amount"], why)


def makes_refund(account: Account) -> bool:
    """Whether what is not taken of a hold is a Refund in the version of the request, or the account's."""
    return account.version < _NO_REFUNDS_SINCE
