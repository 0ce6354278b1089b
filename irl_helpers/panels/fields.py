"""How fields behave: what was typed or chosen is known before what was pressed after it, since a till must
not ask for half an amount, nor take the card that was chosen before; and on a phone they are easy to fill in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as W
import traitlets

from .layout import everything_in
from .presses import PressButton


class Fields(anywidget.AnyWidget):
    """It has nothing to show: it is there for its script, which tells each of these inputs what is typed into
    it or chosen at once, in the order in which the page's keys and buttons were pressed."""

    _esm = Path(__file__).with_name("fields.js").read_text("utf-8")
    inputs = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self, boxes: Sequence[W.ValueWidget], typed: Callable[[], None], touched: Callable[[], None]
    ) -> None:
        """`typed()` is called whenever somebody types, `touched()` whenever somebody types or chooses."""
        super().__init__(inputs=[box.model_id for box in boxes])
        for box in boxes:
            box.on_msg(lambda *_: touched())
            box.on_msg(_take)
            if isinstance(box, W.Text):
                box.on_msg(lambda _, content, __: typed() if "value" in content else None)


def on_enter(box: W.Text, button: PressButton) -> None:
    """The Enter key in this field presses that button."""
    box.on_msg(lambda _, content, __: button.press() if content.get("event") == "submit" else None)


def inputs(widget: W.Widget) -> Iterator[W.ValueWidget]:
    """What a person chooses or types, in a widget and all inside it."""
    return (each for each in everything_in(widget) if isinstance(each, W.Text | W.Dropdown | W.Checkbox))


def _take(box: W.ValueWidget, content: dict[str, Any], _: Any) -> None:
    if isinstance(box, W.Dropdown):
        # By its label: the options may be others by now.
        labels = [label for label, _ in box.options]
        if content.get("label") in labels:
            _set(box, "index", labels.index(content["label"]))
    elif isinstance(content.get("value"), bool if isinstance(box, W.Checkbox) else str):
        _set(box, "value", content["value"])


def _set(box: W.ValueWidget, name: str, value: object) -> None:
    # Not sent back: by now the page may be further.
    with box._lock_property(**{name: value}):
        setattr(box, name, value)
