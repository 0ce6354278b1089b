"""What a charge does to its PaymentIntent: declined, held or paid."""

from __future__ import annotations

from ..account import Account, Object
from ..declines import Decline
from ..errors import last_error
from ..states import payment_intent_move
from . import charges, disputes, holds, tip_in_amount


def apply_charge(
    account: Account, intent: Object, charge: Object, method: Object, decline: Decline | None
) -> None:
    """The PaymentIntent after this charge: declined, held (it must be captured in time) or paid.

    Events are sent.
    """
    intent["latest_charge"] = charge["id"]
    account.save(intent)
    if decline:
        tip_in_amount.take_out(intent)
        intent.update(
            status=payment_intent_move(intent["status"], "decline"),
            payment_method=None,
            last_payment_error=last_error(
                "card_error",
                decline.code,
                decline.message,
                method,
                charge=charge["id"],
                param=decline.param,
                **decline.fields(),
            ),
        )
        account.emit("charge.failed", charge)
        account.emit("payment_intent.payment_failed", intent)
        return
    capture_before = charges.details(charge).get("capture_before")
    intent.update(
        status=payment_intent_move(intent["status"], "authorize" if capture_before else "charge"),
        payment_method=method["id"],
        last_payment_error=None,
    )
    if capture_before:
        holds.place(account, intent, capture_before)
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
    else:
        intent["amount_received"] = intent["amount"]
        later = intent["capture_method"] == "automatic_async"
        charges.capture(account, charge, intent["amount"], later=later)
        account.emit("charge.succeeded", charge)
        disputes.begin(account, charge)
        account.emit("payment_intent.succeeded", intent)
