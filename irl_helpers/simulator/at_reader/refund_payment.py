"""Refunds in person: with an Interac card the customer must be there, and the bank may still say no.

https://docs.stripe.com/terminal/features/refunds
"""

from __future__ import annotations

from ..account import Account, Object
from ..declines import decide_refund
from ..errors import StripeError
from ..metadata import merge
from ..resources import refunds
from ..resources.readers import KIND, state
from ..states import reader_move
from .actions import finish, finish_as_decided, start

# Parameters that the action shows as they were given.
_ECHOED = (
    "charge", "payment_intent", "refund_application_fee", "refund_payment_config", "reverse_transfer",
)  # fmt: skip


def refund_payment(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    if "charge" in params:
        account.get(params["charge"], "charge", "charge")
    charge = refunds.find_charge(account, params)
    reader_move(state(account, reader), "refund_payment")
    if charge["payment_method_details"]["type"] != "interac_present":
        raise StripeError(
            "The charge to be refunded and the PaymentMethod provided for the refund must be "
            "interac_present type"
        )
    fields = {name: params[name] for name in _ECHOED if name in params}
    if "metadata" in params:
        fields["metadata"] = merge({}, params["metadata"])
    fields["amount"] = refunds.check_amount(account, charge, params.get("amount"))
    start(account, reader, "refund_payment", fields)
    account.inner(reader)["charge"] = charge["id"]
    return reader


def card_presented(account: Account, reader: Object, presented: Object) -> None:
    """The customer's card is here: the bank takes the money back, or declines."""
    fields = reader["action"]["refund_payment"]
    charge = account.require(account.inner(reader)["charge"], "charge")
    try:
        refunds.check_amount(account, charge, fields["amount"])
    except StripeError as problem:
        # Another reader was faster.
        code = problem.error.get("code", "amount_too_large")
        finish(account, reader, code, problem.error["message"])
        return
    decline = decide_refund(fields["amount"])
    if not decline:
        given = {"metadata": fields.get("metadata")}
        fields["refund"] = refunds.add(account, charge, fields["amount"], given)["id"]
    finish_as_decided(account, reader, decline)
