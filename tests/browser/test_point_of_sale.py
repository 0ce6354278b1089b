"""The point of sale as a page of its own, by somebody who sees nothing but the page; and by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from irl_helpers.account import reset_account
from irl_helpers.cards import DEFAULT_CARD
from irl_helpers.point_of_sale.day import outcome, payments_of_the_day, taken
from irl_helpers.point_of_sale.shop import COUNTER
from irl_helpers.sale import Sale
from irl_helpers.setup import find_reader
from tests.browser import axe, shown
from tests.browser.pace import press_twice
from tests.browser.servers import Server, voila
from tests.browser.shots import shot
from tests.browser.till import Till

NO_MONEY = "Visa …9995: declined: not enough money"
VISA = "Visa …4242: approved"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, browser) -> Iterator[Server]:
    with voila(tmp_path_factory.mktemp("voila")) as server:
        yield server


@pytest.fixture
def till(page: Page, served: Server, monkeypatch: pytest.MonkeyPatch) -> Till:
    """The page, on an empty account that this process sees as well."""
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(served.account))
    reset_account()
    page.goto(served.url)
    return Till(page)


def day() -> list[tuple[str, int]]:
    """What became of each payment of the account, and what the shop has of it."""
    return [(outcome(payment), taken(payment)) for payment in payments_of_the_day()]


def test_the_page_is_an_application(till):
    text = till.page.locator("body").inner_text()
    assert "Corner Café" in text
    assert till.page.title() == "Corner Café"
    assert "At the end of this notebook" not in text
    assert "import" not in text
    expect(till.page.locator(".jp-InputArea:visible")).to_have_count(0)


def test_axe_finds_a_fault_where_there_is_one(till):
    axe.finds_nothing(till.page)
    till.panel.evaluate("panel => panel.append(document.createElement('img'))")
    [[rule, impact, _]] = axe.faults(till.page)
    assert (rule, impact) == ("image-alt", "critical")


def test_somebody_sells_cancels_and_refunds(till):
    till.becomes("ready")
    till.press("Latte", "Latte", "Sandwich")
    till.becomes("ordering")
    till.sees("cart with 2 lines, total $20.90")
    till.totals("$20.90")
    till.press("Charge $20.90")
    till.becomes("in_flight")
    shot(till.page, "point-of-sale-in-flight")
    till.choose("Tip", "$2.00")
    till.sees("$22.90, tap")
    till.choose("Card", NO_MONEY)
    till.press("Tap the card")
    till.sees("declined")
    till.press("Charge")
    till.becomes("in_flight")
    till.choose("Card", VISA)
    till.choose("Tip", "$1.00")
    till.press("Tap the card")
    till.becomes("authorized")
    assert day() == [("Held", 0)]
    till.press("Capture $21.90")
    till.becomes("paid: $21.90")
    expect(till.panel.locator(".irl-pos-order .irl-receipt")).to_contain_text("2 × Latte")
    assert day() == [("Paid", 2190)]
    axe.finds_nothing(till.page)
    shot(till.page, "point-of-sale-paid", whole=True)

    till.press("New order", "Espresso")
    till.press("Charge $3.30")
    till.becomes("in_flight")
    till.press("Change the order")
    till.becomes("open")
    till.press("Iced tea")
    till.sees("cart with 2 lines, total $7.70")
    till.press("Charge $7.70")
    till.becomes("in_flight")
    till.press("Cancel the sale")
    till.becomes("canceled")
    assert day() == [("Canceled", 0), ("Paid", 2190)]

    till.press("Refund")
    till.press("Give it back")
    till.day("Canceled", "Refunded")
    assert day() == [("Canceled", 0), ("Refunded", 0)]
    expect(till.panel.locator(".irl-taken")).to_have_text("$0.00")


def test_on_a_telephone_it_fits_and_the_reader_is_touched(till):
    till.page.set_viewport_size({"width": 390, "height": 844})
    till.press("Latte", "Charge $5.50")
    till.becomes("in_flight")
    for label in ("Tip $2.00", "Hold the card to the reader"):
        till.panel.get_by_role("button", name=label, exact=True).click()
    till.becomes("authorized")
    shown.fits(till.page)
    shot(till.page, "point-of-sale-390", whole=True)
    # A card that comes when none is asked for leads on to what comes first.
    lead = till.panel.locator(".irl-wallet-note").first
    expect(lead).to_have_text("The reader is not asking for a card: press Capture $7.50.")
    till.panel.locator(".irl-wallet > *").first.click()
    expect(till.button("Capture $7.50")).to_be_in_viewport()
    till.press("Capture $7.50")
    till.becomes("paid: $7.50")
    till.press("Receipt")
    expect(till.panel.locator(".irl-drawer .irl-receipt")).to_be_visible()
    shown.fits(till.page)
    till.press("Close")
    expect(till.panel.locator(".irl-drawer")).to_be_hidden()


def test_what_a_press_in_the_day_opens_is_in_sight_of_it(till):
    shop = find_reader(COUNTER)
    for _ in range(6):
        sale = Sale(shop.id)
        sale.process(550, description="1 × Latte", skip_tipping=True)
        sale.present(DEFAULT_CARD)
        sale.capture()
    till.day(*["Paid"] * 6)
    drawer = till.panel.locator(".irl-drawer")
    for width, height in ((1280, 900), (900, 900), (390, 844)):
        till.page.set_viewport_size({"width": width, "height": height})
        for row, name, asked in (
            (4, "Refund", "Give it back"), (5, "Receipt", "Close"), (0, "Refund", "Close"),
        ):  # fmt: skip
            pressed = till.panel.locator(".irl-payment").nth(row).get_by_role("button", name=name, exact=True)
            # At the window's edge, where what opens under it is out of sight.
            pressed.evaluate("button => button.scrollIntoView({block: 'end'})")
            pressed.click()
            expect(drawer.get_by_role("button", name=asked, exact=True)).to_be_in_viewport(ratio=1)
            expect(drawer.locator(".irl-receipt")).to_be_in_viewport(ratio=0.9)
            expect(pressed).to_be_in_viewport(ratio=1)
            shown.fits(till.page)
        shot(till.page, f"point-of-sale-refund-{width}")
        drawer.get_by_role("button", name="Close", exact=True).click()
        expect(drawer).to_be_hidden()


def test_impatient_hands(till):
    press_twice(till.button("Latte"))
    till.sees("total $11.00")
    press_twice(till.button("Charge $11.00"))
    till.becomes("in_flight")
    till.choose("Tip", "No tip")
    press_twice(till.button("Tap the card"))
    till.becomes("authorized")
    press_twice(till.button("Capture"))
    till.becomes("paid: $11.00")
    till.press("Refund")
    press_twice(till.button("Give it back"))
    till.becomes("refunded")
    assert day() == [("Refunded", 0)]
    till.press("New order", "Latte", "Charge")
    till.choose("Tip", "No tip")
    till.press("Tap the card")
    press_twice(till.button("Release the money"))
    till.day("Released", "Refunded")
    till.becomes("canceled")
    expect(till.panel.get_by_role("alert")).to_have_count(0)


def test_by_the_keyboard_alone(till):
    keyboard = till.page.keyboard

    def tab_to(name: str) -> None:
        """Tab until the thing with this name has the focus, and see that it shows it."""
        for _ in range(60):
            name_and_outline = till.page.evaluate(FOCUSED)
            if name_and_outline[0].startswith(name):
                assert name_and_outline[1] != "none", f"the focus on {name} is not shown"
                return
            keyboard.press("Tab")
        raise AssertionError(f"Tab does not come to {name}")

    def press(name: str) -> None:
        expect(till.button(name)).to_be_enabled()
        tab_to(name)
        keyboard.press("Enter")

    press("Latte")
    till.becomes("ordering")
    press("One more Latte")
    till.sees("total $11.00")
    press("Charge $11.00")
    till.becomes("in_flight")
    tab_to("Card")
    keyboard.press("M")
    expect(till.panel.locator(".irl-card[aria-pressed=true]")).to_contain_text("Mastercard")
    # An option that the keyboard passes is chosen, and nothing is settled by that.
    tab_to("Tip")
    for key, total in (("Down", "$11.00"), ("Down", "$12.00"), ("Down", "$13.00"), ("Up", "$12.00")):
        keyboard.press(f"Arrow{key}")
        till.sees(f"{total}, tap")
    for _ in range(2):
        keyboard.press("ArrowUp")
    till.sees("choose a tip on $11.00")
    for _ in range(3):
        keyboard.press("ArrowDown")
    till.sees("$13.00, tap")
    press("Tap the card")
    till.becomes("authorized")
    press("Capture $13.00")
    till.becomes("paid: $13.00")
    assert day() == [("Paid", 1300)]
    press("Refund")
    press("Give it back")
    till.becomes("refunded")
    press("New order")
    till.becomes("ready")
    assert day() == [("Refunded", 0)]


def test_the_keyboard_goes_on_to_the_next_button_unless_somebody_took_it_elsewhere(till):
    still = till.panel.locator(".fa-spin")
    till.press("Latte", "Charge $5.50")
    tip = till.panel.get_by_label("Tip", exact=True)
    expect(tip).to_be_focused()
    for _ in range(2):
        till.page.keyboard.press("Enter")
    expect(tip).to_have_value("being chosen…")
    till.press("Change the order")
    till.becomes("open")
    expect(still).to_have_count(0)
    fold = till.button("Show what happened").element_handle()
    expect(till.button("Charge $5.50")).to_be_enabled()
    till.button("Charge $5.50").evaluate(PRESS_AND_GO, fold)
    till.becomes("in_flight")
    expect(still).to_have_count(0)
    till.page.keyboard.press("Enter")
    expect(till.button("Hide what happened")).to_be_focused()
    # A line of the order goes with its button: the keyboard goes to the product.
    till.press("Change the order", "One Latte less")
    expect(till.button("Latte")).to_be_focused()


def test_a_key_that_is_held_is_one_press(till):
    """However far the keyboard goes on meanwhile, and also where no tip comes between."""
    heard = (
        "window.heard = 0; addEventListener('click', event => { window.heard += event.detail === 0; }, true)"
    )
    till.page.evaluate(heard)
    keyboard = till.page.keyboard

    def hold(name: str, state: str) -> None:
        till.button(name).focus()
        before = till.page.evaluate("window.heard")
        keyboard.down("Enter")
        keyboard.down("Enter")
        till.becomes(state)
        expect(till.panel.locator(".fa-spin")).to_have_count(0)
        for _ in range(5):
            keyboard.down("Enter")
        keyboard.up("Enter")
        assert till.page.evaluate("window.heard") == before + 1

    hold("Espresso", "ordering")
    till.totals("$3.30")
    till.panel.get_by_label("Ask for a tip").uncheck()
    hold("Charge $3.30", "in_flight")
    expect(till.button("Tap the card")).to_be_focused()
    hold("Tap the card", "authorized")
    assert day() == [("Held", 0)]


# The pressed button has lost the focus before the kernel has heard of it.
PRESS_AND_GO = "(button, elsewhere) => { button.focus(); button.click(); elsewhere.focus(); }"
FOCUSED = """() => {
  const it = document.activeElement;
  const label = it.id && document.querySelector(`label[for="${it.id}"]`);
  return [(label ? label.textContent : it.textContent).trim(), getComputedStyle(it).outlineStyle];
}"""
