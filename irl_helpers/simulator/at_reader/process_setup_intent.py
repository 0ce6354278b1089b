"""Saving the card that is presented to a reader, without charging it.

https://docs.stripe.com/terminal/features/saving-payment-details/save-directly
"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..declines import decide_saving
from ..resources import kept_cards, payment_methods, setup_attempts, setup_intents
from ..resources.readers import KIND
from ..states import setup_intent_move
from . import moto
from .actions import finish, finish_as_decided, presented_card, start

_FAILED = (
    "The provided payment method has failed authentication. Provide a new payment method to attempt to "
    "fulfill this SetupIntent again."
)
_CODE = "setup_intent_authentication_failure"


def process_setup_intent(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    intent = account.get(params["setup_intent"], "setup_intent", "setup_intent")
    fields: Object = {"setup_intent": intent["id"]}
    config = dict(params.get("process_config", {}))
    typed = config.pop("moto", False)
    if config:
        fields["process_config"] = config
    start(account, reader, "process_setup_intent", fields)
    setup_intent_move(intent["status"], "process")
    if typed:
        moto.check_types(intent, "setup_intent")
    elif "card_present" not in intent["payment_method_types"]:
        raise errors.invalid(
            "The SetupIntent must allow card_present to be processed by a reader.", "setup_intent"
        )
    account.inner(reader).update(allow_redisplay=params.get("allow_redisplay", "unspecified"), moto=typed)
    return reader


def card_presented(account: Account, reader: Object, presented: Object) -> None:
    """The attempt with this card, and a `generated_card` for charging online where its network allows one."""
    action = reader["action"]["process_setup_intent"]
    intent = account.require(action["setup_intent"], "setup_intent")
    if intent["status"] != "requires_payment_method":
        finish(
            account,
            reader,
            "intent_invalid_state",
            "The SetupIntent was changed after it was handed to the reader. Process it again.",
        )
        return
    if presented["type"] == "card":
        _save_typed(account, reader, intent, presented)
        return
    card = presented_card(presented)
    read_method = "contactless_emv" if card.cvm == "approval" else "contact_emv"
    method = payment_methods.add_present(account, card, "card_present", read_method)
    if card.outcome != "approved":
        _fail(account, reader, intent, method, _details())
        return
    attempt = setup_attempts.add(account, intent, method, _details(), None)
    allow_redisplay = account.inner(reader)["allow_redisplay"]
    generated = kept_cards.generate(account, card, allow_redisplay, setup_attempt=attempt["id"])
    if generated:
        attempt["payment_method_details"]["card_present"]["generated_card"] = generated["id"]
        action["generated_card"] = generated["id"]
    setup_intents.succeed(account, intent, attempt, generated)
    finish_as_decided(account, reader, None)


def _save_typed(account: Account, reader: Object, intent: Object, presented: Object) -> None:
    """A card whose number was typed in is itself the one that can be charged online."""
    method = moto.method_of(account, reader, presented)
    details = setup_attempts.card_details(method, moto=True)
    if decide_saving(kept_cards.card_of(method["card"])):
        _fail(account, reader, intent, method, details)
        return
    setup_intents.succeed(account, intent, setup_attempts.add(account, intent, method, details, None))
    finish_as_decided(account, reader, None)


def _fail(account: Account, reader: Object, intent: Object, method: Object, details: Object) -> None:
    error = errors.last_error("invalid_request_error", _CODE, _FAILED, method)
    setup_intents.fail(account, intent, setup_attempts.add(account, intent, method, details, error))
    finish(account, reader, _CODE, _FAILED)


def _details() -> Object:
    return {"generated_card": None, "offline": None}
