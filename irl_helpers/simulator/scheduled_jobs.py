"""What time brings: done at the start of the first request at or after its moment."""

from __future__ import annotations

from collections.abc import Callable

from .account import Account, Object
from .at_reader import cancel_action, collect_inputs, collect_payment_method, present_payment_method
from .resources import balance_transactions, disputes, holds, refunds

JOBS: dict[str, Callable[[Account, Object], None]] = {
    "close_unanswered_dispute": disputes.close_unanswered,
    "decide_dispute": disputes.decide,
    "expire_authorization": holds.expire,
    "fail_refund": refunds.fail,
    "finish_confirmation": present_payment_method.finish_confirmation,
    "forget_collection": collect_payment_method.forget,
    "lapse_collection": collect_payment_method.lapse,
    "give_refund_reference": refunds.give_reference,
    "press_cancel": cancel_action.press_cancel_if_offered,
    "settle_charge": balance_transactions.settle,
    "succeed_refund": refunds.succeed,
    "time_out_inputs": collect_inputs.time_out,
}


def run_due(account: Account) -> None:
    """Do everything that is due by the account's time, each at the moment it was due."""
    present = account.time
    while due := account.take_due():
        at, what, id = due
        obj = account.find(id)
        if obj is not None and not obj.get("deleted"):
            account.time = at
            JOBS[what](account, obj)
            account.time = present
