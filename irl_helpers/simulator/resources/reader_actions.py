"""What a reader is told to do: one action at a time, replaced by the next or canceled.

https://docs.stripe.com/api/terminal/readers/process_payment_intent and the calls beside it
"""

from __future__ import annotations

from typing import Any

from .. import errors, money
from ..account import Account, Object
from ..states import payment_intent_move, reader_move
from . import moto
from .readers import KIND, release, state

_CARD_TYPES = {"card_present", "interac_present"}


def start(account: Account, reader: Object, type: str, fields: Object) -> Object:
    """Put a new action on the reader, in place of the one that was there."""
    following = reader_move(state(account, reader), type)
    release(account, reader)
    return put(account, reader, type, fields, state=following)


def put(account: Account, reader: Object, type: str, fields: Object, **inner: Any) -> Object:
    """A running action, and what the simulator knows about it."""
    reader["action"] = {
        "api_error": None,
        "failure_code": None,
        "failure_message": None,
        "status": "in_progress",
        "type": type,
        type: fields,
    }
    known = account.inner(reader)
    known.clear()
    known.update(inner)
    account.save(reader)
    return reader


def process_payment_intent(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    return _ask_for_card(account, reader, "process_payment_intent", params, "process_config")


def collect_payment_method(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    return _ask_for_card(account, reader, "collect_payment_method", params, "collect_config")


def _ask_for_card(account: Account, reader: Object, type: str, params: Object, config_name: str) -> Object:
    intent = account.get(params["payment_intent"], "payment_intent", "payment_intent")
    reader_move(state(account, reader), type)
    release(account, reader)
    payment_intent_move(intent["status"], "process")
    config = dict(params.get(config_name, {}))
    typed = config.pop("moto", False)
    if typed:
        moto.check_types(intent, "payment_intent")
    elif not _CARD_TYPES & set(intent["payment_method_types"]):
        raise errors.invalid(
            "The PaymentIntent must allow card_present or interac_present to be processed by a reader.",
            "payment_intent",
        )
    fields: Object = {"payment_intent": intent["id"]}
    allow_redisplay = config.pop("allow_redisplay", None)
    tipping = config.get("tipping")
    if tipping and tipping.get("amount_eligible", 0) > 0 and config.get("skip_tipping"):
        raise errors.invalid(
            "You cannot give amount_eligible when skip_tipping is true.",
            f"{config_name}[tipping][amount_eligible]",
        )
    if tipping and tipping.get("amount_eligible", 0) < 0:
        raise errors.invalid(
            "This value must be greater than or equal to 0.", f"{config_name}[tipping][amount_eligible]"
        )
    if intent["setup_future_usage"] and allow_redisplay not in ("always", "limited"):
        raise errors.invalid(
            "A PaymentIntent with setup_future_usage needs allow_redisplay to be always or limited.",
            f"{config_name}[allow_redisplay]",
        )
    if config:
        fields[config_name] = config
    start(account, reader, type, fields)
    account.inner(reader).update(asked=asked(intent), allow_redisplay=allow_redisplay, moto=typed)
    return reader


def asked(intent: Object) -> list[Any]:
    """What the customer reads on the screen, and so must not change behind it."""
    return [intent["amount"], intent["currency"]]


def set_reader_display(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    cart = params.get("cart")
    if cart:
        currency = money.check_currency(cart["currency"], "cart[currency]")
        cart = {"tax": None, **cart, "currency": currency}
    return start(account, reader, "set_reader_display", {"cart": cart, "type": "cart"})


def cancel_action(account: Account, params: Object, id: str) -> Object:
    """Back to the splash screen. Whatever was being paid or saved lives on; no event is sent."""
    reader = account.get(id, KIND, "reader", in_path=True)
    reader_move(state(account, reader), "cancel_action")
    release(account, reader)
    reader["action"] = None
    account.inner(reader).clear()
    account.save(reader)
    return reader


def finish(account: Account, reader: Object, code: str | None = None, message: str | None = None) -> None:
    """End the running action: succeeded, or failed with this code. Its event is sent."""
    action = reader["action"]
    action["status"] = "failed" if code else "succeeded"
    action["failure_code"] = code
    action["failure_message"] = message
    account.inner(reader).clear()
    account.save(reader)
    account.emit(f"terminal.reader.action_{action['status']}", reader)
