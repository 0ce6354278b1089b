"""The way of a PaymentIntent: where it is, where it came from, and which calls are open.

https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from .diagram import Box, Diagram, row
from .object_fields import as_dict, integer, money, part, text
from .picture import Picture

TITLES = {
    "requires_payment_method": "Needs a card",
    "requires_confirmation": "Card read",
    "requires_action": "Needs one step more",
    "processing": "Bank is asked",
    "requires_capture": "Money is held",
    "succeeded": "Paid",
    "canceled": "Canceled",
}
# status -> the call that leads on, and what else the customer must do
ONWARD = {
    "requires_payment_method": ("process_payment_intent", "+ card"),
    "requires_confirmation": ("confirm_payment_intent", ""),
    "requires_capture": ("capture", ""),
}
CANCELABLE = ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture")
# status -> a call that changes the payment and not its status
HERE = {"requires_payment_method": "update", "succeeded": "refund"}

_TOP, _LOW, _TALL = 100, 214, 90


def payment_intent_path(payment_intent: Any, previous: Any = None, *, size: int = 700) -> Picture:
    """A diagram of the statuses of a PaymentIntent.

    `previous` is the same PaymentIntent as it was before, or its status then. Statuses that not every
    payment passes (`requires_confirmation`, `requires_action`, `processing`) are drawn only when they are
    now or before. `size` is the picture's width in pixels.
    """
    intent = as_dict(payment_intent)
    now = text(intent, "status") or "requires_payment_method"
    before = previous if isinstance(previous, str) else text(as_dict(previous), "status")
    before = "" if before == now else before
    diagram = Diagram("PaymentIntent", 320, _aside(intent, now))
    main = _main_way(intent, now, before)
    boxes = _boxes(main, intent)
    moves = _open_moves(main, now)

    for start, end in pairwise(main):
        diagram.ahead(boxes[start], boxes[end], taken=(start, end) == (before, now))
    for status in main:
        if status in CANCELABLE and not (now == status and "cancel" in moves):
            diagram.down_to(boxes[status], boxes["canceled"])
    if now == "canceled" and before in CANCELABLE:
        diagram.down_to(boxes[before], boxes["canceled"], taken=True)
    for call, end in moves.items():
        if end == now:
            diagram.open_here(boxes[now], call)
        elif end == "canceled":
            diagram.open_down(boxes[now], boxes[end], call)
        else:
            besides = ONWARD[now][1] if len(main) < 4 else ""  # no room
            diagram.open_over(boxes[now], boxes[end], f"{call} {besides}".strip())
    for status, box in boxes.items():
        kind = {now: "now", before: "before"}.get(status)
        diagram.box(box, kind or ("open" if status in moves.values() else "other"))
    return diagram.picture(_sentence(now, before, moves), size)


def _aside(intent: dict[str, Any], now: str) -> str:
    amount = money(integer(intent, "amount"), text(intent, "currency"))
    note = {"canceled": "nothing can follow", "processing": "no call until the bank answers"}.get(now, "")
    return " \u00b7 ".join(filter(None, [note, amount]))


def _main_way(intent: dict[str, Any], now: str, before: str) -> list[str]:
    """The statuses from left to right; there is no hold if the money is captured at once."""
    at_once = text(intent, "capture_method") in ("automatic", "automatic_async")
    passed = {now, before} - {"", "canceled"}
    usual = {"requires_payment_method", "succeeded"} | (set() if at_once else {"requires_capture"})
    known = [status for status in TITLES if status in usual | passed and status != "canceled"]
    return known[:-1] + sorted(passed - set(TITLES)) + known[-1:]


def _boxes(main: list[str], intent: dict[str, Any]) -> dict[str, Box]:
    width = {2: 186, 3: 186, 4: 140}.get(len(main), 112)
    declined = bool(part(intent, "last_payment_error"))
    boxes = {}
    for status, x in zip(main, row(len(main), width), strict=True):
        note = "last card declined" if declined and status == "requires_payment_method" else ""
        boxes[status] = Box(TITLES.get(status, status), status, x, _TOP, width, _TALL, note)
    last = boxes[main[-1]]
    boxes["canceled"] = Box(TITLES["canceled"], "canceled", last.x, _LOW, width, _TALL)
    return boxes


def _open_moves(main: list[str], now: str) -> dict[str, str]:
    """call -> the status that follows."""
    moves = {HERE[now]: now} if now in HERE else {}
    if now in ONWARD:
        moves[ONWARD[now][0]] = next(
            s for s in main[main.index(now) + 1 :] if s in ("requires_capture", "succeeded")
        )
    if now in CANCELABLE:
        moves["cancel"] = "canceled"
    return moves


def _sentence(now: str, before: str, moves: dict[str, str]) -> str:
    def move(call: str, end: str) -> str:
        return f"{call} stays {end}" if end == now else f"{call} leads to {end}"

    title = TITLES.get(now, now)
    title = f" ({title.lower()})" if title.lower() != now.lower() else ""
    came = f", before {before}" if before else ""
    opens = ", ".join(move(call, end) for call, end in moves.items()) or "none"
    return f"PaymentIntent now {now}{title}{came}; open calls: {opens}"
