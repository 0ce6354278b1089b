"""Somebody plays with every input and button of a panel; the cells that press by code say the same."""

from __future__ import annotations

import asyncio
from typing import Any

import ipywidgets as W
import nbformat
import pytest

from tests.notebooks.in_process import close_panels, run_cell, run_cells
from tests.notebooks.running import ROOT

PLAYED = [
    "01_setup",
    "03_collect",
    "04_cancel",
    "exercises/cart",
    "exercises/save_a_card",
    "exercises/tips",
]
TYPED = "7.05"  # a declined amount, and no email address


def inside(widget: W.Widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def change_every_input(panel: Any) -> None:
    for fold in panel.folds:
        fold.button.value = True
    for box in list(inside(panel.view)):
        if isinstance(box, W.Text):
            box.value = TYPED
        elif isinstance(box, W.Checkbox):
            box.value = not box.value
        elif isinstance(box, W.Dropdown):
            box.value = [value for _, value in box.options][-1]


async def play(panel: Any, rounds: int) -> None:
    """Change all inputs, press every button that can be pressed, in turn, and leave it as it is then."""
    for _ in range(rounds):
        change_every_input(panel)
        await panel.settled()
        for button in panel.buttons.values():
            button.click()
            await panel.settled()
            if hasattr(panel, "simulate"):
                panel.simulate.click()
                await panel.settled()


@pytest.mark.parametrize("part", PLAYED)
@pytest.mark.parametrize("rounds", [1, 2])
def test_whatever_was_pressed_chosen_or_typed_the_cells_say_the_same(part, rounds):
    notebook = nbformat.read(ROOT / "notebooks" / f"{part}.ipynb", 4)
    shown = next(number for number, cell in enumerate(notebook.cells) if cell.source.endswith("\npanel"))
    rest = [
        cell for cell in notebook.cells[shown + 1 :] if cell.cell_type == "code" and "click()" in cell.source
    ]
    assert rest

    async def again() -> None:
        names: dict[str, Any] = {}
        await run_cells(notebook, names)
        panel = names["panel"]
        await play(panel, rounds)
        before = panel.state
        for cell in rest:
            stored = "".join(output.get("text", "") for output in cell.outputs)
            assert await run_cell(cell.source, names) == stored, (before, panel.log, panel.error)
        close_panels(names)

    asyncio.run(again())
