"""People take a moment before they press a button again; two clicks at once are a double click to a panel."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, expect

from irl_helpers.panels.presses import DOUBLE_CLICK


class Pace:
    def __init__(self) -> None:
        self._last = ""

    def take(self, button: str) -> None:
        """Wait before this button is pressed twice in a row; its amount does not make it another button."""
        name, _, _ = button.partition(" $")
        if name == self._last:
            time.sleep(DOUBLE_CLICK + 0.1)
        self._last = name


def press_twice(button: Locator) -> None:
    """As an impatient hand does: both clicks are sent before the kernel has heard of the first."""
    expect(button).to_be_enabled()
    button.evaluate("button => { button.click(); button.click(); }")
