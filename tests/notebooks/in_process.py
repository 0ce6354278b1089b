"""Cells run in this process, one after the other, as a kernel does; quicker than one, and within reach."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
from typing import Any

import nbformat

from tests.notebooks.exercises import tagged


async def run_cell(source: str, names: dict[str, Any], *, raises: bool = False) -> str:
    """What the cell prints; `raises` is for one that is meant to."""
    code = compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(*[Exception] * raises):
        result = eval(code, names)
        if inspect.iscoroutine(result):
            await result
    return said.getvalue()


async def run_cells(notebook: nbformat.NotebookNode, names: dict[str, Any], until: int | None = None) -> None:
    """The notebook's cells, or those before the one with this number."""
    raising = tagged(notebook, "raises-exception")
    for cell in notebook.cells[:until]:
        if cell.cell_type == "code":
            await run_cell(cell.source, names, raises=cell in raising)


def close_panels(names: dict[str, Any]) -> None:
    """Let go of what still follows the account."""
    for thing in names.values():
        if hasattr(thing, "settled") and not isinstance(thing, type):
            thing.close()
