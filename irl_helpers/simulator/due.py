"""What time brings: done at the start of the first request at or after its moment."""

from __future__ import annotations

from collections.abc import Callable

from .account import Account, Object
from .resources import collection, inputs, payment_intents, presentation, readers, refunds


def run(account: Account) -> None:
    """Do everything that is due by the account's time, each at the moment it was due."""
    present = account.time
    while due := account.take_due():
        at, what, id = due
        obj = account.find(id)
        if obj is not None and not obj.get("deleted"):
            account.time = at
            JOBS[what](account, obj)
            account.time = present


def _expire_authorization(account: Account, intent: Object) -> None:
    if intent["status"] == "requires_capture":
        payment_intents.end(account, intent, "expire", "automatic")


def _press_cancel(account: Account, reader: Object) -> None:
    if readers.state(account, reader) == "waiting" and presentation.cancellation_offered(reader):
        presentation.press_cancel(account, reader)


JOBS: dict[str, Callable[[Account, Object], None]] = {
    "expire_authorization": _expire_authorization,
    "fail_refund": refunds.fail,
    "finish_confirmation": collection.finish_confirmation,
    "forget_collection": collection.forget,
    "lapse_collection": collection.lapse,
    "press_cancel": _press_cancel,
    "time_out_inputs": inputs.time_out,
}
