"""Run a notebook from top to bottom, in a new kernel, where it lies."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]


def notebooks() -> list[Path]:
    """Every notebook of the project, in the order of their names; those at the top come first."""
    found = (path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    return sorted(found, key=lambda path: (len(path.parts), path))


def name(path: Path) -> str:
    """A notebook as it is called in messages and test ids."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


class NotebookFailed(Exception):
    """A cell raised, wrote a warning, or pressed a button whose handler raised; the message says which."""


def run(path: Path, notebook: nbformat.NotebookNode | None = None) -> nbformat.NotebookNode:
    """The notebook, or another version of it, with new outputs; the file stays as it is. Raises
    NotebookFailed for an error in a cell without the tag raises-exception, also in a handler, and for
    anything on stderr: a warning, or an exception in a task that nobody awaited."""
    notebook = notebook or nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # untyped in nbformat
    client = NotebookClient(
        notebook,
        timeout=60,
        allow_errors=True,  # looked at below: nbclient itself does not see what a handler raised
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no word about TCP on this machine
        store_widget_state=False,
        shutdown_kernel="immediate",  # nothing is asked of it after the last cell
        coalesce_streams=True,  # a flush between two words of a print would store them apart
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                raise NotebookFailed(f"{name(path)}\n{cell.source}\n\n{output.ename}: {output.evalue}")
            if output.get("name") == "stderr":
                raise NotebookFailed(f"{name(path)} wrote to stderr\n{cell.source}\n\n{output.text}")
    return notebook
