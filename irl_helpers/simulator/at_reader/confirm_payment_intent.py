"""A payment in two steps, the second: the card that the reader has collected is charged.

https://docs.stripe.com/api/terminal/readers/confirm_payment_intent
"""

from __future__ import annotations

from ..account import Account, Object
from ..errors import StripeError
from ..resources.readers import KIND, forget_card_of_intent, state
from ..states import READER_REFUSALS, payment_intent_move, reader_move
from .actions import fail_if_changed, finish_as_decided, presented_card, put, shown_on_screen
from .charge_card import charge_card

# A card presented meanwhile takes the place of the collected one; then the reader goes on with that.
CONFIRMS_AFTER = 3


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
    known = {
        **account.inner(reader),
        "state": "confirming",
        "at": account.time,
        "asked": shown_on_screen(intent),
    }
    put(account, reader, "confirm_payment_intent", fields, **known)
    account.schedule(account.time + CONFIRMS_AFTER, "finish_confirmation", id)
    return reader


def is_over(account: Account, reader: Object) -> bool:
    """Whether the reader has waited long enough for another card."""
    inner = account.inner(reader)
    return inner.get("state") == "confirming" and account.time >= inner["at"] + CONFIRMS_AFTER


def card_presented(account: Account, reader: Object, presented: Object) -> None:
    """Charge the card that was collected, or the one presented in its place."""
    intent = account.require(reader["action"]["confirm_payment_intent"]["payment_intent"], "payment_intent")
    same = presented["number"] == account.inner(reader)["collected"]["number"]
    if fail_if_changed(account, reader, intent, "requires_confirmation"):
        forget_card_of_intent(account, intent)
        return
    method = account.require(intent["payment_method"], "payment_method") if same else None
    decline = charge_card(account, intent, reader, presented, presented_card(presented), method)
    finish_as_decided(account, reader, decline)
