"""Each notebook is run in JupyterLab, and every button of its panel is pressed in the order that makes sense.

After each press the page must say what the account says; the account is asked by this process.
"""

from __future__ import annotations

from playwright.sync_api import expect

from irl_helpers.account import stripe_client
from irl_helpers.connect import chosen_reader, list_readers
from irl_helpers.panels import CancelPanel, CollectPanel
from irl_helpers.setup import find_location, find_reader
from tests.browser import shown
from tests.browser.notebook import Notebook


def press(notebook: Notebook, name: str, then: str, payment: str | None = None) -> str:
    """Press a till's button. Then the till must be in the state `then`, and show what the account has.
    Returns the PaymentIntent's id."""
    notebook.press(name)
    notebook.state.becomes(CancelPanel.STATES[then])
    payment = payment or shown.payment_ids()[0]
    notebook.shows(payment)
    return payment


def restart(notebook: Notebook) -> None:
    notebook.press("Restart")
    notebook.shows(None)


def test_part_1_makes_a_location_and_a_reader(open_notebook):
    notebook = open_notebook("01_setup.ipynb")
    notebook.run_all()

    notebook.field("Name").fill("Harbour Shop")
    notebook.press("Create location")
    expect(notebook.field("Location").locator("option:checked")).to_contain_text("Harbour Shop")
    harbour = find_location("Harbour Shop")
    locations = stripe_client().v1.terminal.locations.list().data
    notebook.offers("Location", [f"{x.display_name} ({x.id})" for x in locations])

    notebook.field("Reader").select_option("Simulated Stripe Reader S700")
    notebook.field("Label").fill("Window")
    notebook.press("Register")
    expect(notebook.panel.get_by_role("log")).to_contain_text("Window, online")
    window = find_reader("Window")
    assert (window.location, window.device_type) == (harbour.id, "simulated_stripe_s700")
    notebook.log.has(window.id)
    notebook.picture.becomes("Stripe Reader S700: idle, splash screen")

    before = len(list_readers())
    notebook.field("Reader").select_option("A physical reader")
    notebook.field("Label").fill("Door")
    notebook.press("Register")
    expect(notebook.panel.get_by_role("alert")).to_contain_text("Generate pairing code")
    for code in ("plum-grape-lemon", "peach-melon-lime", "apple-banana-cherry"):
        notebook.field("Code").fill(code)
        notebook.press("Register")
        expect(notebook.panel.get_by_role("alert")).to_contain_text(f"'{code}' is not valid")
    assert len(list_readers()) == before

    log = notebook.panel.get_by_role("log")
    assert log.evaluate("log => log.scrollHeight > log.clientHeight")  # more than is seen at once
    assert notebook.page.evaluate(shown.CUT_LINES) == []


def test_part_2_chooses_a_reader(open_notebook):
    notebook = open_notebook("02_connect.ipynb")
    notebook.run_all()
    notebook.press("Refresh")
    online = [f"{reader.label} ({reader.id})" for reader in list_readers()]
    notebook.offers("Reader", ["Choose a reader…", *online])

    reader = find_reader("Harbour 2")
    notebook.field("Reader").select_option(f"Harbour 2 ({reader.id})")
    shown.becomes(lambda: chosen_reader().id, reader.id)
    expect(notebook.panel.get_by_role("log")).to_contain_text(f"Connected to Harbour 2 ({reader.id})")


def test_part_3_takes_a_payment(open_notebook):
    notebook = open_notebook("03_collect.ipynb")
    notebook.run_all()
    notebook.shows(None)

    notebook.field("Amount").fill("20.00")
    payment = press(notebook, "Process", "in_flight")
    notebook.picture.becomes("WisePOS E: $20.00, tap, insert or swipe")
    notebook.field("Card").select_option("Visa …9995: declined: not enough money")
    notebook.press("Simulate Payment")
    notebook.line("Reader action").becomes("process_payment_intent: failed")
    notebook.shows(payment)

    press(notebook, "Process", "in_flight", payment)
    notebook.field("Card").select_option("Visa …4242: approved")
    press(notebook, "Simulate Payment", "authorized", payment)
    press(notebook, "Capture", "succeeded", payment)
    assert stripe_client().v1.payment_intents.retrieve(payment).amount_received == 2000
    restart(notebook)

    notebook.field("Amount").fill("7.30")
    second = press(notebook, "Process", "in_flight")
    notebook.press("Cancel")
    notebook.state.becomes(CollectPanel.STATES["canceled"])
    notebook.shows(second)
    restart(notebook)
    notebook.press("Refresh")
    expect(notebook.button("Process")).to_be_enabled()
    assert shown.payment_ids()[:2] == [second, payment]


def test_part_4_cancels_a_payment(open_notebook):
    notebook = open_notebook("04_cancel.ipynb")
    notebook.run_all()
    restart(notebook)

    notebook.field("Amount").fill("15.00")
    payment = press(notebook, "Process", "in_flight")
    press(notebook, "Cancel reader action", "open", payment)

    notebook.field("Amount").fill("12.50")
    press(notebook, "Process", "in_flight", payment)
    notebook.picture.becomes("WisePOS E: $12.50, tap, insert or swipe")
    press(notebook, "Simulate Payment", "authorized", payment)
    press(notebook, "Cancel payment", "canceled", payment)
    assert find_reader(shown.COUNTER).action.status == "succeeded"
    restart(notebook)

    again = press(notebook, "Process", "in_flight")
    press(notebook, "Simulate Payment", "authorized", again)
    press(notebook, "Capture", "succeeded", again)
    assert shown.payment_ids()[:2] == [again, payment]
