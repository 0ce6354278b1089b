"""What a platform takes of a payment, and where the rest of it goes: checked and kept; no money moves.

https://docs.stripe.com/connect/charges
"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from . import stripe_accounts

# A destination needs one of them.
_CAPABILITIES = ("transfers", "crypto_transfers", "legacy_payments")


def take(account: Account, intent: Object, params: Object, amount: int) -> None:
    """Keep a call's `on_behalf_of`, `transfer_data` and `application_fee_amount`; `amount` is what is paid.

    Raises StripeError for what cannot be, such as a fee where there is nobody to take it from.
    """
    if "on_behalf_of" in params:
        named = params["on_behalf_of"]
        intent["on_behalf_of"] = _connected(account, named, "on_behalf_of")["id"] if named else None
    if "transfer_data" in params:
        intent["transfer_data"] = _transfer(account, intent, params["transfer_data"] or None, amount)
    if "application_fee_amount" in params:
        intent["application_fee_amount"] = _fee(account, intent, params["application_fee_amount"], amount)


def of_charge(intent: Object) -> Object:
    """What a charge says of them; it always names an amount to transfer, if only null."""
    transfer = intent["transfer_data"]
    return {
        "application_fee_amount": intent["application_fee_amount"],
        "on_behalf_of": intent["on_behalf_of"],
        "transfer_data": {"amount": None, **transfer} if transfer else None,
    }


def _fee(account: Account, intent: Object, fee: int | str, amount: int) -> int | None:
    if isinstance(fee, str):
        return None
    if not account.platform and not intent["transfer_data"]:
        raise errors.invalid(
            "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment "
            "(using an OAuth key or Stripe-Account header) or destination payment (using "
            "`transfer_data[destination]`).",
            "application_fee_amount",
            "parameter_missing",
        )
    if fee < 1:
        raise errors.invalid(
            "This value must be greater than or equal to 1.",
            "application_fee_amount",
            "parameter_invalid_integer",
        )
    if fee > amount:
        raise errors.invalid(
            "The application fee amount cannot be greater than the charge amount.", "application_fee_amount"
        )
    return fee


def _transfer(account: Account, intent: Object, given: Object | None, amount: int) -> Object | None:
    if given is None:
        return None
    transfer = dict(intent["transfer_data"] or {})
    if destination := given.get("destination"):
        found = _connected(account, destination, "transfer_data[destination]")
        if not any(found["capabilities"].get(name) == "active" for name in _CAPABILITIES):
            raise errors.StripeError(
                "Your destination account needs to have at least one of the following capabilities enabled: "
                f"{', '.join(_CAPABILITIES)}",
                code="insufficient_capabilities_for_transfer",
            )
        transfer["destination"] = found["id"]
    if "destination" not in transfer:
        raise errors.missing("transfer_data[destination]")
    if "amount" in given:
        if not 1 <= given["amount"] <= amount:
            raise errors.invalid(
                f"The amount to transfer must be between 1 and {amount}, the amount of the payment.",
                "transfer_data[amount]",
                "parameter_invalid_integer",
            )
        transfer["amount"] = given["amount"]
    return transfer


def _connected(account: Account, id: str, param: str) -> Object:
    """The account that is to get the money."""
    found = account.find(id, stripe_accounts.KIND)
    if found is None or found.get("deleted") or id == stripe_accounts.own_id(account):
        raise errors.no_such("destination" if "transfer" in param else "account", id, param)
    return found
