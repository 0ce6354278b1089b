"""Asking the bank for a payment, and what its answer does to the PaymentIntent."""

from __future__ import annotations

from ..account import Account, Object
from ..cards import Card, Decline, ask_bank
from ..errors import last_error
from ..states import payment_intent_move
from . import charges, kept_cards, online, payment_methods


def authorize(
    account: Account,
    intent: Object,
    reader: Object,
    presented: Object,
    card: Card,
    method: Object | None = None,
) -> Decline | None:
    """Ask the bank for the payment at a reader; None when it approved.

    `method` is the PaymentMethod of the card if it was collected before. Leaves a charge either way, and the
    PaymentIntent where its table says. Events are sent, the reader's own excepted.
    """
    add_tip(intent, presented["amount_tip"])
    last = intent["last_payment_error"] or {}
    verdict = ask_bank(card, intent["amount"], last.get("decline_code"))
    type = "interac_present" if presented["type"] == "interac_present" else "card_present"
    read_method = "contact_emv" if verdict.cvm != "approval" else "contactless_emv"
    method = method or payment_methods.add_present(account, card, type, read_method)
    if type == "card_present":
        details = charges.card_present_details(account, reader, intent, card, verdict, read_method)
    else:
        details = charges.interac_details(reader, card, verdict, read_method)
    charge = charges.add(account, intent, method, details, verdict)
    if verdict.decline is None and type == "card_present" and intent["setup_future_usage"]:
        _save(account, intent, reader, charge, card)
    settle(account, intent, charge, method, verdict.decline)
    return verdict.decline


def _save(account: Account, intent: Object, reader: Object, charge: Object, card: Card) -> None:
    """The card of a payment with `setup_future_usage` can be charged later, if its network allows it."""
    allow_redisplay = account.inner(reader).get("allow_redisplay") or "unspecified"
    if generated := kept_cards.generate(account, card, allow_redisplay, charge=charge):
        charge["payment_method_details"]["card_present"]["generated_card"] = generated["id"]
        online.keep_for(account, generated, intent["customer"])


def settle(account: Account, intent: Object, charge: Object, method: Object, decline: Decline | None) -> None:
    """What a charge does to its PaymentIntent: declined, held (it must be captured in time) or paid."""
    intent["latest_charge"] = charge["id"]
    account.save(intent)
    if decline:
        forget_tip(intent)
        intent.update(
            status=payment_intent_move(intent["status"], "decline"),
            payment_method=None,
            last_payment_error=last_error(
                "card_error",
                decline.code,
                decline.message,
                method,
                charge=charge["id"],
                decline_code=decline.decline_code,
            ),
        )
        account.emit("charge.failed", charge)
        account.emit("payment_intent.payment_failed", intent)
        return
    held = charges.details(charge).get("capture_before")
    intent.update(
        status=payment_intent_move(intent["status"], "authorize" if held else "charge"),
        payment_method=method["id"],
        last_payment_error=None,
    )
    if held:
        intent["amount_capturable"] = intent["amount"]
        account.schedule(held, "expire_authorization", intent["id"])
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
    else:
        intent["amount_received"] = intent["amount"]
        charges.capture(account, charge, intent["amount"])
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.succeeded", intent)


def add_tip(intent: Object, tip: int | None) -> None:
    """The customer's tip becomes part of the amount; None where nobody asked for one."""
    if tip is not None:
        intent["amount"] += tip
        intent["amount_details"] = {**intent["amount_details"], "tip": {"amount": tip}}


def forget_tip(intent: Object) -> None:
    """The tip belongs to a try that has ended; the next one asks for it again."""
    tip = (intent["amount_details"].get("tip") or {}).get("amount") or 0
    # The amount may have been changed in between, and is then never less than 1.
    intent["amount"] = max(intent["amount"] - tip, 1)
    intent["amount_details"] = {**intent["amount_details"], "tip": {}}
