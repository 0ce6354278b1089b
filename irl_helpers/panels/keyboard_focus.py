"""Where the keyboard goes from a button that was pressed and cannot be pressed again, or is gone."""

from __future__ import annotations

from pathlib import Path

import anywidget
import ipywidgets as W


class KeyboardFocus(anywidget.AnyWidget):
    """It has nothing to show: it is there for its script, which knows where the focus is by now."""

    _esm = Path(__file__).with_name("keyboard_focus.js")

    def go_on_to(self, button: W.Button) -> None:
        """Give this button the focus, unless somebody has moved it since the last press took it away."""
        self.send({"button": button.model_id})
