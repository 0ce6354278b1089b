"""Small notebooks for the tests of the notebook tests."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def stdout(text: str) -> nbformat.NotebookNode:
    return new_output("stream", name="stdout", text=text)


def html(text: str) -> nbformat.NotebookNode:
    return new_output("display_data", data={"text/html": text, "text/plain": "<html>"})


def error(text: str) -> nbformat.NotebookNode:
    return new_output("error", ename="ValueError", evalue=text, traceback=[f"ValueError: {text}"])


def write(path: Path, *cells: nbformat.NotebookNode) -> Path:
    """A notebook of these cells at `path`; code cells are counted from 1 as if they had just been run."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
    notebook = new_notebook(cells=list(cells), metadata={"kernelspec": KERNELSPEC})
    nbformat.write(notebook, path)
    return path


def code(source: str, *outputs: nbformat.NotebookNode, **metadata: object) -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=list(outputs), metadata=metadata)
