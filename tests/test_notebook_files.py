"""What JupyterLab is given of a saved panel: its widget while a kernel may know it, else its picture."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from traitlets.config import Configurable

from irl_helpers import notebook_files
from irl_helpers.notebook_files import VIEW, NotebookFiles

A_WIDGET = "import comm; comm.create_comm(target_name='jupyter.widget', comm_id='abc')"
PANEL = {VIEW: {"model_id": "abc"}, "text/plain": "<Panel>", "text/html": "<img>"}
OUTPUTS = [PANEL, {VIEW: {"model_id": "abc"}, "text/plain": "IntSlider()"}, {"text/html": "<b>"}]
PICTURE = ["text/html", "text/plain"]


class Server(Configurable):
    """A server in which these notebooks have a kernel."""

    def __init__(self, *paths: str, kernel: object = None) -> None:
        super().__init__()
        self.session_manager = self.kernel_manager = self
        self._paths, self._kernel = paths, kernel

    async def list_sessions(self) -> list[dict[str, Any]]:
        return [{"path": path, "kernel": {"id": "the kernel"}} for path in self._paths]

    def get_kernel(self, kernel_id: str) -> object:
        assert kernel_id == "the kernel"
        return self._kernel


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    outputs = [nbformat.v4.new_output("display_data", data=dict(data)) for data in OUTPUTS]
    cells = [nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("panel", outputs=outputs)]
    (tmp_path / "exercises").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "exercises/tips.ipynb")
    (tmp_path / "notes.txt").write_text("kept")
    return tmp_path


async def kinds(folder: Path, server: Server | None) -> list[list[str]]:
    """The kinds of each output as JupyterLab gets them."""
    model = await NotebookFiles(root_dir=str(folder), parent=server).get("exercises/tips.ipynb")
    return [sorted(output.data) for output in model["content"]["cells"][1]["outputs"]]


@pytest.mark.parametrize("server", [Server("other.ipynb", "tips.ipynb"), Server(), None])
def test_a_panel_is_a_picture_where_no_kernel_runs(folder, server):
    before = (folder / "exercises/tips.ipynb").read_bytes()
    assert asyncio.run(kinds(folder, server)) == [PICTURE, [VIEW, "text/plain"], ["text/html"]]
    assert (folder / "exercises/tips.ipynb").read_bytes() == before


async def run(client: AsyncKernelClient, code: str) -> None:
    """Asked again where no answer comes: a kernel that starts may miss a request."""
    for _ in range(30):
        with suppress(TimeoutError):
            reply = await client.execute(code, reply=True, timeout=2)
            assert reply["content"]["status"] == "ok", reply
            return
    raise AssertionError("the kernel does not answer")


def test_a_panel_is_itself_while_its_kernel_knows_it(folder, monkeypatch):
    async def seen() -> AsyncIterator[tuple[str, list[str]]]:
        kernel = AsyncKernelManager(transport="ipc", ip=str(folder / "kernel"))
        server = Server("/exercises/tips.ipynb", kernel=kernel)
        await kernel.start_kernel()
        client = kernel.client()
        client.start_channels()
        monkeypatch.setattr(notebook_files, "PATIENCE", 20.0)  # a busy machine starts a kernel slowly
        try:
            yield "just started", (await kinds(folder, server))[0]
            await run(client, A_WIDGET)
            yield "the cell has run", (await kinds(folder, server))[0]
            client.execute("import time; time.sleep(600)")
            yield "another cell is running", (await kinds(folder, server))[0]
            await kernel.restart_kernel(now=True)
            yield "restarted", (await kinds(folder, server))[0]
            monkeypatch.setattr(notebook_files, "PATIENCE", 0.0)  # no kernel answers that fast
            yield "no answer", (await kinds(folder, server))[0]
        finally:
            client.stop_channels()
            await kernel.shutdown_kernel(now=True)

    async def all_seen() -> dict[str, list[str]]:
        return {when: shown async for when, shown in seen()}

    assert asyncio.run(all_seen()) == {
        "just started": PICTURE,
        "the cell has run": sorted(PANEL),
        "another cell is running": sorted(PANEL),
        "restarted": PICTURE,
        "no answer": sorted(PANEL),
    }


def test_everything_else_is_as_jupyter_has_it(folder):
    files = NotebookFiles(root_dir=str(folder))
    assert asyncio.run(files.get("notes.txt"))["content"] == "kept"
    assert [each["name"] for each in asyncio.run(files.get("exercises"))["content"]] == ["tips.ipynb"]
    assert asyncio.run(files.get("exercises/tips.ipynb", content=False))["content"] is None
    assert json.loads((folder / "exercises/tips.ipynb").read_text())["nbformat"] == 4
