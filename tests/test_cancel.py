"""Part 4: what cancel does, and what it does not do."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers import cancel, collect
from irl_helpers.account import offline_controls, stripe_client
from irl_helpers.panels import CancelPanel

CART = {
    "currency": "usd",
    "line_items": [{"description": "Latte", "amount": 450, "quantity": 1}],
    "total": 450,
}


def payments():
    return list(stripe_client().v1.payment_intents.list().data)


# -- the calls


def test_the_reader_is_idle_and_the_payment_lives_on(client, till):
    payment = collect.create_payment(1500, client=client)
    collect.process_payment(till.id, payment.id, client=client)
    assert cancel.cancel_reader_action(till.id, client=client).action is None
    assert client.v1.payment_intents.retrieve(payment.id).status == "requires_payment_method"
    changed = cancel.change_amount(payment.id, 1250, client=client)
    assert (changed.id, changed.amount) == (payment.id, 1250)
    collect.process_payment(till.id, payment.id, client=client)
    collect.simulate_payment(till.id, client=client)
    assert collect.capture_payment(payment.id, client=client).amount_received == 1250


def test_cancel_does_no_harm_to_an_idle_reader_and_clears_a_cart(client, till):
    assert cancel.cancel_reader_action(till.id, client=client).action is None
    shown = client.v1.terminal.readers.set_reader_display(till.id, params={"type": "cart", "cart": CART})
    assert shown.action.type == "set_reader_display"
    assert cancel.cancel_reader_action(till.id, client=client).action is None


def test_a_hold_is_released_by_canceling_the_payment_alone(client, till):
    payment = collect.create_payment(1500, client=client)
    collect.process_payment(till.id, payment.id, client=client)
    collect.simulate_payment(till.id, client=client)
    cancel.cancel_reader_action(till.id, client=client)
    assert client.v1.payment_intents.retrieve(payment.id).amount_capturable == 1500
    gone = cancel.cancel_payment(payment.id, "abandoned", client=client)
    assert (gone.status, gone.amount_capturable, gone.cancellation_reason) == ("canceled", 0, "abandoned")


@pytest.mark.parametrize("finish", [collect.capture_payment, cancel.cancel_payment])
def test_what_is_over_cannot_be_canceled_or_changed(client, till, finish):
    payment = collect.create_payment(1500, client=client)
    collect.process_payment(till.id, payment.id, client=client)
    collect.simulate_payment(till.id, client=client)
    finish(payment.id, client=client)
    for call in (lambda: cancel.cancel_payment(payment.id, client=client),
                 lambda: cancel.change_amount(payment.id, 1250, client=client)):  # fmt: skip
        with pytest.raises(stripe.InvalidRequestError) as caught:
            call()
        assert caught.value.code == "payment_intent_unexpected_state"


def test_no_such_reader(client):
    with pytest.raises(stripe.InvalidRequestError, match="No such reader"):
        cancel.cancel_reader_action("tmr_nobody", client=client)


# -- the panel


def test_cancel_in_flight_then_another_amount_with_the_same_payment(reader):
    panel = CancelPanel("15.00")
    panel.process.click()
    assert panel.state == "in_flight"
    panel.cancel.click()
    assert (panel.state, panel.error) == ("open", "")
    assert stripe_client().v1.terminal.readers.retrieve(reader.id).action is None
    assert "idle" in panel.picture.alt
    assert "is still open" in panel.messages.state_line.value
    panel.amount.value = "12.50"
    panel.process.click()
    assert (panel.state, panel.picture.alt) == ("in_flight", "WisePOS E: $12.50, tap, insert or swipe")
    panel.simulate.click()
    panel.capture.click()
    [payment] = payments()
    assert (payment.status, payment.amount_received) == ("succeeded", 1250)


def test_cancel_the_payment_too_and_start_again(reader):
    panel = CancelPanel()
    panel.process.click()
    assert panel.cancel_payment.disabled
    panel.cancel.click()
    panel.cancel_payment.click()
    assert panel.state == "canceled"
    assert "the payment is canceled" in panel.messages.state_line.value
    [payment] = payments()
    assert payment.status == "canceled"
    assert not panel.restart.disabled
    panel.restart.click()
    assert (panel.state, panel.payment_intent_id) == ("ready", None)


def test_clearing_the_screen_after_the_tap_keeps_the_hold_in_sight(reader):
    panel = CancelPanel()
    panel.process.click()
    panel.simulate.click()
    panel.cancel.click()
    assert panel.state == "authorized"
    assert payments()[0].amount_capturable == 1250
    panel.cancel_payment.click()
    assert panel.state == "canceled"
    assert payments()[0].amount_capturable == 0


def test_the_same_button_clears_a_cart(reader):
    stripe_client().v1.terminal.readers.set_reader_display(reader.id, params={"type": "cart", "cart": CART})
    panel = CancelPanel()
    assert panel.state == "ready"
    assert "cart" in panel.picture.alt
    panel.cancel.click()
    assert (panel.error, "idle" in panel.picture.alt) == ("", True)
    assert panel.cancel.disabled


def test_a_refusal_goes_to_the_log_and_nothing_is_canceled(reader):
    panel = CancelPanel()
    panel.process.click()
    controls = offline_controls()
    fault = controls.request("post", "faults", kind="slow_bank", reader=reader.id)
    panel.simulate.click()
    assert (panel.state, panel.till.sale.stage) == ("in_flight", "authorizing")
    panel.cancel.click()
    assert panel.error.startswith("terminal_reader_busy: Reader is currently busy")
    assert panel.error.endswith("wait for the bank's answer.")
    assert panel.log[-1] == f"⚠ {panel.error}"
    assert panel.state == "in_flight"
    controls.request("delete", f"faults/{fault['id']}")
    panel.refresh.click()
    assert panel.state == "authorized"
