"""Charging the card at a reader: the bank is asked, and a charge is left either way."""

from __future__ import annotations

from ..account import Account, Object
from ..cards import Card
from ..declines import Decline, decide_at_reader
from ..resources import charges, intent_payment_method, kept_cards, payment_methods, tip_in_amount
from ..resources.payment_outcome import apply_charge


def charge_card(
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
    tip_in_amount.add(intent, presented["amount_tip"])
    last = intent["last_payment_error"] or {}
    verdict = decide_at_reader(card, intent["amount"], last.get("decline_code"))
    type = "interac_present" if presented["type"] == "interac_present" else "card_present"
    read_method = "contact_emv" if verdict.cvm != "approval" else "contactless_emv"
    method = method or payment_methods.add_present(account, card, type, read_method)
    if type == "card_present":
        details = charges.card_present_details(account, reader, intent, card, verdict, read_method)
    else:
        details = charges.interac_details(reader, card, verdict, read_method)
    charge = charges.add(account, intent, method, details, verdict)
    if verdict.decline is None and type == "card_present" and intent["setup_future_usage"]:
        _save_card(account, intent, reader, charge, card)
    apply_charge(account, intent, charge, method, verdict.decline)
    return verdict.decline


def _save_card(account: Account, intent: Object, reader: Object, charge: Object, card: Card) -> None:
    """The card of a payment with `setup_future_usage` can be charged later, if its network allows it."""
    allow_redisplay = account.inner(reader).get("allow_redisplay") or "unspecified"
    if generated := kept_cards.generate(account, card, allow_redisplay, charge=charge):
        charge["payment_method_details"]["card_present"]["generated_card"] = generated["id"]
        intent_payment_method.attach_to_customer(account, generated, intent["customer"])
