"""Where the keyboard goes from a button that was pressed and cannot be pressed again, or is gone; and that a
key which is held presses once."""

from __future__ import annotations

from pathlib import Path

import anywidget
import ipywidgets as W


class KeyboardFocus(anywidget.AnyWidget):
    """It has nothing to show: it is there for its script, which knows where the focus is by now."""

    _esm = Path(__file__).with_name("keyboard_focus.js").read_text("utf-8")

    def go_on_to(self, widget: W.Button | W.ToggleButton | W.Dropdown, into_sight: bool = False) -> None:
        """Give it the focus, unless somebody has moved that since the last press took it away; `into_sight`
        where it is what comes next, wherever the press was."""
        self.send({"widget": widget.model_id, "intoSight": into_sight})
