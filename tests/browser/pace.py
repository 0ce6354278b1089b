"""People take a moment before they press a button again; two clicks at once are a double click to a panel."""

from __future__ import annotations

import time

from irl_helpers.panel import DOUBLE_CLICK


class Pace:
    def __init__(self) -> None:
        self._pressed: dict[str, float] = {}

    def take(self, button: str) -> None:
        """Wait until this button can be pressed again; its amount does not make it another button."""
        name, _, _ = button.partition(" $")
        time.sleep(max(0, self._pressed.get(name, 0) + DOUBLE_CLICK + 0.1 - time.monotonic()))
        self._pressed[name] = time.monotonic()
