"""What was left on in the account, in a badge, and the switches of its faults under a fold."""

from __future__ import annotations

from html import escape

import ipywidgets as W

from ..account import Changes, has_offline_controls
from ..left_on import left_on
from .fault_switches import FaultSwitches, Standing
from .fold import Fold
from .other_faults import Readers
from .panel import Panel

WHERE = "what can go wrong"


class FaultsFold:
    """Nothing is left on in secret: `left_on`, a widget, says what is, and the switches come out when the
    first one is on. `switches` is None where faults are not ours to decide, in Stripe's test mode.

    `read` what stands, `show` it.
    """

    def __init__(self, panel: Panel) -> None:
        self.left_on = W.HTML()  # also while the switches are not shown
        panel.differs.append(self.left_on)
        self.switches: FaultSwitches | None = None
        self._on = False
        if has_offline_controls():
            self.switches = FaultSwitches(panel.presses)
            self._fold = Fold(WHERE, self.switches.view)
            self.switches.others.end_faults.followers = [self._fold.button]
            panel.folds.append(self._fold)
            panel.differs.append(self._fold.view)

    def read(self, now: Changes | None) -> Standing:
        """The faults that stand; nothing is asked where `now` says that there are none."""
        return self.switches.read() if self.switches and now and now.faults else Standing()

    def show(self, now: Changes | None, seen: Standing, reader: str | None, readers: Readers) -> None:
        """Show what stands for the reader with this id, of these readers."""
        words = _badge(now) if now else ""
        self.left_on.value = f'<span class="irl-badge" role="status">{escape(words)}</span>' if words else ""
        if self.switches is None:
            return
        self.switches.show(seen, reader, readers)
        on = bool(seen.faults)
        if on and not self._on:
            self._fold.button.value = True  # who closes it then keeps it closed
        self._on = on


def _badge(now: Changes) -> str:
    """What was left on, and where on the panel a fault is ended: "1 fault on: see what can go wrong, below ·
    clock 8 days ahead"."""
    said = [f"{left_on(now.faults, 0)}: see {WHERE}, below"] if now.faults else []
    return " · ".join([*said, *filter(None, [left_on(0, now.ahead)])])
