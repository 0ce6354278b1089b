"""The same panels under impatient hands: pressed twice, pressed too early, pressed while Stripe is slow."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from irl_helpers import faults
from irl_helpers.account import stripe_client
from irl_helpers.connect import list_readers
from irl_helpers.recovery import payment_shown
from irl_helpers.setup import find_reader
from irl_helpers.tips import process_config
from tests.browser import shown
from tests.browser.notebook import Notebook
from tests.browser.pace import press_twice
from tests.simulator.serving import Served, serve

# A page may lag behind: the button looks dead, and its click arrives all the same.
THOUGH_DISABLED = "button => { button.disabled = false; button.click(); button.disabled = true; }"


def settles(notebook: Notebook, payment: str | None) -> None:
    """The till comes to rest, and shows what the account has."""
    expect(notebook.panel.locator(".fa-spin")).to_have_count(0)
    notebook.shows(payment)


def error(notebook: Notebook) -> Locator:
    return notebook.panel.get_by_role("alert")


@pytest.fixture
def served(account_file, monkeypatch) -> Iterator[Served]:
    """The account over HTTP, where an answer can be slow; this process asks there as well."""
    with serve("--account", str(account_file)) as running:
        monkeypatch.setenv("IRL_API_BASE", running.url)
        yield running


def test_twice_is_once(open_notebook):
    notebook = open_notebook("03_collect.ipynb")
    notebook.run_all()
    before = len(shown.payment_ids())
    notebook.field("Amount").fill("20.00")
    press_twice(notebook.button("Process"))
    notebook.line("Its status").becomes("requires_payment_method")
    [payment, *_] = shown.payment_ids()
    settles(notebook, payment)
    assert len(shown.payment_ids()) == before + 1

    press_twice(notebook.button("Simulate Payment"))
    notebook.line("Its status").becomes("requires_capture")
    settles(notebook, payment)
    press_twice(notebook.button("Capture"))
    notebook.line("Its status").becomes("succeeded")
    settles(notebook, payment)
    charges = stripe_client().v1.charges.list(params={"payment_intent": payment}).data
    assert [(charge.amount_captured, charge.status) for charge in charges] == [(2000, "succeeded")]

    press_twice(notebook.button("Restart"))
    settles(notebook, None)


def test_too_early_and_too_late(open_notebook):
    notebook = open_notebook("04_cancel.ipynb")
    notebook.run_all()
    notebook.press("Restart")
    settles(notebook, None)
    before = shown.payment_ids()
    for name in ("Cancel reader action", "Cancel payment", "Simulate Payment", "Capture", "Restart"):
        expect(notebook.button(name)).to_be_disabled()
        notebook.pace.take(name)
        notebook.button(name).evaluate(THOUGH_DISABLED)
        expect(error(notebook)).to_have_text(f"{name} is not possible now: nothing is being paid.")
    assert shown.payment_ids() == before
    settles(notebook, None)

    notebook.press("Process")
    notebook.line("Its status").becomes("requires_payment_method")
    [payment, *_] = shown.payment_ids()
    # The customer pays in the moment in which the cashier gives up: one of the two comes first, and the page
    # shows which.
    for name in ("Simulate Payment", "Cancel reader action"):
        expect(notebook.button(name)).to_be_enabled()
    notebook.button("Simulate Payment").evaluate("button => button.click()")
    notebook.button("Cancel reader action").evaluate("button => button.click()")
    notebook.line("Its status").becomes("requires_capture")
    settles(notebook, payment)
    notebook.pace.take("Process")
    notebook.button("Process").evaluate(THOUGH_DISABLED)
    expect(error(notebook)).to_contain_text("Process is not possible now")
    notebook.press("Cancel payment")
    notebook.line("Its status").becomes("canceled")
    settles(notebook, payment)


def test_what_is_typed_is_what_is_asked_for(open_notebook):
    notebook = open_notebook("04_cancel.ipynb")
    notebook.run_all()
    notebook.press("Restart")
    settles(notebook, None)
    log = notebook.panel.get_by_role("log")
    for turn in range(10):
        amount = f"12.{60 + turn}"
        expect(notebook.field("Amount")).to_be_enabled()
        notebook.field("Amount").fill("")
        notebook.field("Amount").focus()
        # No moment between the keys, nor before the press: the values are on their way when it is made.
        notebook.page.keyboard.type(amount)
        if turn % 2:
            notebook.press("Process")
        else:
            notebook.page.keyboard.press("Enter")
        expect(log).to_contain_text(re.compile(rf"(for|to) \${re.escape(amount)}\."))
        expect(notebook.field("Amount")).to_be_disabled()
        [payment, *_] = shown.payment_ids()
        assert stripe_client().v1.payment_intents.retrieve(payment).amount == 1260 + turn
        notebook.press("Cancel reader action")
    expect(notebook.field("Amount")).to_be_enabled()
    expect(error(notebook)).to_be_hidden()


# All of it while the kernel is busy: choices, a switch that is turned on and off, and then the press.
CHOOSE_AND_PRESS = """([panel, card, others, box, button]) => {
  const {kernel} = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const busy = kernel.requestExecute({code: "import time; time.sleep(1)", store_history: false}).done;
  for (const label of [...others, card.label]) {
    const named = each => each.text.replace(/\\s+/g, " ").includes(label);
    card.list.value = [...card.list.options].find(named).value;
    card.list.dispatchEvent(new Event("change", {bubbles: true}));
  }
  for (const _ of [1, 2]) box.click();
  button.click();
  return busy.then(() => null);
}"""


def test_what_is_chosen_is_what_is_asked_for(open_notebook):
    notebook = open_notebook("03_collect.ipynb")
    notebook.run_all()

    def hastily(button, *cards):
        *others, last = cards
        expect(notebook.button(button)).to_be_enabled()
        card = {"list": notebook.field("Card").element_handle(), "label": last}
        box = notebook.field("Cancel button on the reader").element_handle()
        parts = [notebook.panel.element_handle(), card, others, box, notebook.button(button).element_handle()]
        notebook.page.evaluate(CHOOSE_AND_PRESS, parts)

    hastily("Process", "Visa …4242", "Mastercard")
    notebook.line("Its status").becomes("requires_payment_method")
    reader = find_reader(shown.COUNTER)
    assert not process_config(reader).get("enable_customer_cancellation")
    hastily("Simulate Payment", "Visa …4242", "Mastercard", "Visa …9987")
    notebook.line("Reader action").becomes("process_payment_intent: failed")
    payment = stripe_client().v1.payment_intents.retrieve(payment_shown(reader))
    assert payment.last_payment_error.decline_code == "lost_card"
    assert not notebook.broken


def test_a_form_sent_twice_makes_one_reader(open_notebook):
    notebook = open_notebook("01_setup.ipynb")
    notebook.run_all()
    before = {reader.id for reader in list_readers()}
    notebook.field("Label").fill("Window")
    press_twice(notebook.button("Register"))
    expect(notebook.panel.get_by_role("log")).to_contain_text("Window, online")
    new = [reader for reader in list_readers() if reader.id not in before]
    assert [reader.label for reader in new] == ["Window"]


def test_during_a_slow_call(open_notebook, served):
    notebook = open_notebook("03_collect.ipynb", {"IRL_API_BASE": served.url})
    notebook.run_all()
    before = len(shown.payment_ids())
    with faults.slow_answer(seconds=2, call="process_payment_intent"):
        process = notebook.button("Process")
        notebook.field("Amount").fill("20.00")
        process.click()
        expect(process).to_be_disabled()
        expect(process.locator(".fa-spin")).to_be_visible()
        # The rest stays usable meanwhile.
        notebook.field("Card").select_option("Visa …9987: declined: lost card")
        notebook.press("Refresh")
        notebook.line("Its status").becomes("requires_payment_method")
        process.evaluate(THOUGH_DISABLED)
        notebook.press("Cancel")
    notebook.line("Its status").becomes("canceled")
    [payment, *_] = shown.payment_ids()
    settles(notebook, payment)
    assert len(shown.payment_ids()) == before + 1
    # Whoever was faster: a reader must not go on asking for a payment that was given up.
    assert find_reader(shown.COUNTER).action is None
