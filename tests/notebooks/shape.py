"""How a notebook of this project must be stored, whatever it says. nbval and GitHub forgive none of this."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbval.plugin import find_comment_markers, find_metadata_tags

from tests.notebooks.masking import VIEW, as_text, mask, texts

PICTURE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
KEY = re.compile(r"\b[rsp]k_(test|live)_[A-Za-z0-9]{8,}")
MACHINE_PATH = re.compile(r"/(home|root|tmp|Users|var|work)/\w|[A-Z]:\\\\?Users")
LINK = re.compile(
    r"\]\((?!https?:|mailto:|attachment:|data:)([^)#\s]+)[^)]*\)|<img[^>]* src=\"(?!https?:|data:)([^\"]+)"
)
# Two of them, and all that is between becomes a formula.
DOLLAR = re.compile(r"```.*?```|`[^`\n]*`|(?<!\\)(\$)", re.DOTALL)
# JupyterLab looks for formulas once more in the page itself, where the backslash is gone. What is bold, code
# or another paragraph stands by itself there.
ELEMENTS = re.compile(r"```.*?```|`[^`\n]*`|\*\*|<[^>]+>|\n\s*\n|\n- ", re.DOTALL)
# What is longer runs out of a cell beside the list of files, on a page 1280 pixels wide.
MOST_COLUMNS = 100
ANSWER = re.compile(r"```python\n(.*?)```", re.DOTALL)
UNCHECKED = {("skip", True), ("check", False)}  # as nbval reads a cell's tags


def problems(path: Path) -> list[str]:
    """Everything that is wrong with how the notebook is stored, a line each."""
    notebook = nbformat.read(path, as_version=4)
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        return [f"not a valid notebook: {error}"]
    return [*of_notebook(notebook), *(line for cell in notebook.cells for line in of_cell(cell, path))]


def of_notebook(notebook: nbformat.NotebookNode) -> Iterator[str]:
    if "widgets" in notebook.metadata:
        yield "metadata.widgets is stored; GitHub refuses whole notebooks over it"
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernel is not python3, which every machine has"
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts are not 1..{len(counts)}: {counts}; nbval compares no cell without one"


def of_cell(cell: nbformat.NotebookNode, path: Path) -> Iterator[str]:
    where = cell.source.strip().partition("\n")[0][:60]
    code = [cell.source] if cell.cell_type == "code" else ANSWER.findall(cell.source)
    for line in "\n".join(code).splitlines():
        if len(line) > MOST_COLUMNS:
            yield f"{where}: code with {len(line)} characters in a line, and {MOST_COLUMNS} fit"
    if cell.cell_type == "markdown":
        for link in LINK.finditer(cell.source):
            if not (path.parent / (link[1] or link[2])).exists():
                yield f"{where}: a link to {link[1] or link[2]}, which is not there"
        if any(match[1] for match in DOLLAR.finditer(cell.source)):
            yield f"{where}: a bare dollar sign, which begins a formula; write \\$"
        if any(text.count("$") > 1 for text in ELEMENTS.split(cell.source)):
            yield f"{where}: two dollar signs in one text, a formula in JupyterLab; make one bold"
    if cell.cell_type != "code":
        return
    tags = cell.metadata.get("tags", [])
    if dict(find_comment_markers(cell.source)):
        yield f"{where}: a comment steers nbval; use a tag, with a reason in the cell's metadata"
    unchecked = UNCHECKED & set(find_metadata_tags(cell.metadata))
    if unchecked and not str(cell.metadata.get("reason", "")).strip():
        yield f"{where}: its output is not compared, and the metadata give no reason"
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in tags:
            yield f"{where}: a stored error without the tag raises-exception"
        if output.get("name") == "stderr":
            yield f"{where}: something was written to stderr"
        if VIEW in output.get("data", {}):
            yield f"{where}: a stored widget view"
    stored = texts(cell.outputs) + [
        ("traceback", as_text(o.traceback)) for o in cell.outputs if "traceback" in o
    ]
    for _, text in [("source", cell.source), *stored]:
        if KEY.search(text):
            yield f"{where}: something like an API key"
    for what, text in stored:
        if MACHINE_PATH.search(text):
            yield f"{where}: a path of one machine in {what}"
        for picture in PICTURE.findall(text):
            if changing := mask(base64.b64decode(picture).decode())[1]:
                yield f"{where}: a picture with {changing[0]} in it; nbval would find another each time"
