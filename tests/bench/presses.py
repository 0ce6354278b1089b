"""How long somebody waits: from a press or a touch to the page that shows the result, beside a button that
does nothing but set one text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.chromium import chromium
from tests.browser.notebook import Notebook
from tests.browser.servers import jupyterlab

ROUNDS = 17
PAUSE = 300  # milliseconds: nobody is faster, and the same button again at once would be a double click

PRESS, TOUCH, EMPTY = "press", "touch", "empty"

# A sale and its end, again and again: each step changes the panel's state, or its picture. By kind, and the
# words on the button or the name of the place; the empty button is pressed as often, and in between.
ROUND = (
    (EMPTY, "Empty"), (PRESS, "Process"), (TOUCH, "Hold the card to the reader"), (TOUCH, "1"),
    (EMPTY, "Empty"), (TOUCH, "Erase"), (TOUCH, "Take the card out"), (PRESS, "Cancel"),
    (EMPTY, "Empty"), (PRESS, "Restart"),
)  # fmt: skip

# What is watched, of each kind.
SHOWN = {PRESS: ".irl-state", TOUCH: ".irl-touch-picture img", EMPTY: ".bench-words"}

# A card that has a PIN, so that a touch changes the picture alone; and the empty button, in the same panel.
PREPARE = """
import ipywidgets
from irl_helpers.cards import card_number
panel.card.value = card_number("online_pin_cvm")
empty, words = ipywidgets.Button(description="Empty"), ipywidgets.HTML("0")
words.add_class("bench-words")
empty.on_click(lambda _: setattr(words, "value", str(int(words.value) + 1)))
panel.view.children = [*panel.view.children, ipywidgets.HBox([empty, words])]
"""

# Measured in the page itself, up to the frame in which the change is painted.
CLICK = """([panel, label, shown]) => new Promise((done, fail) => {
  const button = [...panel.querySelectorAll('button')].find(
    each => (each.getAttribute('aria-label') ?? each.textContent.trim()) === label);
  const read = () => { const it = panel.querySelector(shown); return it.src ?? it.textContent; };
  const before = read();
  const enough = setTimeout(() => fail(new Error(`${label} changes nothing`)), 20000);
  const start = performance.now();
  const look = () => {
    if (read() === before) return requestAnimationFrame(look);
    clearTimeout(enough);
    requestAnimationFrame(() => done(performance.now() - start));
  };
  button.click();
  look();
})"""

ENABLED = """label => [...document.querySelectorAll('.irl-panel button')].some(
  each => (each.getAttribute('aria-label') ?? each.textContent.trim()) === label && !each.disabled)"""


def milliseconds(folder: Path) -> dict[str, list[float]]:
    """What each press and each touch took, by kind, in milliseconds, on the offline account. Raises
    NoChromium."""
    with chromium() as browser, jupyterlab(folder) as lab:
        notebook = Notebook(browser.new_page(), f"{lab.url}/doc/tree/03_collect.ipynb")
        notebook.run_all()
        notebook.field("Amount").fill("12.50")
        notebook.execute(PREPARE)
        _round(notebook)  # warms up
        found: dict[str, list[float]] = {PRESS: [], TOUCH: [], EMPTY: []}
        for _ in range(ROUNDS):
            for kind, took in _round(notebook):
                found[kind].append(took)
        return found


def _round(notebook: Notebook) -> list[tuple[str, Any]]:
    took = []
    for kind, label in ROUND:
        notebook.page.wait_for_timeout(PAUSE)
        notebook.page.wait_for_function(ENABLED, arg=label)
        took.append(
            (kind, notebook.page.evaluate(CLICK, [notebook.panel.element_handle(), label, SHOWN[kind]]))
        )
    return took
