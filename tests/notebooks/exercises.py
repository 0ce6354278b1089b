"""The task of a notebook: "Your turn", hints, a cell for the learner, the answer folded under it, the check.

The tags say which is which: `your-turn`, `answer`, `checkpoint`; and `progress` shows all checks at a glance.
In the text of a task, what is bold is a label or an amount of its own, which no other cell of any notebook
uses: the account also holds what they did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat

from tests.notebooks.running import notebooks

TITLE = "## Your turn"
PYTHON = re.compile(r"^<details>\n<summary>[^\n]+</summary>\n\n```python\n(.+?)```\n\n</details>$", re.DOTALL)
BOLD = re.compile(r"\*\*(.+?)\*\*")


def tagged(notebook: nbformat.NotebookNode, tag: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def exercises() -> dict[str, Path]:
    """Every notebook with a task, by the name of its check: 03_collect.ipynb has `collect`."""
    found = (path for path in notebooks() if tagged(nbformat.read(path, 4), "your-turn"))
    return {re.sub(r"^\d+_", "", path.stem): path for path in found}


def solved(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same notebook with the Python of each answer in place of the cell that it answers."""
    turns, answers = tagged(notebook, "your-turn"), tagged(notebook, "answer")
    for turn, answer in zip(turns, answers, strict=True):
        turn.source = PYTHON.match(answer.source)[1]
    return notebook


def verdict(notebook: nbformat.NotebookNode) -> str:
    """The first line of what the checkpoint showed."""
    [checkpoint] = tagged(notebook, "checkpoint")
    [output] = checkpoint.outputs
    return output.data["text/plain"].splitlines()[0]


def task(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells of the task, from its title to its checkpoint."""
    titles = [number for number, cell in enumerate(notebook.cells) if TITLE in cell.source.splitlines()]
    [end] = [number for number, cell in enumerate(notebook.cells) if cell in tagged(notebook, "checkpoint")]
    return notebook.cells[titles[0] : end + 1]


def own_words(notebook: nbformat.NotebookNode) -> list[str]:
    """The labels and amounts that belong to the task alone, a dollar sign without its backslash."""
    text = "\n".join(cell.source for cell in task(notebook) if cell.cell_type == "markdown")
    return BOLD.findall(text.partition(TITLE)[2].replace("\\$", "$"))


def written(word: str) -> re.Pattern[str]:
    """A label, or an amount in any of its forms: $27.30, "27.30" and 2730."""
    if not word.startswith("$"):
        return re.compile(re.escape(word))
    return re.compile(rf"(?<![\w.]){word[1:].replace('.', '[.]?')}(?!\w)")


def texts_outside(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """All texts of a notebook, outputs included, except its task and what names all tasks."""
    inside = task(notebook) if tagged(notebook, "your-turn") else []
    for cell in notebook.cells:
        if cell in inside:
            source = cell.source.partition(TITLE)[0] if cell is inside[0] else ""
            yield source
            continue
        yield cell.source
        for output in [] if "progress" in cell.metadata.get("tags", []) else cell.get("outputs", []):
            yield output.get("text") or output.get("data", {}).get("text/plain", "")
