"""The panels in both themes and at three widths: nothing is cut off, axe finds no serious fault, and
people can have a picture of each (see shots.py)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import axe, shown
from tests.browser.shots import shot

THEME = """theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"""
PANELS = {
    "01_setup": [],
    "02_connect": [],
    "03_collect": ["Process"],
    "04_cancel": ["Restart", "Process"],
    "point_of_sale": ["Latte", "Sandwich", "Charge"],
}


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_in_light_and_dark_wide_and_narrow(open_notebook, name):
    notebook = open_notebook(f"{name}.ipynb")
    notebook.run_all()
    if name == "03_collect":
        notebook.field("Amount").fill("12.50")
    for label in PANELS[name]:
        notebook.panel.locator("button:visible").filter(has_text=label).first.click()
    expect(notebook.panel.locator(".fa-spinner")).to_have_count(0)
    for theme in ("light", "dark"):
        notebook.page.evaluate(THEME, f"JupyterLab {theme.title()}")
        is_light = str(theme == "light").lower()
        expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", is_light)
        for width in (1280, 800, 390):
            notebook.page.set_viewport_size({"width": width, "height": 900})
            notebook.panel.evaluate("panel => panel.scrollIntoView()")
            shown.fits(notebook.page)
            shot(notebook.page, f"{name}-{theme}-{width}")
        axe.finds_nothing(notebook.page)
    notebook.page.evaluate(THEME, "JupyterLab Light")
