"""The states of a reader: where it is, where it came from, and which calls it takes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from .diagram import Box, Diagram, row
from .object_fields import as_dict, part, text_of
from .picture import Picture

# state -> its words, and how the Reader object tells it
STATES = {
    "idle": ("Idle", "action: null"),
    "cart": ("Shows a cart", "set_reader_display"),
    "waiting": ("Waits for a card", "in_progress"),
    "authorizing": ("Asks the bank", "in_progress"),
    "succeeded": ("Succeeded", "succeeded"),
    "failed": ("Failed", "failed"),
    "offline": ("Offline", "status: offline"),
}
PROCESS = "process_payment_intent"
_PRESENT = "present_payment_method"  # a test helper: only a simulated reader has it
# state -> {call: the state that follows}
MOVES = {
    "idle": {"set_reader_display": "cart", PROCESS: "waiting"},
    "cart": {PROCESS: "waiting", "cancel_action": "idle"},
    "waiting": {_PRESENT: "authorizing", "cancel_action": "idle"},
    "collecting_inputs": {"succeed_input_collection": "succeeded", "cancel_action": "idle"},
    "collected": {"confirm_payment_intent": "authorizing", "cancel_action": "idle"},
    "busy": {"cancel_action": "idle"},
    "authorizing": {},
    "succeeded": {PROCESS: "waiting", "cancel_action": "idle"},
    "failed": {PROCESS: "waiting", "cancel_action": "idle"},
    "offline": {},
}
# States that stand in the place of "waiting", with their own words.
_WAITING = {
    "waiting": "Waits for a card",
    "collecting_inputs": "Waits for answers",
    "collected": "Has read a card",
    "busy": "Busy",
}
_NO_CALL = {"authorizing": "no call until the bank answers", "offline": "no call until it is back online"}
_ORDER = ["idle", "cart", "waiting", "authorizing", "succeeded"]
_TOP, _LOW, _TALL, _WIDE = 122, 276, 92, 112


def reader_state(reader: Any, stage: str | None = None) -> str:
    """The name of the Reader's state, a key of `MOVES`; `stage="authorizing"` says that the bank is asked."""
    fields = as_dict(reader)
    if text_of(fields, "status") == "offline" or fields.get("deleted") is True:
        return "offline"
    action = part(fields, "action")
    kind, status = text_of(action, "type"), text_of(action, "status")
    if not action:
        return "idle"
    if kind == "set_reader_display":
        return "cart"
    if status in ("succeeded", "failed") and kind != "collect_payment_method":
        return status
    if stage == "authorizing" or kind == "confirm_payment_intent":
        return "authorizing"
    if kind == "collect_payment_method":
        collected = part(action, kind).get("payment_method") or status == "succeeded"
        return "failed" if status == "failed" else "collected" if collected else "waiting"
    if kind == "collect_inputs":
        return "collecting_inputs"
    return "waiting" if kind in (PROCESS, "process_setup_intent", "refund_payment") else "busy"


def reader_path(reader: Any, previous: Any = None, *, stage: str | None = None, size: int = 700) -> Picture:
    """A diagram of the reader's states.

    `previous` is the same Reader as it was before, or the name of its state then, a key of `MOVES`.
    `stage="authorizing"` says what no Reader carries: that a card is read and the bank is asked. `size` is
    the picture's width in pixels. Raises ValueError for a name that is no state.
    """
    state = reader_state(reader, stage)
    past = previous if isinstance(previous, str) else reader_state(previous) if previous is not None else ""
    if past and past not in MOVES:
        raise ValueError(f"previous must be a Reader or one of {', '.join(MOVES)}, not {past!r}")
    kind = text_of(as_dict(reader), "action", "type")
    moves = MOVES[state]
    if _PRESENT in moves and not text_of(as_dict(reader), "device_type").startswith("simulated"):
        moves = {**moves, "customer's card": moves[_PRESENT]}
        del moves[_PRESENT]
    boxes = _boxes(state, past, kind)
    now, before = _place(state), _place(past) if past and past != state else ""
    before = "" if before == now else before
    diagram = Diagram("Reader", 384, _NO_CALL.get(state, ""))

    for start, end in pairwise(_ORDER):
        diagram.ahead(boxes[start], boxes[end], taken=(start, end) == (before, now))
    diagram.down_to(boxes["authorizing"], boxes["failed"], taken=(before, now) == ("authorizing", "failed"))
    _draw_moves(diagram, boxes, now, moves)
    for name, box in boxes.items():
        look = {now: "now", before: "before"}.get(name)
        diagram.box(box, look or ("open" if name in moves.values() else "other"))
    return diagram.picture(_sentence(state, past, moves, boxes), size)


def _place(state: str) -> str:
    return "waiting" if state in _WAITING else state


def _boxes(state: str, past: str, kind: str) -> dict[str, Box]:
    lefts = dict(zip(_ORDER, row(len(_ORDER), _WIDE), strict=True))
    boxes = {
        name: Box(title, api, lefts.get(name, 0), _TOP, _WIDE, _TALL) for name, (title, api) in STATES.items()
    }
    boxes["failed"] = replace(boxes["failed"], x=lefts["succeeded"], y=_LOW)
    boxes["offline"] = replace(boxes["offline"], x=lefts["idle"], y=_LOW)
    shown = state if state in _WAITING else past
    if shown in _WAITING:
        boxes["waiting"] = replace(
            boxes["waiting"], title=_WAITING[shown], name=kind if shown == "busy" and kind else "in_progress"
        )
    return boxes


def _draw_moves(diagram: Diagram, boxes: dict[str, Box], now: str, moves: dict[str, str]) -> None:
    """Ahead over the boxes, back along two lanes below them."""
    ahead = [move for move in moves.items() if _ORDER.index(move[1]) > _position(now)]
    for level, (call, end) in enumerate(ahead):
        diagram.open_over(boxes[now], boxes[end], call, level=level)
    lanes = {"idle": (_TOP + _TALL + 44, 10), "waiting": (_TOP + _TALL + 22, -10)}
    for call, end in moves.items():
        if (call, end) not in ahead:
            lane, shift = lanes[end]
            diagram.open_back(
                boxes[now], boxes[end], call, lane, shift, (boxes[now].center + boxes[end].center) / 2
            )


def _position(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else len(_ORDER)


def _sentence(state: str, past: str, moves: dict[str, str], boxes: dict[str, Box]) -> str:
    came = f", before {_words(past)}" if past and past != state else ""
    opens = ", ".join(f"{call} leads to {_words(end)}" for call, end in moves.items())
    return f"Reader now {boxes[_place(state)].title.lower()}{came}; " + (
        f"open calls: {opens}" if opens else _NO_CALL[state]
    )


def _words(state: str) -> str:
    return (_WAITING.get(state) or STATES[state][0]).lower()
