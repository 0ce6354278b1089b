"""A notebook that is open in JupyterLab, in a browser. Nothing here clicks menus or trusts the idle light."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser import shown
from tests.browser.pace import Pace

READY = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  const notebook = app.shell.currentWidget;
  await notebook.context.ready;
  await notebook.sessionContext.ready;
  await notebook.sessionContext.session.kernel.info;
}"""

OPEN = "path => window.jupyterapp.commands.execute('docmanager:open', {path}).then(() => null)"
# A kernel outlives its page, and holds some 100 MB.
CLOSE = """async () => {
  window.jupyterapp?.shell.currentWidget?.dispose();
  await window.jupyterapp?.serviceManager.kernels.shutdownAll();
}"""

# `page.evaluate` has no time limit of its own.
RUN_ALL = """() => Promise.race([
  window.jupyterapp.commands.execute('notebook:run-all-cells'),
  new Promise((_, reject) => setTimeout(() => reject(new Error('the cells are still running')), 60000)),
])"""

RESTART = """async () => {
  await window.jupyterapp.shell.currentWidget.sessionContext.restartKernel();
  await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info;
}"""

EXECUTE = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const reply = await kernel.requestExecute({code, store_history: false}).done;
  return reply.content;
}"""

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells].flatMap(
  cell => cell.type === 'code' ? cell.toJSON().outputs : [])"""


class Notebook:
    """The notebook at `url`, ready to run: its kernel has started. Where JupyterLab is loaded already the
    page opens the notebook at `path`, which costs a third of that."""

    def __init__(self, page: Page, url: str, path: str = "") -> None:
        self.page = page
        self.broken: list[str] = []
        self.pace = Pace()
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        if path:
            page.evaluate(OPEN, path)
        else:
            page.goto(url)
        page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext")
        page.evaluate(READY)

    def execute(self, code: str) -> None:
        """Run code in the kernel, outside the notebook. Raises AssertionError when it fails."""
        reply = self.page.evaluate(EXECUTE, code)
        assert reply["status"] == "ok", reply

    def set_environment(self, values: dict[str, str]) -> None:
        self.execute(f"import os; os.environ.update({values!r}); del os")

    def run_all(self) -> None:
        """Run every cell. Raises AssertionError for an error, for anything on stderr, and for a script of the
        page that failed."""
        self.page.evaluate(RUN_ALL)
        wrong = [
            output
            for output in self.outputs()
            if output["output_type"] == "error" or output.get("name") == "stderr"
        ]
        assert not wrong, wrong
        assert not self.broken, self.broken
        # What JupyterLab has scrolled away it does not draw, and a person would scroll there as well.
        self.panel.evaluate("panel => panel.scrollIntoView()")

    def outputs(self) -> list[dict[str, Any]]:
        """All outputs of all cells, as they would be stored."""
        outputs: list[dict[str, Any]] = self.page.evaluate(OUTPUTS)
        return outputs

    def close(self) -> None:
        """Close it, and end its kernel; JupyterLab stays in the page."""
        self.page.evaluate(CLOSE)

    def restart(self) -> None:
        self.page.evaluate(RESTART)

    @property
    def panel(self) -> Locator:
        """The first panel on the page."""
        return self.page.locator(".irl-panel").first

    def button(self, name: str) -> Locator:
        # Not by its accessible name: while it is busy, the spinner's glyph is part of that.
        return self.panel.locator("button").filter(has_text=re.compile(f"^{re.escape(name)}$"))

    def press(self, name: str) -> None:
        self.pace.take(name)
        self.button(name).click()

    def field(self, name: str) -> Locator:
        return self.panel.get_by_label(name, exact=True)

    @property
    def picture(self) -> shown.Look:
        """What the reader's picture says it shows."""
        return shown.Look(lambda: self.panel.get_by_role("img").first.get_attribute("alt") or "")

    @property
    def state(self) -> shown.Look:
        """The line that says what is, as the panel's `STATES` has it."""
        return shown.Look(lambda: self.panel.locator(".irl-state").text_content() or "")

    @property
    def log(self) -> shown.Look:
        """What was done."""
        return shown.Look(self.panel.get_by_role("log").inner_text)

    def line(self, name: str) -> shown.Look:
        """One of the status lines of a till: "Its status", "Reader action"."""
        return shown.Look(lambda: self._lines()[name])

    def shows(self, payment: str | None) -> None:
        """The till's status lines become what the account has of this payment, None before there is one."""
        lines = shown.Look(self._lines)
        lines.passes(lambda seen: seen == shown.till(payment), f"what the account has of {payment}")

    def _lines(self) -> dict[str, str]:
        facts = self.panel.locator(".irl-facts > div").all_inner_texts()
        return dict(zip(facts[::2], facts[1::2], strict=True))

    def offers(self, name: str, choices: list[str]) -> None:
        """These become the choices of a drop-down."""
        options = self.field(name).locator("option")
        shown.becomes(lambda: [re.sub(r"\s+", " ", each) for each in options.all_inner_texts()], choices)
