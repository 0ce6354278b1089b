"""A reader that is offline: that it is, why, and what to do, in one place for every panel that shows one."""

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

_SILENT = ("reader_offline", "reader_unplugged")


class OfflineReaders:
    """`view` is a line, shown while a reader of the panel is offline, with the button `end_fault` where a
    fault keeps it so.

    `read` what stands, `show` it.
    """

    def __init__(self, presses: Presses) -> None:
        self._faults: list[Fault] = []  # those that keep a reader offline
        self._any = False
        self.says = W.HTML()
        self.end_fault = presses.button("End the fault", self._end)
        self.view = row(self.says, self.end_fault).add_class("irl-offline")
        self.show([], [])

    def read(self, now: Changes | None) -> Sequence[Fault]:
        """The faults that stand; nothing is asked where `now` says that there are none."""
        return faults.active() if now and now.faults else ()

    def show(self, readers: Iterable[stripe.terminal.Reader | None], standing: Sequence[Fault]) -> None:
        """Say of those of the panel's readers that are offline why they are."""
        offline = [reader for reader in readers if reader is not None and not is_online(reader)]
        struck = {reader.id: [each for each in standing if _silences(each, reader)] for reader in offline}
        self._any = bool(offline)
        self._faults = [each for each in standing if any(each in found for found in struck.values())]
        says = "".join(f"<div>{line}</div>" for line in _explained(offline, struck))
        self.says.value = f'<div role="status">{says}</div>' if says else ""
        self.view.layout.display = "" if offline else "none"
        self.end_fault.layout.display = "" if self._faults else "none"
        self.end_fault.allow(bool(self._faults))

    @property
    def headline(self) -> str:
        """The state of a panel whose reader is offline, in words; '' while none is."""
        if not self._any:
            return ""
        return f"the reader is offline: {A_FAULT_IS_ON}" if self._faults else "the reader is offline"

    async def _end(self) -> None:
        for fault in self._faults:
            await call(fault.stop)


def _silences(fault: Fault, reader: stripe.terminal.Reader) -> bool:
    return fault.kind in _SILENT and fault.limits.get("reader") in (None, reader.id)


def _explained(
    offline: Iterable[stripe.terminal.Reader], struck: Mapping[str, Sequence[Fault]]
) -> Iterator[str]:
    for reader in offline:
        why = f": {A_FAULT_IS_ON}" if struck[reader.id] else ""
        yield f"{escape(reader.label)} ({escape(reader.id)}) is offline, last seen {last_seen(reader)}{why}."
    if any(struck.values()):
        yield "It refuses commands until the fault ends: here, or in a cell by <code>faults.clear()</code>."
    if not all(struck.values()):
        yield "It refuses commands. Check its power and network and press Refresh, or choose another reader."
