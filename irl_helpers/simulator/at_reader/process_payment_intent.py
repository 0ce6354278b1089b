"""A payment in one step: the reader asks for a card, and charges it.

https://docs.stripe.com/api/terminal/readers/process_payment_intent
"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..resources.readers import KIND, forget_collected_card, state
from ..states import payment_intent_move, reader_move
from ..versions import REDISPLAY_SINCE
from . import moto
from .actions import fail_if_changed, finish_as_decided, presented_card, shown_on_screen, start
from .charge_card import charge_card

_CARD_TYPES = {"card_present", "interac_present"}


def process_payment_intent(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    return ask_for_card(account, reader, "process_payment_intent", params, "process_config")


def ask_for_card(account: Account, reader: Object, type: str, params: Object, config_name: str) -> Object:
    """The reader shows the amount and waits for a card, with an action of this type.

    Raises StripeError where the reader, the PaymentIntent or the settings in `config_name` do not allow it.
    """
    intent = account.get(params["payment_intent"], "payment_intent", "payment_intent")
    reader_move(state(account, reader), type)
    forget_collected_card(account, reader)
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
    needed = intent["setup_future_usage"] and account.version >= REDISPLAY_SINCE
    if needed and allow_redisplay not in ("always", "limited"):
        raise errors.invalid(
            "A PaymentIntent with setup_future_usage needs allow_redisplay to be always or limited.",
            f"{config_name}[allow_redisplay]",
        )
    if config:
        fields[config_name] = config
    start(account, reader, type, fields)
    known = account.inner(reader)
    known.update(asked=shown_on_screen(intent), allow_redisplay=allow_redisplay, moto=typed)
    return reader


def card_presented(account: Account, reader: Object, presented: Object) -> None:
    """Charge the card that is there, or whose number was typed in."""
    intent = account.require(reader["action"]["process_payment_intent"]["payment_intent"], "payment_intent")
    if fail_if_changed(account, reader, intent, "requires_payment_method"):
        return
    if presented["type"] == "card":
        decline = moto.charge_typed(account, reader, intent, presented)
    else:
        decline = charge_card(account, intent, reader, presented, presented_card(presented))
    finish_as_decided(account, reader, decline)
