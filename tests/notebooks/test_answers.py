"""The answers are tests: with them in its place a notebook passes its check, and as committed it does not."""

from __future__ import annotations

import asyncio
from typing import Any

import nbformat
import pytest

from irl_helpers import checks
from tests.notebooks.exercises import exercises, own_words, solved, texts_outside, verdict, written
from tests.notebooks.in_process import close_panels, run_cells
from tests.notebooks.running import name, notebooks, run

EXERCISES = exercises()


@pytest.fixture(scope="module")
def shared_account(tmp_path_factory):
    return tmp_path_factory.mktemp("solved") / "account.sqlite"


def read(check: str) -> nbformat.NotebookNode:
    return nbformat.read(EXERCISES[check], as_version=4)


async def play(notebook: nbformat.NotebookNode) -> None:
    names: dict[str, Any] = {}
    await run_cells(notebook, names)
    close_panels(names)


def test_every_check_has_its_notebook():
    assert set(EXERCISES) == set(checks.CHECKS)


@pytest.mark.parametrize("check", EXERCISES)
def test_as_committed_the_task_is_not_done(check):
    # What is stored is what it shows on an empty account: nbval compares it.
    assert verdict(read(check)) == f"{checks.CHECKS[check]()!r}".splitlines()[0]
    assert ": not yet, 0 of " in verdict(read(check))


@pytest.mark.parametrize("check", EXERCISES)
def test_nobody_takes_what_is_stored_for_her_own_result(check):
    cells = read(check).cells
    [place] = [at for at, cell in enumerate(cells) if cell.source.endswith(f"checks.{check}()")]
    assert "Run the cell: until you do, what it shows came with the notebook." in cells[place - 1].source


@pytest.mark.parametrize("check", EXERCISES)
def test_its_answer_solves_it(check):
    assert verdict(run(EXERCISES[check], solved(read(check)))).endswith(": done")
    assert checks.progress().passed == {each: each == check for each in checks.CHECKS}


@pytest.mark.parametrize("check", EXERCISES)
def test_no_answer_undoes_another(check, shared_account, monkeypatch):
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(shared_account))
    before = checks.progress().passed
    asyncio.run(play(solved(read(check))))  # a kernel of its own it had above
    assert checks.progress().passed == before | {check: True}


@pytest.mark.parametrize("check", EXERCISES)
def test_its_labels_and_amounts_occur_in_its_check_and_nowhere_else(check):
    notebook = read(check)
    words = own_words(notebook)
    assert words, "nothing in the task is bold"
    shown = repr(checks.CHECKS[check]())
    assert [word for word in words if word not in shown] == []
    places = {name(path): nbformat.read(path, 4) for path in notebooks()}
    found = {
        word: place
        for word in words
        for place, other in places.items()
        for text in texts_outside(other)
        if written(word).search(text)
    }
    assert found == {}


@pytest.mark.parametrize("text", ["$27.30", "create_payment(2730)", "'27.30'", "amount: 2730."])
def test_an_amount_is_found_however_it_is_written(text):
    assert written("$27.30").search(text)
    assert not written("$27.30").search(text.replace("27", "127").replace("30", "300"))


def test_what_a_task_says_is_its_own_and_what_another_cell_says_is_not():
    cells = read("collect").cells
    assert own_words(read("collect")) == ["$27.30"]
    [end] = [number for number, cell in enumerate(cells) if "checkpoint" in cell.metadata.get("tags", [])]
    demo = nbformat.v4.new_code_cell("create_payment(2730)")
    for place, found in ((0, True), (end, False), (len(cells), True)):
        notebook = nbformat.v4.new_notebook(cells=[*cells[:place], demo, *cells[place:]])
        assert any(written("$27.30").search(text) for text in texts_outside(notebook)) == found, place
