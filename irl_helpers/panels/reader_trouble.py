"""What keeps a reader from working: that it is so, why, and what to do, in one place for every panel that
shows one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

import ipywidgets as W
import stripe

from .. import faults
from ..account import Changes, call
from ..connect import is_online, last_seen
from ..faults import Fault
from .layout import row
from .presses import Presses

A_FAULT_IS_ON = "a fault is on"

OFFLINE = "is offline"
HOLDS_UP = {
    "reader_offline": OFFLINE,
    "reader_unplugged": OFFLINE,  # after two minutes
    "reader_busy": "installs an update, and refuses every command",
    "reader_driven_by_app": "is driven by an app, and refuses every command from here",
    "slow_bank": "gets no answer from the bank once a card was read, and refuses commands while it waits",
}
"""What a reader does under each fault that holds up a sale until somebody ends it."""

Trouble = Mapping[str, Sequence[Fault]]
"""What a reader does, each with the faults that are why: none, where it is offline by itself."""


class ReaderTrouble:
    """`view` is a line, shown while something keeps a reader of the panel from working, with the button
    `end_fault` where that is a fault.

    `read` what stands, `show` it.
    """

    def __init__(self, presses: Presses) -> None:
        self._faults: list[Fault] = []  # those that hold a reader up
        self.headline = ""
        """The state of a panel whose reader is offline, in words; '' while none is."""
        self.says = W.HTML()
        self.end_fault = presses.button("End the fault", self._end)
        self.view = row(self.says, self.end_fault).add_class("irl-trouble")
        self.show([], [])

    def read(self, now: Changes | None) -> Sequence[Fault]:
        """The faults that stand; nothing is asked where `now` says that there are none."""
        return faults.active() if now and now.faults else ()

    def show(self, readers: Iterable[stripe.terminal.Reader | None], standing: Sequence[Fault]) -> None:
        """Say of the panel's readers what keeps them from working, and why."""
        found = [(reader, _trouble(reader, standing)) for reader in readers if reader is not None]
        struck = [fault for _, trouble in found for each in trouble.values() for fault in each]
        self._faults = [fault for fault in standing if fault in struck]
        offline = [fault for _, trouble in found for fault in trouble.get(OFFLINE, ())]
        says = "".join(f"<div>{line}</div>" for line in _explained(found))
        self.headline = ""
        if any(OFFLINE in trouble for _, trouble in found):
            self.headline = f"the reader is offline: {A_FAULT_IS_ON}" if offline else "the reader is offline"
        self.says.value = f'<div role="status">{says}</div>' if says else ""
        self.view.layout.display = "" if says else "none"
        self.end_fault.layout.display = "" if self._faults else "none"
        self.end_fault.allow(bool(self._faults))

    async def _end(self) -> None:
        for fault in self._faults:
            await call(fault.stop)


def _trouble(reader: stripe.terminal.Reader, standing: Sequence[Fault]) -> Trouble:
    found: dict[str, list[Fault]] = {} if is_online(reader) else {OFFLINE: []}
    for fault in standing:
        does = HOLDS_UP.get(fault.kind)
        if does is None or fault.limits.get("reader") not in (None, reader.id):
            continue
        if does != OFFLINE or OFFLINE in found:
            found.setdefault(does, []).append(fault)
    return found


def _explained(found: Sequence[tuple[stripe.terminal.Reader, Trouble]]) -> Iterator[str]:
    for reader, trouble in found:
        for does, why in trouble.items():
            seen = f", last seen {last_seen(reader)}, and refuses commands" if does == OFFLINE else ""
            fault = f": {A_FAULT_IS_ON}" if why else ""
            yield f"{escape(reader.label)} ({escape(reader.id)}) {does}{seen}{fault}."
    reasons = [why for _, trouble in found for why in trouble.values()]
    if any(reasons):
        yield "This goes on until the fault ends: here, or in a cell by <code>faults.clear()</code>."
    if not all(reasons):
        yield "Check its power and network and press Refresh, or choose another reader."
