"""What each press sends: its own work, then one look, which is two requests at the most, and nothing else."""

from __future__ import annotations

import re

import pytest

from irl_helpers import setup
from irl_helpers.account import reset_account, stripe_client
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel, ConnectPanel, SaveCardPanel, SetupPanel
from irl_helpers.point_of_sale import PointOfSale, open_shop
from irl_helpers.simulator import Simulator

READERS, PAYMENT, DAY = "GET readers", "GET payment_intents/*", "GET payment_intents"
CREATE = "POST payment_intents"
PROCESS = "POST readers/*/process_payment_intent"
PRESENT = "POST readers/*/present_payment_method"
CAPTURE, CANCEL = "POST payment_intents/*/capture", "POST payment_intents/*/cancel"
READER, CLEAR, SHOW = "GET readers/*", "POST readers/*/cancel_action", "POST readers/*/set_reader_display"
# A device knows which tips it offers; the customer's side of a simulated one asks for them.
TIPS = ["GET locations/*", "GET configurations"]
OWN_TIPS = ["GET locations/*", "GET configurations/*"]

OPENING = ["GET locations", "POST locations", "GET configurations", "POST configurations", "POST locations/*"]
OPENING += [READERS, "POST readers"]

# panel, what is pressed before, the press, its work, its look
PRESSES = [
    (SetupPanel, "", "create", ["GET locations", "POST locations"], ["GET locations"]),
    (SetupPanel, "", "register", [READERS, "POST readers"], ["GET locations", READER]),
    (ConnectPanel, "", "refresh", [READERS], [READERS]),
    (CollectPanel, "", "refresh", [], [READERS]),
    (CollectPanel, "", "process", [CREATE, PROCESS, *TIPS], [READERS, PAYMENT]),
    (CollectPanel, "process", "refresh", [], [READERS, PAYMENT]),
    (CollectPanel, "process", "simulate", [PRESENT], [READERS, PAYMENT]),
    (CollectPanel, "process", "walk_away", [], [READERS, PAYMENT]),
    (CollectPanel, "process", "cancel", [READER, CLEAR, CANCEL], [READERS, PAYMENT]),
    (CollectPanel, "process simulate", "capture", [CAPTURE], [READERS, PAYMENT]),
    (CollectPanel, "process simulate", "cancel", [READER, CLEAR, CANCEL], [READERS, PAYMENT]),
    (CollectPanel, "process simulate capture", "restart", [], [READERS, PAYMENT]),
    (CancelPanel, "process", "cancel", [READER, CLEAR], [READERS, PAYMENT]),
    (CancelPanel, "process cancel", "process", [PROCESS, *TIPS], [READERS, PAYMENT]),
    (CancelPanel, "process cancel", "cancel_payment", [CANCEL], [READERS, PAYMENT]),
    (CartPanel, "", "add", [SHOW], [READERS]),
    (CartPanel, "add", "take_back", [CLEAR], [READERS]),
    (CartPanel, "add", "process", [CREATE, PROCESS, *TIPS], [READERS, PAYMENT]),
    (PointOfSale, "", "first_product", [READER, SHOW], [READERS, DAY]),
    (PointOfSale, "first_product", "charge", [CREATE, READER, PROCESS, *OWN_TIPS], [READERS, DAY]),
    (PointOfSale, "first_product charge", "simulate", [PRESENT], [READERS, DAY]),
    (PointOfSale, "first_product charge", "change", [READER, CLEAR], [READERS, DAY]),
    (PointOfSale, "first_product charge change", "charge", [READER, PROCESS, *OWN_TIPS], [READERS, DAY]),
    (PointOfSale, "first_product charge", "give_up", [READER, CLEAR, CANCEL], [READERS, DAY]),
    (PointOfSale, "first_product charge simulate", "capture", [CAPTURE], [READERS, DAY]),
    (PointOfSale, "first_product charge simulate capture", "new_order", [READER, CLEAR], [READERS, DAY]),
    (PointOfSale, "first_product", "clear", [READER, CLEAR], [READERS, DAY]),
    (PointOfSale, "reset", "open", OPENING, [READERS, DAY]),
    (
        SaveCardPanel,
        "",
        "save",
        ["GET customers", "POST customers", "POST setup_intents", "POST readers/*/process_setup_intent"],
        [READERS, "GET setup_intents/*", "GET customers/*/payment_methods"],
    ),
]


@pytest.fixture
def sent(monkeypatch):
    """Everything that reaches the account, also what no log shows."""
    found = []
    handle = Simulator.handle

    def heard(simulator, method, target, headers, body=""):
        path = target.partition("?")[0]
        if path.startswith("/v1/"):
            words = path.removeprefix("/v1/").removeprefix("test_helpers/").removeprefix("terminal/")
            found.append(f"{method.upper()} {re.sub(r'[a-z]+_[A-Za-z0-9]{8,}', '*', words)}")
        return handle(simulator, method, target, headers, body)

    monkeypatch.setattr(Simulator, "handle", heard)
    return found


def opened(kind):
    if kind is PointOfSale:
        return PointOfSale(open_shop())
    setup.own_reader("Till")
    panel = kind()
    if kind is SetupPanel:
        panel.name.value, panel.label.value = "Another shop", "Another reader"
    return panel


def press_it(panel, name):
    if name == "reset":
        reset_account()
        name = "refresh"
    if name == "simulate" and isinstance(panel, PointOfSale):
        panel.tip.value = 0  # its reader asks for one first
    getattr(panel, name).click()


@pytest.mark.parametrize(
    ("kind", "before", "press", "work", "look"),
    PRESSES,
    ids=[f"{kind.__name__}: {before or 'at first'}: {press}" for kind, before, press, *_ in PRESSES],
)
def test_a_press_sends_its_work_and_one_look(account_file, sent, kind, before, press, work, look):
    panel = opened(kind)
    for button in before.split():
        press_it(panel, button)
        assert panel.error == ""
    sent.clear()
    press_it(panel, press)
    assert (panel.error, sent) == ("", [*work, *sorted(look, key=sent[len(work) :].index)])
    assert len([each for each in look if "customers" not in each]) <= 2


def test_every_action_of_every_till_is_in_the_table_or_does_the_same_as_one_that_is():
    pressed = {(kind, press) for kind, _, press, *_ in PRESSES}
    same = {
        (CancelPanel, "capture"), (CancelPanel, "restart"), (CancelPanel, "refresh"), (CartPanel, "capture"),
        (CartPanel, "cancel"), (CartPanel, "restart"), (CartPanel, "refresh"), (PointOfSale, "release"),
        (PointOfSale, "refresh"), (SaveCardPanel, "cancel"), (SaveCardPanel, "charge"),
        (SaveCardPanel, "restart"), (SaveCardPanel, "refresh"),
    }  # fmt: skip
    kinds = (SetupPanel, ConnectPanel, CollectPanel, CancelPanel, CartPanel, PointOfSale, SaveCardPanel)
    assert pressed | same >= {(kind, action.name) for kind in kinds for action in kind.ACTIONS}


def test_reading_the_tips_is_not_shown_as_what_the_button_did(account_file):
    panel = opened(CollectPanel)
    panel.process.click()
    assert panel.error == ""
    from irl_helpers.account import request_log

    assert [request.path for request in request_log()][-1].endswith("/process_payment_intent")
    assert stripe_client().v1.payment_intents.list().data[0].id == panel.payment_intent_id
