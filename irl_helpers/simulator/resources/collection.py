"""A payment in two steps: the reader collects a card, the till looks at it, the reader confirms it.

https://docs.stripe.com/api/terminal/readers/confirm_payment_intent
"""

from __future__ import annotations

from copy import deepcopy

from ..account import Account, Object
from ..errors import StripeError
from ..states import READER_REFUSALS, payment_intent_move, reader_move
from . import authorization, payment_methods
from .presentation import PRESENTED, ask_bank, card_of, changed, conclude
from .reader_actions import asked, finish, put
from .readers import KIND, release, release_intent, state

# How long a collected card may wait for its confirmation, and how long a simulated reader knows it.
CONFIRM_WITHIN = 30
KNOWN_FOR = 30 * 60
# A card presented meanwhile takes the place of the collected one; then the reader goes on with that.
CONFIRMS_AFTER = 3


def collect(account: Account, reader: Object, presented: Object) -> None:
    """The card's PaymentMethod goes to the PaymentIntent, and the action shows it. Nothing is charged yet."""
    fields = reader["action"]["collect_payment_method"]
    intent = account.find(fields["payment_intent"])
    if changed(account, reader, intent, "requires_payment_method"):
        return
    card = card_of(presented)
    type = "interac_present" if presented["type"] == "interac_present" else "card_present"
    read_method = "contactless_emv" if card.cvm == "approval" else "contact_emv"
    method = payment_methods.add_present(account, card, type, read_method)
    authorization.add_tip(intent, presented["amount_tip"])
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
        release(account, reader)


def confirm_payment_intent(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    intent = account.get(params["payment_intent"], "payment_intent", "payment_intent")
    reader_move(state(account, reader), "confirm_payment_intent")
    if reader["action"]["collect_payment_method"]["payment_intent"] != intent["id"]:
        raise StripeError(READER_REFUSALS["confirm_payment_intent"])
    payment_intent_move(intent["status"], "confirm_on_reader")
    fields: Object = {"payment_intent": intent["id"]}
    if params.get("confirm_config"):
        fields["confirm_config"] = params["confirm_config"]
    known = {**account.inner(reader), "state": "confirming", "at": account.time, "asked": asked(intent)}
    put(account, reader, "confirm_payment_intent", fields, **known)
    account.schedule(account.time + CONFIRMS_AFTER, "finish_confirmation", id)
    return reader


def finish_confirmation(account: Account, reader: Object) -> None:
    """The bank answers about the collected card, as no other was presented."""
    inner = account.inner(reader)
    if inner.get("state") == "confirming" and account.time >= inner["at"] + CONFIRMS_AFTER:
        ask_bank(account, reader, {**inner["collected"], "amount_tip": None})


def confirm(account: Account, reader: Object, presented: Object) -> None:
    """Charge the card that was collected, or the one presented in its place."""
    intent = account.find(reader["action"]["confirm_payment_intent"]["payment_intent"])
    same = presented["number"] == account.inner(reader)["collected"]["number"]
    if changed(account, reader, intent, "requires_confirmation"):
        release_intent(account, intent)
        return
    method = account.find(intent["payment_method"]) if same else None
    decline = authorization.authorize(account, intent, reader, presented, card_of(presented), method)
    conclude(account, reader, decline)


PRESENTED["collect_payment_method"] = collect
PRESENTED["confirm_payment_intent"] = confirm
