"""What panels are put together from: fields, rows of buttons, groups with a heading, and their look."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import ipywidgets as W

Field = TypeVar("Field", W.Text, W.Dropdown)


def panel_view(*children: W.Widget) -> W.VBox:
    """The frame of a panel."""
    return _styled(W.VBox([style(), *children]), "irl-panel")


def style() -> W.HTML:
    """The style sheet, as a widget: what it holds for is inside `.irl-panel`."""
    return _styled(W.HTML(f"<style>{_css()}</style>"), "irl-style")


def beside(controls: list[W.Widget], screen: W.Widget) -> W.HBox:
    """The controls on the left, the reader's screen on the right; below them where there is no room."""
    left = _styled(W.VBox(controls), "irl-controls")
    right = _styled(W.VBox([screen]), "irl-screen")
    return _styled(W.HBox([left, right]), "irl-body")


def field(kind: type[Field], label: str, *, keys: str = "", **settings: Any) -> Field:
    """An input with its label, as wide as there is room for; `keys` is its `inputmode`, the keys that a phone
    offers, such as "decimal"."""
    # Each has a layout of its own: one that is shared would hide all fields with one of them.
    made = _styled(kind(description=label, style={"description_width": "84px"}, **settings), "irl-field")
    return _styled(made, f"irl-keys-{keys}") if keys else made


def everything_in(widget: W.Widget) -> Iterator[W.Widget]:
    """A widget, and all inside it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything_in(child)


def close_tree(*roots: W.Widget) -> None:
    """Close these widgets and all inside them, with their layouts and styles: the browser forgets them, and
    so does ipywidgets, which keeps a list of every widget that is open."""
    for root in roots:
        for child in getattr(root, "children", ()):
            close_tree(child)
        for name in ("layout", "style"):
            if root.has_trait(name):
                getattr(root, name).close()
        root.close()


def row(*widgets: W.Widget) -> W.HBox:
    """Widgets next to each other, in as many lines as they need."""
    return _styled(W.HBox(list(widgets)), "irl-row")


def form(*fields: W.Widget) -> W.GridBox:
    """Short fields, in as many columns as there is room for."""
    return _styled(W.GridBox(list(fields)), "irl-form")


def group(title: str, *widgets: W.Widget) -> W.VBox:
    """Widgets below each other, under a heading."""
    return _styled(W.VBox([heading(title), *widgets]), "irl-group")


def heading(text: str) -> W.HTML:
    """A heading; the text is escaped."""
    return W.HTML(f"<h4>{escape(text)}</h4>")


def hint() -> W.HTML:
    """A line under a field, about what stands in it."""
    return _styled(W.HTML(), "irl-hint")


def facts(rows: list[tuple[str, str]]) -> str:
    """Names and values as html; the values are html already."""
    cells = "".join(
        f'<div>{escape(name)}</div><div role="status"><code>{value}</code></div>' for name, value in rows
    )
    return f'<div class="irl-facts">{cells}</div>'


@cache
def _css() -> str:
    return Path(__file__).with_name("panel.css").read_text("utf-8")


def _styled(widget: Any, name: str) -> Any:
    return widget.add_class(name)
