"""The customer at a simulated reader: a card is presented, and the action that waits for it ends.

https://docs.stripe.com/api/terminal/readers/present_payment_method
"""

from __future__ import annotations

from collections.abc import Callable

from .. import errors
from ..account import Account, Object
from ..cards import DEFAULT, INTERAC, Card, Decline, find_card
from ..faults import active, strike
from ..states import reader_move
from . import authorization, moto, tips
from .reader_actions import asked, finish
from .readers import KIND, state

# action type -> what a presented card does to it: (account, reader, presented) -> None
PRESENTED: dict[str, Callable[[Account, Object, Object], None]] = {}
_TYPES = ("card_present", "interac_present", "card")
# Actions during which the reader may ask for a tip.
_TIPPED = ("process_payment_intent", "collect_payment_method")


def present_payment_method(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    if not reader["device_type"].startswith("simulated_"):
        raise errors.StripeError(
            "Only simulated readers can have a payment method presented through the API."
        )
    reader_move(state(account, reader), "present_payment_method")
    ask_bank(account, reader, _presented(account, reader, params))
    return reader


def ask_bank(account: Account, reader: Object, presented: Object) -> None:
    """Let the card have its effect, unless the bank takes its time. Collecting a card asks no bank."""
    if reader["action"]["type"] != "collect_payment_method" and active(account, "slow_bank", reader["id"]):
        account.inner(reader).update(state="authorizing", presented=presented)
        account.save(reader)
    else:
        settle(account, reader, presented)


def settle(account: Account, reader: Object, presented: Object) -> None:
    """Let the presented card have its effect on the action that waited for it."""
    PRESENTED[reader["action"]["type"]](account, reader, presented)


def press_cancel(account: Account, reader: Object) -> None:
    """The customer presses cancel on the device, where the action offers it. Raises StripeError elsewhere."""
    reader_move(state(account, reader), "press_cancel")
    if not cancellation_offered(reader):
        raise errors.StripeError(
            "The reader's screen offers no cancel button. It does with enable_customer_cancellation."
        )
    finish(
        account,
        reader,
        "customer_canceled",
        "This action could not be completed due to an error on the card reader.",
    )


def cancellation_offered(reader: Object) -> bool:
    """Whether the running action was started with `enable_customer_cancellation`."""
    action = reader["action"][reader["action"]["type"]]
    return any(
        config.get("enable_customer_cancellation", False)
        for name, config in action.items()
        if name.endswith("_config")
    )


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
    if action in _TIPPED:
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
        raise errors.invalid(
            f"This action does not allow {network}, only {' and '.join(allowed)}.", f"{type}[number]"
        )
    return network


def card_of(presented: Object) -> Card:
    return find_card(presented["number"], "card_present[number]")


def _pay(account: Account, reader: Object, presented: Object) -> None:
    intent = account.find(reader["action"]["process_payment_intent"]["payment_intent"])
    if changed(account, reader, intent, "requires_payment_method"):
        return
    if presented["type"] == "card":
        decline = moto.pay(account, reader, intent, presented)
    else:
        decline = authorization.authorize(account, intent, reader, presented, card_of(presented))
    conclude(account, reader, decline)


def changed(account: Account, reader: Object, intent: Object, status: str) -> bool:
    """Whether the PaymentIntent is no longer as the reader was given it; then the action fails."""
    if intent["status"] == status and asked(intent) == account.inner(reader)["asked"]:
        return False
    finish(
        account,
        reader,
        "intent_invalid_state",
        "The PaymentIntent was changed after it was handed to the reader. Process it again.",
    )
    return True


def conclude(account: Account, reader: Object, decline: Decline | None) -> None:
    """End the action as the bank decided, unless the reader loses its connection just then."""
    inner = account.inner(reader)
    if decline:
        finish(account, reader, decline.code, decline.message)
    elif strike(account, "connection_lost", reader["id"], "present_payment_method"):
        finish(account, reader, "connection_error", "Could not connect to Stripe.")
    elif strike(account, "action_stuck", reader["id"], "present_payment_method"):
        inner.clear()
        inner["state"] = "stuck"
        account.save(reader)
    else:
        finish(account, reader)


PRESENTED["process_payment_intent"] = _pay
