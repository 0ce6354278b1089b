"""The point of sale in a browser, as somebody uses it who sees nothing else."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from irl_helpers.panels.customer import DOING
from irl_helpers.point_of_sale import PointOfSale
from tests.browser import shown
from tests.browser.pace import Pace


class Till:
    def __init__(self, page: Page) -> None:
        self.page = page
        self._pace = Pace()
        self.panel = page.locator(".irl-pos")
        self.panel.wait_for()

    def button(self, name: str) -> Locator:
        """A button by the words on it that are shown."""
        text = re.compile(f"^{re.escape(name)}")
        return self.panel.locator("button").filter(has_text=text, visible=True).first

    def press(self, *names: str) -> None:
        for name in names:
            self._pace.take(name)
            self.button(name).click()

    def choose(self, field: str, option: str) -> None:
        self.panel.get_by_label(field, exact=True).select_option(label=option)

    def becomes(self, state: str) -> None:
        """Wait for a state of `PointOfSale.STATES`, or for these words. In flight, a tip may be asked for."""
        words = [PointOfSale.STATES.get(state, state), *([DOING["tip"]] if state == "in_flight" else [])]
        shown.Look(self.panel.locator(".irl-state").text_content).becomes(*words)

    def totals(self, amount: str) -> None:
        """The order comes to this amount."""
        expect(self.panel.locator(".irl-total > :last-child")).to_have_text(amount)

    def sees(self, text: str) -> None:
        """The customer sees this on the reader."""
        picture = self.panel.locator(".irl-pos-reader img")
        expect(picture).to_have_attribute("alt", re.compile(re.escape(text)))

    def day(self, *outcomes: str) -> None:
        """This is what became of today's payments, newest first."""
        shown.becomes(self.panel.locator(".irl-badge").all_inner_texts, list(outcomes))
