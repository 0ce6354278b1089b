"""Someone opens a notebook that was just cloned, and does not run it: JupyterLab does not trust it yet."""

from __future__ import annotations

import re
import shutil
from html import unescape

import nbformat

from tests.browser import shown
from tests.browser.shots import shot
from tests.notebooks.masking import texts
from tests.notebooks.running import ROOT, name, notebooks

# Without a kernel: nothing is run.
OPEN = """async path => {
  await window.jupyterapp.restored;
  const kernelPreference = {shouldStart: false, canStart: false};
  const notebook = await window.jupyterapp.commands.execute('docmanager:open', {path, kernelPreference});
  await notebook.context.ready;
  window.jupyterapp.shell.activateById(notebook.id);
}"""

# How wide the notebook is, in pixels, and whether the list of files is shown.
LAID_OUT = """() => {
  const {currentWidget, leftCollapsed} = window.jupyterapp.shell;
  return [Math.round(currentWidget.node.getBoundingClientRect().width), !leftCollapsed];
}"""
SHOW_FILES = "() => window.jupyterapp.shell.expandLeft()"

SEEN = """async () => {
  const notebook = window.jupyterapp.shell.currentWidget;
  const pictures = [];
  for (const cell of notebook.content.widgets) {
    cell.node.scrollIntoView();  // what has not been on the screen yet is not drawn
    await cell.ready;
    for (const image of cell.node.querySelectorAll('.jp-OutputArea-output img')) {
      image.scrollIntoView();
      await image.decode();
      const drawn = image.checkVisibility({contentVisibilityAuto: true}) && image.offsetHeight > 0;
      pictures.push([image.alt, image.naturalWidth > 0 && drawn]);
    }
  }
  const trusted = [...notebook.content.model.cells].some(cell => cell.type === 'code' && cell.trusted);
  return {pictures, trusted};
}"""


def saved_pictures(path) -> list[str]:
    """What the pictures in the notebook's outputs say they show."""
    cells = nbformat.read(path, as_version=4).cells
    html = [text for cell in cells for kind, text in texts(cell.get("outputs", [])) if kind == "text/html"]
    return [unescape(alt) for alt in re.findall('<img alt="([^"]*)"', "\n".join(html))]


def test_the_saved_pictures_show(page, lab):
    # Other tests' notebooks are in the same JupyterLab, which saves one whose kernel was restarted.
    shutil.copytree(ROOT / "notebooks", lab.log.parent / "notebooks/clone")
    page.goto(f"{lab.url}/lab")
    page.wait_for_function("() => window.jupyterapp?.restored")
    for path in notebooks():
        page.evaluate(OPEN, f"clone/{path.relative_to(ROOT / 'notebooks').as_posix()}")
        saved = saved_pictures(path)
        assert saved, name(path)
        # Nothing would be tried here if JupyterLab trusted the notebook.
        expected = {"pictures": [[alt, True] for alt in saved], "trusted": False}
        shown.becomes(lambda: page.evaluate(SEEN), expected)


def test_on_a_telephone_the_notebook_is_seen_and_not_the_list_of_files(page, lab):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{lab.url}/lab")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget")
    shown.Look(lambda: page.evaluate(LAID_OUT)).passes(lambda seen: not seen[1], "no list of files")
    page.evaluate(SHOW_FILES)
    page.evaluate(OPEN, "02_connect.ipynb")
    shown.Look(lambda: page.evaluate(LAID_OUT)).passes(
        lambda seen: seen[0] > 280 and not seen[1], "the notebook"
    )
    shot(page, "jupyterlab-390")
    # Where there is room for both, nothing is closed.
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(SHOW_FILES)
    page.evaluate(OPEN, "03_collect.ipynb")
    assert page.evaluate(LAID_OUT)[1]
    # A tablet that is turned, or a window that is drawn narrower.
    page.set_viewport_size({"width": 390, "height": 844})
    shown.Look(lambda: page.evaluate(LAID_OUT)).passes(
        lambda seen: seen[0] > 280 and not seen[1], "the notebook"
    )
