"""A payment in two steps, the first: the reader collects a card, and the till looks at it.

https://docs.stripe.com/api/terminal/readers/collect_payment_method
"""

from __future__ import annotations

from copy import deepcopy

from ..account import Account, Object
from ..resources import payment_methods, tip_in_amount
from ..resources.readers import KIND, forget_collected_card
from ..states import payment_intent_move
from .actions import fail_if_changed, finish, presented_card
from .process_payment_intent import ask_for_card

# How long a collected card may wait for its confirmation, and how long a simulated reader knows it.
CONFIRM_WITHIN = 30
KNOWN_FOR = 30 * 60


def collect_payment_method(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    return ask_for_card(account, reader, "collect_payment_method", params, "collect_config")


def card_presented(account: Account, reader: Object, presented: Object) -> None:
    """The card's PaymentMethod goes to the PaymentIntent, and the action shows it. Nothing is charged yet."""
    fields = reader["action"]["collect_payment_method"]
    intent = account.require(fields["payment_intent"], "payment_intent")
    if fail_if_changed(account, reader, intent, "requires_payment_method"):
        return
    card = presented_card(presented)
    type = "interac_present" if presented["type"] == "interac_present" else "card_present"
    read_method = "contactless_emv" if card.cvm == "approval" else "contact_emv"
    method = payment_methods.add_present(account, card, type, read_method)
    tip_in_amount.add(intent, presented["amount_tip"])
    intent.update(status=payment_intent_move(intent["status"], "collect"), payment_method=method["id"])
    account.save(intent)
    fields["payment_method"] = deepcopy(method)
    collected = {"number": presented["number"], "type": presented["type"]}
    account.inner(reader).update(state="collected", collected=collected, at=account.time)
    account.save(reader)
    account.schedule(account.time + CONFIRM_WITHIN, "lapse_collection", reader["id"])
    account.schedule(account.time + KNOWN_FOR, "forget_collection", reader["id"])
    account.emit("terminal.reader.action_updated", reader)


def lapse(account: Account, reader: Object) -> None:
    """Nobody confirmed in time: the action fails. The PaymentIntent keeps the card."""
    inner = account.inner(reader)
    if inner.get("state") == "collected" and account.time >= inner["at"] + CONFIRM_WITHIN:
        known = dict(inner)
        finish(account, reader, "collect_payment_method_timeout", "collect payment method was timed out")
        inner.update(known, state="lapsed")


def forget(account: Account, reader: Object) -> None:
    """The simulated reader no longer knows the card."""
    inner = account.inner(reader)
    if inner.get("state") == "lapsed" and account.time >= inner["at"] + KNOWN_FOR:
        forget_collected_card(account, reader)
