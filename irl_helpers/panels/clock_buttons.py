"""The account's clock: how late it is there, and buttons that let time pass; offline account only."""

from __future__ import annotations

from functools import partial

import ipywidgets as W

from .. import clock
from ..account import Changes, call
from ..left_on import CLOCK_GOES_BACK, clock_sentence
from .layout import row
from .panel import Panel

STEPS = {
    "A minute": {"minutes": 1},
    "Two minutes": {"minutes": 2},
    "An hour": {"hours": 1},
    "A day": {"days": 1},
    "Two days": {"days": 2},
}
"""What can be let pass; a reader without a signal is offline after two minutes, a hold is gone after two
days."""


class ClockButtons:
    """`view` has a button for each of `STEPS`; `show` says how far the clock is ahead and how it gets
    back."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self.words = W.HTML()
        self.buttons = {
            label: panel.presses.button(label, partial(self._let_pass, label), again=True) for label in STEPS
        }
        for button in self.buttons.values():
            button.allow(True)
        self.view = W.VBox([self.words, row(*self.buttons.values())]).add_class("irl-group")

    def show(self, now: Changes | None) -> None:
        """`now` as the account has it; nothing where that is unknown."""
        ahead = now.ahead if now is not None else 0
        back = f" {CLOCK_GOES_BACK}" if ahead > 0 else ""
        self.words.value = f'<div role="status">{clock_sentence(ahead)}{back}</div><div>Let pass:</div>'

    async def _let_pass(self, label: str) -> None:
        await call(clock.advance, **STEPS[label])
        verb = "have" if label.startswith("Two") else "has"
        self._panel.say(f"{label} {verb} passed.")
