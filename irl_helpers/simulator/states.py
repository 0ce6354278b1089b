"""What is allowed when: the reader's states, and the statuses of PaymentIntents and SetupIntents.

Code and tests read these tables, and README.md shows them. `PAYMENT_INTENT["capture"]` maps each status from
which a capture is allowed to the status that follows; every other status gets the error in `*_REFUSALS`.
When a till offers it: `sale.py`, `POSSIBLE`.
"""

from __future__ import annotations

from collections.abc import Callable

from .errors import DRIVEN_BY_APP, StripeError, invalid, reader_error

# -- readers -------------------------------------------------------------------------------------------

READER_STATES = {
    "idle": "no action; the screen shows its splash",
    "cart": "shows a cart",
    "waiting": "asks for a card (payment, refund, saving a card, or collecting a payment method)",
    "collecting_inputs": "asks the customer to fill in a form",
    "collected": "has read a card and waits for `confirm_payment_intent`, for 30 seconds",
    "lapsed": "collected a card that was not confirmed in time, and knows it for half an hour",
    "confirming": "asks the bank about the card that it collected",
    "authorizing": "has read a card and asks the bank",
    "succeeded": "the last action succeeded",
    "failed": "the last action failed",
    "stuck": "lost its connection during a payment: the action stays in progress",
    "updating": "installs an update or changes settings",
    "driven": "is driven by an app, through one of Stripe's SDKs",
    "unplugged": "has no signal, for less than two minutes",
    "offline": "has had no signal for two minutes",
}

# A command and the state that the reader is in when it has taken it.
COMMANDS = {
    "process_payment_intent": "waiting",
    "process_setup_intent": "waiting",
    "refund_payment": "waiting",
    "collect_payment_method": "waiting",
    "collect_inputs": "collecting_inputs",
    "set_reader_display": "cart",
}

_FREE = (
    "idle",
    "cart",
    "waiting",
    "collecting_inputs",
    "collected",
    "lapsed",
    "succeeded",
    "failed",
    "stuck",
)

# call -> {state in which the reader takes it: the state that follows}. "settled" is one of succeeded, failed,
# authorizing, stuck, collected or confirming, depending on the action, the card, the bank and the faults.
READER: dict[str, dict[str, str]] = {
    **{command: dict.fromkeys(_FREE, then) for command, then in COMMANDS.items()},
    "confirm_payment_intent": {"collected": "settled", "lapsed": "settled"},
    "cancel_action": dict.fromkeys(_FREE, "idle"),
    "present_payment_method": {"waiting": "settled", "confirming": "settled"},
    "succeed_input_collection": {"collecting_inputs": "succeeded"},
    "timeout_input_collection": {"collecting_inputs": "failed"},
    "press_cancel": {"waiting": "failed"},
    "answer_input": {"collecting_inputs": "settled"},
}

_UNREACHABLE = {
    "authorizing": "terminal_reader_busy",
    "confirming": "terminal_reader_busy",
    "updating": "terminal_reader_busy",
    "driven": DRIVEN_BY_APP,
    "unplugged": "terminal_reader_timeout",
    "offline": "terminal_reader_offline",
}

READER_REFUSALS = {
    "confirm_payment_intent": "The reader has not collected a payment method for this PaymentIntent.",
    "present_payment_method": "The reader is not waiting for a payment method to be presented.",
    "succeed_input_collection": "The reader is not collecting inputs.",
    "timeout_input_collection": "The reader is not collecting inputs.",
    "press_cancel": "The reader's screen shows nothing that the customer could cancel.",
    "answer_input": "The reader is not collecting inputs.",
}


def reader_move(state: str, call: str) -> str:
    """The state that follows, or the StripeError that the reader's state has for this call."""
    following = READER[call].get(state)
    if following is None:
        if state in _UNREACHABLE:
            raise reader_error(_UNREACHABLE[state])
        raise StripeError(READER_REFUSALS[call])
    return following


def reader_refusal(state: str, call: str) -> str | None:
    """The code of the error, or its message where it has no code; None where the call is allowed."""
    try:
        reader_move(state, call)
    except StripeError as error:
        return str(error.error.get("code") or error.error["message"])
    return None


# -- PaymentIntents ------------------------------------------------------------------------------------

# The statuses in which a card may be charged, or kept.
_CONFIRMED = ("requires_payment_method", "requires_confirmation", "requires_action")

PAYMENT_INTENT: dict[str, dict[str, str]] = {
    "update_amount": {s: s for s in ("requires_payment_method", "requires_confirmation", "requires_action")},
    "update_payment_method": dict.fromkeys(
        ("requires_payment_method", "requires_confirmation", "requires_action"), "requires_confirmation"
    ),
    "process": {"requires_payment_method": "requires_payment_method"},
    "collect": {"requires_payment_method": "requires_confirmation"},
    "confirm_on_reader": {"requires_confirmation": "requires_confirmation"},
    "release": {"requires_confirmation": "requires_payment_method"},
    "require_action": dict.fromkeys(_CONFIRMED, "requires_action"),
    "fail_action": {"requires_action": "requires_payment_method"},
    "authorize": dict.fromkeys(_CONFIRMED, "requires_capture"),
    "charge": dict.fromkeys(_CONFIRMED, "succeeded"),
    "decline": dict.fromkeys(_CONFIRMED, "requires_payment_method"),
    "capture": {"requires_capture": "succeeded"},
    "increment": {"requires_capture": "requires_capture"},
    "cancel": dict.fromkeys(
        (
            "requires_payment_method",
            "requires_capture",
            "requires_confirmation",
            "requires_action",
            "processing",
        ),
        "canceled",
    ),
    "expire": {"requires_capture": "canceled"},
}

PAYMENT_INTENT_STATUSES = (
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "requires_capture",
    "succeeded",
    "canceled",
)


def _unexpected(text: str, param: str | None = None, **others: str) -> Callable[[str], StripeError]:
    """The error of any status but those in `others`, which have their own text."""
    return lambda status: StripeError(
        others.get(status, text).format(status), code="payment_intent_unexpected_state", param=param
    )


_NOT_ASKED = "The {} does not wait for its customer: its status is {}."
_PROCESS = "{} must be in the requires_payment_method state to be processed by a reader."
_CONFIRM = "Payment intent must be in the requires_confirmation state to be confirmed by a reader."

PAYMENT_INTENT_REFUSALS: dict[str, Callable[[str], StripeError]] = {
    "update_amount": _unexpected(
        "This PaymentIntent's amount could not be updated because it has a status of {}. You may only update "
        "the amount of a PaymentIntent with one of the following statuses: requires_payment_method, "
        "requires_confirmation, requires_action.",
        "amount",
    ),
    "update_payment_method": _unexpected(
        "This PaymentIntent's payment_method could not be updated because it has a status of {}. You may "
        "only update the payment_method of a PaymentIntent with one of the following statuses: "
        "requires_payment_method, requires_confirmation, requires_action.",
        "payment_method",
    ),
    "process": lambda status: invalid(
        _PROCESS.format("Payment intent"), "payment_intent", "intent_invalid_state"
    ),
    "confirm_on_reader": lambda status: invalid(_CONFIRM, "payment_intent", "intent_invalid_state"),
    "fail_action": _unexpected(_NOT_ASKED.format("PaymentIntent", "{}")),
    "capture": _unexpected(
        "This PaymentIntent could not be captured because it has a status of {}. Only a PaymentIntent with "
        "one of the following statuses may be captured: requires_capture.",
        succeeded=(
            "The remaining amount on this PaymentIntent could not be captured because the remainder of the "
            "authorized amount has been released."
        ),
    ),
    "increment": _unexpected(
        "This PaymentIntent's authorization could not be incremented because it has a status of {}. Only a "
        "PaymentIntent with one of the following statuses may be incremented: requires_capture."
    ),
    "cancel": _unexpected(
        "You cannot cancel this PaymentIntent because it has a status of {}. Only a PaymentIntent with one "
        "of the following statuses may be canceled: requires_payment_method, requires_capture, "
        "requires_reauthorization, requires_confirmation, requires_action, processing."
    ),
    "charge": _unexpected(
        "You cannot confirm this PaymentIntent because it has a status of {}. Only a PaymentIntent with one "
        "of the following statuses may be confirmed: requires_confirmation, requires_action, "
        "requires_payment_method.",
        succeeded=(
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously "
            "confirmed."
        ),
    ),
}


def payment_intent_move(status: str, call: str) -> str:
    """The status that follows, or the StripeError that this status has for the call."""
    following = PAYMENT_INTENT[call].get(status)
    if following is None:
        raise PAYMENT_INTENT_REFUSALS[call](status)
    return following


# -- SetupIntents --------------------------------------------------------------------------------------

SETUP_INTENT: dict[str, dict[str, str]] = {
    "update_payment_method": dict.fromkeys(
        ("requires_payment_method", "requires_confirmation", "requires_action"), "requires_confirmation"
    ),
    "process": {"requires_payment_method": "requires_payment_method"},
    "require_action": dict.fromkeys(_CONFIRMED, "requires_action"),
    "fail_action": {"requires_action": "requires_payment_method"},
    "succeed": dict.fromkeys(_CONFIRMED, "succeeded"),
    "fail": dict.fromkeys(_CONFIRMED, "requires_payment_method"),
    "cancel": dict.fromkeys(
        ("requires_payment_method", "requires_confirmation", "requires_action"), "canceled"
    ),
}

SETUP_INTENT_STATUSES = (
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "succeeded",
    "canceled",
)


def _setup_unexpected(verb: str, participle: str, call: str, **others: str) -> Callable[[str], StripeError]:
    """The error of any status but those in `others`, which have their own text."""
    *most, last = (f"`{status}`" for status in SETUP_INTENT[call])
    text = (
        f"You cannot {verb} this SetupIntent because it has a status of {{}}. Only a SetupIntent with one of "
        f"the following statuses may be {participle}: {', '.join(most)}{',' if len(most) > 1 else ''} "
        f"or {last}."
    )
    return lambda status: StripeError(
        others.get(status, text).format(status), code="setup_intent_unexpected_state"
    )


SETUP_INTENT_REFUSALS: dict[str, Callable[[str], StripeError]] = {
    "update_payment_method": _setup_unexpected(
        "update the payment method or customer of", "updated in this way", "update_payment_method"
    ),
    "process": lambda status: invalid(
        _PROCESS.format("Setup intent"), "setup_intent", "intent_invalid_state"
    ),
    "succeed": _setup_unexpected(
        "confirm",
        "confirmed",
        "succeed",
        succeeded="You cannot confirm this SetupIntent because it has already succeeded.",
        canceled="You cannot confirm this SetupIntent because it has been canceled.",
    ),
    "fail": _setup_unexpected("confirm", "confirmed", "fail"),
    "require_action": _setup_unexpected("confirm", "confirmed", "require_action"),
    "fail_action": lambda status: StripeError(
        _NOT_ASKED.format("SetupIntent", status), code="setup_intent_unexpected_state"
    ),
    "cancel": _setup_unexpected(
        "cancel",
        "canceled",
        "cancel",
        canceled="You cannot cancel this SetupIntent because it is already canceled.",
    ),
}


def setup_intent_move(status: str, call: str) -> str:
    """The status that follows, or the StripeError that this status has for the call."""
    following = SETUP_INTENT[call].get(status)
    if following is None:
        raise SETUP_INTENT_REFUSALS[call](status)
    return following


# -- Refunds -------------------------------------------------------------------------------------------

REFUND_STATUSES = ("pending", "requires_action", "succeeded", "failed", "canceled")

REFUND: dict[str, dict[str, str]] = {
    "cancel": {"requires_action": "canceled"},
    "expire": {"requires_action": "failed"},
    "succeed": {"pending": "succeeded"},
    "fail": {"succeeded": "failed"},
}

REFUND_REFUSALS = {
    "cancel": "Canceling this refund is unsupported.",
    "expire": "Only a refund with a status of requires_action can be expired.",
}


def refund_move(status: str, call: str) -> str:
    """The status that follows, or the StripeError that this status has for the call."""
    following = REFUND[call].get(status)
    if following is None:
        raise StripeError(REFUND_REFUSALS[call])
    return following


# -- Disputes ------------------------------------------------------------------------------------------

DISPUTE_STATUSES = (
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "won",
    "lost",
)
DISPUTE_CLOSED = frozenset(("warning_closed", "won", "lost"))

DISPUTE: dict[str, dict[str, str]] = {
    "update": {status: status for status in DISPUTE_STATUSES if status not in DISPUTE_CLOSED},
    "stage": {status: status for status in ("warning_needs_response", "needs_response")},
    "submit": {"warning_needs_response": "warning_under_review", "needs_response": "under_review"},
    "close": {"warning_needs_response": "warning_closed", "needs_response": "lost"},
    "win": {"warning_under_review": "warning_closed", "under_review": "won"},
    "lose": {"warning_under_review": "warning_closed", "under_review": "lost"},
    "escalate": {"warning_under_review": "needs_response"},
}


def dispute_move(status: str, call: str) -> str:
    """The status that follows, or the StripeError that this status has for the call."""
    following = DISPUTE[call].get(status)
    if following is not None:
        return following
    if status in DISPUTE_CLOSED:
        raise StripeError("This dispute is already closed")
    raise StripeError("This dispute's evidence has already been submitted.")
