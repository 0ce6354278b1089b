"""PaymentIntents: one sale, from the first prompt to the captured money.

https://docs.stripe.com/api/payment_intents
"""

from __future__ import annotations

from .. import errors, money
from ..account import Account, Object
from ..ids import random_text
from ..metadata import merge
from ..paging import page
from ..search import ID, NUMBER, TEXT
from ..search import search as search_for
from ..states import payment_intent_move
from ..versions import ASYNC_SINCE
from . import (
    amount_details,
    application_fees,
    charges,
    disputes,
    holds,
    online_charges,
    payment_method_types,
    refunds,
    shipping,
    stripe_accounts,
)
from .payment_method_types import Types

KIND = "payment_intent"
# Parameters that the object carries as they were given.
_ECHOED = (
    "description", "receipt_email", "setup_future_usage", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_group",
)  # fmt: skip
_WITH_CONFIRM = ("error_on_requires_action", "mandate", "mandate_data", "off_session", "return_url")
_OPTIONS: dict[str, Object] = {
    "card": {
        "installments": None,
        "mandate_options": None,
        "network": None,
        "request_three_d_secure": "automatic",
    },
    "card_present": {
        "request_extended_authorization": False,
        "request_incremental_authorization_support": False,
    },
    "interac_present": {},
}
_SEARCHED = {
    "amount": NUMBER, "created": NUMBER, "currency": TEXT, "customer": ID, "status": TEXT,
}  # fmt: skip
_CUSTOMER_SET = (
    "You cannot modify `customer` on a PaymentIntent once it already has been set. To fulfill a "
    "payment with a different Customer, cancel this PaymentIntent and create a new one."
)
# What can be given there, and is not shown.
_UNSAID = ("cvc_token", "moto", "three_d_secure")


def create(account: Account, params: Object) -> Object:
    for name in _WITH_CONFIRM:
        if params.get(name) and not params.get("confirm"):
            raise errors.invalid(f"The parameter {name} can only be passed when confirm is true.", name)
    currency = money.check_currency(params["currency"])
    money.check_amount(params["amount"], currency)
    usual = "automatic_async" if account.version >= ASYNC_SINCE else "automatic"
    capture_method = params.get("capture_method", usual)
    allowed, types = _types(account, params, currency, capture_method)
    intent = account.add(
        "pi",
        KIND,
        allowed_payment_method_types=allowed,
        amount=params["amount"],
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        application=stripe_accounts.application(account),
        application_fee_amount=None,
        automatic_payment_methods=payment_method_types.automatic(account, params),
        canceled_at=None,
        cancellation_reason=None,
        capture_method=capture_method,
        client_secret=None,
        confirmation_method=params.get("confirmation_method", "automatic"),
        created=account.now,
        currency=currency,
        customer=_customer(account, params),
        customer_account=None,
        description=None,
        excluded_payment_method_types=None,
        last_payment_error=None,
        latest_charge=None,
        livemode=False,
        managed_payments={"enabled": False},
        metadata=merge({}, params.get("metadata")),
        next_action=None,
        on_behalf_of=None,
        payment_method=None,
        payment_method_configuration_details=payment_method_types.configuration(account, params),
        payment_method_options=_options(types, params.get("payment_method_options") or {}),
        payment_method_types=types,
        payment_record=None,
        processing=None,
        receipt_email=None,
        review=None,
        setup_future_usage=None,
        shipping=None,
        source=None,
        statement_descriptor=None,
        statement_descriptor_suffix=None,
        status="requires_payment_method",
        transfer_data=None,
        transfer_group=None,
    )
    intent["client_secret"] = f"{intent['id']}_secret_{random_text(25)}"
    _echo(intent, params)
    if "payment_method" in params:
        online_charges.choose_card(account, intent, params["payment_method"])
    _note_moto(account, intent, params)
    amount_details.take(account, intent, params, intent["amount"])
    application_fees.take(account, intent, params, intent["amount"])
    account.emit("payment_intent.created", intent)
    if params.get("confirm"):
        online_charges.confirm(account, intent, params)
    return intent


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "intent", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    wanted = intent | params
    if "amount" in params or "currency" in params:
        payment_intent_move(intent["status"], "update_amount")
        intent["currency"] = money.check_currency(wanted["currency"])
        intent["amount"] = money.check_amount(wanted["amount"], intent["currency"])
    if "allowed_payment_method_types" in params or "payment_method_types" in params:
        allowed, types = _types(account, params, intent["currency"], wanted["capture_method"])
        intent.update(allowed_payment_method_types=allowed, payment_method_types=types)
    if "customer" in params:
        if intent["customer"]:
            raise errors.invalid(_CUSTOMER_SET, "customer")
        intent["customer"] = _customer(account, params)
    _set_options(account, intent, params)
    if "payment_method" in params:
        online_charges.choose_card(account, intent, params["payment_method"])
    amount_details.take(account, intent, params, intent["amount"])
    application_fees.take(account, intent, params, intent["amount"])
    intent["metadata"] = merge(intent["metadata"], params.get("metadata"))
    _echo(intent, params)
    account.save(intent)
    return intent


def confirm(account: Account, params: Object, id: str) -> Object:
    """Charge a card without a reader. Raises StripeError, 402, when it is declined."""
    intent = account.get(id, KIND, "intent", in_path=True)
    payment_intent_move(intent["status"], "charge")
    _echo(intent, params)
    _set_options(account, intent, params)
    if "payment_method" in params:
        online_charges.choose_card(account, intent, params["payment_method"])
    amount_details.take(account, intent, params, intent["amount"])
    application_fees.take(account, intent, params, intent["amount"])
    online_charges.confirm(account, intent, params)
    return intent


def capture(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    following = payment_intent_move(intent["status"], "capture")
    charge = account.require(intent["latest_charge"], charges.KIND)
    amount = params["amount_to_capture"] if "amount_to_capture" in params else intent["amount_capturable"]
    if amount < 0:
        raise errors.invalid("Invalid non-negative integer", "amount_to_capture")
    if amount == 0:
        raise errors.invalid(
            "This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer"
        )
    if amount > _capturable(intent, charge):
        raise errors.StripeError(
            "The payment could not be captured because the requested capture amount is greater than the "
            "amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ for "
            "help.",
            code="amount_too_large",
        )
    if params.get("final_capture") is False:
        raise errors.invalid("Multicapture is not available for card_present payments.", "final_capture")
    if amount > intent["amount"]:
        intent["amount"] = charge["amount"] = amount
    amount_details.take(account, intent, params, amount)
    application_fees.take(account, intent, params, amount)
    charge.update(application_fees.of_charge(intent))
    given_back = charge["amount"] - amount if holds.makes_refund(account) else 0
    charges.capture(account, charge, amount, taken=amount + given_back)
    intent.update(status=following, amount_received=amount, amount_capturable=0)
    intent["metadata"] = merge(intent["metadata"], params.get("metadata"))
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        intent[name] = params.get(name, intent[name])
    account.save(intent)
    account.emit("charge.captured", charge)
    if given_back:
        refunds.release(account, charge, given_back)
    disputes.begin(account, charge)
    account.emit("payment_intent.succeeded", intent)
    return intent


def _capturable(intent: Object, charge: Object) -> int:
    """The most that may be captured: where over-capture is supported, half as much again or $50 more."""
    authorized: int = intent["amount_capturable"]
    if not charges.details(charge).get("overcapture_supported"):
        return authorized
    return authorized + max(authorized // 2, 5000)


def cancel(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    holds.cancel_payment(account, intent, "cancel", params.get("cancellation_reason"))
    return intent


def list(account: Account, params: Object) -> Object:
    _customer(account, params)
    return page(account, KIND, "/v1/payment_intents", params, ("customer",))


def search(account: Account, params: Object) -> Object:
    return search_for(account, KIND, "/v1/payment_intents/search", params, _SEARCHED)


def _types(
    account: Account, params: Object, currency: str, capture_method: str
) -> tuple[Types | None, Types]:
    """(allowed_payment_method_types, payment_method_types) of the object."""
    interac = _unfit_for_interac(account, currency, capture_method)
    return payment_method_types.chosen(params, {"interac_present": interac} if interac else {})


def _unfit_for_interac(account: Account, currency: str, capture_method: str) -> str:
    if currency != "cad":
        return f"it is for payments in cad, not in {currency}."
    if capture_method == "manual" and account.version >= "2025-03-31":
        return (
            "it is captured at once. Leave capture_method automatic, and set "
            "payment_method_options[card_present][capture_method] to manual_preferred."
        )
    return ""


def _options(types: Types, given: Object) -> Object:
    """`payment_method_options` of the object: of each type what it always says, and what was given."""
    options: Object = {}
    for type, always in _OPTIONS.items():
        if type in types:
            known = {
                name: value
                for name, value in (given.get(type) or {}).items()
                if name not in _UNSAID and value != ""
            }
            options[type] = {**always, **known}
            if given_installments := known.get("installments"):
                options[type]["installments"] = _installments(given_installments)
    return options


def _installments(given: Object) -> Object:
    return {
        "available_plans": given.get("available_plans"),
        "enabled": given.get("enabled", False),
        "plan": given.get("plan") or None,
    }


def _set_options(account: Account, intent: Object, params: Object) -> None:
    """What update and confirm can both change about how the payment is made."""
    given = params.get("payment_method_options") or {}
    current = intent["payment_method_options"]
    intent["payment_method_options"] = _options(
        intent["payment_method_types"],
        {
            type: {**current.get(type, {}), **(given.get(type) or {})}
            for type in current.keys() | given.keys()
        },
    )
    _note_moto(account, intent, params)
    if "capture_method" in params:
        payment_intent_move(intent["status"], "update_amount")
        intent["capture_method"] = params["capture_method"]


def _note_moto(account: Account, intent: Object, params: Object) -> None:
    """Whether the card's number comes by mail or telephone, which only the charge says."""
    card = (params.get("payment_method_options") or {}).get("card") or {}
    if "moto" in card:
        account.inner(intent)["moto"] = card["moto"]


def _customer(account: Account, params: Object) -> str | None:
    customer = params.get("customer")
    return account.get(customer, "customer", "customer")["id"] if customer else None


def _echo(intent: Object, params: Object) -> None:
    for name in _ECHOED:
        if name in params:
            intent[name] = params[name] or None
    if "shipping" in params:
        intent["shipping"] = shipping.shown(params["shipping"])
