"""What JupyterLab is given of a saved panel: its widget while a kernel may know it, else its picture."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import nbformat
import pytest
from traitlets.config import Configurable

from irl_helpers.notebook_files import VIEW, NotebookFiles

PANEL = {VIEW: {"model_id": "abc"}, "text/plain": "<Panel>", "text/html": "<img>"}
OUTPUTS = [PANEL, {VIEW: {"model_id": "abc"}, "text/plain": "IntSlider()"}, {"text/html": "<b>"}]


class Server(Configurable):
    """A server in which these notebooks have a kernel."""

    def __init__(self, *paths: str) -> None:
        super().__init__()
        self.session_manager, self._paths = self, paths

    async def list_sessions(self) -> list[dict[str, str]]:
        return [{"path": path} for path in self._paths]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    outputs = [nbformat.v4.new_output("display_data", data=dict(data)) for data in OUTPUTS]
    cells = [nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("panel", outputs=outputs)]
    (tmp_path / "exercises").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "exercises/tips.ipynb")
    (tmp_path / "notes.txt").write_text("kept")
    return tmp_path


def kinds(folder: Path, server: Server | None) -> list[list[str]]:
    """The kinds of each output as JupyterLab gets them."""
    files = NotebookFiles(root_dir=str(folder), parent=server)
    model = asyncio.run(files.get("exercises/tips.ipynb"))
    return [sorted(output.data) for output in model["content"]["cells"][1]["outputs"]]


@pytest.mark.parametrize(
    ("server", "panel"),
    [
        (Server("/exercises/tips.ipynb"), sorted(PANEL)),
        (Server("other.ipynb", "tips.ipynb"), ["text/html", "text/plain"]),
        (Server(), ["text/html", "text/plain"]),
        (None, ["text/html", "text/plain"]),
    ],
)
def test_a_panel_is_a_picture_where_no_kernel_runs(folder, server, panel):
    before = (folder / "exercises/tips.ipynb").read_bytes()
    assert kinds(folder, server) == [panel, [VIEW, "text/plain"], ["text/html"]]
    assert (folder / "exercises/tips.ipynb").read_bytes() == before


def test_everything_else_is_as_jupyter_has_it(folder):
    files = NotebookFiles(root_dir=str(folder))
    assert asyncio.run(files.get("notes.txt"))["content"] == "kept"
    assert [each["name"] for each in asyncio.run(files.get("exercises"))["content"]] == ["tips.ipynb"]
    assert asyncio.run(files.get("exercises/tips.ipynb", content=False))["content"] is None
    assert json.loads((folder / "exercises/tips.ipynb").read_text())["nbformat"] == 4
