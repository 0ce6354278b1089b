"""The counter's customer answers whatever the reader asks, whichever program began it."""

from __future__ import annotations

import pytest

from irl_helpers import faults, save_a_card, setup, tips
from irl_helpers.account import stripe_client
from irl_helpers.cards import card_number
from irl_helpers.collect import create_payment, process_payment, simulate_payment
from irl_helpers.panels import customer
from tests.counter.at_counter import INTERAC, WITH_PIN, at, hold, nothing, program, status, touch


def test_a_card_for_a_payment_of_another_program():
    client, readers, reader = program()
    payment = create_payment(1250, client=client)

    async def pay(panel):
        assert panel.state == "idle"
        readers.process_payment_intent(reader, params={"payment_intent": payment.id})
        await panel.look()
        assert (panel.state, panel.meaning()) == ("waiting", "the reader asks for a card")
        assert "$12.50" in panel.picture.alt
        await hold(panel)

    panel = at(pay)
    assert panel.meaning() == "the card was approved: the money is held, and waits to be captured"
    assert status(payment.id) == "requires_capture"
    client.v1.payment_intents.capture(payment.id)
    assert at(nothing).meaning() == "the card was approved, and the payment is captured"


def test_a_tip_is_chosen_on_the_glass():
    client, readers, reader = program()
    location = setup.own_location("Main Street Shop")
    rules = {"usd": {"fixed_amounts": [100, 200, 300]}}
    tips.use_configuration(location.id, tips.own_configuration("Tips", rules).id)
    payment = create_payment(1000, client=client)
    readers.process_payment_intent(reader, params={"payment_intent": payment.id})

    async def pay(panel):
        assert panel.meaning() == "the reader asks for a tip"
        await touch(panel, "tip:200")
        assert "$12.00" in panel.picture.alt
        await hold(panel)

    at(pay)
    assert stripe_client().v1.payment_intents.retrieve(payment.id).amount == 1200


def test_a_pin_is_typed_on_the_glass():
    client, readers, reader = program()
    payment = create_payment(1250, client=client)
    readers.process_payment_intent(reader, params={"payment_intent": payment.id})

    async def pay(panel):
        await hold(panel, WITH_PIN)
        assert panel.meaning() == "the reader asks for the PIN, which is 1234 for test cards here"
        await touch(panel, "key:1", "key:2", "key:3", "key:4", "key:enter")

    at(pay)
    assert status(payment.id) == "requires_capture"


def test_a_form_is_filled_in():
    _, readers, reader = program()
    texts = {"title": "Your email"}
    readers.collect_inputs(reader, params={"inputs": [{"type": "email", "custom_text": texts}]})

    async def fill_in(panel):
        assert panel.state == "collecting_inputs"
        panel.screen.typed = "jo@example.com"
        await touch(panel, "submit")

    assert at(fill_in).meaning() == "the form is filled in"


def test_a_card_is_saved():
    client, readers, reader = program()
    owner = save_a_card.own_customer("Jo", "jo@example.com", client=client)
    intent = save_a_card.create_setup(owner.id, client=client)
    readers.process_setup_intent(reader, params={"setup_intent": intent.id, "allow_redisplay": "always"})

    async def save(panel):
        assert panel.meaning() == "the reader asks for a card to save"
        await hold(panel)

    assert at(save).meaning() == "the card is saved"
    assert stripe_client().v1.setup_intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize("of", ["payment_intent", "charge"])
def test_a_refund_at_the_reader(of):
    """For Interac, whose cards are presented again."""
    client, readers, reader = program()
    types = ["card_present", "interac_present"]
    payment = client.v1.payment_intents.create(
        {"amount": 1250, "currency": "cad", "allowed_payment_method_types": types}
    )
    process_payment(reader, payment.id)
    simulate_payment(reader, INTERAC)
    charge = client.v1.payment_intents.retrieve(payment.id).latest_charge
    asked = {"payment_intent": payment.id, "charge": charge}
    readers.refund_payment(reader, params={of: asked[of], "amount": 500})

    async def present(panel):
        assert panel.meaning() == "the reader asks for the card that gets its money back"
        assert "refund of CA$5.00" in panel.picture.alt
        await hold(panel, INTERAC)

    assert at(present).meaning() == "the money goes back to the card"


def test_a_cart_is_shown_and_no_card_is_taken_then():
    _, readers, reader = program()
    cart = {
        "currency": "usd",
        "total": 450,
        "line_items": [{"description": "Tea", "amount": 450, "quantity": 1}],
    }
    readers.set_reader_display(reader, params={"type": "cart", "cart": cart})
    panel = at(hold)
    assert (panel.state, panel.log) == ("cart", [])


def test_a_declined_card_says_why():
    client, readers, reader = program()
    payment = create_payment(1250, client=client)
    readers.process_payment_intent(reader, params={"payment_intent": payment.id})
    panel = at(lambda panel: hold(panel, card_number("charge_declined_insufficient_funds")))
    assert panel.state == "failed"
    assert panel.meaning() == (
        "the card was declined: not enough money on this card. The same card will be declined again."
    )


def test_a_customer_who_cancels_is_named():
    client, readers, reader = program()
    asked = {"enable_customer_cancellation": True}
    params = {"payment_intent": create_payment(1250, client=client).id, "process_config": asked}
    readers.process_payment_intent(reader, params=params)
    panel = at(lambda panel: touch(panel, "cancel"))
    assert (panel.state, panel.meaning()) == ("failed", "the customer canceled on the reader.")


def test_while_the_bank_takes_its_time_the_screen_says_so():
    client, readers, reader = program()
    payment = create_payment(1250, client=client)
    readers.process_payment_intent(reader, params={"payment_intent": payment.id})

    async def pay(panel):
        with faults.slow_bank(reader):
            await hold(panel)
            await panel.look()
            assert panel.state == "authorizing"
            assert panel.simulate.disabled
        await panel.look()
        assert panel.state == "succeeded"

    at(pay)


def test_a_card_that_is_pressed_too_early_has_that_said_until_the_reader_asks():
    client, readers, reader = program()

    async def early(panel):
        await hold(panel)
        assert customer.NOT_ASKED in panel.messages.notice.value
        payment = create_payment(1250, client=client)
        readers.process_payment_intent(reader, params={"payment_intent": payment.id})
        await panel.look()
        assert panel.messages.notice.value == ""
        await hold(panel)
        assert status(payment.id) == "requires_capture"

    at(early)
