"""The two state diagrams, live: where the payment and the reader are, where they came from, what is open."""

from __future__ import annotations

from typing import Any

import ipywidgets as W
import stripe

from ..screen import Picture, payment_intent_path, reader_path, reader_state
from .fold import Fold


class PathsView:
    """Told by `see` what a panel has seen. Drawn while its `fold` is open, remembered all the time."""

    def __init__(self) -> None:
        self.reader_view = W.HTML()
        self.payment_view = W.HTML()
        view = W.VBox([self.payment_view, self.reader_view]).add_class("irl-paths")
        self.fold = Fold("the states", view, when_open=self._draw)
        self._payment = _Trail()
        self._reader = _Trail()
        self._seen: tuple[Any, Any, str | None] = (None, None, None)

    def see(
        self,
        reader: stripe.terminal.Reader | None,
        intent: stripe.PaymentIntent | None,
        stage: str | None = None,
    ) -> None:
        """`stage` says what no Reader carries, as in `reader_path`."""
        self._seen = (reader, intent, stage)
        self._payment.go(*(intent.id, intent.status) if intent is not None else (None, None))
        self._reader.go(*(reader.id, reader_state(reader, stage)) if reader is not None else (None, None))
        if self.fold.open:
            self._draw()

    def _draw(self) -> None:
        reader, intent, stage = self._seen
        self.payment_view.value = (
            _sideways("States of the PaymentIntent", payment_intent_path(intent, self._payment.before))
            if intent is not None
            else "There is no PaymentIntent yet."
        )
        over = "The reader is idle, and still has its last action.<br>" if stage == "splash" else ""
        self.reader_view.value = (
            over + _sideways("States of the reader", reader_path(reader, self._reader.before, stage=stage))
            if reader is not None
            else "No reader is chosen."
        )


def _sideways(name: str, diagram: Picture) -> str:
    """The diagram in a box of this name, which scrolls where there is no room for what can be read."""
    return f'<div class="irl-sideways" tabindex="0" role="region" aria-label="{name}">{diagram.img()}</div>'


class _Trail:
    """The state of one object, and the one before it."""

    def __init__(self) -> None:
        self._of: str | None = None
        self.now: str | None = None
        self.before: str | None = None

    def go(self, of: str | None, state: str | None) -> None:
        if of != self._of:
            self._of, self.now, self.before = of, state, None
        elif state != self.now:
            self.now, self.before = state, self.now
