"""Refunds: money that goes back. https://docs.stripe.com/api/refunds

A refund counts in its charge at once. With the card `refund_fail` it succeeds first and fails a little later.
"""

from __future__ import annotations

from .. import errors, money
from ..account import Account, Object
from ..cards import REFUND_FAILS
from ..errors import StripeError
from ..metadata import merge
from ..paging import list_object, page
from ..previous_attributes import previous_attributes
from ..states import refund_move

KIND = "refund"
FAILS_AFTER = 10
_SHOWN = 10


def create(account: Account, params: Object) -> Object:
    charge = find_charge(account, params)
    if charge["payment_method_details"]["type"] == "interac_present":
        raise StripeError(
            "Interac payments can only be refunded in person, with the card that paid. Use refund_payment on "
            "a reader instead."
        )
    return add(account, charge, check_amount(charge, params.get("amount")), params)


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
    return charge


def check_amount(charge: Object, amount: int | None) -> int:
    """How much to refund: `amount`, or all that is left. Raises StripeError when that is too much."""
    left: int = charge["amount_captured"] - charge["amount_refunded"]
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
        raise errors.invalid(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({shown})", "amount"
        )
    return amount


def add(account: Account, charge: Object, amount: int, params: Object) -> Object:
    """The refund of `amount`, counted in its charge. Events are sent."""
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
        status="succeeded",
        transfer_reversal=None,
    )
    if email := params.get("instructions_email"):
        refund["instructions_email"] = email
    account.inner(charge).setdefault("refunds", []).append(refund["id"])
    _count(account, charge, amount)
    account.emit("refund.created", refund)
    account.emit("charge.refunded", charge)
    details = charge["payment_method_details"]
    if details[details["type"]].get("fingerprint") in REFUND_FAILS:
        account.schedule(account.time + FAILS_AFTER, "fail_refund", refund["id"])
    return refund


def _count(account: Account, charge: Object, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    account.save(charge)


def fail(account: Account, refund: Object) -> None:
    """The bank sends the money back: it is the merchant's again."""
    _end(account, refund, "fail", failure_reason="expired_or_canceled_card")
    account.emit("refund.failed", refund)


def _end(account: Account, refund: Object, call: str, **fields: str) -> None:
    before = {"status": refund["status"], **dict.fromkeys(fields)}
    refund.update(status=refund_move(refund["status"], call), **fields)
    account.save(refund)
    account.emit("refund.updated", refund, before)
    charge = account.require(refund["charge"], "charge")
    counted = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    _count(account, charge, -refund["amount"])
    account.emit("charge.updated", charge, counted)


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "refund", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    refund = account.get(id, KIND, "refund", in_path=True)
    before = dict(refund)
    refund["metadata"] = merge(refund["metadata"], params.get("metadata"))
    account.save(refund)
    if replaced := previous_attributes(before, refund):
        account.emit("refund.updated", refund, replaced)
    return refund


def cancel(account: Account, params: Object, id: str) -> Object:
    """Only a refund that waits for the customer's action can be canceled; card refunds never do."""
    refund = account.get(id, KIND, "refund", in_path=True)
    _end(account, refund, "cancel")
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
