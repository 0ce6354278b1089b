"""The point of sale by its buttons: it shows what the account has, from the order to the refund."""

from __future__ import annotations

import asyncio
from datetime import datetime

import ipywidgets as W
import pytest

from irl_helpers import clock, faults
from irl_helpers.account import reset_account, stripe_client
from irl_helpers.collect import create_payment, process_payment, simulate_payment
from irl_helpers.panels.layout import everything_in
from irl_helpers.point_of_sale import PointOfSale, open_shop
from irl_helpers.point_of_sale.day import outcome, payments_of_the_day, taken
from irl_helpers.point_of_sale.headline import NOT_SEEN, STATES
from irl_helpers.point_of_sale.shop import COUNTER
from irl_helpers.setup import find_reader, register_reader

VISA, NO_MONEY = "4242424242424242", "4000000000009995"
REFUND_FAILS = "4000000000005126"
# state -> the buttons that are there
SHOWN = {
    "ready": {"charge"},
    "ordering": {"charge", "clear"},
    "in_flight": {"change", "give_up"},
    "declined": {"charge", "give_up"},
    "open": {"charge", "give_up"},
    "authorized": {"capture", "release"},
    "succeeded": {"new_order"},
    "refunded": {"new_order"},
    "refund_failed": {"new_order"},
    "canceled": {"new_order"},
}
BUTTONS = ("charge", "change", "give_up", "clear", "capture", "release", "new_order")


@pytest.fixture
def till(account_file) -> PointOfSale:
    return PointOfSale(open_shop())


def refund(till: PointOfSale, payment_intent_id: str, amount: str | None = None) -> None:
    till.day_view.buttons["Refund", payment_intent_id].click()
    if amount is not None:
        till.drawer.amount.value = amount
    till.drawer.confirm.click()


def order(till: PointOfSale, *names: str) -> None:
    for name in names:
        till.order_view.products[name].click()


def tap(till: PointOfSale, card: str = VISA, tip: int = 0) -> None:
    till.card.value = card
    if till.customer.asks_for_tip:
        till.tip.value = tip
    till.simulate.click()


def sell(till: PointOfSale, *names: str, tip: int = 0, card: str = VISA) -> str:
    order(till, *names)
    till.charge.click()
    tap(till, card, tip)
    till.capture.click()
    assert till.state == "succeeded", till.error
    return till.payment_intent_id


def payment(till: PointOfSale):
    return stripe_client().v1.payment_intents.retrieve(till.payment_intent_id)


def check(till: PointOfSale, state: str, picture: str) -> None:
    """The state, the buttons that go with it, and what the customer sees; nothing went wrong on the way."""
    assert (till.state, till.error) == (state, "")
    shown = {name for name in BUTTONS if getattr(till, name).layout.display != "none"}
    assert shown == SHOWN[state]
    assert {name for name in shown if getattr(till, name).disabled} == (
        {"charge"} if state == "ready" else set()
    )
    assert picture in till.picture.alt


def test_a_sale_from_the_order_to_the_refund(till):
    check(till, "ready", "splash")
    order(till, "Latte", "Latte", "Sandwich")
    check(till, "ordering", "cart with 2 lines, total $20.90")
    assert till.charge.description == "Charge $20.90"

    till.charge.click()
    check(till, "in_flight", "choose a tip on $20.90: $1.00, $2.00, $3.00")
    till.tip.value = 200
    check(till, "in_flight", "$22.90, tap")
    tap(till, NO_MONEY)
    check(till, "declined", "not enough money")
    assert "The card was declined: not enough money on this card." in till.meaning()

    till.charge.click()
    tap(till, tip=100)
    check(till, "authorized", "approved, $21.90")
    assert till.capture.description == "Capture $21.90"
    assert not taken(payment(till))
    till.capture.click()
    check(till, "succeeded", "approved")
    assert (payment(till).amount_received, payment(till).description) == (2190, "2 × Latte, 1 × Sandwich")
    # 2.7 % and 5 cents.
    assert "fees $0.64 · net $21.26" in till.day_view.summary.value
    for text in ("Corner Café", "2 × Latte", "$10.00", "Tip", "$21.90", "Visa •••• 4242", "A0000000031010"):
        assert text in till.receipt.value

    refund(till, till.payment_intent_id)
    check(till, "refunded", "approved")
    assert "-$21.90" in till.receipt.value
    till.new_order.click()
    check(till, "ready", "splash")
    assert [(outcome(each), taken(each)) for each in payments_of_the_day()] == [("Refunded", 0)]
    assert "fees $0.64 · net -$0.64" in till.day_view.summary.value


def test_the_order_is_changed_in_flight(till):
    order(till, "Sandwich")
    till.charge.click()
    sale = till.payment_intent_id
    assert all(button.disabled for button in till.order_view.products.values())
    till.change.click()
    check(till, "open", "splash")
    order(till, "Iced tea", "Iced tea")
    till.order_view.line("Iced tea").less.click()
    check(till, "open", "cart with 2 lines, total $14.30")
    till.charge.click()
    tap(till, tip=0)
    till.capture.click()
    assert (till.payment_intent_id, payment(till).amount_received) == (sale, 1430)
    assert [each.id for each in payments_of_the_day()] == [sale]


def test_a_sale_is_canceled_and_a_hold_released(till):
    order(till, "Latte")
    till.charge.click()
    till.give_up.click()
    check(till, "canceled", "splash")
    assert payment(till).status == "canceled"

    order(till, "Espresso")  # begins the next order by itself
    check(till, "ordering", "cart with 1 line, total $3.30")
    till.charge.click()
    tap(till)
    till.release.click()
    assert payment(till).status == "canceled"
    assert [outcome(each) for each in payments_of_the_day()] == ["Released", "Canceled"]
    till.new_order.click()
    order(till, "Latte")
    till.clear.click()
    check(till, "ready", "splash")


def test_without_a_tip_the_reader_does_not_ask(till):
    till.ask_for_tip.value = False
    order(till, "Latte")
    till.charge.click()
    check(till, "in_flight", "$5.50, tap")
    tap(till)
    assert payment(till).amount == 550


def test_where_no_tip_is_asked_for_in_spite_of_the_tick_it_says_why(till):
    [shop] = stripe_client().v1.terminal.locations.list().data
    stripe_client().v1.terminal.locations.update(shop.id, params={"configuration_overrides": ""})
    order(till, "Latte")
    till.charge.click()
    check(till, "in_flight", "$5.50, tap")
    assert till.meaning() == (
        "waiting for the customer's card: no tip is asked for, since this reader's Configuration has none"
    )
    till.change.click()
    till.ask_for_tip.value = False
    till.charge.click()
    assert till.meaning() == "waiting for the customer's card"


def test_a_page_that_is_loaded_again_goes_on(till):
    order(till, "Latte", "Croissant")
    again = PointOfSale(open_shop())
    assert (again.state, str(again.order)) == ("ordering", "1 × Latte, 1 × Croissant")
    again.charge.click()
    asked = find_reader(COUNTER).action

    third = PointOfSale(open_shop())
    assert find_reader(COUNTER).action == asked
    assert (third.state, third.payment_intent_id) == ("in_flight", again.payment_intent_id)
    assert str(third.order) == "1 × Latte, 1 × Croissant"
    tap(third)
    fourth = PointOfSale(open_shop())
    check(fourth, "authorized", "approved")
    fourth.capture.click()
    assert fourth.state == "succeeded"
    assert PointOfSale(open_shop()).state == "ready"


@pytest.mark.parametrize("card", [None, NO_MONEY, VISA])
def test_a_page_that_is_loaded_again_goes_on_at_the_reader_that_was_chosen(till, card):
    counter = find_reader(COUNTER)
    other = register_reader("simulated-wpe", counter.location, "Garden")
    till.refresh.click()
    till.reader.value = other.id
    till.refresh.click()
    order(till, "Latte")
    till.charge.click()
    if card is not None:
        tap(till, card, tip=0)
    again = PointOfSale(open_shop())
    assert (again.state, again.payment_intent_id) == (till.state, till.payment_intent_id)
    assert (again.reader.value, str(again.order)) == (other.id, "1 × Latte")
    (again.release if card == VISA else again.give_up).click()
    again.new_order.click()
    assert PointOfSale(open_shop()).reader.value == counter.id


def test_two_tills_at_one_reader_have_one_order_and_neither_loses_its_own(till):
    other = PointOfSale(open_shop())
    for names in (("Latte",), ("Sandwich", "Latte")):
        order(till, *names)
        other.refresh.click()
        assert str(other.order) == str(till.order)
        assert (other.state, other.charge.disabled) == ("ordering", False)
    with faults.command_lost(find_reader(COUNTER).id, count=1):
        order(other, "Iced tea")
    own = str(other.order)
    order(till, "Latte")
    other.refresh.click()
    assert (str(other.order), other.meaning()) == (own, NOT_SEEN)
    stripe_client().v1.terminal.readers.cancel_action(find_reader(COUNTER).id)
    till.refresh.click()
    assert str(till.order) == "3 × Latte, 1 × Sandwich"


def test_a_shop_whose_account_was_emptied_is_opened_again(till):
    reset_account()
    till.refresh.click()
    assert (till.state, till.meaning()) == ("closed", STATES["closed"])
    assert till.order_view.products["Latte"].disabled
    till.open.click()
    assert (till.error, till.state) == ("", "ready")
    sell(till, "Latte")
    assert till.buttons["open"].layout.display == "none"


def test_a_declined_sale_goes_on_after_a_restart(till):
    order(till, "Latte", "Croissant")
    till.charge.click()
    tap(till, NO_MONEY, tip=0)
    again = PointOfSale(open_shop())
    check(again, "declined", "not enough money")
    assert (again.payment_intent_id, str(again.order)) == (till.payment_intent_id, "1 × Latte, 1 × Croissant")
    again.charge.click()
    tap(again, tip=0)
    again.capture.click()
    assert [(each.id, outcome(each)) for each in payments_of_the_day()] == [(till.payment_intent_id, "Paid")]
    again.new_order.click()

    order(again, "Latte")
    again.charge.click()
    assert again.press_cancel.disabled  # where a tip is chosen, the screen has no Cancel
    again.tip.value = 0
    again.press_cancel.click()
    assert again.meaning() == (
        "The customer canceled on the reader. Charge again, change the order, or cancel the sale"
    )
    assert PointOfSale(open_shop()).state == "failed"
    again.give_up.click()
    assert PointOfSale(open_shop()).state == "ready"


def test_a_payment_of_another_program_is_taken_up_and_finished(till):
    foreign = create_payment(1234)
    process_payment(till.reader.value, foreign.id)
    asyncio.run(till.look())
    check(till, "in_flight", "choose a tip on $12.34")
    tap(till, tip=0)
    assert till.capture.description == "Capture $12.34"
    till.capture.click()
    assert "$12.34" in till.receipt.value
    assert till.day_view.rows.children == (till.day_view.alert,)
    till.day_view.everything.value = True
    [_, foreign_row] = till.day_view.rows.children
    assert "Of another application" in foreign_row.children[0].value


def test_another_tills_customer_is_not_interrupted(till):
    order(till, "Latte")
    foreign = create_payment(1234)
    process_payment(till.reader.value, foreign.id)
    till.charge.click()
    assert "asks for another payment" in till.error
    till.order_view.products["Latte"].click()
    assert find_reader(COUNTER).action.process_payment_intent.payment_intent == foreign.id


def test_the_day_has_every_payment_and_what_can_be_done(till):
    sold = sell(till, "Latte")
    till.new_order.click()
    order(till, "Sandwich")
    till.charge.click()
    tap(till)
    held = till.payment_intent_id
    reader = till.reader.value
    process_payment(reader, create_payment(500).id)
    simulate_payment(reader, "charge_declined")
    # Another page: the sales are not its own.
    other = PointOfSale(open_shop())
    [declined, *_] = payments_of_the_day()
    assert other.state == "ready"
    other.day_view.everything.value = True
    actions = {
        payment: {name for name, of in other.day_view.buttons if of == payment} for payment in (sold, held)
    }
    assert actions == {sold: {"Refund", "Receipt"}, held: {"Capture", "Release"}}
    assert "$5.50" in other.day_view.summary.value
    assert "1 sale · 1 held" in other.day_view.summary.value

    other.day_view.buttons["Capture", held].click()
    other.day_view.buttons["Cancel", declined.id].click()
    refund(other, sold)
    assert other.error == ""
    assert [outcome(each) for each in payments_of_the_day()] == ["Canceled", "Paid", "Refunded"]
    assert "$9.90" in other.day_view.summary.value

    other.drawer.close.click()
    receipt = other.day_view.buttons["Receipt", sold]
    receipt.click()
    assert "1 × Latte" in other.drawer.receipt.value
    assert other.drawer.view.layout.display == ""
    receipt.click()
    assert (other.drawer.receipt.value, other.drawer.view.layout.display) == ("", "none")
    receipt.click()
    other.drawer.close.click()
    assert other.drawer.view.layout.display == "none"


def test_yesterday_is_not_today(till):
    sell(till, "Latte")
    clock.advance(days=1, hours=1)
    assert [payment.amount for payment in payments_of_the_day()] == [550]
    till.new_order.click()
    sell(till, "Sandwich")
    assert [payment.amount for payment in payments_of_the_day()] == [990]


def test_what_goes_wrong_is_said_and_the_sale_goes_on(till):
    order(till, "Latte")
    with faults.command_lost(till.reader.value, call="process_payment_intent"):
        till.charge.click()
    assert "terminal_reader_timeout" in till.error
    assert till.state == "open"
    till.charge.click()
    tap(till)
    with faults.answer_lost(call="payment_intents.capture", count=1):
        till.capture.click()
    assert (till.state, till.error) == ("succeeded", "")
    with faults.answer_lost(call="refunds.create", count=3):
        refund(till, till.payment_intent_id)
    assert (till.state, till.error) == ("refunded", "")
    assert len(stripe_client().v1.refunds.list().data) == 1


def test_an_order_that_did_not_reach_the_reader_is_not_said_to_be_seen(till):
    async def tap_once():
        order(till, "Latte")
        await till.settled()

    with faults.command_lost(find_reader(COUNTER).id, count=1):
        asyncio.run(tap_once())
    assert "splash" in till.picture.alt
    assert till.meaning() == NOT_SEEN
    order(till, "Latte")
    assert "cart" in till.picture.alt
    assert till.meaning() == "the customer sees the order on the reader"


def test_while_the_reader_is_told_of_the_order_nothing_else_is_said(till):
    said = []
    till.messages.state_line.observe(lambda change: said.append(change["new"]), "value")

    async def taps():
        for name in ("Latte", "Sandwich", "Latte"):
            order(till, name)
            await asyncio.sleep(0)
        await till.settled()

    asyncio.run(taps())
    assert till.meaning() == STATES["ordering"]
    assert sum(NOT_SEEN in each for each in said) == 0


def test_taps_in_quick_succession_all_count(till):
    async def tapped() -> None:
        order(till, "Latte", "Latte", "Latte", "Espresso")
        await till.settled()

    asyncio.run(tapped())
    assert str(till.order) == "3 × Latte, 1 × Espresso"
    check(till, "ordering", "total $19.80")


def test_a_tap_just_after_the_reader_was_told_is_shown_as_well(till):
    async def tapped() -> None:
        order(till, "Latte")
        # As late as it can be: the reader was told, and the panel has not yet let go of that.
        telling = till.presses.tasks[till.mirror]
        await asyncio.wait([telling])
        assert till.mirror in till.presses.tasks or telling.done()
        order(till, "Latte")
        await till.settled()

    asyncio.run(tapped())
    check(till, "ordering", "total $11.00")


def test_without_a_reader_that_is_online_nothing_is_charged(till):
    order(till, "Latte")
    with faults.reader_offline(till.reader.value):
        asyncio.run(till.look())
        assert till.state == "no_reader"
        assert 'class="irl-state irl-bad"' in till.messages.state_line.value
        assert till.charge.disabled
    asyncio.run(till.look())
    assert till.state == "ordering"


def test_a_hold_is_released_at_a_till_that_has_no_online_reader(till):
    order(till, "Latte")
    till.charge.click()
    tap(till)
    held, reader = till.payment_intent_id, till.reader.value
    stripe_client().v1.terminal.readers.delete(reader)
    alone = PointOfSale()
    assert alone.state == "closed"
    alone.day_view.buttons["Release", held].click()
    assert alone.error == ""
    assert stripe_client().v1.payment_intents.retrieve(held).status == "canceled"


def test_a_sale_whose_reader_was_deleted_is_given_up_and_its_hold_released(till):
    order(till, "Latte")
    till.charge.click()
    tap(till)
    stripe_client().v1.terminal.readers.delete(till.reader.value)
    till.release.click()
    assert (till.error, till.state) == ("", "canceled")
    assert payment(till).amount_capturable == 0


def test_a_refund_is_asked_for_once_can_be_partial_and_says_what_it_did(till):
    sold = sell(till, "Latte", "Sandwich")
    till.day_view.buttons["Refund", sold].click()
    assert stripe_client().v1.refunds.list().data == []
    assert till.drawer.amount.value == "15.40"
    assert "Up to $15.40" in till.drawer.question.value
    till.drawer.amount.value = "15.41"
    till.drawer.confirm.click()
    assert "Only $15.40" in till.error
    assert till.error in till.day_view.alert.value
    assert till.messages.alert.value == ""
    assert stripe_client().v1.refunds.list().data == []
    refund(till, sold, "5.50")
    assert till.log[-1] == f"Refunded $5.50: {sold}."
    assert "paid: $15.40, of which $9.90 is left after refunds" in till.messages.state_line.value
    assert "-$5.50" in till.drawer.receipt.value
    assert till.drawer.confirm.disabled
    till.drawer.confirm.click()
    assert [each.amount for each in stripe_client().v1.refunds.list().data] == [550]
    assert till.state == "succeeded"
    refund(till, sold)
    assert [each.amount for each in stripe_client().v1.refunds.list().data] == [990, 550]
    assert till.state == "refunded"
    assert ("Refund", sold) not in till.day_view.buttons


def rows(till: PointOfSale) -> str:
    """What stands in the day's rows, as html."""
    laid = [each for each in till.day_view.rows.children if "irl-payment" in each._dom_classes]
    return "".join(each.value for row in laid for each in everything_in(row) if isinstance(each, W.HTML))


def test_a_refund_that_fails_later_is_said_wherever_the_payment_is(till):
    sold = sell(till, "Sandwich", card=REFUND_FAILS)
    refund(till, sold)
    check(till, "refunded", "approved")
    clock.advance(seconds=20)
    asyncio.run(till.look())
    check(till, "refund_failed", "approved")
    failed = f"The refund of $9.90 has failed: {sold}."
    assert till.log[-1] == failed
    asyncio.run(till.look())
    assert till.log.count(failed) == 1
    assert "paid: $9.90; the refund of $9.90 has failed: give the money back another way" in till.meaning()
    assert 'class="irl-state irl-bad"' in till.messages.state_line.value
    loaded_again = PointOfSale(open_shop())
    assert loaded_again.log == []
    loaded_again.day_view.buttons["Receipt", sold].click()
    for page, receipt in ((till, till.receipt), (loaded_again, loaded_again.drawer.receipt)):
        assert '<span class="irl-badge irl-bad">Refund failed</span>' in rows(page)
        assert "<b>Refund failed</b>" in receipt.value
        assert "Refund of $9.90 failed" in receipt.value
        assert "1 sale · 1 refund failed" in page.day_view.summary.value
        assert "$9.90" in page.day_view.summary.value
        assert ("Refund", sold) in page.day_view.buttons


def test_a_later_refund_counts_and_the_one_that_failed_stays_on_the_receipt(till):
    sold = sell(till, "Latte", "Sandwich", card=REFUND_FAILS)
    refund(till, sold, "5.50")
    clock.advance(seconds=20)
    asyncio.run(till.look())
    assert "paid: $15.40; the refund of $5.50 has failed" in till.meaning()
    refund(till, sold, "9.90")
    check(till, "succeeded", "approved")
    assert till.meaning() == "paid: $15.40, of which $5.50 is left after refunds"
    assert "Partly refunded</span>" in rows(till)
    assert "Refund of $5.50 failed" in till.receipt.value
    refund(till, sold)
    check(till, "refunded", "approved")
    assert "Refund of $5.50 failed" in till.receipt.value
    clock.advance(seconds=20)
    asyncio.run(till.look())
    assert till.log[-2:] == [f"The refund of {each} has failed: {sold}." for each in ("$9.90", "$5.50")]
    check(till, "refund_failed", "approved")


def test_the_order_stays_in_sight_beside_its_receipt(till):
    sell(till, "Latte")
    assert till.order_view.lines.layout.display != "none"
    assert "1 × Latte" in till.receipt.value


def test_today_counts_this_shop_and_says_which_day_it_is(till):
    sell(till, "Latte")
    stripe_client().v1.payment_intents.create(
        params={
            "amount": 9900, "currency": "usd", "description": "2 × Book", "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"], "confirm": True, "capture_method": "manual",
        }
    )  # fmt: skip
    asyncio.run(till.look())
    assert "<h3>Today</h3>" in till.day_view.summary.value
    assert "$5.50" in till.day_view.summary.value
    assert "1 held" not in till.day_view.summary.value
    till.day_view.everything.value = True
    assert "1 held" in till.day_view.summary.value
    till.new_order.click()
    today = next(iter(till.day_view.buttons))[1]
    till.day_view.buttons["Receipt", today].click()
    assert till.drawer.payment_intent_id == today
    clock.advance(days=9)
    asyncio.run(till.look())
    assert till.drawer.payment_intent_id is None  # with the row that it belonged to
    assert f"{datetime.fromtimestamp(clock.now()):%A}" in till.day_view.summary.value  # without a sale, too
    assert "$0.00" in till.day_view.summary.value
    sell(till, "Latte")
    assert "<h3>Today</h3>" not in till.day_view.summary.value
    assert f"{datetime.fromtimestamp(clock.now()):%A}" in till.day_view.summary.value
    why = till.day_view.clock
    assert why.value.startswith("The account's clock is 9 days ahead.")
    assert why.value.endswith("account.reset_account()")
    reset_account()
    asyncio.run(till.look())
    assert "<h3>Today</h3>" in till.day_view.summary.value
    assert (why.value, why.layout.display) == ("", "none")
