"""Confirming a PaymentIntent without a reader: a kept card is charged, or a new one.

https://docs.stripe.com/api/payment_intents/confirm
"""

from __future__ import annotations

from ..account import Account, Object
from ..declines import Decline, card_error, decide_online
from ..errors import StripeError
from ..states import payment_intent_move
from . import charges, intent_payment_method, kept_cards, payment_methods
from .payment_outcome import apply_charge


def choose_card(account: Account, intent: Object, id: str) -> None:
    """The card with which the PaymentIntent can be confirmed."""
    following = payment_intent_move(intent["status"], "update_payment_method")
    if (current := account.find(intent["payment_method"] or "")) and current["type"] != "card":
        raise StripeError(
            "The reader has collected a card for this PaymentIntent. Confirm it on the reader, or cancel the "
            "reader's action first.",
            code="payment_intent_unexpected_state",
            param="payment_method",
        )
    method = intent_payment_method.find_usable(account, id, intent)
    intent.update(status=following, payment_method=method["id"])
    account.save(intent)


def confirm(account: Account, intent: Object, params: Object) -> None:
    """Charge the card that the PaymentIntent has; `params` are those of the call.

    Raises StripeError, 402, when it is declined: the failed charge, `last_payment_error` and its events stay.
    """
    if params.get("off_session") and intent["setup_future_usage"]:
        raise StripeError(
            "You cannot confirm with `off_session=true` when `setup_future_usage` is also set on the "
            "PaymentIntent. The customer needs to be on-session to perform the steps which may be required "
            "to set up the PaymentMethod for future usage. Please confirm this PaymentIntent with your "
            "customer on-session.",
            param="off_session",
        )
    method = intent_payment_method.chosen(account, intent)
    made, reason = charge_card(account, intent, method, account.inner(intent).get("moto", False))
    if reason:
        raise card_error(
            reason,
            charge=made["id"],
            payment_intent=account.view(intent),
            payment_method=method,
            payment_method_type=method["type"],
            keep=True,
        )


def charge_card(
    account: Account, intent: Object, method: Object, moto: bool
) -> tuple[Object, Decline | None]:
    """(the charge of this card, why it was declined). A card that nobody keeps is then used up."""
    kept_cards.run_checks(account, method)
    verdict = decide_online(kept_cards.card_of(method["card"]), method["card"]["checks"])
    details = charges.card_details(account, intent, method, verdict, moto)
    made = charges.add(account, intent, method, details, verdict)
    apply_charge(account, intent, made, method, verdict.decline)
    if verdict.decline is None and intent["setup_future_usage"]:
        intent_payment_method.attach_to_customer(account, method, intent["customer"])
    elif verdict.decline is None and not method["customer"]:
        payment_methods.use_up(account, method)
    return made, verdict.decline
