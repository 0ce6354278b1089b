"""What happens outside of the page: another program at work, a restarted kernel, an emptied account."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from irl_helpers.account import reset_account, stripe_client
from irl_helpers.cancel import cancel_payment, cancel_reader_action
from irl_helpers.collect import create_payment, process_payment, simulate_payment
from irl_helpers.panels import CollectPanel
from irl_helpers.point_of_sale.shop import COUNTER
from irl_helpers.setup import find_reader
from tests.browser import shown
from tests.browser.till import Till


def test_what_another_process_does_appears_by_itself(open_notebook):
    notebook = open_notebook("03_collect.ipynb")
    notebook.run_all()
    reader = find_reader(shown.COUNTER).id
    cancel_reader_action(reader)
    notebook.picture.becomes("WisePOS E: idle, splash screen")

    payment = create_payment(4200).id
    process_payment(reader, payment)
    notebook.shows(payment)
    notebook.state.becomes(CollectPanel.STATES["in_flight"])
    notebook.picture.has("$42.00")

    simulate_payment(reader)
    notebook.shows(payment)
    notebook.state.becomes(CollectPanel.STATES["authorized"])
    cancel_payment(payment)
    notebook.shows(payment)
    notebook.state.becomes(CollectPanel.STATES["canceled"])


def test_a_kernel_that_is_restarted_in_mid_payment(open_notebook, account_file):
    notebook = open_notebook("point_of_sale.ipynb")
    notebook.run_all()
    till = Till(notebook.page)
    till.press("Latte", "Carrot cake")
    till.press("Charge $12.10")
    till.becomes("in_flight")
    asked = find_reader(COUNTER).action

    notebook.restart()
    is_over(notebook)
    assert find_reader(COUNTER).action == asked
    notebook.set_environment({"IRL_ACCOUNT_FILE": str(account_file)})
    notebook.run_all()
    again = Till(notebook.page)
    again.becomes("in_flight")
    assert find_reader(COUNTER).action == asked
    again.totals("$12.10")
    again.sees("choose a tip on $12.10")

    again.choose("Tip", "No tip")
    again.press("Tap the card")
    again.becomes("authorized")
    again.press("Capture $12.10")
    again.becomes("paid: $12.10")
    [payment] = stripe_client().v1.payment_intents.list().data
    assert (payment.status, payment.amount_received) == ("succeeded", 1210)

    notebook.page.evaluate(SAVE)
    notebook.page.reload()
    expect(notebook.button("New order")).to_be_visible()  # its kernel lives, and so does the panel
    notebook.restart()
    is_over(notebook)
    for end in (None, SHUT_DOWN):
        if end is not None:
            notebook.page.evaluate(end)
        notebook.page.reload()
        picture = notebook.page.get_by_role("img", name=re.compile("^PointOfSale, as it was when this cell"))
        expect(picture).to_be_visible()


SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
SHUT_DOWN = "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()"
SAID_INSTEAD = "panel => getComputedStyle(panel, '::before').content"


def is_over(notebook):
    """In place of buttons that would do nothing the panel says what to do."""
    expect(notebook.panel.locator("button:visible")).to_have_count(0)
    shown.Look(lambda: notebook.panel.evaluate(SAID_INSTEAD)).has("Run this cell again")


def test_an_account_that_is_reset_under_the_page(open_notebook):
    notebook = open_notebook("point_of_sale.ipynb")
    notebook.run_all()
    till = Till(notebook.page)
    till.press("Latte", "Charge $5.50")
    till.becomes("in_flight")
    reset_account()
    till.becomes("closed")
    till.press("Show what happened")
    expect(till.panel.get_by_role("log")).to_contain_text("It begins anew")
    expect(till.panel.get_by_role("alert")).to_have_count(0)
    till.press("Open the shop")
    till.becomes("ready")
