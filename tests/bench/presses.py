"""How long somebody waits: from the press of a button to the page that shows the result."""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path

from tests.browser.chromium import chromium
from tests.browser.notebook import Notebook
from tests.browser.servers import jupyterlab

PRESSES = 50
PAUSE = 300  # milliseconds: nobody is faster, and the same button again at once would be a double click

# A sale and its end, again and again: each press changes the panel's state.
ROUND = ("Process", "Cancel", "Restart")

# Measured in the page itself, up to the frame in which the new state is painted.
PRESS = """([panel, label]) => new Promise((done, fail) => {
  const button = [...panel.querySelectorAll('button')].find(each => each.textContent.trim() === label);
  const before = panel.querySelector('.irl-state').textContent;
  const enough = setTimeout(() => fail(new Error(`${label} changes nothing`)), 20000);
  const start = performance.now();
  const look = () => {
    if (panel.querySelector('.irl-state').textContent === before) return requestAnimationFrame(look);
    clearTimeout(enough);
    requestAnimationFrame(() => done(performance.now() - start));
  };
  button.click();
  look();
})"""


def milliseconds(folder: Path) -> list[float]:
    """What each press took, in milliseconds, on the offline account. Raises NoChromium."""
    with chromium() as browser, jupyterlab(folder) as lab:
        notebook = Notebook(browser.new_page(), f"{lab.url}/doc/tree/03_collect.ipynb")
        notebook.run_all()
        notebook.field("Amount").fill("12.50")
        notebook.button("Cancel").click()  # what the notebook left on the reader's screen
        found = []
        for label in islice(cycle(ROUND), PRESSES + len(ROUND)):
            notebook.page.wait_for_timeout(PAUSE)
            notebook.page.wait_for_function(ENABLED, arg=label)
            found.append(notebook.page.evaluate(PRESS, [notebook.panel.element_handle(), label]))
        return found[len(ROUND) :]  # the first round warms up


ENABLED = """label => [...document.querySelectorAll('.irl-panel button')].some(
  each => each.textContent.trim() === label && !each.disabled)"""
