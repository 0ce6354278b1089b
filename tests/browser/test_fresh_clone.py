"""Someone opens a notebook that was just cloned, and does not run it: JupyterLab does not trust it yet."""

from __future__ import annotations

import re
from html import unescape

import nbformat
import pytest

from tests.browser import shown
from tests.notebooks.masking import texts
from tests.notebooks.running import ROOT, name, notebooks

SEEN = """async () => {
  await window.jupyterapp.restored;
  const notebook = window.jupyterapp.shell.currentWidget;
  await notebook.context.ready;
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


PARTS = [path for path in notebooks() if path.parent == ROOT / "notebooks"]


@pytest.mark.parametrize("path", PARTS, ids=name)
def test_the_saved_pictures_show(page, lab, path):
    page.goto(f"{lab.url}/doc/tree/{path.name}")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length")
    saved = saved_pictures(path)
    assert saved
    shown.becomes(lambda: page.evaluate(SEEN)["pictures"], [[alt, True] for alt in saved])
    assert not page.evaluate(SEEN)["trusted"], "nothing is tried here: JupyterLab trusts the notebook"
    page.evaluate("() => window.jupyterapp.serviceManager.kernels.shutdownAll()")
