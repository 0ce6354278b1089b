"""Errors of calls in a notebook: what was sent, what came back and what to do in three lines, not eighty.

By IPython's own means, and only there: a program gets the exception as it is, and so does `except`.
"""

from __future__ import annotations

import sys
import traceback
from html import escape
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

import stripe

from .ids_of_objects import typed, wrong_id
from .missing_attributes import Names
from .missing_names import SHOWN_AT_FIRST
from .python_errors import SHOWN, three_lines_of_python
from .request_log import LoggedRequest, RequestLog, unlogged

PAGE = "https://docs.stripe.com/error-handling"
_LONGEST = 200  # of the parameters that are shown

# By the error's code; what Stripe's own message does not say.
_BY_CODE = {
    "amount_too_large": "Amounts are integers in the smallest unit: 1250 is 12.50.",
    "amount_too_small": "Amounts are integers in the smallest unit: 1250 is 12.50.",
    "card_declined": "Ask for another card: the same PaymentIntent can be processed again.",
    "charge_already_refunded": "Nothing is left to give back; the charge says when it was refunded.",
    "idempotency_key_in_use": "Wait until the first request with this key has been answered.",
    "email_invalid": "Give an address with an @, such as ada@example.com.",
    "intent_invalid_state": "It has a card already, or was canceled: run the cell that creates it, for a new "
    "one.",
    "parameter_invalid_empty": "Leave the parameter out, or give it a value.",
    "parameter_invalid_integer": "Give a whole number; an amount is in the smallest unit: 1250, not 12.5.",
    "parameter_missing": "Add the parameter that is named; one that is None is not sent.",
    "parameter_unknown": "Look for a misspelled name, or for one that belongs inside another.",
    "payment_intent_unexpected_state": "Look at the PaymentIntent's status first: retrieve it.",
    "rate_limit": "Wait a moment, and send it again.",
    "resource_missing": "Look at the id: the account has no such object, or not any more. A list shows all.",
    "terminal_reader_busy": "Look at the reader's action: once a card was read, wait for the bank's answer. "
    "Until then no command reaches the reader, nor does canceling.",
    "terminal_reader_invalid_location_for_payment": "Register the reader in the country of the payment.",
    "terminal_reader_offline": "Check the reader's power and network. Is a fault on? faults.clear() ends it.",
    "terminal_reader_timeout": "Look at the reader before you send it again: it may have got the command.",
}
# By the status of the intent that "…_unexpected_state" carries, with what was declined last.
_BY_STATUS = {
    "requires_payment_method": "Nobody has paid yet: process it at a reader, and present a card there.",
    "requires_capture": "The bank holds the money: capture it, or cancel to release it.",
    "succeeded": "It was captured already: nothing is left to capture or cancel. A refund gives it back.",
    "canceled": "It was canceled: run the cell that creates it, for a new one.",
}
_DECLINED = (
    "Its card was declined ({}): process it again with another card, or with another amount where the amount "
    "decides."
)
# By the parameter, where there is no code.
_BY_PARAM = {
    "allow_redisplay": "Say what the customer agreed to.",
    "currency": "A currency is its three letters, as in ISO 4217: usd, not dollars.",
    "registration_code": "Give the words that the reader shows, or a simulated reader's code: simulated-wpe.",
}
# By words of the message, where its code says less, or there is none.
_BY_WORDS = {
    "does not ask for a tip": "Give the reader's location a Configuration with tipping first, or leave the "
    "tip out.",
    "non test card": "Give the number of a test card; simulate_payment takes its name too.",
    "Invalid string: {": "Give a text, such as an object's id; no dict, and no list.",
    "Tipping needs": "Give one of the three, in tipping: a currency has its own.",
    "greater than charge amount": "Give back what is left at most: amount_captured less amount_refunded.",
    "must be greater than": "Give a larger number; an amount is in the smallest unit: 1250 is 12.50.",
    "readers are registered to it": "readers.list takes a location, and shows them.",
    "not collecting inputs": "Ask for the inputs first: the reader shows the form only then.",
    "has not collected": "Collect a payment method for it first; the reader forgets it after a while.",
    "not waiting for a payment method": "Process the payment first, also after a decline: the reader asks "
    "only then. The same card would be declined again, so present another.",
    "uncaptured Charge": "Cancel the PaymentIntent instead: nothing was taken yet that could be refunded.",
    "non-empty) identifier": "Give an id: what was given is empty.",
}
# What needs no more words: the message itself has the right name or value.
_SAID = ("Did you mean ", "Try using ")
# By its class, where the code says nothing; the first that fits.
_BY_CLASS: list[tuple[type[stripe.StripeError], str]] = [
    (stripe.APIConnectionError, "Look before you send it again: it may have arrived. Is the network there?"),
    (stripe.AuthenticationError, "Look at STRIPE_SECRET_KEY in .env: it is no key of an account."),
    (stripe.PermissionError, "Look at what this key may do, in the Dashboard under Developers."),
    (stripe.CardError, "Ask for another card: the same PaymentIntent can be processed again."),
    (stripe.RateLimitError, "Wait a moment, and send it again."),
    (stripe.IdempotencyError, "Use a new idempotency key for a request with other parameters."),
    (stripe.InvalidRequestError, ""),  # its message names what was wrong
    (stripe.StripeError, "Something went wrong at Stripe: look before you send it again."),
]
# What a learner finds by its name: where it is listed, and the field that has the name.
_NAMED = {"Reader": ("readers", "label"), "Location": ("locations", "display_name")}


def three_lines(problem: stripe.StripeError, log: RequestLog) -> list[str]:
    """What Stripe says, the request that it says it of, and what to do, with a page to read."""
    details = problem.error
    code = getattr(details, "code", None) or problem.code
    facts = [("code", code), ("param", getattr(details, "param", None))]
    named = ", ".join(f"{name}: {value}" for name, value in facts if value)
    said = " ".join(str(problem.user_message or problem).split())
    request = _request_of(problem, log)
    shown = typed(said, request.path if request else "")
    return [
        f"{type(problem).__name__}: {shown}{f' ({named})' if named else ''}",
        f"Sent: {_sent(request)}",
        f"{_what_to_do(problem, said, code) or 'See'} {getattr(details, 'doc_url', None) or PAGE}",
    ]


def _what_to_do(problem: stripe.StripeError, said: str, code: str | None) -> str:
    """The next step; "" where Stripe's message says it already."""
    if any(words in said for words in _SAID):
        return ""
    param = getattr(problem.error, "param", None) or ""
    by_words = (do for words, do in _BY_WORDS.items() if words in said)
    by_class = (do for kind, do in _BY_CLASS if isinstance(problem, kind))
    return (
        (wrong_id(said) if code == "resource_missing" else "")
        or (_by_status(problem) if (code or "").endswith("_unexpected_state") else "")
        or next(by_words, "")
        or _BY_CODE.get(code or "")
        or _BY_PARAM.get(param)
        or next(by_class)
    )


def _by_status(problem: stripe.StripeError) -> str:
    """What the intent in the error needs before it can be what was asked of it; "" where there is none."""
    intent = getattr(problem.error, "payment_intent", None)
    declined = getattr(intent, "last_payment_error", None)
    if intent is not None and declined and intent.status == "requires_payment_method":
        return _DECLINED.format(declined.decline_code or declined.code)
    return _BY_STATUS.get(getattr(intent, "status", ""), "")


def show_errors_in_notebooks(log: RequestLog, client: stripe.StripeClient) -> None:
    """Let IPython, if this runs in it, show Stripe's errors in three lines, with requests from this log, and
    Python's that a call in a cell has raised; the whole traceback is folded below. What is in the account is
    looked up with the client. Any other error is shown as ever, and somebody's own handler stays."""
    kinds = (stripe.StripeError, *SHOWN)
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    ours = shell.custom_exceptions in ((), kinds) or shell.custom_exceptions is SHOWN_AT_FIRST
    if not ours:
        return

    def show(
        shell: Any,
        kind: type[Exception],
        problem: Exception,
        trace: TracebackType | None,
        tb_offset: int | None = None,
    ) -> list[str]:
        if isinstance(problem, stripe.StripeError):
            return _show_lines(shell, kind, problem, trace, three_lines(problem, log))
        return show_python_error(shell, kind, problem, trace, names_in(client))

    shell.set_custom_exc(kinds, show)


def show_python_error(
    shell: Any,
    kind: type[Exception],
    problem: Exception,
    trace: TracebackType | None,
    names: Names = lambda kind: [],
) -> list[str]:
    """Show an error of Python's in three lines, if it came out of a cell and anything is known of it, else as
    ever. `names` are those in the account."""
    lines = three_lines_of_python(problem, trace, shell.user_global_ns, names)
    if lines is None:
        shell.showtraceback((kind, problem, trace), running_compiled_code=True)
        return []
    return _show_lines(shell, kind, problem, trace, lines)


def _show_lines(
    shell: Any, kind: type[Exception], problem: Exception, trace: TracebackType | None, lines: list[str]
) -> list[str]:
    sys.last_type, sys.last_value, sys.last_traceback = kind, problem, trace  # for %tb and %debug
    shell._showtraceback(kind, problem, lines)
    if hasattr(shell, "kernel"):
        whole = "".join(traceback.format_exception(kind, problem, _from_the_cell(trace)))
        folded = f"<details><summary>The whole traceback</summary><pre>{escape(whole)}</pre></details>"
        data = {"text/plain": "%tb shows the whole traceback", "text/html": folded}
        shell.display_pub.publish(data)
    return lines


def names_in(client: stripe.StripeClient) -> Names:
    """What gives the names in this account of readers and locations; none where they cannot be listed."""

    def names(kind: str) -> list[str]:
        listed, field = _NAMED.get(kind, ("", ""))
        if not listed:
            return []
        try:
            with unlogged():
                found = getattr(client.v1.terminal, listed).list(params={"limit": 100}).data
        except stripe.StripeError:
            return []
        return [getattr(each, field) for each in found]

    return names


def _from_the_cell(trace: TracebackType | None) -> TracebackType | None:
    """The trace without IPython's own steps, which run the cell."""
    begin = trace
    while begin is not None and begin.tb_frame.f_globals.get("__name__", "").startswith("IPython."):
        begin = begin.tb_next
    return begin or trace


def _request_of(problem: stripe.StripeError, log: RequestLog) -> LoggedRequest | None:
    """The request that this is the answer to; one without an answer has no id, and was the last."""
    id = problem.request_id
    found = (each for each in reversed(list(log)) if each.request_id == id)
    return next(found, None)


def _sent(request: LoggedRequest | None) -> str:
    if request is None:
        return "nothing that the log of this kernel has."
    params = ", ".join(f"{name}={value}" for name, value in parse_qsl(request.form, keep_blank_values=True))
    params = params if len(params) <= _LONGEST else params[:_LONGEST] + "…"
    answer = f"Answer: {request.status}" if request.status else "No answer came"
    return f"{request.method} {request.path}{f' with {params}' if params else ''}. {answer}."
