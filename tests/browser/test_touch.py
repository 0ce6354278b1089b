"""The reader on the page is touched: with the mouse, by dragging, with the keyboard, on a telephone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe, shown
from tests.browser.shots import shot
from tests.browser.test_appearance import THEME

AREA = ".irl-touch-area"
CARD = ".irl-card"


def area(till, label):
    return till.panel.get_by_role("button", name=label, exact=True)


def card(till, words):
    return till.panel.locator(CARD).filter(has_text=words).first


# Where the page comes to rest is JupyterLab's affair too: it moves its cells in a window that became narrow.
NOTE_SCROLLS = """() => {
  const scroll = window.scrollAsEver ??= Element.prototype.scrollIntoView;
  window.broughtIntoSight = [];
  const picture = document.querySelector(".irl-touch-reader img");
  let shown = "";
  let since = 0;
  const note = () => {
    if (picture.alt !== shown) [shown, since] = [picture.alt, performance.now()];
  };
  new MutationObserver(note).observe(picture, { attributes: true });
  Element.prototype.scrollIntoView = function (...how) {
    if (this.matches(".irl-touch-reader, .irl-panel button")) window.broughtIntoSight.push(this.textContent);
    if (this.matches(".irl-panel button")) window.wasRead = { shown, for: performance.now() - since };
    return scroll.apply(this, how);
  };
}"""
READER = ""  # which is all picture


def brings_into_sight(till, what):
    """Once more since it was seen last, however often: a slow page draws the same thing several times."""
    shown.Look(lambda: till.page.evaluate("() => window.broughtIntoSight")).has(what)
    till.page.evaluate("() => { window.broughtIntoSight = []; }")


def state(till, words):
    expect(till.panel.locator(".irl-state")).to_have_text(words)


def test_a_card_is_dragged_to_the_reader_and_pays(till):
    expect(till.panel.locator(AREA)).to_have_count(0)
    till.press("Process")
    state(till, "the reader asks for a card")
    expect(till.panel.locator(".irl-wallet-note").first).to_contain_text("Press a card, or drag it")
    expect(till.panel.locator(".irl-wallet-note").last).to_contain_text("are for a real reader")
    shot(till.page, "touch-prompt")
    card(till, "Mastercard").hover()
    x, y = middle(card(till, "Mastercard"))
    till.page.mouse.down()
    till.page.mouse.move(x + 40, y - 60, steps=4)
    shot(till.page, "touch-drag")
    till.panel.locator(".irl-touch-reader").hover()
    assert till.page.evaluate("getSelection().isCollapsed")
    till.page.mouse.up()
    state(till, "the money is held, and waits to be captured")
    expect(till.panel.locator(AREA)).to_have_count(0)
    expect(till.panel.locator(".irl-wallet-note").first).to_contain_text("not asking for a card")
    # The keyboard's next card is no end of that drag.
    till.press("Capture")
    till.press("Restart")
    till.press("Process")
    state(till, "the reader asks for a card")
    card(till, "Discover").press("Enter")
    state(till, "the money is held, and waits to be captured")
    assert not till.broken


# Only asked, not pressed: it would run the cell.
KEPT_FROM_JUPYTERLAB = """(button, keys) => {
  const [shiftKey, ctrlKey] = [keys[0] === 'Shift', keys[0] === 'Control'];
  const how = {bubbles: true, key: keys.at(-1), shiftKey, ctrlKey};
  let kept;
  const look = event => {
    kept = event.target.hasAttribute('data-lm-suppress-shortcuts');
    event.stopPropagation();
  };
  button.addEventListener('keydown', look);
  button.dispatchEvent(new KeyboardEvent('keydown', how));
  button.removeEventListener('keydown', look);
  return kept;
}"""

# Not those on the page, where JupyterLab draws them one after the other.
CELLS = "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].map(cell => cell.type)"


def keys_stay_in_the_panel(till):
    """JupyterLab would go to another cell, or make this one Markdown, cut it, or add others."""
    cells = till.page.evaluate(CELLS)
    chosen = till.panel.locator(f"{CARD}[aria-pressed=true]")
    cards = till.panel.get_by_label("Card", exact=True)
    cards.focus()
    before = cards.input_value()
    till.page.keyboard.press("ArrowDown")
    expect(cards).not_to_have_value(before)
    for last, arrow in ((-1, "ArrowDown"), (0, "ArrowUp")):  # headings keep nobody from going on
        options = cards.locator("option").all_inner_texts()
        wanted = [each for each in options if not each.startswith("──")][last]
        for _ in options:
            till.page.keyboard.press(arrow)
        expect(cards.locator("option:checked")).to_have_text(wanted)
    till.page.keyboard.press("m")
    expect(chosen).to_contain_text("Mastercard")
    expect(cards).to_be_focused()
    for focused in (cards, till.button("Refresh"), card(till, "Visa")):
        focused.focus()
        for key in "xydda":
            till.page.keyboard.press(key)
        expect(focused).to_be_focused()
    assert till.page.evaluate(CELLS) == cells
    for keys, kept in (("Shift+Enter", False), ("Control+s", False), ("x", True), ("Shift+X", True)):
        assert till.button("Refresh").evaluate(KEPT_FROM_JUPYTERLAB, keys.split("+")) == kept, keys
    card(till, "Visa").press("Enter")


BACK = "Take the card out"


def pressed_again_and_typed_on_it(till, inserted):
    """A card that is in the reader already, while its PIN is typed."""
    dots = shown.Look(lambda: till.page.evaluate(DOTS))
    till.page.keyboard.type("99")
    dots.becomes(2)
    till.page.keyboard.press("Enter")
    till.picture.has("wrong pin")
    inserted.press("Enter")
    expect(area(till, "1")).to_be_focused()
    inserted.focus()
    for keys, typed in (("1", 1), ("2", 2), ("Backspace", 1), ("3", 2), ("Escape", 0), ("Delete", 0)):
        till.page.keyboard.press(keys)
        expect(area(till, "Enter")).to_be_focused()
        dots.becomes(typed)
        inserted.focus()
    inserted.click()
    expect(area(till, "1")).to_be_focused()
    till.picture.has("wrong pin")


DOTS = """() => {
  const picture = document.querySelector(".irl-touch-reader img").src;
  return atob(picture.split(",")[1]).split('r="6"').length - 1;
}"""


def test_a_pin_is_typed_on_the_glass_by_keyboard_alone(till):
    keys_stay_in_the_panel(till)
    till.field("Amount").press("Enter")
    state(till, "the reader asks for a card")
    expect(till.button("Simulate Payment")).to_be_focused()
    card(till, "Visa").focus()
    focused = till.panel.locator(f"{CARD}:focus")
    first = focused.bounding_box()
    till.page.keyboard.press("ArrowDown")
    shown.becomes(lambda: focused.bounding_box()["x"], first["x"])
    assert focused.bounding_box()["y"] > first["y"]
    till.page.keyboard.press("ArrowUp")
    shown.becomes(lambda: focused.bounding_box(), first)
    cards = till.panel.locator(CARD)
    for key, end in (("End", cards.last), ("Home", cards.first)):
        till.page.keyboard.press(key)
        expect(end).to_be_focused()
    for _ in range(20):
        if "online PIN" in till.page.evaluate("() => document.activeElement.textContent"):
            break
        till.page.keyboard.press("ArrowRight")
    reader, more = till.panel.locator(".irl-touch-reader"), till.panel.locator(".irl-wallet-more")
    more.evaluate("more => more.scrollIntoView({block: 'start'})")  # and the reader is above the page
    expect(reader).not_to_be_in_viewport(ratio=0.5)
    till.page.keyboard.press("Enter")
    expect(area(till, "1")).to_be_focused()
    expect(reader).to_be_in_viewport(ratio=0.99)
    expect(more).to_be_in_viewport(ratio=0.99)
    path = (
        ("Down", "4"),
        ("Right", "5"),
        ("Up", "2"),
        ("Up", BACK),
        ("Up", BACK),
        ("Down", "1"),
        ("Left", "1"),
    )
    for arrow, key in path:
        till.page.keyboard.press(f"Arrow{arrow}")
        expect(area(till, key)).to_be_focused()
    pressed_again_and_typed_on_it(till, till.panel.locator(CARD, has_text="online PIN"))
    area(till, "1").focus()
    till.page.keyboard.press("Enter")
    area(till, "2").press("Space")
    till.page.keyboard.type("4")
    till.page.keyboard.press("Backspace")
    till.page.keyboard.type("34")
    expect(area(till, "Enter")).to_be_focused()
    shot(till.page, "touch-pin")
    axe.finds_nothing(till.page)
    till.page.keyboard.press("Enter")
    state(till, "the money is held, and waits to be captured")
    expect(till.button("Capture")).to_be_focused()
    till.page.keyboard.press("Enter")
    expect(till.button("Restart")).to_be_focused()
    till.page.keyboard.press("Enter")
    state(till, "nothing is being paid")
    till.press("Process")
    area(till, "Hold the card to the reader").press("Enter")
    expect(area(till, "1")).to_be_focused()
    assert not till.broken


def test_the_menu_of_a_field_is_the_browsers_own(till):
    """A long touch on text opens it too; JupyterLab's has "Delete Cell" in it, and takes the focus."""
    menu = till.page.locator(".lm-Menu")
    till.panel.locator(".irl-state").click(button="right")
    expect(menu).to_be_visible()
    till.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    amount = till.field("Amount")
    amount.dblclick()
    amount.click(button="right")
    till.page.keyboard.type("7")
    expect(amount).to_have_value(re.compile("7"))
    expect(menu).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_telephone_the_reader_is_touched_too(till, theme):
    till.page.evaluate(THEME, f"JupyterLab {theme.title()}")
    till.page.set_viewport_size({"width": 390, "height": 844})
    till.page.evaluate(NOTE_SCROLLS)
    till.press("Process")
    state(till, "the reader asks for a card")
    brings_into_sight(till, READER)
    till.panel.locator(".irl-card", has_text="online PIN").click()
    expect(area(till, "Enter")).to_be_visible()
    brings_into_sight(till, READER)
    for key in "1234":
        area(till, key).click()
    expect(area(till, "Enter")).to_be_focused()
    till.page.evaluate("() => { window.broughtIntoSight = []; }")
    area(till, "Enter").click()
    brings_into_sight(till, READER)
    state(till, "the money is held, and waits to be captured")
    brings_into_sight(till, "Capture")
    read = till.page.evaluate("() => window.wasRead")
    assert "approved" in read["shown"]
    assert read["for"] > 1500  # milliseconds
    till.button("Show what can go wrong").click()
    shown.fits(till.page)
    till.panel.locator(".irl-touch").scroll_into_view_if_needed()
    shot(till.page, f"touch-390-{theme}")
    till.page.set_viewport_size({"width": 1280, "height": 900})
    till.page.evaluate(THEME, "JupyterLab Light")


def finger(session, kind, *place):
    points = [{"x": place[0], "y": place[1]}] if place else []
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_finger_scrolls_the_wallet_and_lifts_the_card_on_which_it_rests(till):
    session = till.page.context.new_cdp_session(till.page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    till.page.set_viewport_size({"width": 390, "height": 844})
    amount = till.field("Amount")

    def replaced():
        """What a finger's first tap on a field has taken is replaced by what is typed."""
        till.panel.locator(".irl-state").click()
        amount.fill("99.00")
        amount.blur()
        amount.scroll_into_view_if_needed()
        finger(session, "touchStart", *middle(amount))
        finger(session, "touchEnd")
        try:
            expect(amount).to_be_focused(timeout=3000)
        except AssertionError:
            return ""
        till.page.keyboard.type("12.50")
        return amount.input_value()

    shown.becomes(replaced, "12.50")
    expect(amount).to_have_attribute("inputmode", "decimal")
    till.press("Process")
    state(till, "the reader asks for a card")
    more = till.panel.locator(".irl-wallet-more")
    more.scroll_into_view_if_needed()
    expect(more).to_have_text(re.compile(r"\d+ more cards below"))
    wallet = till.panel.locator(".irl-wallet")

    def swiped():
        """How far the wallet goes under a finger that does not rest; on a slow machine one may seem to."""
        x, y = middle(card(till, "Discover"))
        finger(session, "touchStart", x, y)
        for step in range(10, 100, 10):
            finger(session, "touchMove", x, y - step)
        finger(session, "touchEnd")
        return wallet.evaluate("wallet => wallet.scrollTop") > 0

    shown.becomes(swiped, True)
    state(till, "the reader asks for a card")
    wallet.evaluate("wallet => wallet.scrollTo(0, 0)")
    start, reader = middle(card(till, "Mastercard")), middle(area(till, "Hold the card to the reader"))
    finger(session, "touchStart", *start)
    expect(till.panel.locator(".irl-card-dragged")).to_be_visible()
    shot(till.page, "touch-390-lifted")
    for part in (0.2, 0.5, 0.8, 1):
        finger(session, "touchMove", *(a + (b - a) * part for a, b in zip(start, reader, strict=True)))
    finger(session, "touchEnd")
    state(till, "the money is held, and waits to be captured")
    expect(till.panel.locator(".irl-card-dragged")).to_have_count(0)
    expect(card(till, "Mastercard")).to_have_attribute("aria-pressed", "true")
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    till.page.set_viewport_size({"width": 1280, "height": 900})
    assert not till.broken


FORM = """
from irl_helpers.account import stripe_client
from irl_helpers.connect import list_readers
for reader in list_readers():
    stripe_client().v1.terminal.readers.collect_inputs(reader.id, params={"inputs": [
        {"type": "email", "custom_text": {"title": "Your email"}, "toggles": [{"title": "News"}]},
        {"type": "phone", "custom_text": {"title": "Your phone"}},
        {"type": "signature", "custom_text": {"title": "Sign for it"}},
        {"type": "selection", "custom_text": {"title": "How was it?"},
         "selection": {"choices": [{"id": "good", "text": "Good", "style": "primary"}]}},
    ]})
"""
ANSWERS = """
answers = [stripe_client().v1.terminal.readers.retrieve(reader.id).action for reader in list_readers()]
[done] = [action for action in answers if action.status == "succeeded"]
email, phone, signature, selection = done.collect_inputs.inputs
assert (email.email.value, email.toggles[0].value) == ("jo@example.com", "enabled"), email
assert phone.phone.value == "+1201555", phone
assert selection.selection.id == "good", selection
drawn = stripe_client().v1.files.retrieve(signature.signature.value)
assert drawn.size > 200, drawn
"""
TIPS = """
configurations = stripe_client().v1.terminal.configurations
[default] = configurations.list(params={"is_account_default": True}).data
configurations.update(default.id, params={"tipping": {"usd": {"fixed_amounts": [100]}}})
"""


def test_a_form_and_a_tip_are_typed_on_the_picture(till):
    till.execute(FORM)
    email = till.panel.get_by_role("textbox", name="Type an email address")
    expect(email).to_be_visible()
    area(till, "Submit").click()
    alert = till.panel.locator(".irl-alert")
    expect(alert).to_have_text("Your email: nothing was given. The reader takes an email address here.")
    card(till, "Visa").focus()
    till.page.keyboard.type("jo@example.com", delay=15)
    expect(email).to_have_value("jo@example.com")
    area(till, "News").click()
    shot(till.page, "touch-form-email")
    axe.finds_nothing(till.page)
    email.press("Enter")
    expect(till.panel.get_by_role("img").first).to_have_attribute("alt", re.compile("2 of 4"))
    for key in "2015":
        area(till, key).click()
    phone = till.panel.get_by_role("textbox", name="Type a phone number")
    expect(phone).to_have_value("2015")
    for key in "999":
        area(till, key).click()
    for _ in "999":
        area(till, "Erase").click()
    phone.fill("+12015")
    area(till, "Submit").click()
    expect(alert).to_contain_text("Your phone: '+12015' was not taken. The reader takes a phone number")
    phone.fill("+1201555")
    area(till, "Submit").click()
    box = area(till, "Sign here").bounding_box()
    for start in (20, 90):
        till.page.mouse.move(box["x"] + start, box["y"] + 30)
        till.page.mouse.down()
        till.page.mouse.move(box["x"] + start + 40, box["y"] + 70, steps=5)
        till.page.mouse.up()
    expect(till.panel.get_by_role("img").first).to_have_attribute("alt", re.compile("which is there"))
    shot(till.page, "touch-form-signature")
    area(till, "Submit").click()
    area(till, "Good").click()
    expect(till.panel.locator(AREA)).to_have_count(0)
    till.execute(ANSWERS)
    till.execute(TIPS)
    till.press("Process")
    area(till, "Custom").click()
    till.picture.has("type a tip: $0.00")
    card(till, "Visa").focus()
    till.page.keyboard.type("2,5")
    till.picture.has("type a tip: $2.50")
    area(till, "Back to the choice of a tip").press("Enter")
    till.picture.has("choose a tip")
    assert not till.broken
