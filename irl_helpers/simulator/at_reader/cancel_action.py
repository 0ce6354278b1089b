"""Ending an action before its time: the till cancels it, or the customer does on the device.

https://docs.stripe.com/api/terminal/readers/cancel_action
"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..resources.readers import KIND, forget_collected_card, state
from ..states import reader_move
from .actions import finish


def cancel_action(account: Account, params: Object, id: str) -> Object:
    """Back to the splash screen. Whatever was being paid or saved stays open; no event is sent."""
    reader = account.get(id, KIND, "reader", in_path=True)
    reader_move(state(account, reader), "cancel_action")
    forget_collected_card(account, reader)
    reader["action"] = None
    account.inner(reader).clear()
    account.save(reader)
    return reader


def press_cancel(account: Account, reader: Object) -> None:
    """The customer presses cancel on the device, where the action offers it. Raises StripeError elsewhere."""
    reader_move(state(account, reader), "press_cancel")
    if not cancellation_offered(reader):
        raise errors.StripeError(
            "The reader's screen offers no cancel button. It does with enable_customer_cancellation."
        )
    finish(
        account,
        reader,
        "customer_canceled",
        "This action could not be completed due to an error on the card reader.",
    )


def press_cancel_if_offered(account: Account, reader: Object) -> None:
    """The same where it is possible by now; nothing elsewhere."""
    if state(account, reader) == "waiting" and cancellation_offered(reader):
        press_cancel(account, reader)


def cancellation_offered(reader: Object) -> bool:
    """Whether the running action was started with `enable_customer_cancellation`."""
    action = reader["action"][reader["action"]["type"]]
    return any(
        config.get("enable_customer_cancellation", False)
        for name, config in action.items()
        if name.endswith("_config")
    )
