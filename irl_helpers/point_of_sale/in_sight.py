"""What a press has opened is in sight, wherever on a long page that is."""

from __future__ import annotations

from pathlib import Path

import anywidget
import ipywidgets as W


class InSight(anywidget.AnyWidget):
    """It has nothing to show: it is there for its script, which scrolls."""

    _esm = Path(__file__).with_name("in_sight.js").read_text("utf-8")

    def show(self, widget: W.Widget) -> None:
        """Scroll to this widget, if it is not in sight."""
        self.send({"widget": widget.model_id})
