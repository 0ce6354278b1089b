"""A reader's action: one at a time, started by a command and ended by the customer, the bank or the clock."""

from __future__ import annotations

from typing import Any

from ..account import Account, Object
from ..cards import Card, find_card
from ..declines import Decline
from ..faults import strike
from ..resources.readers import forget_collected_card, state
from ..states import reader_move


def start(account: Account, reader: Object, type: str, fields: Object) -> Object:
    """Put a new action on the reader, in place of the one that was there."""
    following = reader_move(state(account, reader), type)
    forget_collected_card(account, reader)
    return put(account, reader, type, fields, state=following)


def put(account: Account, reader: Object, type: str, fields: Object, **inner: Any) -> Object:
    """A running action, and what the simulator knows about it."""
    reader["action"] = {
        "api_error": None,
        "failure_code": None,
        "failure_message": None,
        "status": "in_progress",
        "type": type,
        type: fields,
    }
    known = account.inner(reader)
    known.clear()
    known.update(inner)
    account.save(reader)
    return reader


def finish(account: Account, reader: Object, code: str | None = None, message: str | None = None) -> None:
    """End the running action: succeeded, or failed with this code. Its event is sent."""
    action = reader["action"]
    action["status"] = "failed" if code else "succeeded"
    action["failure_code"] = code
    action["failure_message"] = message
    account.inner(reader).clear()
    account.save(reader)
    account.emit(f"terminal.reader.action_{action['status']}", reader)


def finish_as_decided(account: Account, reader: Object, decline: Decline | None) -> None:
    """End the action as the bank decided, unless the reader loses its connection just then."""
    inner = account.inner(reader)
    if decline:
        finish(account, reader, decline.code, decline.message)
    elif strike(account, "connection_lost", reader["id"], "present_payment_method"):
        finish(account, reader, "connection_error", "Could not connect to Stripe.")
    elif strike(account, "action_stuck", reader["id"], "present_payment_method"):
        inner.clear()
        inner["state"] = "stuck"
        account.save(reader)
    else:
        finish(account, reader)


def shown_on_screen(intent: Object) -> list[Any]:
    """What the customer reads on the screen, and so must not change behind it."""
    return [intent["amount"], intent["currency"]]


def fail_if_changed(account: Account, reader: Object, intent: Object, status: str) -> bool:
    """Whether the PaymentIntent is no longer as the reader was given it; then the action fails."""
    if intent["status"] == status and shown_on_screen(intent) == account.inner(reader)["asked"]:
        return False
    finish(
        account,
        reader,
        "intent_invalid_state",
        "The PaymentIntent was changed after it was handed to the reader. Process it again.",
    )
    return True


def presented_card(presented: Object) -> Card:
    """The test card that was held to the reader; `presented` is `{number, type, amount_tip}`."""
    return find_card(presented["number"], "card_present[number]")
