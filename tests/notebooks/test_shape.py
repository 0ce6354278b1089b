"""Every notebook is stored as GitHub, nbval and a reader need it; and the rules find what breaks it."""

from __future__ import annotations

import base64

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_output

from tests.notebooks import generated
from tests.notebooks.generated import code
from tests.notebooks.masking import VIEW
from tests.notebooks.running import name, notebooks
from tests.notebooks.shape import problems


@pytest.mark.parametrize("path", notebooks(), ids=name)
def test_a_notebook_is_stored_well(path):
    assert problems(path) == []


def test_the_four_parts_are_there():
    assert {"notebooks/01_setup.ipynb", "notebooks/02_connect.ipynb"} <= set(map(name, notebooks()))
    assert {"notebooks/03_collect.ipynb", "notebooks/04_cancel.ipynb"} <= set(map(name, notebooks()))


def picture(svg: str) -> nbformat.NotebookNode:
    data = base64.b64encode(svg.encode()).decode()
    return generated.html(f'<img alt="reader" src="data:image/svg+xml;base64,{data}">')


def shown(kind: str, value: object) -> nbformat.NotebookNode:
    return new_output("display_data", data={kind: value, "text/plain": "x"})


ID = "pi_3TaB7kLmNoPqRsTuVwXyZ019"
GOOD = [
    code("x = " + 96 * "1"),
    code("print(1)", generated.stdout("1\n")),
    code("raise ValueError('no')", generated.error("no"), tags=["raises-exception"]),
    code("now()", generated.stdout("16:02"), tags=["nbval-ignore-output"], reason="it is a clock"),
    code("screen()", picture("<svg><text>$12.50</text></svg>")),
    code("print(pi.id)", generated.stdout(ID)),
    new_markdown_cell("from \\$15.00 to **\\$12.50**, or `$1.00` and `$2.00`\n```\nf'${x}'\n```"),
    new_markdown_cell("[here](good.ipynb), [there](https://docs.stripe.com/terminal) and [below](#cart)"),
]
BAD = {
    "stored error without the tag": code("f()", generated.error("no")),
    "code with 101 characters": code("x = " + 97 * "1"),
    "code with 102 characters": new_markdown_cell("```python\nx = " + 98 * "1" + "\n```"),
    "stored widget view": code("Panel()", shown(VIEW, {"model_id": "1"})),
    "written to stderr": code("f()", new_output("stream", name="stderr", text="careful\n")),
    "give no reason": code("f()", tags=["nbval-skip"]),
    "not compared, and the metadata give no reason": code("f()", tags=["nbval-ignore-output"], reason=" "),
    "comment steers nbval": code("# NBVAL_SKIP\nf()", reason="slow"),
    "something like an API key": code("print(key)", generated.stdout("sk_" + "test_" + "4eC39HqLyjWD")),
    "path of one machine in stdout": code("f()", generated.stdout("kept in /home" + "/ada/.local/share")),
    "path of one machine in traceback": code(
        "f()", new_output("error", ename="E", evalue="e", traceback=["File /Users" + "/ada/cancel.py"])
    ),
    "picture with pi_3": code("screen()", picture(f"<svg><text>{ID}</text></svg>")),
    "bare dollar sign": new_markdown_cell("from $15.00 to 12.50"),
    "two dollar signs": new_markdown_cell("from \\$15.00 to \\$12.50"),
    "link to 05_gone.ipynb": new_markdown_cell("[next](05_gone.ipynb)"),
}


def test_a_good_notebook_has_no_problems(tmp_path):
    assert problems(generated.write(tmp_path / "good.ipynb", *GOOD)) == []


@pytest.mark.parametrize("problem", BAD)
def test_a_bad_cell_is_found(tmp_path, problem):
    found = problems(generated.write(tmp_path / "good.ipynb", *GOOD, BAD[problem]))
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("problem", "spoil"),
    [
        ("metadata.widgets", lambda notebook: notebook.metadata.update(widgets={})),
        ("kernel is not python3", lambda notebook: notebook.metadata.kernelspec.update(name="my-venv")),
        (
            "counts are not 1..6: [1, 2, None, 4, 5, 6]",
            lambda notebook: notebook.cells[2].update(execution_count=None),
        ),
        (
            "counts are not 1..6: [2, 2, 3, 4, 5, 6]",
            lambda notebook: notebook.cells[0].update(execution_count=2),
        ),
        ("not a valid notebook", lambda notebook: notebook.cells[0].update(source=3)),
    ],
)
def test_a_bad_notebook_is_found(tmp_path, problem, spoil):
    path = generated.write(tmp_path / "good.ipynb", *[cell.copy() for cell in GOOD])
    notebook = nbformat.read(path, as_version=4)
    spoil(notebook)
    path.write_text(nbformat.v4.writes(notebook), "utf-8")
    found = problems(path)
    assert any(problem in line for line in found), found
