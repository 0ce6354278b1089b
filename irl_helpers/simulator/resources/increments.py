"""Raising an authorization, as when a stay or a meal gets longer.

https://docs.stripe.com/terminal/features/incremental-authorizations
"""

from __future__ import annotations

from .. import errors, money
from ..account import Account, Object
from ..declines import card_error, decide_at_reader
from ..errors import StripeError
from ..metadata import merge
from ..states import payment_intent_move
from . import amount_details, charges, kept_cards

KIND = "payment_intent"
# Attempts for one payment, including those that the bank declined.
AT_MOST = 10


def increment_authorization(account: Account, params: Object, id: str) -> Object:
    """Authorize `amount` in all. Raises StripeError, 402, when the bank declines; nothing then changes."""
    intent = account.get(id, KIND, "intent", in_path=True)
    payment_intent_move(intent["status"], "increment")
    charge = account.require(intent["latest_charge"], charges.KIND)
    details = charges.details(charge)
    if not details.get("incremental_authorization_supported"):
        raise StripeError(
            "This PaymentIntent's authorization cannot be incremented: its charge does not have "
            "incremental_authorization_supported. Create the PaymentIntent with "
            "payment_method_options[card_present][request_incremental_authorization_support], and see which "
            "cards support it."
        )
    amount = money.check_amount(params["amount"], intent["currency"])
    if amount <= intent["amount"]:
        raise errors.invalid(
            f"The new amount must be greater than the authorized amount, which is {intent['amount']}.",
            "amount",
        )
    inner = account.inner(intent)
    if inner.get("increments", 0) >= AT_MOST:
        raise StripeError(f"An authorization can be incremented {AT_MOST} times at most.")
    inner["increments"] = inner.get("increments", 0) + 1
    account.save(intent)
    if reason := decide_at_reader(kept_cards.card_of(details), amount).decline:
        raise card_error(
            reason._replace(
                code="card_declined", decline_code=reason.decline_code or reason.code, param=None
            ),
            charge=charge["id"],
            keep=True,
        )
    before = {"amount": charge["amount"]}
    charge["amount"] = details["amount_authorized"] = amount
    amount_details.take(account, intent, params, amount)
    intent.update(amount=amount, amount_capturable=amount)
    for name in ("description", "statement_descriptor"):
        intent[name] = params.get(name, intent[name])
    intent["metadata"] = merge(intent["metadata"], params.get("metadata"))
    account.save(charge)
    account.emit("charge.updated", charge, before)
    account.emit("payment_intent.amount_capturable_updated", intent)
    return intent
