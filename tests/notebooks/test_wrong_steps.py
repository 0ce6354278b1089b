"""No dead end: whatever a learner did wrong before, the folded answer mends it, and the check passes.

The notebook is run in this process up to its task, as a learner does who opens it again.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
from typing import Any

import nbformat
import pytest

from irl_helpers import checks
from tests.notebooks.exercises import PYTHON, exercises, tagged
from tests.test_checks import NOT_DONE

EXERCISES = exercises()


def steps(name: str) -> list[tuple[str, bool]]:
    """The cells up to the task, and the answer; each with whether it is meant to raise."""
    notebook = nbformat.read(EXERCISES[name], 4)
    turns, answers = tagged(notebook, "your-turn"), tagged(notebook, "answer")
    raising = tagged(notebook, "raises-exception")
    before = notebook.cells[: notebook.cells.index(turns[0])]
    cells = [(cell.source, cell in raising) for cell in before if cell.cell_type == "code"]
    return [*cells, *((PYTHON.match(answer.source)[1], False) for answer in answers)]


async def play(cells: list[tuple[str, bool]]) -> None:
    names: dict[str, Any] = {}
    for source, raises in cells:
        code = compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(*[Exception] * raises):
            result = eval(code, names)
            if inspect.iscoroutine(result):
                await result
    for thing in names.values():
        if hasattr(thing, "settled") and not isinstance(thing, type):
            thing.close()


# The longest notebook runs once, after all its wrong steps.
SHORT = {name: cases for name, cases in NOT_DONE.items() if name != "when_it_goes_wrong"}
CASES = [(name, number) for name, cases in SHORT.items() for number in range(len(cases))]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_the_answer_mends_a_wrong_step(name, number):
    NOT_DONE[name][number][1]()
    assert not checks.CHECKS[name]().passed
    asyncio.run(play(steps(name)))
    result = checks.CHECKS[name]()
    assert result.verdict == "done", result


@pytest.mark.parametrize("name", NOT_DONE)
def test_the_answer_mends_all_wrong_steps_at_once(name):
    for _, do, _ in NOT_DONE[name]:
        with contextlib.suppress(Exception):  # some cannot be done after others
            do()
    asyncio.run(play(steps(name)))
    result = checks.CHECKS[name]()
    assert result.verdict == "done", result
