"""Part 3: a sale, by call and by panel. One sale is one PaymentIntent, whatever is pressed."""

from __future__ import annotations

import asyncio
import re

import ipywidgets as W
import pytest
import stripe

from irl_helpers import collect, setup
from irl_helpers.account import offline_controls, request_log, revision, stripe_client
from irl_helpers.cards import card_number, card_options
from irl_helpers.connect import choose_reader
from irl_helpers.panels import CollectPanel
from irl_helpers.panels.layout import everything_in
from irl_helpers.panels.reader_words import DECLINES_BY_AMOUNT
from irl_helpers.sale import Sale
from irl_helpers.simulator.cards import CARDS
from irl_helpers.simulator.later_cards import LATER

NO_MONEY = "4000000000009995"


def payments():
    return list(stripe_client().v1.payment_intents.list().data)


# -- the calls


def test_a_sale_from_the_prompt_to_the_money(client, till):
    payment = collect.create_payment(1250, client=client)
    assert (payment.status, payment.amount, payment.currency) == ("requires_payment_method", 1250, "usd")
    asked = collect.process_payment(till.id, payment.id, client=client)
    assert asked.action.status == "in_progress"
    assert asked.action.process_payment_intent.payment_intent == payment.id
    done = collect.simulate_payment(till.id, client=client)
    assert done.action.status == "succeeded"
    held = client.v1.payment_intents.retrieve(payment.id)
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 1250, 0)
    paid = collect.capture_payment(payment.id, client=client)
    assert (paid.status, paid.amount_capturable, paid.amount_received) == ("succeeded", 0, 1250)


def test_less_can_be_captured_and_never_more(client, till):
    payment = collect.create_payment(2000, client=client)
    collect.process_payment(till.id, payment.id, client=client)
    collect.simulate_payment(till.id, client=client)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        collect.capture_payment(payment.id, 200_000, client=client)
    assert caught.value.code == "amount_too_large"
    paid = collect.capture_payment(payment.id, 1500, client=client)
    assert (paid.amount, paid.amount_received, paid.amount_capturable) == (2000, 1500, 0)


def test_the_same_sale_is_never_created_twice(client):
    first = collect.create_payment(1250, sale="table-7", client=client)
    again = collect.create_payment(1250, sale="table-7", client=client)
    other = collect.create_payment(1250, sale="table-8", client=client)
    assert first.id == again.id != other.id
    assert first.metadata["sale"] == "table-7"


def test_a_decline_is_an_action_that_failed(client, till):
    payment = collect.create_payment(1250, client=client)
    collect.process_payment(till.id, payment.id, client=client)
    done = collect.simulate_payment(till.id, "charge_declined_insufficient_funds", client=client)
    assert (done.action.status, done.action.failure_code) == ("failed", "card_declined")
    payment = client.v1.payment_intents.retrieve(payment.id)
    assert payment.status == "requires_payment_method"
    assert payment.last_payment_error.decline_code == "insufficient_funds"


@pytest.mark.parametrize("card", ["visa", "4242424242424242", "4242 4242 4242 4242"])
def test_a_card_goes_by_its_name_or_its_number(card):
    assert card_number(card) == "4242424242424242"


@pytest.mark.parametrize("card", ["", "4111111111111111", "my card", "charge"])
def test_a_real_card_is_refused_before_anything_is_sent(card, reader):
    before = len(request_log())
    with pytest.raises(ValueError, match="test cards"):
        collect.simulate_payment(reader.id, card)
    assert len(request_log()) == before


def test_every_test_card_can_be_chosen_by_what_happens():
    options = dict(card_options())
    assert set(options.values()) == set(CARDS)
    assert len(options) == len(CARDS)
    assert options["Interac debit …1933: only for Interac payments, in Canada"] == card_number("interac")
    for label, number in options.items():
        assert label.endswith("approved") == (
            CARDS[number].outcome == "approved"
            and CARDS[number].cvm == "approval"
            and CARDS[number].brand != "interac"
            and not (number in LATER and LATER[number].refund == "fails")
        )


# -- the panel


def test_the_panel_without_a_reader():
    panel = CollectPanel()
    assert panel.state == "no_reader"
    assert panel.process.disabled
    panel.process.click()
    assert "no online reader" in panel.error
    assert payments() == []


def test_a_whole_sale_by_buttons(reader):
    panel = CollectPanel("12.50")
    assert panel.state == "ready"
    panel.process.click()
    assert panel.state == "in_flight"
    assert "$12.50" in panel.picture.alt
    panel.simulate.click()
    assert panel.state == "authorized"
    assert payments()[0].status == "requires_capture"
    panel.capture.click()
    assert panel.state == "succeeded"
    [payment] = payments()
    assert (payment.id, payment.amount_received) == (panel.payment_intent_id, 1250)
    assert payment.id in panel.till.result.value
    assert panel.error == ""
    panel.restart.click()
    assert (panel.state, panel.payment_intent_id) == ("ready", None)
    panel.process.click()
    assert len(payments()) == 2


ENABLED = {
    "ready": {"process", "refresh"},
    "in_flight": {"simulate", "cancel", "refresh"},
    "declined": {"process", "cancel", "refresh"},
    "authorized": {"capture", "cancel", "refresh"},
    "succeeded": {"restart", "refresh"},
    "canceled": {"restart", "refresh"},
}


def test_a_button_can_be_pressed_only_when_its_call_makes_sense(reader):
    panel = CollectPanel()

    def check(state):
        assert panel.state == state
        names = ("process", "simulate", "capture", "cancel", "restart", "refresh")
        assert {name for name in names if not getattr(panel, name).disabled} == ENABLED[state]
        for name in set(names) - ENABLED[state]:
            before = revision()
            getattr(panel, name).click()
            assert "is not possible now" in panel.error
            assert (panel.state, revision()) == (state, before)

    check("ready")
    panel.process.click()
    check("in_flight")
    panel.card.value = NO_MONEY
    panel.simulate.click()
    check("declined")
    panel.process.click()
    panel.card.value = "4242424242424242"
    panel.simulate.click()
    check("authorized")
    panel.capture.click()
    check("succeeded")
    panel.restart.click()
    panel.process.click()
    panel.cancel.click()
    check("canceled")


def test_the_state_has_the_color_of_what_it_means(reader):
    panel = CollectPanel("12.50")

    def tone():
        [tone] = re.findall(r'class="irl-state(?: irl-(\w+))?"', panel.messages.state_line.value)
        return panel.state, tone

    seen = [tone()]
    for card, buttons in (
        (NO_MONEY, (panel.process, panel.simulate)),
        (card_number("visa"), (panel.process, panel.simulate, panel.capture)),
    ):
        panel.card.value = card
        for button in buttons:
            button.click()
            seen.append(tone())
    waiting = ("in_flight", "wait")
    assert seen[:3] == [("ready", ""), waiting, ("declined", "bad")]
    assert seen[3:] == [waiting, ("authorized", "wait"), ("succeeded", "good")]


def test_a_decline_is_no_sale_and_the_next_try_is_the_same_payment(reader):
    panel = CollectPanel()
    panel.process.click()
    panel.card.value = NO_MONEY
    panel.simulate.click()
    assert panel.state == "declined"
    assert "insufficient funds" in panel.log[-1]
    assert "The card was declined: not enough money on this card." in panel.messages.state_line.value
    assert "declined" in panel.picture.alt
    panel.amount.value = "11.00"
    panel.process.click()
    panel.card.value = "4242424242424242"
    panel.simulate.click()
    panel.capture.click()
    [payment] = payments()
    assert (payment.status, payment.amount_received) == ("succeeded", 1100)


SAME = "The same card will be declined again."
AMOUNT = DECLINES_BY_AMOUNT


@pytest.mark.parametrize(
    ("card", "amount", "said", "same_card", "another_card"),
    [
        ("charge_declined", "12.50", SAME, "declined", "authorized"),
        ("charge_declined_expired_card", "12.50", SAME, "declined", "authorized"),
        ("charge_declined_processing_error", "12.50", "", "declined", "authorized"),
        ("visa", "10.05", AMOUNT, "declined", "declined"),
        ("visa", "10.02", "", "authorized", "authorized"),
    ],
)
def test_after_a_decline_it_says_what_the_same_card_and_another_would_do(
    reader, card, amount, said, same_card, another_card
):
    """What it says is so: each is tried at a sale of its own."""

    def tried(panel, card):
        panel.process.click()
        panel.card.value = card_number(card)
        panel.simulate.click()
        return panel.state

    for again, state in ((card, same_card), ("mastercard", another_card)):
        panel = CollectPanel()
        panel.amount.value = amount
        assert tried(panel, card) == "declined"
        assert [words for words in (SAME, AMOUNT) if words in panel.meaning()] == [said][: bool(said)]
        assert panel.meaning().endswith("Press Process, and the reader asks again")
        assert ("Another card may work" in panel.picture.svg) == (said == SAME)
        assert tried(panel, again) == state
        panel.cancel.click()
        panel.restart.click()


def test_a_double_click_is_one_sale(reader):
    async def click_twice():
        panel = CollectPanel()
        panel.process.click()
        panel.process.click()
        assert panel.process.disabled
        await panel.settled()
        assert panel.state == "in_flight"
        panel.simulate.click()
        panel.simulate.click()
        await panel.settled()
        panel.capture.click()
        panel.capture.click()
        await panel.settled()
        return panel

    panel = asyncio.run(click_twice())
    assert (panel.state, panel.error) == ("succeeded", "")
    assert [payment.amount_received for payment in payments()] == [1250]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Enter an amount"),
        ("twelve", "not an amount"),
        ("-5", "negative"),
        ("1.234", "two decimals"),
        ("12,50", "without commas"),
        ("0.99", "from $1.00 on"),
        ("0.50", "from $1.00 on"),
        ("0.49", "amount_too_small: Amount must be at least $0.50 usd"),
        ("1000000", "amount_too_large: Amount must be no more than $999,999.99"),
        ("<script>", "not an amount"),
    ],
)
def test_a_wrong_amount_is_said_in_place_and_changes_nothing(reader, text, why):
    panel = CollectPanel()
    before = revision()
    panel.amount.value = text
    panel.process.click()
    assert why in panel.error
    assert 'role="alert"' in panel.messages.alert.value
    assert (panel.state, panel.payment_intent_id) == ("ready", None)
    assert revision() == before
    assert payments() == []
    panel.amount.value = "1.00"
    panel.process.click()
    assert (panel.state, panel.error, panel.messages.alert.value) == ("in_flight", "", "")


def test_cancel_gives_the_sale_up_and_releases_the_hold(reader):
    panel = CollectPanel()
    panel.process.click()
    panel.simulate.click()
    panel.cancel.click()
    assert panel.state == "canceled"
    [payment] = payments()
    assert (payment.status, payment.amount_capturable) == ("canceled", 0)
    assert stripe_client().v1.terminal.readers.retrieve(reader.id).action is None


def test_a_payment_that_the_reader_asks_for_already_is_taken_up(reader):
    payment = collect.create_payment(1570, "usd")
    collect.process_payment(reader.id, payment.id)
    panel = CollectPanel()
    assert (panel.state, panel.payment_intent_id, panel.amount.value) == ("in_flight", payment.id, "15.70")
    assert f"asks for a payment already: {payment.id}, $15.70" in panel.log[0]
    panel.simulate.click()
    again = CollectPanel()
    assert (again.state, again.payment_intent_id) == ("authorized", payment.id)
    again.capture.click()
    assert CollectPanel().state == "ready"


def test_the_panel_sees_what_happens_elsewhere(reader):
    panel = CollectPanel()
    panel.process.click()
    collect.simulate_payment(reader.id)
    asyncio.run(panel.look())
    assert panel.state == "authorized"
    collect.capture_payment(panel.payment_intent_id)
    asyncio.run(panel.look())
    assert panel.state == "succeeded"


def test_a_reader_that_shows_another_payment_has_left_ours_open(reader):
    panel = CollectPanel()
    panel.process.click()
    other = collect.create_payment(500, "usd")
    collect.process_payment(reader.id, other.id)
    asyncio.run(panel.look())
    assert panel.state == "open"
    panel.process.click()
    assert panel.state == "in_flight"
    assert stripe_client().v1.payment_intents.retrieve(other.id).status == "requires_payment_method"


def test_a_busy_or_offline_reader_is_said_and_the_sale_goes_on_later(reader):
    controls = offline_controls()
    panel = CollectPanel()
    fault = controls.request("post", "faults", kind="reader_busy", reader=reader.id)
    panel.process.click()
    assert "terminal_reader_busy" in panel.error
    assert panel.state == "open"
    controls.request("delete", f"faults/{fault['id']}")
    panel.process.click()
    assert (panel.state, len(payments())) == ("in_flight", 1)
    controls.request("post", "faults", kind="reader_offline", reader=reader.id)
    asyncio.run(panel.look())
    assert (panel.state, "offline" in panel.picture.alt) == ("in_flight", True)
    panel.cancel.click()
    assert (panel.state, panel.error, payments()[0].status) == ("canceled", "", "canceled")
    controls.request("delete", "faults")
    collect.simulate_payment(reader.id)
    assert payments()[0].amount_capturable == 0


def test_an_offline_reader_is_shown_and_cannot_be_used(reader):
    choose_reader(reader.id)
    offline_controls().request("post", "faults", kind="reader_offline", reader=reader.id)
    panel = CollectPanel()
    assert (panel.state, panel.process.disabled) == ("no_reader", True)
    assert "offline" in panel.picture.alt


def test_simulate_is_for_simulated_readers(physical_reader):
    panel = CollectPanel()
    panel.process.click()
    assert panel.state == "in_flight"
    assert panel.simulate.disabled
    # At a physical reader people do it themselves.
    assert panel.insert.disabled
    assert panel.walk_away.disabled
    assert panel.till.customer.view.layout.display == "none"


def test_other_currencies_have_their_own_decimals(reader):
    panel = CollectPanel("1250", "jpy")
    panel.process.click()
    assert payments()[0].amount == 1250
    assert "¥1,250" in panel.picture.alt


def test_the_chosen_reader_is_the_one(reader):
    other = setup.own_reader("Other")
    assert CollectPanel().reader.value == other.id
    choose_reader(reader.id)
    assert CollectPanel().reader.value == reader.id


def test_an_error_appears_once_and_then_in_the_log(reader):
    panel = CollectPanel("0")
    panel.process.click()
    assert "nothing to pay" in panel.messages.alert.value
    assert "nothing to pay" not in panel.messages.log_view.value
    panel.amount.value = "1.00"
    panel.process.click()
    assert "nothing to pay" not in panel.messages.alert.value
    assert "nothing to pay" in panel.messages.log_view.value


def test_enter_in_the_amount_is_process(reader):
    panel = CollectPanel("12.50")
    panel.amount._handle_custom_msg({"event": "submit"}, [])
    assert (panel.state, panel.error) == ("in_flight", "")
    panel.amount._handle_custom_msg({"event": "something else"}, [])
    assert panel.error == ""


def test_a_panel_stays_with_its_reader_in_a_sale_and_says_at_rest_that_it_followed(reader):
    first, other = reader, setup.register_reader("simulated-s700", reader.location, "Other")
    choose_reader(first.id)
    panel = CollectPanel("12.50")
    panel.process.click()
    choose_reader(other.id)  # in another notebook
    for button in (panel.simulate, panel.capture):
        button.click()
        assert panel.reader.value == first.id
    assert (panel.state, panel.error) == ("succeeded", "")
    panel.restart.click()
    assert panel.reader.value == other.id
    words = "This panel works with Other now: it was chosen elsewhere."
    assert panel.log[-1] == words
    shown = [each.value for each in everything_in(panel.view) if isinstance(each, W.HTML)]
    assert f'<div class="irl-notice" role="status">{words}</div>' in shown
    said = len(panel.log)
    panel.reader.value = first.id  # here, by hand
    panel.refresh.click()
    assert (panel.reader.value, len(panel.log)) == (first.id, said)
    assert panel.till.moved.value == ""


def test_a_sale_that_was_given_its_reader_never_follows(reader):
    other = setup.register_reader("simulated-s700", reader.location, "Other")
    sale = Sale(reader.id)
    sale.see(sale.look())
    choose_reader(other.id)
    sale.see(sale.look())
    assert sale.reader_id == reader.id
