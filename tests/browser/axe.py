"""axe-core, from npm: what a program can see of accessibility. https://github.com/dequelabs/axe-core"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.shown import becomes

AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"

# JupyterLab's own faults are not ours: only the panels are looked at.
LOOK = """async () => {
  const {violations} = await axe.run({include: [['.irl-panel']]});
  return violations.filter(each => ['serious', 'critical'].includes(each.impact)).map(each =>
    [each.id, each.impact, each.nodes.map(node => `${node.html.slice(0, 160)}: ${node.failureSummary}`)]);
}"""


def faults(page: Page) -> list[list[object]]:
    """The serious and critical faults of the panels on the page: (rule, impact, where). Skips the test when
    axe-core is not installed."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `make test` where npm is")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    return page.evaluate(LOOK)


def finds_nothing(page: Page) -> None:
    """The panels have no such fault, once the page has settled."""
    becomes(lambda: faults(page), [])
