"""The customer at a simulated reader: a card is presented, and the action that waits for it ends.

https://docs.stripe.com/api/terminal/readers/present_payment_method
"""

from __future__ import annotations

from collections.abc import Callable

from .. import errors
from ..account import Account, Object
from ..cards import DEFAULT, INTERAC, Card, find_card
from ..faults import active
from ..resources.readers import KIND, state
from ..states import reader_move
from . import (
    collect_payment_method,
    confirm_payment_intent,
    moto,
    process_payment_intent,
    process_setup_intent,
    refund_payment,
    tips,
)

# What a presented card does to an action of this type: (account, reader, presented) -> None
PRESENTED: dict[str, Callable[[Account, Object, Object], None]] = {
    "collect_payment_method": collect_payment_method.card_presented,
    "confirm_payment_intent": confirm_payment_intent.card_presented,
    "process_payment_intent": process_payment_intent.card_presented,
    "process_setup_intent": process_setup_intent.card_presented,
    "refund_payment": refund_payment.card_presented,
}
_TYPES = ("card_present", "interac_present", "card")
_INTERAC_ALONE = (
    " An Interac card, from Canada, pays only a PaymentIntent in cad that allows interac_present."
)
# Actions during which the reader may ask for a tip.
_TIPPED = ("process_payment_intent", "collect_payment_method")


def present_payment_method(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    if not reader["device_type"].startswith("simulated_"):
        raise errors.StripeError(
            "Only simulated readers can have a payment method presented through the API."
        )
    reader_move(state(account, reader), "present_payment_method")
    read_card(account, reader, _presented(account, reader, params))
    return reader


def read_card(account: Account, reader: Object, presented: Object) -> None:
    """Let the card have its effect, unless the bank takes its time. Collecting a card asks no bank."""
    if reader["action"]["type"] != "collect_payment_method" and active(account, "slow_bank", reader["id"]):
        account.inner(reader).update(state="authorizing", presented=presented)
        account.save(reader)
    else:
        apply_card(account, reader, presented)


def apply_card(account: Account, reader: Object, presented: Object) -> None:
    """Let the presented card have its effect on the action that waited for it."""
    PRESENTED[reader["action"]["type"]](account, reader, presented)


def release_bank(account: Account) -> None:
    """Let the bank answer where a card was presented and no slow bank holds any more."""
    for reader in account.select(KIND):
        inner = account.inner(reader)
        if inner.get("state") == "authorizing" and not active(account, "slow_bank", reader["id"]):
            apply_card(account, reader, inner["presented"])


def finish_confirmation(account: Account, reader: Object) -> None:
    """The bank answers about the card that was collected, as no other was presented in its place."""
    if confirm_payment_intent.is_over(account, reader):
        collected = account.inner(reader)["collected"]
        read_card(account, reader, {**collected, "amount_tip": None})


def _presented(account: Account, reader: Object, params: Object) -> Object:
    """What the customer holds to the reader: `{number, type, amount_tip}`; or see `moto.typed_in`."""
    action = reader["action"]["type"]
    fields = reader["action"][action]
    intent = account.find(fields.get("payment_intent") or fields.get("setup_intent") or "")
    allowed = _allowed(action, intent)
    typed = bool(account.inner(reader).get("moto"))
    default = "card" if typed else "card_present" if "card_present" in allowed else "interac_present"
    type = params.get("type") or next((name for name in _TYPES if name in params), default)
    if typed and type != "card":
        raise errors.invalid("The reader asks for a card's number to be typed in.", "type")
    if type == "card":
        if action not in moto.ACTIONS or type not in allowed:
            raise errors.invalid(f"This action does not allow {type}, only {' and '.join(allowed)}.", "type")
        if not typed and "card" not in params:
            raise errors.missing("card[number]")
        return moto.typed_in(account, params)
    number = params.get(type, {}).get("number", INTERAC if type == "interac_present" else DEFAULT)
    collected = account.inner(reader).get("collected")
    if collected and not any(name in params for name in ("type", *_TYPES)):
        type, number = collected["type"], collected["number"]
    card = find_card(number, f"{type}[number]")
    type = _check_network(card, type, allowed)
    config = fields.get("process_config") or fields.get("collect_config") or {}
    given = params.get("amount_tip")
    if intent and action in _TIPPED:
        given = tips.tip(account, reader, intent, config, given)
    elif given is not None:
        raise errors.invalid("The reader does not ask for a tip during this action.", "amount_tip")
    return {"number": number, "type": type, "amount_tip": given}


def _allowed(action: str, intent: Object | None) -> list[str]:
    if action == "refund_payment":
        return ["interac_present"]
    return intent["payment_method_types"] if intent else ["card_present"]


def _check_network(card: Card, type: str, allowed: list[str]) -> str:
    """The type of payment that this card makes: an Interac card pays by Interac, and no other card does."""
    if type == "interac_present" and card.brand != "interac":
        raise errors.invalid(f"{card.number} is not an Interac card.", "interac_present[number]")
    network = "interac_present" if card.brand == "interac" else type
    if network not in allowed:
        why = _INTERAC_ALONE if network == "interac_present" else ""
        raise errors.invalid(
            f"This action does not allow {network}, only {' and '.join(allowed)}.{why}", f"{type}[number]"
        )
    return network
