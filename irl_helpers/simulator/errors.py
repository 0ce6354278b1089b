"""Stripe's error answers: one exception, and one function for each error that several calls share."""

from __future__ import annotations

from typing import Any

DOCS = "https://stripe.com/docs/error-codes/"


class StripeError(Exception):
    """An answer other than 200, as `{"error": {type, code, message, param, …}}` with an HTTP status.

    `keep` says that what the request did so far stays (a declined card leaves a failed charge); any
    other error leaves the account as it was. `remember` is whether an idempotency key keeps the answer.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        type: str = "invalid_request_error",
        keep: bool = False,
        remember: bool = True,
        doc_url: str | None = None,
        headers: dict[str, str] | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.keep = keep
        self.remember = keep and remember
        self.headers = headers or {}
        error: dict[str, Any] = {"type": type, "message": message}
        if code:
            error["code"] = code
            error["doc_url"] = doc_url or DOCS + code.replace("_", "-")
        if param is not None:
            error["param"] = param
        error.update({name: value for name, value in fields.items() if value is not None})
        self.error = error

    def body(self) -> dict[str, Any]:
        """The answer's body: `{"error": {...}}`."""
        # Without `request_log_url`, which may be absent: no dashboard has a log of what happens here.
        return {"error": dict(sorted(self.error.items()))}


def last_error(
    type: str, code: str, message: str, method: dict[str, Any], **fields: str | None
) -> dict[str, Any]:
    """What an intent keeps of its last failed attempt; `method` is the PaymentMethod."""
    error = {
        "code": code,
        "doc_url": DOCS + code.replace("_", "-"),
        "message": message,
        # As it was then: it may be attached or detached later.
        "payment_method": dict(method),
        "payment_method_type": method["type"],
        "type": type,
    }
    return error | {name: value for name, value in fields.items() if value is not None}


# What an unknown id is called in "No such …". Terminal objects go by their short name.
NOUNS = {
    "file": "file upload",
    "balance_transaction": "balance transaction",
    "terminal.location": "location",
    "terminal.reader": "reader",
    "terminal.configuration": "configuration",
    "payment_method": "PaymentMethod",
    "setup_intent": "setupintent",
}


def no_such(kind: str, id: str, param: str, *, in_path: bool = False, hint: str = "") -> StripeError:
    """An id nobody has: 404 where it stands in the path, 400 where it is a parameter. `hint` goes on."""
    noun = NOUNS.get(kind, kind)
    if kind == "payment_intent" and "_secret_" in id:
        return StripeError(
            "You passed a string that looks like a client secret as the PaymentIntent ID, but you must "
            "provide a valid PaymentIntent ID. Please use the value in the `id` field of the PaymentIntent.",
            param=param,
        )
    return StripeError(
        f"No such {noun}: '{id}'{hint}", code="resource_missing", param=param, status=404 if in_path else 400
    )


def no_access(key: str, account: str) -> StripeError:
    """403: the key, of which only this is shown, does not open this account."""
    return StripeError(
        f"The provided key '{key}' does not have access to account '{account[:100]}' (or that account does "
        "not exist). Application access may have been revoked.",
        code="account_invalid",
        status=403,
    )


def unknown_url(method: str, path: str) -> StripeError:
    """404: there is no call of this method and path."""
    slash = (
        " If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an "
        "object, make sure you passed a valid (non-empty) identifier in your code."
    )
    return StripeError(
        f"Unrecognized request URL ({method}: {path}).{slash if path[1:].endswith('/') else ''} Please see "
        "https://stripe.com/docs or we can help at https://support.stripe.com/.",
        status=404,
    )


def unknown_parameters(names: list[str], meant: str = "") -> StripeError:
    """400: the call has no parameters of these names; `meant` is one that it has."""
    label = "parameter" if len(names) == 1 else "parameters"
    hint = f". Did you mean {meant}?" if meant else ""
    return StripeError(
        f"Received unknown {label}: {', '.join(names)}{hint}", code="parameter_unknown", param=names[0]
    )


def missing(param: str) -> StripeError:
    """400: the call needs this parameter."""
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def invalid(message: str, param: str, code: str | None = None) -> StripeError:
    """400: this parameter's value cannot be used."""
    return StripeError(message, code=code, param=param)


def empty(param: str) -> StripeError:
    """400: this parameter's value is empty and cannot be unset."""
    return StripeError(
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a "
        f"parameter; however '{param}' cannot be unset. You should remove '{param}' from your request or "
        "supply a non-empty value.",
        code="parameter_invalid_empty",
        param=param,
    )


_GUIDE = (
    "Please reference the integration guide at https://stripe.com/docs/terminal/payments/collect-card-payment"
    "?terminal-sdk-platform=server-driven#handle-errors for details on how to handle this error."
)

READER_ERRORS = {
    "terminal_reader_busy": f"Reader is currently busy processing another request. {_GUIDE}",
    "terminal_reader_timeout": f"There was a timeout when sending this command to the reader. {_GUIDE}",
    "terminal_reader_offline": (
        "Reader is currently offline, please ensure the reader is powered on and connected to the internet "
        "before retrying your request. Reference the integration guide at https://docs.stripe.com/terminal/"
        "payments/collect-card-payment?terminal-sdk-platform=server-driven#reader-offline for details on how "
        "to handle this error."
    ),
}


# The one that has no code: only this says what it is.
DRIVEN_BY_APP = "Reader is currently processing a transaction from a different integration mode."


def reader_error(error: str, *, keep: bool = False, remember: bool = True) -> StripeError:
    """The error with this code of READER_ERRORS, or the one that is known by its message."""
    message = READER_ERRORS.get(error)
    return StripeError(message or error, code=error if message else None, keep=keep, remember=remember)
