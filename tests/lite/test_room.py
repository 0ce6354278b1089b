"""A room in browser tabs: a learner gives her name, works in her tab, and is in the instructor's table."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytest.importorskip("aiohttp")
pytest.importorskip("segno")

from tests.lite.site import Lab
from tests.lite.test_serve import room_of

DO_THE_TASK = """
from irl_helpers import checks
from irl_helpers.account import stripe_client
client = stripe_client()
address = {"line1": "221 Baker Street", "city": "London", "country": "GB", "postal_code": "NW1 6XE"}
shop = client.v1.terminal.locations.create({"display_name": "Baker Street Shop", "address": address})
code = {"registration_code": "simulated-s700", "label": "Baker Street 1", "location": shop.id}
client.v1.terminal.readers.create(code)
print(checks.setup().passed)
"""


def test_a_learner_who_gave_her_name_is_seen(browser, built, tmp_path):
    with room_of(built, tmp_path / "room") as (address, password):
        ana, instructor = (browser.new_context().new_page() for _ in range(2))
        for page in (ana, instructor):
            page.set_default_timeout(60_000)
        ana.goto(address)
        ana.get_by_label("Name").fill("Ana")
        ana.get_by_role("button", name="Come in under this name").click()
        ana.wait_for_url(re.compile("/lab/"))
        lab, printed = Lab(ana, address), []
        lab.run("notebooks/01_setup.ipynb", lambda: printed.append(lab.printed(DO_THE_TASK)))
        assert printed == ["True\n"]

        instructor.goto(f"{address}/room/table")
        instructor.get_by_label("The instructor's password").fill(password)
        instructor.get_by_role("button").click()
        row = instructor.get_by_role("row").nth(1)
        expect(row).to_contain_text("ana")
        expect(row).to_contain_text("✓", timeout=60_000)  # the page looks again by itself
        for page in (ana, instructor):
            page.context.close()
