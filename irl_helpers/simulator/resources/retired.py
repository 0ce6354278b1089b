"""Calls that PaymentIntents and PaymentMethods replaced: each is refused, and names its successor.

https://docs.stripe.com/payments/payment-intents/migration
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, NoReturn

from ..account import Account, Object
from ..errors import StripeError

_END_OF_LIFE = (
    "Card Token usage on the Customers API and Charges API has reached end of life. In order to continue "
    "processing your payments, you will need to use the Payment Intents and Payment Methods API. Read more "
    "about what you should do here: https://docs.stripe.com/payments/payment-methods/integration-options. If "
    "you need to continue to use Card Tokens on the Customers and Charges API, enable this functionality in "
    "your API policies settings: https://dashboard.stripe.com/settings/developers/api-policies"
)
_NOTHING_SAVED = (
    "This Customer doesn't have any saved payment details. Attach a legacy Token, Card, Bank Account, or "
    "Source to this Customer and then try this request again, or use Payment Intents and Payment Methods "
    "instead."
)
_METHOD_SAVED = (
    "This Customer doesn't have any legacy saved payment details, but does have a Payment Method attached. "
    "Use a Payment Intent instead of creating a Charge: "
    "https://stripe.com/docs/payments/payment-intents/migration"
)
_IDS = {"charges": "charge", "customers": "customer"}


class Retired(NamedTuple):
    """A call that is refused: `successor` says what to call instead."""

    method: str
    path: str
    params: str
    successor: str


CALLS = [
    Retired("POST", "/v1/charges", "ChargeCreateParams", "POST /v1/payment_intents with `confirm`"),
    Retired("POST", "/v1/charges/*/capture", "ChargeCaptureParams", "POST /v1/payment_intents/{id}/capture"),
    Retired("POST", "/v1/tokens", "TokenCreateParams", "POST /v1/payment_methods"),
    Retired("POST", "/v1/sources", "SourceCreateParams", "POST /v1/payment_methods"),
    Retired(
        "POST",
        "/v1/customers/*/sources",
        "CustomerPaymentSourceCreateParams",
        "POST /v1/payment_methods/{id}/attach",
    ),
]


def handler(call: Retired) -> Callable[..., NoReturn]:
    """What answers this call."""
    if call.path == "/v1/charges":
        return create

    def refuse(account: Account, params: Object, *ids: str) -> NoReturn:
        for id in ids:
            kind = _IDS[call.path.split("/")[2]]
            account.get(id, kind, "id" if kind == "customer" else kind, in_path=True)
        raise StripeError(
            f"The simulator does not have this older call. Use {call.successor} instead: "
            "https://docs.stripe.com/payments/payment-methods/transitioning"
        )

    name = call.path.rpartition("/")[2]
    refuse.__name__ = name if "*" in call.path else "create"
    return refuse


def create(account: Account, params: Object) -> NoReturn:
    """Charging by a token or a customer, as it was before PaymentIntents."""
    if params.get("source"):
        raise StripeError(_END_OF_LIFE)
    if "customer" not in params:
        raise StripeError("Must provide source or customer.", code="parameter_missing")
    customer = account.get(params["customer"], "customer", "customer")
    saved = account.select("payment_method", {"customer": customer["id"]}, limit=1)
    raise StripeError(
        _METHOD_SAVED if saved else _NOTHING_SAVED,
        code="missing",
        param="card",
        type="card_error",
        status=402,
    )
