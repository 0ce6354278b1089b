"""What is done when a reader times out, or an answer is lost: look at the account before you try again.

When a call fails, one of three things has happened: it never arrived, it was refused, or it was done and only
its answer was lost. An application that guesses charges somebody twice, or keeps somebody's money. One that
looks does neither, because the PaymentIntent knows: it can be captured once and canceled once, and no reader
takes it once it is paid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import stripe

from .account import stripe_client
from .arguments import checked
from .moved import old_names

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

T = TypeVar("T")

# The reader acts on a payment during these; each action names it in a field called after its type.
_PAYING = ("process_payment_intent", "collect_payment_method", "confirm_payment_intent")
# A card that was collected waits to be confirmed.
_WITH_A_CARD = ("process_payment_intent", "confirm_payment_intent", "process_setup_intent", "refund_payment")


@checked
def in_doubt(problem: stripe.StripeError) -> bool:
    """Whether the call that failed may have been carried out.

    True if there was no answer, if the error is on Stripe's side, or if a reader did not confirm a command in
    time. In all other cases the call was refused, and nothing has changed.

    https://docs.stripe.com/terminal/payments/collect-card-payment?terminal-sdk-platform=server-driven#handle-errors
    """
    if isinstance(problem, stripe.InvalidRequestError):
        return problem.code == "terminal_reader_timeout"
    return isinstance(problem, stripe.APIConnectionError | stripe.APIError)


@checked
def call_or_look(call: Callable[[], T], look: Callable[[], T | None]) -> T:
    """What `call()` answers. If nobody knows whether it was carried out, because a reader timed out or no
    answer came, then what `look()` finds in the account; if that is None, it was not: the error is raised.

    Every call of the parts that changes something goes through this.
    """
    try:
        return call()
    except stripe.StripeError as problem:
        if not in_doubt(problem):
            raise
        found = look()
        if found is None:
            raise
        return found


@checked
def driven_by_app(problem: stripe.StripeError) -> bool:
    """Whether the reader refused a command because an app drives it, through one of Stripe's SDKs. A reader
    obeys a server or an app, not both; the error has no code, and only its message says so."""
    return "different integration mode" in str(problem.user_message)


@checked
def out_of_reach(problem: stripe.StripeError) -> bool:
    """Whether the error says that the reader cannot be commanded now. Its payment is not: it can be canceled,
    or asked for at another reader."""
    unreachable = ("terminal_reader_offline", "terminal_reader_timeout")
    return problem.code in unreachable or driven_by_app(problem)


@checked
def payment_shown(reader: stripe.terminal.Reader) -> str | None:
    """The PaymentIntent that the reader's action is about, running or ended, or None."""
    action = getattr(reader, "action", None)  # a reader that was deleted has none
    if action is None or action.type not in _PAYING:
        return None
    intent: stripe.PaymentIntent | str = getattr(action, action.type).payment_intent
    return intent if isinstance(intent, str) else intent.id


@checked
def payment_asked_for(
    reader: stripe.terminal.Reader, *, client: stripe.StripeClient | None = None
) -> str | None:
    """The PaymentIntent that the reader asks for, if it can still be paid, or None. One that was canceled
    while the reader was out of reach is nobody's any more.

    https://docs.stripe.com/api/payment_intents/retrieve
    """
    shown = payment_shown(reader)
    if shown is None or action_status(reader) != "in_progress":
        return None
    status = (client or stripe_client()).v1.payment_intents.retrieve(shown).status
    return None if status in ("canceled", "succeeded") else shown


@checked
def is_over(reader: stripe.terminal.Reader) -> bool:
    """Whether the reader's action asked for a card and has ended, in whatever way."""
    action = getattr(reader, "action", None)
    return action is not None and action.type in _WITH_A_CARD and action.status != "in_progress"


@checked
def is_paid(intent: stripe.PaymentIntent | None) -> bool:
    """Whether the bank has approved this payment, captured or not."""
    return intent is not None and intent.status in ("requires_capture", "succeeded")


@checked
def action_status(reader: stripe.terminal.Reader) -> str | None:
    """How the reader's action stands: "in_progress", "succeeded" or "failed"; None while it is idle."""
    action = getattr(reader, "action", None)
    return action.status if action is not None else None


@checked
def running_action(reader: stripe.terminal.Reader | None) -> dict[str, Any] | None:
    """What the reader does now, as a dict, to tell it from what it does next; None for nothing."""
    action = getattr(reader, "action", None)
    return action.to_dict() if action is not None and action.status == "in_progress" else None


@checked
def find_payment(sale: str, *, client: stripe.StripeClient | None = None) -> stripe.PaymentIntent | None:
    """The PaymentIntent that `create_payment` made for this sale, or None; the newest first, so a sale of
    today is found at once. For an application that has lost its note of the id.

    https://docs.stripe.com/api/payment_intents/list
    """
    client = client or stripe_client()
    payments = client.v1.payment_intents.list(params={"limit": 100}).auto_paging_iter()
    return next((each for each in payments if getattr(each.metadata, "sale", None) == sale), None)


@checked
def find_open_payments(
    *, since: int | None = None, until: int | None = None, client: stripe.StripeClient | None = None
) -> list[stripe.PaymentIntent]:
    """Payments that are neither paid nor canceled, newest first: look at these when you close the day.

    With "requires_capture", money is held and nobody has taken it: capture or cancel it within two days of
    the authorization. Any other was never finished: cancel it, or somebody may still pay it. `since` and
    `until` limit when they were made, in Unix seconds; leave out those that a customer may be paying now.

    https://docs.stripe.com/api/payment_intents/list
    """
    client = client or stripe_client()
    made: stripe.params.PaymentIntentListParamsCreated = {}
    if since is not None:
        made["gte"] = since
    if until is not None:
        made["lt"] = until
    params: stripe.params.PaymentIntentListParams = {"limit": 100}
    if made:
        params["created"] = made
    payments = client.v1.payment_intents.list(params=params).auto_paging_iter()
    return [payment for payment in payments if payment.status not in ("succeeded", "canceled")]
