"""Two learners in two browsers, in one room: they log in by the form, sell and cancel with the buttons, and
the hub goes away and comes back between."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect

from irl_helpers.panels import CancelPanel
from tests.browser.conftest import browser
from tests.browser.notebook import Notebook
from tests.workshop.rooms import PATIENCE, PIN, Room

__all__ = ["browser"]  # a fixture

AMOUNTS = {"dora": "21.00", "emil": "43.00"}
PAYMENTS = """
from irl_helpers.account import stripe_client
payments = stripe_client().v1.payment_intents.list(params={"limit": 3}).data
print([(payment.id, payment.amount, payment.status) for payment in payments])
"""


@pytest.fixture
def pages(browser: Browser) -> Iterator[list[Page]]:
    """Two browsers that know nothing of each other, not even a cookie."""
    contexts = [browser.new_context(viewport={"width": 1280, "height": 900}) for _ in AMOUNTS]
    for context in contexts:
        context.set_default_timeout(PATIENCE * 1000)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def come_in(page: Page, room: Room, name: str, password: str) -> None:
    page.goto(room.address)
    page.get_by_label("Your name in this room").fill(name)
    page.get_by_label("A PIN that keeps it yours").fill(PIN)
    page.get_by_label("The room's password").fill(password)
    page.get_by_role("button", name="Come in").click()


def press(till: Notebook, name: str, then: str) -> None:
    till.button(name).click()
    till.state.becomes(CancelPanel.STATES[then])


def test_two_browsers_sell_and_cancel_while_the_hub_is_restarted(room, pages):
    names = [room.name(name) for name in AMOUNTS]
    tills = []
    for page, name in zip(pages, names, strict=True):
        come_in(page, room, name, "a guess")
        expect(page.get_by_role("alert")).to_contain_text("not the room's password")
        come_in(page, room, name, room.keys()["learner_password"])
        page.wait_for_url(f"{room.address}/user/{name}/lab/tree/notebooks/01_setup.ipynb")
        tills.append(Notebook(page, f"{room.address}/user/{name}/doc/tree/notebooks/04_cancel.ipynb"))
        tills[-1].run_all()
        press(tills[-1], "Restart", "ready")
        tills[-1].field("Amount").fill(AMOUNTS[name.partition("-")[0]])
    dora, emil = tills
    press(dora, "Process", "in_flight")
    press(emil, "Process", "in_flight")
    room.interrupt()
    press(dora, "Cancel reader action", "open")
    press(emil, "Simulate Payment", "authorized")
    room.start()
    press(dora, "Process", "in_flight")
    press(dora, "Simulate Payment", "authorized")
    press(dora, "Capture", "succeeded")
    press(emil, "Cancel payment", "canceled")
    for till in tills:
        # The page that JupyterHub serves again, and the login that it remembers.
        till.page.goto(f"{room.address}/hub/home")
        expect(till.page.get_by_role("button", name="My Server", exact=True)).to_be_visible()
    seen = [ast.literal_eval(room.learner(name).kernel().run(PAYMENTS)) for name in names]
    assert [payments[0][1:] for payments in seen] == [(2100, "succeeded"), (4300, "canceled")]
    assert not {id for id, *_ in seen[0]} & {id for id, *_ in seen[1]}
