"""No dead end: whatever a learner did wrong before, the folded answer mends it, and the check passes.

The notebook is run in this process up to its task, as a learner does who opens it again.
"""

from __future__ import annotations

import asyncio
import contextlib

import nbformat
import pytest

from irl_helpers import checks
from tests.checks.cases import NOT_DONE
from tests.notebooks.exercises import PYTHON, exercises, tagged
from tests.notebooks.in_process import close_panels, run_cell, run_cells

EXERCISES = exercises()


async def play(name: str) -> None:
    """The cells up to the task, and the answer."""
    notebook, names = nbformat.read(EXERCISES[name], 4), {}
    turns, answers = tagged(notebook, "your-turn"), tagged(notebook, "answer")
    await run_cells(notebook, names, notebook.cells.index(turns[0]))
    for answer in answers:
        await run_cell(PYTHON.match(answer.source)[1], names)
    close_panels(names)


# The longest notebook runs once, after all its wrong steps.
SHORT = {name: cases for name, cases in NOT_DONE.items() if name != "when_it_goes_wrong"}
CASES = [(name, number) for name, cases in SHORT.items() for number in range(len(cases))]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_the_answer_mends_a_wrong_step(name, number):
    NOT_DONE[name][number][1]()
    assert not checks.CHECKS[name]().passed
    asyncio.run(play(name))
    result = checks.CHECKS[name]()
    assert result.verdict == "done", result


@pytest.mark.parametrize("name", NOT_DONE)
def test_the_answer_mends_all_wrong_steps_at_once(name):
    for _, do, _ in NOT_DONE[name]:
        with contextlib.suppress(Exception):  # some cannot be done after others
            do()
    asyncio.run(play(name))
    result = checks.CHECKS[name]()
    assert result.verdict == "done", result
