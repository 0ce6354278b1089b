"""What was typed is known before what was pressed after it: a till must not ask for half an amount."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as W
import traitlets


class TypedText(anywidget.AnyWidget):
    """It has nothing to show: it is there for its script, which tells each of these fields what is typed
    into it at once, in the order in which the page's keys and buttons were pressed."""

    _esm = Path(__file__).with_name("typed_text.js")
    fields = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, boxes: Sequence[W.Text]) -> None:
        super().__init__(fields=[box.model_id for box in boxes])
        for box in boxes:
            box.on_msg(_take)


def _take(box: W.Text, content: dict[str, Any], _: Any) -> None:
    typed = content.get("typed")
    if isinstance(typed, str):
        # Not sent back: by now the page may be further.
        with box._lock_property(value=typed):
            box.value = typed
