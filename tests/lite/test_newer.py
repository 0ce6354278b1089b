"""What a learner has edited stays in her browser and hides the site's; a newer one of the site is offered."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from lite.contents import MARK, VERSIONS, version
from tests.lite.site import Lab, served

NAME = "notebooks/03_collect.ipynb"
FRESH = "notebooks/03_collect-fresh.ipynb"
PATIENCE = 60_000  # milliseconds
HELD: list[Route] = []  # Playwright marks what it is given
EDIT = """async words => {
  const { context } = window.jupyterapp.shell.currentWidget;
  await context.ready;
  context.model.sharedModel.getCell(0).setSource(words);
  await context.save();
}"""
SAID = "There is a newer 03_collect.ipynb. Yours stays as it is."
PERSIST = """() => { StorageManager.prototype.persist = async () => {
  localStorage.asked = 1 + Number(localStorage.asked ?? 0); return false; } }"""
FIRST = """path => window.jupyterapp.serviceManager.contents.get(path, {content: true}).then(
  ({content}) => [content.cells[0].source].flat().join(''))"""
BUTTON = f"""
import os
from irl_helpers import checkup
shown = checkup.ready()
shown.notebook.value = {Path(NAME).name!r}
shown.start_over.click()
"""


@pytest.fixture
def dist(built: Path, tmp_path: Path) -> Path:
    """The site, for this test to change."""
    shutil.copytree(built, tmp_path / "dist", copy_function=lambda old, new: Path(new).hardlink_to(old))
    return tmp_path / "dist"


@pytest.fixture
def lab(browser, dist) -> Iterator[Lab]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(f"({PERSIST})()")
    with served(dist) as site:
        yield Lab(context.new_page(), site)
        context.close()


def publish(dist: Path, words: str) -> None:
    """The site's notebook begins with these words from now on."""
    notebook = json.loads((dist / "files" / NAME).read_text("utf-8"))
    notebook["cells"][0]["source"] = [words]
    notebook["metadata"][MARK]["version"] = version(notebook)
    versions = json.loads((dist / VERSIONS).read_text("utf-8"))
    for path, content in (
        (f"files/{NAME}", notebook),
        (VERSIONS, versions | {NAME: version(notebook)}),
    ):
        (dist / path).unlink()  # it is the other site's too
        (dist / path).write_text(json.dumps(content), "utf-8")


def come_back(page: Page) -> None:
    """Load JupyterLab again at her notebook, until the page has looked at its version."""
    with page.expect_response(f"**/{VERSIONS}"):
        page.goto(f"{page.url.partition('?')[0]}?path={NAME}")
        page.wait_for_function(
            "path => window.jupyterapp?.shell?.currentWidget?.context?.path === path", arg=NAME
        )


def test_a_newer_notebook_is_offered_and_hers_stays(lab, dist):
    page = lab.page
    offer = page.get_by_role("alert").filter(has_text=SAID)
    page.context.route("**/load_pyodide.mjs", lambda route: HELD.append(route))  # no kernel, for now
    come_back(page)
    page.evaluate(EDIT, "# Mine")
    come_back(page)
    assert page.evaluate(FIRST, NAME) == "# Mine"
    expect(offer).to_have_count(0)  # her own work makes nothing newer

    publish(dist, "# Second edition")
    come_back(page)
    offer.get_by_role("button", name="Lay the new one beside mine").click()
    expect(page.get_by_role("heading", name="Second edition")).to_be_visible()
    files = page.locator(".jp-DirListing")
    expect(files.get_by_text(Path(FRESH).name, exact=True)).to_be_visible()
    assert [page.evaluate(FIRST, each) for each in (NAME, FRESH)] == ["# Mine", "# Second edition"]
    come_back(page)
    expect(offer).to_have_count(0)  # it was said

    publish(dist, "# Third edition")
    come_back(page)
    offer.get_by_role("button", name="Keep only mine").click()
    page.context.unroute_all()
    come_back(page)
    expect(offer).to_have_count(0)
    assert page.evaluate(FIRST, NAME) == "# Mine"
    assert page.evaluate("localStorage.asked") == "1", "the browser was asked to keep what is stored, once"

    # A kernel asks for a fresh one, by the button of part 1.
    lab.open(NAME)
    assert lab.printed(BUTTON) == ""
    expect(files.get_by_text("03_collect-fresh-2.ipynb", exact=True)).to_be_visible()
    assert "03_collect-fresh-2.ipynb is there now" in lab.printed("print(shown.said.value)")
    assert page.evaluate(FIRST, FRESH.replace("fresh", "fresh-2")) == "# Third edition"
    assert lab.broken == []
