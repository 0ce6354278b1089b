"""Mail and telephone orders: a card's number is typed into the reader, and charged without the card.

https://docs.stripe.com/terminal/features/mail-telephone-orders/payments
"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..cards import DEFAULT
from ..declines import Decline
from ..errors import StripeError
from ..online_cards import ONLINE, check_cvc, check_expiry, typed_card
from ..resources import kept_cards, online_charges

# Actions that may be given a number instead of a card.
ACTIONS = ("process_payment_intent", "process_setup_intent")
_TYPED = {"number": DEFAULT, "exp_month": 12, "exp_year": 2034, "cvc": "123"}


def check_types(intent: Object, param: str) -> None:
    """Raises StripeError when the intent cannot be processed with `process_config[moto]`."""
    if "card" not in intent["payment_method_types"]:
        raise errors.invalid("An intent must allow card to be processed by mail or telephone.", param)


def typed_in(account: Account, params: Object) -> Object:
    """What is typed into the reader: `{type, number, exp_month, …}`. Raises StripeError, 400."""
    if "amount_tip" in params:
        raise errors.invalid("The reader asks for no tip when a card's number is typed in.", "amount_tip")
    given = params.get("card", _TYPED)
    try:
        card = typed_card(given["number"])
        month, year = check_expiry(given["exp_month"], given["exp_year"], account.time)
        if "cvc" in given:
            check_cvc(given["cvc"])
    except StripeError as refused:
        error = refused.error
        raise errors.invalid(error["message"], f"card[{error['param']}]", error["code"]) from None
    return {
        "type": "card",
        "number": card.number,
        "exp_month": month,
        "exp_year": year,
        "cvc": "cvc" in given,
        "amount_tip": None,
    }


def method_of(account: Account, reader: Object, presented: Object) -> Object:
    """The PaymentMethod of the card whose number was typed in."""
    allow_redisplay = account.inner(reader).get("allow_redisplay") or "unspecified"
    return kept_cards.add_card(
        account,
        ONLINE[presented["number"]],
        (presented["exp_month"], presented["exp_year"]),
        allow_redisplay=allow_redisplay,
        cvc=presented["cvc"],
    )


def charge_typed(account: Account, reader: Object, intent: Object, presented: Object) -> Decline | None:
    """Charge the card; None when the bank approved."""
    method = method_of(account, reader, presented)
    return online_charges.charge_card(account, intent, method, moto=True)[1]
