"""A panel that lives through a reset forgets what the account has forgotten, and begins anew."""

from __future__ import annotations

import asyncio

import pytest

from irl_helpers.account import reset_account
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel, SaveCardPanel, SetupPanel
from irl_helpers.point_of_sale import PointOfSale, open_shop
from irl_helpers.setup import own_reader


def cafe():
    till = PointOfSale(open_shop())
    till.ask_for_tip.value = False
    return till


# Panel, the buttons that begin something and its state then; after the reset, and with a reader again.
PANELS = {
    "collect": (CollectPanel, ["process"], "in_flight", "no_reader", "ready"),
    "collect, paid": (CollectPanel, ["process", "simulate"], "authorized", "no_reader", "ready"),
    "cancel": (CancelPanel, ["process"], "in_flight", "no_reader", "ready"),
    "cart": (CartPanel, ["add", "process"], "in_flight", "no_reader", "ready"),
    "save a card": (SaveCardPanel, ["save"], "in_flight", "no_reader", "ready"),
    "save a card, saved": (SaveCardPanel, ["save", "simulate"], "saved", "no_reader", "ready"),
    "setup": (SetupPanel, ["register"], "registered", "no_location", "location_ready"),
    "point of sale": (cafe, ["first_product", "charge"], "in_flight", "closed", "ready"),
    "point of sale, paid": (
        cafe, ["first_product", "charge", "simulate", "capture"], "succeeded", "closed", "ready",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PANELS)
def test_a_panel_begins_anew_after_a_reset(case):
    make, buttons, begun, empty, again = PANELS[case]
    own_reader("Counter 1")
    panel = make()
    if case == "setup":
        panel.label.value = "Counter 2"
    for name in buttons:
        getattr(panel, name).click()
    assert panel.state == begun
    reset_account()
    asyncio.run(panel.look())
    assert (panel.state, panel.error) == (empty, "")
    assert panel.log[-1] == "What this panel worked with is not in the account any more. It begins anew."
    said = len(panel.log)
    own_reader("Counter 1")
    asyncio.run(panel.look())
    assert (panel.state, panel.error, len(panel.log)) == (again, "", said)
