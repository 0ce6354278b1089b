"""After Restart a reader is ready for the next customer, as a device is once its result was seen."""

from __future__ import annotations

import pytest

from irl_helpers import setup
from irl_helpers.account import stripe_client
from irl_helpers.cancel import cancel_payment
from irl_helpers.cart import cart_of, show_cart
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel, SaveCardPanel

SOLD = ("process", "simulate", "capture", "restart")
BEGUN_ANEW = [
    (CollectPanel, SOLD),
    (CancelPanel, SOLD),
    (CartPanel, ("add", *SOLD)),
    (SaveCardPanel, ("save", "simulate", "restart")),
    (SaveCardPanel, ("save", "simulate", "charge", "restart")),
]
SPLASH = "WisePOS E: idle, splash screen"


@pytest.mark.parametrize(("kind", "presses"), BEGUN_ANEW)
def test_after_restart_the_splash_screen_is_seen_until_the_reader_shows_what_is_new(kind, presses):
    reader = setup.own_reader("Counter")
    panel = kind()
    for name in presses:
        shown = panel.picture.alt
        getattr(panel, name).click()
        assert panel.error == ""
    assert shown != SPLASH
    assert panel.picture.alt == SPLASH
    cancels = [each for each in panel.buttons.values() if each.description.startswith("Cancel")]
    assert cancels
    assert [each.disabled for each in cancels] == [True] * len(cancels), "nothing is left to cancel"
    show_cart(reader.id, cart_of([("Rye bread", 640, 1)]))
    panel.refresh.click()
    assert "cart with 1 line" in panel.picture.alt
    stripe_client().v1.terminal.readers.cancel_action(reader.id)
    panel.refresh.click()
    for name in presses[:-1]:
        getattr(panel, name).click()
        assert panel.picture.alt != SPLASH


def test_a_payment_that_is_canceled_elsewhere_leaves_no_approval_on_the_screen(reader):
    panel = CollectPanel()
    for name in ("process", "simulate"):
        getattr(panel, name).click()
    assert "approved" in panel.picture.alt
    cancel_payment(panel.payment_intent_id)
    panel.refresh.click()
    assert (panel.state, panel.picture.alt) == ("canceled", SPLASH)
