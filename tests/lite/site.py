"""The browser build, served from a folder by this process, and JupyterLab in it."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.notebooks.running import ROOT

# Seconds, on a machine that is busy: for the build, with all that is installed for it, and for a step in Lab.
BUILDING = 300
PATIENCE = 120

OPEN = """async path => {
  const app = window.jupyterapp;
  await app.restored;
  const notebook = await app.commands.execute('docmanager:open', {path, factory: 'Notebook'});
  await notebook.context.ready;
  await notebook.sessionContext.ready;
  await notebook.sessionContext.session.kernel.info;
  app.shell.activateById(notebook.id);
}"""
RUN = """async () => {
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
  return window.jupyterapp.shell.currentWidget.content.model.toJSON().cells;
}"""
PRINTED = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({code, store_history: false});
  let text = '';
  future.onIOPub = ({content}) =>
    text += content.text ?? (content.traceback && [content.evalue, ...content.traceback].join('\\n')) ?? '';
  await future.done;
  return text;
}"""
RESTART = """async () => {
  const {sessionContext} = window.jupyterapp.shell.currentWidget;
  await sessionContext.restartKernel();
  await sessionContext.session.kernel.info;
}"""
CLOSE = """async () => {
  window.jupyterapp.shell.currentWidget.dispose();  // without asking whether to save
  await window.jupyterapp.serviceManager.sessions.shutdownAll();
}"""


def build(folder: Path) -> Path:
    """`make lite` into this folder, with notebooks as they are now. Raises RuntimeError with what it said."""
    environment = {**os.environ, "MAKEFLAGS": ""}
    command = ["make", "--no-print-directory", "lite", f"DIST={folder}", "ARGS=--edited"]
    made = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=BUILDING, check=False
    )
    if made.returncode:
        raise RuntimeError(made.stdout + made.stderr)
    return folder


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm"}

    def log_message(self, *arguments: Any) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a browser that has what it wants hangs up


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of these files, as plain as one can be."""
    with Quiet(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Lab:
    """JupyterLab at `site`; each notebook has a kernel of its own."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.broken: list[str] = []
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.goto(f"{site}/lab/index.html?path=README.md")
        page.wait_for_function("() => window.jupyterapp?.restored", timeout=120_000)

    def open(self, path: str) -> None:
        """Open a notebook with a kernel of its own, and bring it to the front."""
        self._do(OPEN, path)

    def run(self, path: str, then: Callable[[], object] = lambda: None) -> list[dict[str, Any]]:
        """Open a notebook, run all of its cells, do what comes `then`, close it. Returns its cells."""
        self.open(path)
        cells: list[dict[str, Any]] = self._do(RUN)
        then()
        self._do(CLOSE)
        return cells

    def printed(self, code: str) -> str:
        """What code prints that runs in the kernel of the notebook in front, or its error: the message, and
        the lines that are shown."""
        text: str = self._do(PRINTED, code)
        return text

    def restart(self) -> None:
        """Start the kernel of the notebook in front again."""
        self._do(RESTART)

    def _do(self, script: str, argument: str = "") -> Any:
        limit = f"setTimeout(() => no(new Error('not done after {PATIENCE} s')), {1000 * PATIENCE})"
        race = f"argument => Promise.race([({script})(argument), new Promise((_, no) => {limit})])"
        return self.page.evaluate(race, argument)
