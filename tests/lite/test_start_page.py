"""Somebody opens the address: she sees the reader, what is being fetched, and then the first notebook."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

PATIENCE = 60_000  # milliseconds


@pytest.mark.parametrize(("width", "view"), [(1280, "lab"), (390, "notebooks")])
def test_the_address_leads_to_the_first_notebook(browser, site, width, view):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    held: list[Route] = []
    page.route("**/at_start.zip", lambda route: held.append(route))  # Playwright marks what it is given
    page.goto(site)
    expect(page.get_by_role("img")).to_have_attribute("alt", re.compile("^WisePOS E"))
    expect(page.get_by_role("status")).to_have_text(
        re.compile(r"^Fetching .+: \d+ of \d+ MB$"), timeout=PATIENCE
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.wait_for_function("() => document.querySelector('progress').value > 0.5", timeout=PATIENCE)
    held[0].continue_()
    page.wait_for_url(f"**/{view}/index.html?path=notebooks/01_setup.ipynb", timeout=PATIENCE)
    context.close()


def test_what_cannot_be_fetched_is_said(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/at_start.zip", lambda route: route.fulfill(status=503))
    page.goto(site)
    expect(page.get_by_role("status")).to_contain_text("at_start.zip: 503", timeout=PATIENCE)
    context.close()
