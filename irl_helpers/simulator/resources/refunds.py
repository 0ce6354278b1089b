"""Refunds: money that goes back. https://docs.stripe.com/api/refunds

A refund counts in its charge and in the balance at once. A moment later the bank has a reference for it. With
certain test cards it waits before it succeeds, or fails after it has.
"""

from __future__ import annotations

from typing import Any

from .. import errors, money
from ..account import Account, Object
from ..errors import StripeError
from ..ids import random_digits
from ..later_cards import after
from ..metadata import merge
from ..paging import list_object, page
from ..previous_attributes import previous_attributes
from ..states import refund_move
from . import balance_transactions, charges, disputes

KIND = "refund"
# Seconds until the bank has a reference, or does what the card is there to test.
REFERENCE_AFTER = 1
SUCCEEDS_AFTER = 10
FAILS_AFTER = 10
_SHOWN = 10


def create(account: Account, params: Object) -> Object:
    charge = find_charge(account, params)
    if charge["payment_method_details"]["type"] == "interac_present":
        raise StripeError(
            "Interac payments can only be refunded in person, with the card that paid. Use refund_payment on "
            "a reader instead."
        )
    return add(account, charge, check_amount(account, charge, params.get("amount")), params)


def find_charge(account: Account, params: Object) -> Object:
    """The charge that `charge` or `payment_intent` names. Raises StripeError when it cannot be refunded."""
    charge = None
    if charge_id := params.get("charge"):
        # Stripe answers this parameter as if it stood in the path.
        charge = account.get(charge_id, "charge", "id", in_path=True)
    if intent_id := params.get("payment_intent"):
        intent = account.get(intent_id, "payment_intent", "payment_intent")
        paid = account.find(intent["latest_charge"] or "")
        if charge and charge["payment_intent"] != intent_id:
            raise errors.invalid(f"Charge {charge_id} does not belong to {intent_id}.", "charge")
        charge = charge or paid
    elif charge:
        intent = account.require(charge["payment_intent"], "payment_intent")
    else:
        raise StripeError(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    if charge is None or charge["status"] != "succeeded" or intent["status"] == "canceled":
        raise StripeError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    if not charge["captured"]:
        raise StripeError(
            f"This uncaptured Charge was created by a PaymentIntent ({intent['id']}). You must cancel the "
            "PaymentIntent to reverse the authorization instead of refunding the Charge directly. For more "
            "information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method"
        )
    if not disputes.refundable(account, charge):
        raise StripeError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    return charge


def check_amount(account: Account, charge: Object, amount: int | None) -> int:
    """How much to refund: `amount`, or all that is left. Raises StripeError when that is too much."""
    left: int = charge["amount_captured"] - _taken_back(account, charge)
    if left < 1:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount is None:
        return left
    if amount < 1:
        raise errors.invalid(
            "This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer"
        )
    if amount > left:
        asked, shown = (money.show(value, charge["currency"]) for value in (amount, left))
        what = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        raise errors.invalid(f"Refund amount ({asked}) is greater than {what} ({shown})", "amount")
    return amount


def add(account: Account, charge: Object, amount: int, params: Object) -> Object:
    """The refund of `amount`, counted in its charge. Events are sent."""
    way = after(charges.details(charge)).refund
    refund = _add(account, charge, amount, params, "pending" if way == "waits" else "succeeded")
    balance_transactions.of_refund(account, refund, charge)
    _announce(account, refund, charge)
    if way == "waits":
        account.schedule(account.time + SUCCEEDS_AFTER, "succeed_refund", refund["id"])
    else:
        account.schedule(account.time + REFERENCE_AFTER, "give_refund_reference", refund["id"])
    if way == "fails":
        account.schedule(account.time + FAILS_AFTER, "fail_refund", refund["id"])
    return refund


def release(account: Account, charge: Object, amount: int, reason: str | None = None) -> None:
    """What was held and not taken, as a refund: so it was before 2025-03-31. Events are sent.

    Where something was captured, the whole amount was taken first, and this part of it goes back.
    """
    refund = _add(account, charge, amount, {"reason": reason}, "succeeded")
    if charge["captured"]:
        balance_transactions.of_refund(account, refund, charge)
    account.inner(charge)["released"] = amount
    _announce(account, refund, charge)


def _add(account: Account, charge: Object, amount: int, params: Object, status: str) -> Object:
    refund = account.add(
        "re",
        KIND,
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        created=account.now,
        currency=charge["currency"],
        customer=charge["customer"],
        customer_account=None,
        destination_details={
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        metadata=merge({}, params.get("metadata")),
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        reason=params.get("reason"),
        receipt_number=None,
        source_transfer_reversal=None,
        status=status,
        transfer_reversal=None,
    )
    if email := params.get("instructions_email"):
        refund["instructions_email"] = email
    account.inner(charge).setdefault("refunds", []).append(refund["id"])
    return refund


def _taken_back(account: Account, charge: Object) -> int:
    """What was refunded of the amount captured, without what was only held."""
    refunded: int = charge["amount_refunded"]
    released: int = account.inner(charge).get("released", 0)
    return refunded - released


def _count(account: Account, charge: Object, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = _taken_back(account, charge) == charge["amount_captured"]
    account.save(charge)


def _announce(account: Account, refund: Object, charge: Object) -> None:
    """Count a new refund in its charge. Events are sent."""
    before = dict(charge)
    _count(account, charge, refund["amount"])
    account.emit("refund.created", refund)
    account.emit("charge.refunded", charge, previous_attributes(before, charge))


def give_reference(account: Account, refund: Object) -> None:
    """The bank knows the refund by a number, with which the customer can ask after it. Events are sent."""
    if refund["status"] == "succeeded":
        _change(account, refund, **_with_reference(refund))


def succeed(account: Account, refund: Object) -> None:
    """A refund that waited has gone through. Events are sent."""
    _change(account, refund, status=refund_move(refund["status"], "succeed"), **_with_reference(refund))


def _with_reference(refund: Object) -> Object:
    card = refund["destination_details"]["card"]
    found = {"reference": random_digits(15), "reference_status": "available"}
    return {"destination_details": {"card": {**found, **card, **found}, "type": "card"}}


def fail(account: Account, refund: Object) -> None:
    """The bank sends the money back: it is the merchant's again. Events are sent."""
    _end(account, refund, "fail")


def expire(account: Account, params: Object, id: str) -> Object:
    """A test's way to let time run out for a refund that waits for the customer; card refunds never do."""
    refund = account.get(id, KIND, "refund", in_path=True)
    _end(account, refund, "expire")
    return refund


def cancel(account: Account, params: Object, id: str) -> Object:
    """Only a refund that waits for the customer's action can be canceled; card refunds never do."""
    refund = account.get(id, KIND, "refund", in_path=True)
    _end(account, refund, "cancel")
    return refund


def _end(account: Account, refund: Object, call: str) -> None:
    """The money is the merchant's again."""
    status = refund_move(refund["status"], call)
    charge = account.require(refund["charge"], "charge")
    back = {"failure_balance_transaction": balance_transactions.of_failed_refund(account, refund, charge)}
    if status == "failed":
        back["failure_reason"] = "expired_or_canceled_card"
    _change(account, refund, status=status, **back)
    before = dict(charge)
    _count(account, charge, -refund["amount"])
    account.emit("charge.updated", charge, previous_attributes(before, charge))
    if status == "failed":
        account.emit("refund.failed", refund)


def _change(account: Account, refund: Object, **fields: Any) -> None:
    """Set these fields. Events are sent, under both names that they have."""
    before = dict(refund)
    refund.update(fields)
    account.save(refund)
    replaced = previous_attributes(before, refund)
    account.emit("refund.updated", refund, replaced)
    account.emit("charge.refund.updated", refund, replaced)


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "refund", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    refund = account.get(id, KIND, "refund", in_path=True)
    metadata = merge(refund["metadata"], params.get("metadata"))
    if metadata != refund["metadata"]:
        _change(account, refund, metadata=metadata)
    return refund


def list(account: Account, params: Object) -> Object:
    return page(account, KIND, "/v1/refunds", params, ("charge", "payment_intent"))


def of_charge(account: Account, charge: Object) -> Object:
    """`refunds` of a charge, which is only shown when it is expanded: the newest ten."""
    ids = account.inner(charge).get("refunds", [])
    newest = [account.require(id, KIND) for id in ids[: -_SHOWN - 1 : -1]]
    listed = list_object(f"/v1/charges/{charge['id']}/refunds", newest, len(ids) > _SHOWN)
    return {**listed, "total_count": len(ids)}


def list_of_charge(account: Account, params: Object, id: str) -> Object:
    """The same list, page by page: where an expanded `refunds` goes on."""
    account.get(id, "charge", "charge", in_path=True)
    return page(account, KIND, f"/v1/charges/{id}/refunds", params, charge=id)
