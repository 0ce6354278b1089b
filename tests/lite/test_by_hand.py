"""Part 3 in a browser tab as a learner plays it: buttons, the reader that one touches, a fault, the way on;
with the mouse on a desk, and with a finger on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, expect

from tests.browser import shown
from tests.browser.notebook import Notebook

HELD = "the money is held, and waits to be captured"
CAPTURED = "the payment is captured"


@contextmanager
def part_3(browser: Browser, address: str, width: int, touch: bool = False) -> Iterator[Notebook]:
    context = browser.new_context(viewport={"width": width, "height": 844}, has_touch=touch, is_mobile=touch)
    context.set_default_timeout(120_000)
    page = context.new_page()
    notebook = Notebook(page, f"{address}/index.html?path=notebooks/03_collect.ipynb")
    notebook.run_all()
    yield notebook
    assert notebook.broken == []
    context.close()


def area(notebook: Notebook, label: str) -> Locator:
    """A place on the reader's picture that can be touched."""
    return notebook.panel.get_by_role("button", name=label, exact=True)


def test_part_3_on_a_desk(browser, site):
    with part_3(browser, f"{site}/lab", 1280) as till:
        till.field("Amount").fill("20.00")
        till.press("Process")
        till.picture.becomes("WisePOS E: $20.00, tap, insert or swipe")
        till.field("Card").select_option("Visa …9995: declined: not enough money")
        till.press("Simulate Payment")
        till.line("Reader action").becomes("process_payment_intent: failed")
        till.picture.has("declined, not enough money on this card")

        till.press("Process")
        till.picture.becomes("WisePOS E: $20.00, tap, insert or swipe")
        till.panel.locator(".irl-card").filter(has_text="online PIN").first.click()
        for digit in "1234":
            area(till, digit).click()
        area(till, "Enter").click()
        till.state.becomes(HELD)
        till.press("Capture")
        till.state.becomes(CAPTURED)
        till.press("Restart")
        till.line("PaymentIntent").becomes(shown.NONE_YET)

        till.press("Show what can go wrong")
        till.press("Process")
        till.picture.has("tap, insert or swipe")
        till.field("The bank takes its time").check()
        till.press("Simulate Payment")
        till.state.becomes("the card was read, and the bank is asked")
        till.field("The bank takes its time").uncheck()
        till.state.becomes(HELD)


def test_part_3_on_a_telephone_and_on_to_part_4(browser, site):
    with part_3(browser, f"{site}/notebooks", 390, touch=True) as till:
        missing: list[str] = []
        till.page.on("response", lambda answer: answer.ok or missing.append(answer.url))
        till.field("Amount").tap()
        till.field("Amount").fill("7.30")
        till.button("Process").tap()
        till.picture.becomes("WisePOS E: $7.30, tap, insert or swipe")
        area(till, "Hold the card to the reader").tap()
        till.state.becomes(HELD)
        till.button("Capture").tap()
        till.state.becomes(CAPTURED)
        shown.fits(till.page)

        with till.page.expect_popup() as opened:
            till.page.get_by_role("link", name="cancel a payment in flight").tap()
        next_part = opened.value
        next_part.wait_for_url(re.compile(r"/notebooks/index\.html\?path=notebooks(/|%2F)04_cancel\.ipynb"))
        expect(next_part.get_by_role("heading", name="Cancel a payment in flight")).to_be_visible()
        assert [url for url in missing if urlsplit(url).netloc == urlsplit(site).netloc] == []
