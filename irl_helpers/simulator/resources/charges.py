"""Charges: one attempt to take a payment. https://docs.stripe.com/api/charges"""

from __future__ import annotations

from .. import errors, receipt_page
from ..account import Account, Object
from ..cards import Card, card_facts
from ..charge_outcome import outcome
from ..declines import Verdict
from ..ids import random_digits, random_text
from ..metadata import merge
from ..paging import page
from ..receipts import emv_auth_data, receipt
from ..search import FLAG, ID, NUMBER, TEXT
from ..search import search as search_for
from . import application_fees, balance_transactions, shipping
from .shipping import NO_ADDRESS

KIND = "charge"
CAPTURE_WITHIN = 2 * 24 * 60 * 60
CAPTURE_ONLINE_WITHIN = 7 * 24 * 60 * 60
NO_BILLING: Object = {"address": NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None}
_SEARCHED = {
    "amount": NUMBER,
    "billing_details.address.postal_code": TEXT,
    "created": NUMBER,
    "currency": TEXT,
    "customer": ID,
    "disputed": FLAG,
    "payment_method_details.*.brand": TEXT,
    "payment_method_details.*.exp_month": NUMBER,
    "payment_method_details.*.exp_year": NUMBER,
    "payment_method_details.*.fingerprint": TEXT,
    "payment_method_details.*.last4": TEXT,
    "refunded": FLAG,
    "status": TEXT,
}
# Cards whose authorization can be raised later.
_INCREMENTAL = {"visa", "mastercard", "amex", "discover"}
# Networks that take the money with the authorization.
SINGLE_MESSAGE = frozenset(("interac", "eftpos_au"))


def add(
    account: Account, intent: Object, payment_method: Object, details: Object, verdict: Verdict
) -> Object:
    """The charge of one attempt to pay `intent`; not captured yet. Its event is sent."""
    decline = verdict.decline
    charge = account.add(
        "ch",
        KIND,
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        application=intent["application"],
        application_fee=None,
        **_authorization_code(details),
        balance_transaction=None,
        billing_details=dict(payment_method["billing_details"]),
        calculated_statement_descriptor=intent["statement_descriptor"],
        captured=False,
        created=account.now,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_balance_transaction=None,
        failure_code=decline.code if decline else None,
        failure_message=decline.message if decline else None,
        fraud_details={},
        livemode=False,
        metadata=dict(intent["metadata"]),
        outcome=outcome(verdict),
        paid=not decline,
        payment_intent=intent["id"],
        payment_method=payment_method["id"],
        payment_method_details={"type": payment_method["type"], payment_method["type"]: details},
        receipt_email=intent["receipt_email"],
        receipt_number=None,
        receipt_url=None,
        refunded=False,
        review=None,
        shipping=intent["shipping"],
        source=None,
        source_transfer=None,
        statement_descriptor=intent["statement_descriptor"],
        statement_descriptor_suffix=intent["statement_descriptor_suffix"],
        status="failed" if decline else "succeeded",
        transfer_group=intent["transfer_group"],
        **application_fees.of_charge(intent),
    )
    if not decline:
        charge["receipt_url"] = receipt_page.url(account.address, charge["id"])
    return charge


def _authorization_code(details: Object) -> Object:
    """An approved charge at a reader has it beside its receipt."""
    code = details.get("receipt", {}).get("authorization_code")
    return {"authorization_code": code} if code else {}


def details(charge: Object) -> Object:
    """What `payment_method_details` says of the charge's type."""
    known = charge["payment_method_details"]
    found: Object = known[known["type"]]
    return found


def captured_later(intent: Object, type: str) -> bool:
    """Whether the payment is only held at first, where the card's network knows that."""
    options = intent["payment_method_options"].get(type, {})
    return "manual" in (intent["capture_method"], (options.get("capture_method") or "").partition("_")[0])


def card_present_details(
    account: Account, reader: Object, intent: Object, card: Card, verdict: Verdict, read_method: str
) -> Object:
    """`payment_method_details.card_present` of a charge."""
    approved = verdict.decline is None
    facts = card_facts(card)
    options = (intent["payment_method_options"] or {}).get("card_present", {})
    location = account.find(reader["location"]) if reader["location"] else None
    held = card.brand not in SINGLE_MESSAGE and captured_later(intent, "card_present")
    in_us = ((location or {}).get("address") or {}).get("country") == "US"
    details = {
        "amount_authorized": intent["amount"] if approved else None,
        **facts,
        "emv_auth_data": emv_auth_data(verdict),
        "generated_card": None,
        "incremental_authorization_supported": bool(
            approved
            and options.get("request_incremental_authorization_support")
            and card.brand in _INCREMENTAL
        ),
        "network": card.brand,
        "network_transaction_id": random_text(15) if approved else None,
        "offline": None,
        "overcapture_supported": approved and in_us and held and card.brand in _INCREMENTAL,
        "read_method": read_method,
        "reader": reader["id"],
        "receipt": receipt(card, verdict),
    }
    if reader["location"]:
        details["location"] = reader["location"]
    if approved and held:
        details["capture_before"] = account.now + CAPTURE_WITHIN
    return details


def interac_details(reader: Object, card: Card, verdict: Verdict, read_method: str) -> Object:
    """`payment_method_details.interac_present` of a charge."""
    facts = card_facts(card)
    del facts["brand_product"]
    details = {
        **facts,
        "emv_auth_data": emv_auth_data(verdict),
        "generated_card": None,
        "network": "interac",
        "network_transaction_id": random_text(15) if verdict.decline is None else None,
        "read_method": read_method,
        "reader": reader["id"],
        "receipt": receipt(card, verdict),
    }
    if reader["location"]:
        details["location"] = reader["location"]
    return details


def card_details(account: Account, intent: Object, method: Object, verdict: Verdict, moto: bool) -> Object:
    """`payment_method_details.card` of a charge without a reader."""
    approved = verdict.decline is None
    card = method["card"]
    names = (
        "brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4",
        "regulated_status",
    )  # fmt: skip
    known = {name: card[name] for name in names}
    online: Object = {
        "amount_authorized": intent["amount"] if approved else None,
        "authorization_code": random_digits(6) if approved else None,
        **known,
        "electronic_commerce_indicator": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["networks"]["available"][0],
        "network_token": {"used": False},
        "network_transaction_id": random_text(15) if approved else None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "three_d_secure": None,
        "transaction_link_id": None,
        "wallet": None,
    }
    if moto:
        online["moto"] = True
    if approved and captured_later(intent, "card"):
        online["capture_before"] = account.now + CAPTURE_ONLINE_WITHIN
    return online


def capture(
    account: Account, charge: Object, amount: int, *, taken: int | None = None, later: bool = False
) -> None:
    """Take `amount` of an authorized charge; its balance transaction is made at once, or `later`.

    `taken` is the transaction's amount, where a part of it is given back with a Refund.
    """
    charge.update(amount_captured=amount, captured=True)
    details(charge).pop("capture_before", None)
    account.save(charge)
    if later:
        account.schedule(account.time + balance_transactions.SETTLES_AFTER, "settle_charge", charge["id"])
    else:
        balance_transactions.of_charge(account, charge, taken or amount)


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "charge", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    charge = account.get(id, KIND, "charge", in_path=True)
    if "customer" in params:
        if charge["customer"]:
            raise errors.invalid("You cannot change the customer of a charge that has one.", "customer")
        charge["customer"] = account.get(params["customer"], "customer", "customer")["id"]
    for name in ("description", "receipt_email", "transfer_group"):
        if name in params:
            charge[name] = params[name] or None
    if "shipping" in params:
        charge["shipping"] = shipping.shown(params["shipping"])
    charge["metadata"] = merge(charge["metadata"], params.get("metadata"))
    account.save(charge)
    account.emit("charge.updated", charge)
    return charge


def list(account: Account, params: Object) -> Object:
    if "customer" in params:
        account.get(params["customer"], "customer", "customer")
    return page(account, KIND, "/v1/charges", params, ("payment_intent", "customer", "transfer_group"))


def search(account: Account, params: Object) -> Object:
    return search_for(account, KIND, "/v1/charges/search", params, _SEARCHED)
