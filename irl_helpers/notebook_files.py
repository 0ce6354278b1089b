"""Notebooks as JupyterLab opens them: where no kernel runs, a panel's picture stands for what it was.

A saved panel is a picture, and a reference to a widget that lived in a kernel. JupyterLab prefers the
reference, and writes "model not found" once that kernel is gone.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

VIEW = "application/vnd.jupyter.widget-view+json"


class NotebookFiles(AsyncLargeFileManager):
    """Jupyter's own files, and of a notebook without a session the outputs without references to widgets."""

    async def get(self, path: str, *arguments: Any, **named: Any) -> dict[str, Any]:
        """As Jupyter's. The file stays as it is."""
        model: dict[str, Any] = await super().get(path, *arguments, **named)  # type: ignore[no-untyped-call]  # untyped there
        if model["type"] == "notebook" and model["content"] and not await self._has_session(path):
            for cell in model["content"]["cells"]:
                for output in cell.get("outputs", []):
                    data = output.get("data", {})
                    if "text/html" in data:
                        data.pop(VIEW, None)
        return model

    async def _has_session(self, path: str) -> bool:
        sessions = getattr(self.parent, "session_manager", None)
        running = await sessions.list_sessions() if sessions is not None else []
        return any(session["path"].strip("/") == path.strip("/") for session in running)
