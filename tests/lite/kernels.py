"""Kernels of the browser build, asked by code alone: no notebook is open."""

from __future__ import annotations

from playwright.sync_api import JSHandle, Page

SECONDS = 120  # for what a kernel is to do, on a machine that is busy

LIMITED = f"""const limited = promise => Promise.race([promise, new Promise((_, reject) =>
  setTimeout(() => reject(new Error('the kernel does not answer')), {1000 * SECONDS}))]);"""
OPEN = f"""async () => {{
  {LIMITED}
  await window.jupyterapp.restored;
  const services = window.jupyterapp.serviceManager;
  await services.ready;
  const kernel = await limited(services.kernels.startNew({{name: 'python'}}));
  await limited(kernel.info);
  return kernel;
}}"""
RUN = f"""(kernel, code) => {{
  {LIMITED}
  let text = '';
  const future = kernel.requestExecute({{code, store_history: false}});
  future.onIOPub = ({{header, content}}) => {{
    if (header.msg_type === 'stream') text += content.text;
    if (header.msg_type === 'error') text += content.traceback.join('\\n');
  }};
  const done = limited(future.done).then(({{content}}) => [content.status, text]);
  done.catch(() => {{}});
  return {{done}};  // so that nobody waits for it yet
}}"""


class Running:
    """Code that runs in a kernel."""

    def __init__(self, handle: JSHandle) -> None:
        self._handle = handle

    def printed(self) -> str:
        """What it has printed, at its end. Raises AssertionError for an error."""
        status, text = self._handle.evaluate("({done}) => done")
        assert status == "ok", text
        return str(text).strip()


class Kernel:
    """A kernel of its own, from the JupyterLab on this page."""

    def __init__(self, page: Page) -> None:
        self._kernel = page.evaluate_handle(OPEN)

    def start(self, code: str) -> Running:
        """Run code, and do not wait for its end."""
        return Running(self._kernel.evaluate_handle(RUN, code))

    def run(self, code: str) -> str:
        """Run code to its end. Returns what it prints."""
        return self.start(code).printed()


def open_lab(page: Page, address: str) -> None:
    """JupyterLab, at a page that starts no kernel."""
    page.goto(f"{address}/lab/index.html?path=README.md")
    page.wait_for_function("() => window.jupyterapp?.restored")
