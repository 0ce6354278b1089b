"""Confirming a PaymentIntent without a reader: a kept card is charged, or a new one.

https://docs.stripe.com/api/payment_intents/confirm
"""

from __future__ import annotations

from .. import three_d_secure
from ..account import Account, Object
from ..declines import Decline, Verdict, card_error, decide_online
from ..errors import StripeError, last_error
from ..states import payment_intent_move
from . import (
    authentication,
    charges,
    intent_payment_method,
    kept_cards,
    payment_method_types,
    payment_methods,
)
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
    intent.update(status=following, payment_method=method["id"], next_action=None)
    account.save(intent)


def confirm(account: Account, intent: Object, params: Object) -> None:
    """Charge the card that the PaymentIntent has; `params` are those of the call. Where its bank wants to
    hear from the cardholder first, the PaymentIntent waits for her.

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
    payment_method_types.check_return(intent, params)
    off_session = bool(params.get("off_session"))
    refused = None
    if authentication.wanted(account, intent, method, off_session=off_session):
        if params.get("error_on_requires_action"):
            raise _not_handled(account, intent, method)
        if not off_session:
            authentication.ask(account, intent, params)
            return
        refused = three_d_secure.REQUIRED
    made, reason = charge_card(account, intent, method, account.inner(intent).get("moto", False), refused)
    if reason:
        raise card_error(
            reason,
            charge=made["id"],
            payment_intent=account.view(intent),
            payment_method=method,
            payment_method_type=method["type"],
            keep=True,
        )


def _not_handled(account: Account, intent: Object, method: Object) -> StripeError:
    """The 402 of a payment whose cardholder nobody would ask; no charge is left."""
    reason = three_d_secure.NOT_HANDLED
    error = last_error("card_error", reason.code, reason.message, method, **reason.fields())
    intent.update(
        status=payment_intent_move(intent["status"], "decline"), payment_method=None, last_payment_error=error
    )
    account.save(intent)
    account.emit("payment_intent.payment_failed", intent)
    return card_error(
        reason,
        payment_intent=account.view(intent),
        payment_method=method,
        payment_method_type=method["type"],
        keep=True,
    )


def authenticate(account: Account, params: Object, id: str) -> Object:
    """The cardholder answers her bank: `result` is "succeed", and the card is charged, or "fail"."""
    intent = account.get(id, "payment_intent", "intent", in_path=True)
    authentication.check_asked(intent)
    method = account.require(intent["payment_method"], "payment_method")
    if params.get("result") == "fail":
        authentication.fail(account, intent, method)
        return intent
    intent["next_action"] = None
    charge_card(account, intent, method, moto=False, authenticated=True)
    return intent


def charge_card(
    account: Account,
    intent: Object,
    method: Object,
    moto: bool,
    refused: Decline | None = None,
    authenticated: bool = False,
) -> tuple[Object, Decline | None]:
    """(the charge of this card, why it was declined). A card that nobody keeps is then used up.

    `refused` is why it is declined whatever the card says; `authenticated`: its holder was heard.
    """
    kept_cards.run_checks(account, method)
    card = kept_cards.card_of(method["card"])
    refused = refused or three_d_secure.declined(card)
    verdict = Verdict(refused, risk=card.risk) if refused else decide_online(card, method["card"]["checks"])
    details = charges.card_details(account, intent, method, verdict, moto)
    if authenticated:
        details["three_d_secure"] = three_d_secure.passed()
    made = charges.add(account, intent, method, details, verdict)
    apply_charge(account, intent, made, method, verdict.decline)
    if verdict.decline is None and intent["setup_future_usage"]:
        authentication.note_set_up(account, method)
        intent_payment_method.attach_to_customer(account, method, intent["customer"])
    elif verdict.decline is None and not method["customer"]:
        payment_methods.use_up(account, method)
    return made, verdict.decline
