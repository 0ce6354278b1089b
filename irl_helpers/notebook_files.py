"""Notebooks as JupyterLab opens them: where a panel lives no more, its picture stands for what it was.

A saved panel is a picture, and a reference to a widget that lived in a kernel. JupyterLab prefers the
reference, and writes "model not found" once that kernel is gone or was restarted.
"""

from __future__ import annotations

from queue import Empty
from typing import Any

from jupyter_client.session import new_id
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

VIEW = "application/vnd.jupyter.widget-view+json"
WIDGETS = {"target_name": "jupyter.widget"}
PATIENCE = 3.0  # seconds; a kernel that works answers at once, and one that starts does once it is there


class NotebookFiles(AsyncLargeFileManager):
    """Jupyter's own files, and of a notebook no reference to a widget that its kernel does not know."""

    async def get(self, path: str, *arguments: Any, **named: Any) -> dict[str, Any]:
        """As Jupyter's. The file stays as it is."""
        model: dict[str, Any] = await super().get(path, *arguments, **named)  # type: ignore[no-untyped-call]  # untyped there
        if model["type"] == "notebook" and model["content"]:
            panels = [data for data in _outputs(model["content"]) if VIEW in data and "text/html" in data]
            living = await self._living(path) if panels else set()
            for data in panels:
                if living is not None and data[VIEW].get("model_id") not in living:
                    del data[VIEW]
        return model

    async def _living(self, path: str) -> set[str] | None:
        """Ids of the widgets that the notebook's kernel knows; None where it does not say."""
        sessions = getattr(self.parent, "session_manager", None)
        if sessions is None:
            return set()
        for session in await sessions.list_sessions():
            if session["path"].strip("/") == path.strip("/"):
                return await _widgets(sessions.kernel_manager.get_kernel(session["kernel"]["id"]))
        return set()


def _outputs(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])]


async def _widgets(kernel: Any) -> set[str] | None:
    """Asked past the cells that may be running (the control channel)."""
    session = kernel.session.clone()
    session.session = new_id()  # a kernel answers one connection of each session
    client = kernel.client(session=session)
    client.start_channels(shell=False, iopub=False, stdin=False, hb=False, control=True)
    try:
        client.control_channel.send(session.msg("comm_info_request", WIDGETS))
        answer = (await client.get_control_msg(timeout=PATIENCE))["content"]
    except Empty:
        return None
    finally:
        client.stop_channels()
    return set(answer["comms"]) if answer["status"] == "ok" else None
