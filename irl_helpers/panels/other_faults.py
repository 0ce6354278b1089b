"""The active faults that no switch shows, in words, and a button that ends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import ipywidgets as W
import stripe

from ..account import call
from ..connect import find_by_id
from ..faults import Fault
from .layout import row
from .presses import Presses

Readers = Sequence[stripe.terminal.Reader]


class OtherFaults:
    """`view` lists faults at other readers, or otherwise limited than a switch has it, with the button
    `end_faults`; shown while there are any."""

    def __init__(self, presses: Presses) -> None:
        self._faults: Sequence[Fault] = ()
        self.says = W.HTML()
        self.end_faults = presses.button("End these faults", self._end)
        self.view = W.VBox([self.says, row(self.end_faults)])
        self.show([], [])

    def show(self, others: Sequence[Fault], readers: Readers) -> None:
        """List these faults, each with the label of its reader."""
        self._faults = others
        lines = "".join(f"<li>{escape(in_words(fault, readers))}</li>" for fault in others)
        self.says.value = f'<div role="status">Also active:<ul>{lines}</ul></div>' if lines else ""
        self.view.layout.display = "" if others else "none"
        self.end_faults.allow(bool(others))

    async def _end(self) -> None:
        for fault in self._faults:
            await call(fault.stop)


def at_reader(reader_id: str, readers: Readers) -> str:
    """Where it is, by its label: "At Counter 1"."""
    reader = find_by_id(readers, reader_id)
    return f"At {reader.label if reader is not None and reader.label else reader_id}"


def in_words(fault: Fault, readers: Readers) -> str:
    """At which reader it strikes, what goes wrong, and what else limits it: "At Counter 1: the command times
    out, and the reader did not get it (2 more times)"."""
    where = fault.limits.get("reader")
    text = fault.text.replace("`seconds`", f"{fault.limits.get('seconds')} seconds")
    said = f"{at_reader(where, readers)}: {text}" if where else f"{text[:1].upper()}{text[1:]}"
    limits = ", ".join(_limits(fault))
    return f"{said} ({limits})" if limits else said


def _limits(fault: Fault) -> Iterator[str]:
    limits = fault.limits
    if "call" in limits:
        yield f"only {limits['call']}"
    if "count" in limits:
        yield "once more" if limits["count"] == 1 else f"{limits['count']} more times"
    if "chance" in limits:
        yield f"in {limits['chance']} of 100 cases"
