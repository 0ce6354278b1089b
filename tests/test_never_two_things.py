"""Whatever goes wrong, and whatever is pressed then: headline, picture and buttons say the same."""

from __future__ import annotations

import random

import pytest

from irl_helpers import faults
from irl_helpers.account import stripe_client
from irl_helpers.connect import list_readers
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel, SaveCardPanel
from irl_helpers.point_of_sale import PointOfSale, open_shop
from irl_helpers.recovery import payment_shown

CARDS = ("4242424242424242", "4000000000009995", "4001007020000002")
FAULTS = (
    faults.reader_offline,
    faults.reader_busy,
    faults.slow_bank,
    faults.command_lost,
    faults.command_unconfirmed,
    faults.connection_lost,
    faults.action_stuck,
    faults.customer_cancels,
)
PANELS = (CollectPanel, CancelPanel, CartPanel, SaveCardPanel, PointOfSale)
STEPS = 25


def act(panel, rng):
    """Something that a person can do now, and how it is called."""
    buttons = {name: button for name, button in panel.buttons.items() if not button.disabled}
    buttons |= {
        name: getattr(panel, name)
        for name in ("simulate", "insert", "walk_away", "press_cancel")
        if not getattr(panel, name).disabled
    }
    if isinstance(panel, PointOfSale):
        products = panel.order_view.products.items()
        buttons |= {name: button for name, button in products if not button.disabled}
    touches = [area.name for area in (panel.picture.areas if panel.picture else ()) if area.name != "card"]
    kind = rng.choice(["button", "button", "card", "touch"])
    if kind == "touch" and touches:
        name = rng.choice(touches)
        panel.screen._handle_custom_msg({"touch": name}, [])
        return f"touch {name}"
    if kind == "card":
        number = rng.choice(CARDS)
        panel.screen._handle_custom_msg({"hold": number}, [])
        return f"hold {number}"
    name = rng.choice(sorted(buttons))
    buttons[name].click()
    return name


def disagree(panel):
    """What is said in two ways."""
    panel.refresh.click()
    headline, picture, lead = panel._headline(), panel.picture.alt, panel.screen.lead
    [reader] = list_readers()
    running = reader.action is not None and reader.action.status == "in_progress"
    takes = not panel.simulate.disabled
    asks = any(area.name == "card" for area in panel.picture.areas)
    invites = "Press a card" in lead and "Then press" not in lead
    if invites != takes or asks != takes:
        yield f"lead {lead!r}, areas {panel.picture.areas}, simulate {'on' if takes else 'off'}"
    if "asks for a card" in headline and "tap" not in picture:
        yield "the headline asks for a card, and the picture does not"
    if headline.endswith("asks for nothing") and running:
        yield "the headline says that nothing is asked"
    if "sees the" in headline and "cart" not in picture:
        yield "the headline says that something is seen"
    if "the bank is asked" in headline and "processing" not in picture:
        yield "the headline asks the bank"
    payment = panel.payment_intent_id
    if payment is None or isinstance(panel, SaveCardPanel):
        return
    intent = stripe_client().v1.payment_intents.retrieve(payment)
    if (intent.status == "requires_capture") != (panel.state == "authorized"):
        yield f"{panel.state}, and {intent.status}"
    ours = payment_shown(reader) == payment
    missed = (
        ours and intent.status in ("requires_capture", "succeeded") and reader.action.status != "succeeded"
    )
    if missed != ("was not told" in headline):
        yield "the reader was told, or it was not"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("kind", PANELS, ids=lambda kind: kind.__name__)
def test_what_a_panel_shows_agrees(account_file, kind, fault):
    rng = random.Random(f"{kind.__name__} {fault.__name__}")
    open_shop()
    [reader] = list_readers()
    panel, done, on = kind(), [], fault(reader.id)
    for step in range(STEPS):
        if step % 8 == 3:
            on.start()
            done.append("the fault")
        elif step % 8 == 7:
            on.stop()
            done.append("no fault")
        else:
            done.append(act(panel, rng))
        assert list(disagree(panel)) == [], f"after {done}: {panel._headline()} / {panel.picture.alt}"


def test_a_tip_that_is_typed_is_not_asked_for_by_a_payment_that_is_over(account_file):
    open_shop()
    [reader] = list_readers()
    panel = CollectPanel()
    panel.process.click()
    panel.screen._handle_custom_msg({"touch": "tip:custom"}, [])
    with faults.command_lost(reader.id):
        panel.cancel.click()
    assert list(disagree(panel)) == []
    assert "tap" in panel.picture.alt
