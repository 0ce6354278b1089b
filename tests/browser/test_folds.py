"""What opens below a till: the requests with their code to copy, the states, the faults."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import axe, shown
from tests.browser.shots import shot
from tests.browser.test_appearance import THEME

REQUESTS = ".irl-request"
# As on a plain-http address that is not this machine.
NO_CLIPBOARD = "() => Object.defineProperty(navigator, 'clipboard', {value: undefined})"


def opened(notebook, what):
    notebook.button(f"Show {what}").click()
    expect(notebook.button(f"Hide {what}")).to_be_visible()


def test_a_request_is_opened_by_keyboard_stays_open_and_its_code_is_copied(till):
    till.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(till, "what the button did")
    expect(till.panel.locator(REQUESTS)).not_to_have_count(0)
    before = till.panel.locator(REQUESTS).count()
    till.button("Process").click()
    expect(till.panel.locator(REQUESTS)).to_have_count(before + 2)
    # The newest is the last of the list, and stands at its top.
    asked = till.panel.locator(REQUESTS).last
    assert "process_payment_intent" in asked.locator("summary").inner_text()
    boxes = [till.panel.locator(REQUESTS).nth(place).bounding_box() for place in (before, before + 1)]
    assert boxes[1]["y"] < boxes[0]["y"]
    # And the keyboard finds it there.
    till.button("Hide what the button did").focus()
    till.page.keyboard.press("Tab")
    till.page.keyboard.press("Enter")
    expect(asked).to_have_attribute("open", "")

    till.button("Simulate Payment").click()
    expect(till.panel.locator(REQUESTS)).to_have_count(before + 3)
    asked = till.panel.locator(REQUESTS).nth(before + 1)
    expect(asked).to_have_attribute("open", "")
    for name in ("Python", "curl", "Answer"):
        copied(till.page, asked, name)
    till.page.evaluate(NO_CLIPBOARD)
    copied(till.page, asked, "curl")
    copied(till.page, asked, "Python")
    assert not till.broken


def copied(page, request, name):
    """Press the button and paste."""
    button = request.get_by_role("button", name=f"Copy {name}")
    button.click()
    expect(button).to_have_text("Copied")
    assert pasted(page) == button.locator("xpath=../..").locator("pre").text_content()


def pasted(page):
    """What is pasted into an empty box."""
    page.evaluate(
        "() => document.body.append(Object.assign(document.createElement('textarea'), {id: 'box'}))"
    )
    page.locator("#box").focus()
    page.keyboard.press("Control+V")
    return page.evaluate(
        "() => { const box = document.querySelector('#box'); box.remove(); return box.value }"
    )


def test_what_is_opened_has_no_fault_and_fits(till):
    for what in ("what the button did", "the states", "what can go wrong"):
        opened(till, what)
    till.button("Process").click()
    till.panel.locator(REQUESTS).last.locator("summary").click()
    till.field("The bank takes its time").check()
    till.button("Simulate Payment").click()
    expect(till.panel.locator(".irl-state")).to_have_text("the card was read, and the bank is asked")
    for theme in ("light", "dark"):
        till.page.evaluate(THEME, f"JupyterLab {theme.title()}")
        for width in (1280, 800, 390):
            till.page.set_viewport_size({"width": width, "height": 900})
            till.panel.evaluate("panel => panel.scrollIntoView()")  # JupyterLab draws what is in sight
            shown.fits(till.page)
        shown.can_be_read(till.page, diagrams=2)
        shot(till.page, f"folds-{theme}-390")
        axe.finds_nothing(till.page)
    till.page.set_viewport_size({"width": 1280, "height": 900})
    till.page.evaluate(THEME, "JupyterLab Light")
    till.field("The bank takes its time").uncheck()
    expect(till.panel.locator(".irl-state")).to_have_text("the money is held, and waits to be captured")


# Folds with something in them that reaches into the next: what spills out of a box is seen, and pressed.
SPILLED = """() => {
  const folds = [...document.querySelectorAll('.irl-panel .irl-fold')];
  const boxes = folds.map(fold => [fold, ...fold.querySelectorAll('*')]
    .filter(each => !each.parentElement.closest('.irl-scroll'))
    .map(each => each.getBoundingClientRect()).filter(box => box.width && box.height));
  return folds.slice(1).filter((_, place) =>
    Math.max(...boxes[place].map(box => box.bottom)) > Math.min(...boxes[place + 1].map(box => box.top)) + 1
  ).map(fold => fold.textContent.slice(0, 60));
}"""
SCROLLS = """() => [...document.querySelectorAll('.irl-panel .irl-scroll')].map(each =>
  getComputedStyle(each).overflowY === 'auto' && each.scrollHeight > each.clientHeight)"""


def test_fifty_requests_stay_in_their_box_with_every_fold_open(till):
    till.execute("for _ in range(50): client.v1.terminal.readers.list()")
    for what in ("what the button did", "the states", "what can go wrong"):
        opened(till, what)
    till.button("Process").click()
    expect(till.panel.locator(".irl-state")).to_have_text("the reader asks for a card")
    expect(till.panel.locator(REQUESTS).nth(49)).to_be_attached()
    for theme in ("light", "dark"):
        till.page.evaluate(THEME, f"JupyterLab {theme.title()}")
        for width in (1280, 800):
            till.page.set_viewport_size({"width": width, "height": 900})
            till.panel.evaluate("panel => panel.scrollIntoView()")  # JupyterLab draws what is in sight
            shown.becomes(lambda: till.page.evaluate(SCROLLS), [True])
            shown.becomes(lambda: till.page.evaluate(SPILLED), [])  # once the page has settled
            shot(till.page, f"folds-{theme}-{width}")
    till.page.evaluate(THEME, "JupyterLab Light")
