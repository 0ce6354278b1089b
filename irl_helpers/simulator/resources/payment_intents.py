"""PaymentIntents: one sale, from the first prompt to the captured money.

https://docs.stripe.com/api/payment_intents
"""

from __future__ import annotations

from .. import errors, money
from ..account import Account, Object
from ..cards import Card, Decline, ask_bank
from ..ids import random_text
from ..metadata import merge
from ..paging import page
from ..states import payment_intent_move
from . import charges, payment_method_types, payment_methods

KIND = "payment_intent"
# Parameters that the object carries as they were given.
_ECHOED = (
    "description", "receipt_email", "setup_future_usage", "shipping", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_group",
)  # fmt: skip


def create(account: Account, params: Object) -> Object:
    currency = money.check_currency(params["currency"])
    money.check_amount(params["amount"], currency)
    capture_method = params.get("capture_method", "automatic_async")
    allowed, types = _types(account, params, currency, capture_method)
    intent = account.add(
        "pi",
        KIND,
        allowed_payment_method_types=allowed,
        amount=params["amount"],
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        application=None,
        application_fee_amount=None,
        automatic_payment_methods=None,
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
        managed_payments=None,
        metadata=merge({}, params.get("metadata")),
        next_action=None,
        on_behalf_of=None,
        payment_method=None,
        payment_method_configuration_details=None,
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
    account.emit("payment_intent.created", intent)
    return intent


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "intent", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    if "amount" in params or "currency" in params:
        payment_intent_move(intent["status"], "update_amount")
        intent["currency"] = money.check_currency(params.get("currency", intent["currency"]))
        intent["amount"] = money.check_amount(params.get("amount", intent["amount"]), intent["currency"])
    if "allowed_payment_method_types" in params or "payment_method_types" in params:
        allowed, types = _types(
            account, params, intent["currency"], params.get("capture_method", intent["capture_method"])
        )
        intent.update(allowed_payment_method_types=allowed, payment_method_types=types)
    if "customer" in params:
        intent["customer"] = _customer(account, params)
    if "capture_method" in params:
        payment_intent_move(intent["status"], "update_amount")
        intent["capture_method"] = params["capture_method"]
    intent["metadata"] = merge(intent["metadata"], params.get("metadata"))
    _echo(intent, params)
    account.save(intent)
    return intent


def capture(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    following = payment_intent_move(intent["status"], "capture")
    charge = account.find(intent["latest_charge"])
    amount = params.get("amount_to_capture", intent["amount_capturable"])
    if amount < 1:
        raise errors.invalid(
            "This value must be greater than or equal to 1.", "amount_to_capture", "parameter_invalid_integer"
        )
    if amount > _capturable(intent, charge):
        raise errors.StripeError(
            "The payment could not be captured because the requested capture amount is greater than the "
            "amount you can capture for this charge.",
            code="amount_too_large",
            param="amount_to_capture",
        )
    if params.get("final_capture") is False:
        raise errors.invalid("Multicapture is not available for card_present payments.", "final_capture")
    if amount > intent["amount"]:
        intent["amount"] = charge["amount"] = amount
    charges.capture(account, charge, amount)
    intent.update(status=following, amount_received=amount, amount_capturable=0)
    intent["metadata"] = merge(intent["metadata"], params.get("metadata"))
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        intent[name] = params.get(name, intent[name])
    account.save(intent)
    account.emit("charge.captured", charge)
    account.emit("payment_intent.succeeded", intent)
    return intent


def _capturable(intent: Object, charge: Object) -> int:
    """The most that may be captured: where over-capture is supported, half as much again or $50 more."""
    authorized = intent["amount_capturable"]
    details = charge["payment_method_details"].get("card_present") or {}
    if not details.get("overcapture_supported"):
        return authorized
    return authorized + max(authorized // 2, 5000)


def cancel(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    end(account, intent, "cancel", params.get("cancellation_reason"))
    return intent


def end(account: Account, intent: Object, call: str, reason: str | None) -> None:
    """Cancel or expire: nothing more can be paid, and a hold on the customer's money is released."""
    held = intent["status"] == "requires_capture"
    following = payment_intent_move(intent["status"], call)
    intent.update(status=following, canceled_at=account.now, cancellation_reason=reason, amount_capturable=0)
    account.save(intent)
    account.emit("payment_intent.canceled", intent)
    if held:
        charge = account.find(intent["latest_charge"])
        (charge["payment_method_details"].get("card_present") or {}).pop("capture_before", None)
        account.save(charge)
        if call == "expire":
            account.emit("charge.expired", charge)


def list(account: Account, params: Object) -> Object:
    return page(account, KIND, "/v1/payment_intents", params, ("customer",))


def authorize(
    account: Account,
    intent: Object,
    reader: Object,
    presented: Object,
    card: Card,
    method: Object | None = None,
) -> Decline | None:
    """Ask the bank for the payment at a reader; None when it approved.

    `method` is the PaymentMethod of the card if it was collected before. Leaves a charge either way, and the
    PaymentIntent where its table says. Events are sent, the reader's own excepted.
    """
    add_tip(intent, presented["amount_tip"])
    last = intent["last_payment_error"] or {}
    verdict = ask_bank(card, intent["amount"], last.get("decline_code"))
    type = "interac_present" if presented["type"] == "interac_present" else "card_present"
    read_method = "contact_emv" if verdict.cvm != "approval" else "contactless_emv"
    method = method or payment_methods.add_present(account, card, type, read_method)
    if type == "card_present":
        details = charges.card_present_details(account, reader, intent, card, verdict, read_method)
    else:
        details = charges.interac_details(reader, card, verdict, read_method)
    charge = charges.add(account, intent, method, details, verdict)
    manual = type == "card_present" and card.brand not in charges.SINGLE_MESSAGE
    settle(account, intent, charge, method, verdict.decline, manual)
    return verdict.decline


def settle(
    account: Account, intent: Object, charge: Object, method: Object, decline: Decline | None, manual: bool
) -> None:
    """What a charge does to its PaymentIntent: declined, held (`manual` allows it) or paid."""
    intent["latest_charge"] = charge["id"]
    account.save(intent)
    if decline:
        forget_tip(intent)
        intent.update(
            status=payment_intent_move(intent["status"], "decline"),
            payment_method=None,
            last_payment_error=_error(charge, method, decline),
        )
        account.emit("charge.failed", charge)
        account.emit("payment_intent.payment_failed", intent)
        return
    held = manual and charges.captured_later(intent)
    intent.update(
        status=payment_intent_move(intent["status"], "authorize" if held else "charge"),
        payment_method=method["id"],
        last_payment_error=None,
    )
    if held:
        intent["amount_capturable"] = intent["amount"]
        account.schedule(account.now + charges.CAPTURE_WITHIN, "expire_authorization", intent["id"])
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
    else:
        intent["amount_received"] = intent["amount"]
        charges.capture(account, charge, intent["amount"])
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.succeeded", intent)


def add_tip(intent: Object, tip: int | None) -> None:
    """The customer's tip becomes part of the amount; None where nobody asked for one."""
    if tip is not None:
        intent["amount"] += tip
        intent["amount_details"] = {**intent["amount_details"], "tip": {"amount": tip}}


def forget_tip(intent: Object) -> None:
    """The tip belongs to a try that has ended; the next one asks for it again."""
    tip = (intent["amount_details"].get("tip") or {}).get("amount") or 0
    # The amount may have been changed in between, and is then never less than 1.
    intent["amount"] = max(intent["amount"] - tip, 1)
    intent["amount_details"] = {**intent["amount_details"], "tip": {}}


def _error(charge: Object, method: Object, decline: Decline) -> Object:
    error = {
        "charge": charge["id"],
        "code": decline.code,
        "doc_url": errors.DOCS + decline.code.replace("_", "-"),
        "message": decline.message,
        "payment_method": method,
        "type": "card_error",
    }
    if decline.decline_code:
        error["decline_code"] = decline.decline_code
    return error


def _types(
    account: Account, params: Object, currency: str, capture_method: str
) -> tuple[list[str] | None, list[str]]:
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


def _options(types: list[str], given: Object) -> Object:
    options: Object = {}
    if "card_present" in types:
        options["card_present"] = {
            "request_extended_authorization": False,
            "request_incremental_authorization_support": False,
            **given.get("card_present", {}),
        }
    if "interac_present" in types:
        options["interac_present"] = {}
    return options


def _customer(account: Account, params: Object) -> str | None:
    customer = params.get("customer")
    return account.get(customer, "customer", "customer")["id"] if customer else None


def _echo(intent: Object, params: Object) -> None:
    for name in _ECHOED:
        if name in params:
            intent[name] = params[name] or None
