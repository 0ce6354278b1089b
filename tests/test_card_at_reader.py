"""The card that was held to the reader pays, whatever is chosen, pressed and typed meanwhile."""

from __future__ import annotations

import asyncio
import random

import ipywidgets as W
import pytest

from irl_helpers.account import stripe_client
from irl_helpers.cards import card_number
from irl_helpers.collect import create_payment
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel, CounterPanel, SaveCardPanel, customer
from irl_helpers.panels.layout import everything_in
from irl_helpers.point_of_sale import PointOfSale

VISA, MASTERCARD, NO_MONEY = "4242424242424242", "5555555555554444", "4000000000009995"
OFFLINE_PIN, ONLINE_PIN = card_number("offline_pin_cvm"), card_number("online_pin_cvm")
INTERAC = card_number("interac")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(customer, "ASKING", 0)
    monkeypatch.setattr(customer, "TYPING_A_PIN", 0)


@pytest.fixture
def panel(reader):
    panel = CollectPanel("12.00")
    panel.process.click()
    return panel


def touch(panel, *names):
    """What the page sends for each."""
    for name in names:
        panel.screen._handle_custom_msg({"touch": name}, [])


def hold(panel, number):
    panel.screen._handle_custom_msg({"hold": number}, [])


def type_pin(panel, digits):
    touch(panel, *(f"key:{digit}" for digit in digits), "key:enter")


def headline(panel):
    return panel.messages.state_line.value


def cards_that_paid():
    """First six and last four digits of each card that was read, the newest first, also of declined ones."""
    charges = stripe_client().v1.charges.list().data
    found = [charge.payment_method_details.card_present for charge in charges]
    return [(card.iin, card.last4) for card in found]


def digits(number):
    return number[:6], number[-4:]


def tipping(**rules):
    configurations = stripe_client().v1.terminal.configurations
    [default] = configurations.list(params={"is_account_default": True}).data
    configurations.update(default.id, params={"tipping": {"usd": rules}})


@pytest.mark.parametrize("chosen", [ONLINE_PIN, MASTERCARD, NO_MONEY, INTERAC])
def test_the_card_in_the_reader_pays_and_the_drop_down_chooses_the_next_one(panel, chosen):
    hold(panel, OFFLINE_PIN)
    panel.card.value = chosen
    assert "enter PIN" in panel.picture.alt
    type_pin(panel, customer.PIN)
    assert (panel.state, panel.error) == ("authorized", "")
    assert cards_that_paid() == [digits(OFFLINE_PIN)]
    assert panel.card.value == chosen


def test_a_card_that_is_refused_is_at_the_reader_no_more(panel):
    hold(panel, OFFLINE_PIN)
    touch(panel, "key:1")
    hold(panel, INTERAC)
    assert "does not allow interac_present" in panel.error
    assert "An Interac card, from Canada, pays only" in panel.error
    assert "tap, insert" in panel.picture.alt
    assert "the reader asks for a card" in headline(panel)
    hold(panel, ONLINE_PIN)
    assert panel.error == ""
    assert "enter PIN" in panel.picture.alt
    type_pin(panel, "9999")
    assert panel.screen.lead == "The PIN of test cards is 1234 here."  # wanted then above all
    type_pin(panel, customer.PIN)
    assert (panel.state, panel.error) == ("authorized", "")
    assert cards_that_paid() == [digits(ONLINE_PIN)]


@pytest.mark.parametrize("act", [
    lambda panel: touch(panel, "tip:custom"), lambda panel: touch(panel, "tip:100"),
    lambda panel: panel.walk_away.click(),
])  # fmt: skip
def test_what_went_wrong_is_gone_at_the_customers_next_action(reader, act):
    tipping(fixed_amounts=[100])
    panel = CollectPanel("12.00")
    panel.customer_can_cancel.value = True
    panel.process.click()
    panel.messages.fail("This action does not allow that.")
    act(panel)
    assert panel.error == ""


def test_what_is_chosen_while_a_pin_is_typed_or_the_bank_asked_is_the_next_card(monkeypatch, panel):
    async def pays(button, card):
        panel.card.value = card
        button.click()
        await asyncio.sleep(0)
        panel.card.value = MASTERCARD
        hold(panel, NO_MONEY)  # the reader takes no notice
        panel.simulate.click()
        await panel.settled()
        assert panel.state == "authorized"
        panel.cancel.click()
        await panel.settled()
        panel.restart.click()
        await panel.settled()
        panel.process.click()
        await panel.settled()

    async def sell():
        await pays(panel.insert, ONLINE_PIN)
        await pays(panel.simulate, VISA)

    monkeypatch.setattr(customer, "TYPING_A_PIN", 0.01)
    asyncio.run(sell())
    assert cards_that_paid() == [digits(VISA), digits(ONLINE_PIN)]


def test_a_reader_that_asks_for_a_pin_takes_another_card_and_no_tap(panel):
    hold(panel, ONLINE_PIN)
    assert panel.screen.lead == "The PIN of test cards is 1234 here."
    assert panel.simulate.disabled
    panel.simulate.click()
    assert "is not possible now: the reader asks for the PIN" in panel.error
    assert cards_that_paid() == []
    hold(panel, MASTERCARD)
    assert "The customer takes that card out, and another one is held to the reader." in panel.log
    assert cards_that_paid() == [digits(MASTERCARD)]


def test_insert_says_what_keeps_it_from_being_pressed(panel):
    panel.insert.click()
    assert panel.error == "Insert and type PIN is not possible now: the card that is chosen has no PIN."


def test_another_program_that_asks_anew_gets_nothing_of_the_customer_before(reader):
    readers = stripe_client().v1.terminal.readers
    panel = CounterPanel()

    def ask(amount):
        params = {"payment_intent": create_payment(amount).id}
        readers.process_payment_intent(reader.id, params=params)
        asyncio.run(panel.look())

    ask(1000)
    hold(panel, OFFLINE_PIN)
    touch(panel, "key:1")
    readers.cancel_action(reader.id)
    ask(2000)
    assert "$20.00, tap" in panel.picture.alt
    panel.dispose()


@pytest.mark.parametrize("kind", [CollectPanel, PointOfSale])
def test_of_a_card_with_a_pin_it_is_said_which_button_asks_for_none(reader, kind):
    panel = kind()

    def said():
        words = [each.value for each in everything_in(panel.view) if isinstance(each, W.HTML)]
        return [each for each in words if "asks for no PIN" in each]

    panel.card.value = ONLINE_PIN
    assert said() == []
    ask(panel)
    [note] = said()
    assert panel.simulate.description in note
    panel.card.value = VISA
    assert said() == []


def test_the_hint_is_about_the_card_in_the_reader(reader):
    panel = CollectPanel("10.05")
    panel.process.click()
    hold(panel, ONLINE_PIN)
    panel.card.value = VISA
    assert panel.till.hint.value == ""
    touch(panel, "back")
    assert "the bank will decline it" in panel.till.hint.value


@pytest.mark.parametrize("stage", ["tip", "tip:custom"])
def test_a_reader_that_asks_for_a_tip_takes_no_card_before(reader, stage):
    tipping(fixed_amounts=[100])
    panel = CollectPanel("12.00")
    panel.process.click()
    if stage != "tip":
        touch(panel, stage)
    shown = panel.picture.alt
    assert "tip" in shown
    for number in (VISA, ONLINE_PIN):
        hold(panel, number)
        assert panel.error == customer.TIP_FIRST
        assert (panel.state, panel.picture.alt, panel.card.value) == ("in_flight", shown, number)
    if stage != "tip":
        assert panel.screen.lead.endswith("✕ goes back to the choice.")
        touch(panel, "back")
        assert panel.picture.alt != shown
        assert panel.screen.lead.startswith("The customer chooses a tip first")
        touch(panel, stage)
    touch(panel, *(["key:2", "key:0", "key:0", "key:enter"] if stage != "tip" else ["tip:100"]))
    assert panel.error == ""
    hold(panel, VISA)
    assert panel.state == "authorized"
    assert stripe_client().v1.payment_intents.list().data[0].amount == (1400 if stage != "tip" else 1300)


# -- anything, in any order

ONWARDS = ("process", "save", "charge", "first_product", "add", "capture", "restart", "new_order")
KINDS = {
    "collect": CollectPanel, "cancel": CancelPanel, "cart": CartPanel, "save a card": SaveCardPanel,
    "point of sale": PointOfSale, "counter": CounterPanel,
}  # fmt: skip
HELD = (VISA, MASTERCARD, NO_MONEY, OFFLINE_PIN, ONLINE_PIN, INTERAC)


def asking(panel):
    return bool(panel.screen.areas)


def ask(panel):
    """The till goes on until its reader asks for a card; at the counter another program asks."""
    if isinstance(panel, CounterPanel):
        [reader] = stripe_client().v1.terminal.readers.list().data
        params = {"payment_intent": create_payment(1200).id}
        stripe_client().v1.terminal.readers.process_payment_intent(reader.id, params=params)
        asyncio.run(panel.look())
    buttons = panel.buttons | {"first_product": getattr(panel, "first_product", None)}
    for _ in range(6):
        if not asking(panel):
            next(b for name in ONWARDS if (b := buttons.get(name)) and not b.disabled).click()
    assert asking(panel), panel.state


def acts(panel, held):
    """What a customer can do now: (what, the number of the card that she holds to the reader then)."""
    chosen = panel.card.value
    places = [area["name"] for area in panel.screen.areas]
    buttons = [
        name
        for name in ("simulate", "insert", "walk_away", "press_cancel")
        if not getattr(panel, name).disabled
    ]
    return [
        *(("hold", number, number) for number in HELD[: 1 if "tip" in panel.picture.alt else None]),
        *(("choose", number, held) for number in HELD[::2]),
        *(("touch", place, chosen if place == "card" else held) for place in places),
        *(("press", name, chosen if name in ("simulate", "insert") else held) for name in buttons),
        *[
            ("pin", pin, held)
            for pin in ("1234", "9999", "12")
            if "PIN" in panel.picture.alt
            for _ in range(3)
        ],
    ]


def do(panel, what, which):
    if what == "hold":
        hold(panel, which)
    elif what == "choose":
        panel.card.value = which
    elif what == "touch":
        touch(panel, which)
    elif what == "press":
        getattr(panel, which).click()
    else:
        type_pin(panel, which)


def read_cards(panel):
    """Every card that was read, the newest first: what the account says."""
    if not isinstance(panel, SaveCardPanel):
        return cards_that_paid()
    attempts = stripe_client().v1.setup_attempts
    if panel.setup_intent_id is None:
        return []
    found = attempts.list(
        params={"setup_intent": panel.setup_intent_id, "expand": ["data.payment_method"]}
    ).data
    return [(one.payment_method.card_present.iin, one.payment_method.card_present.last4) for one in found]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_customer_does_in_any_order_the_card_held_last_pays_and_nothing_said_is_untrue(
    reader, kind
):
    tipping(fixed_amounts=[100])
    rng = random.Random(kind)
    panel, held, did, paid = KINDS[kind](), "", [], 0
    if hasattr(panel, "customer_can_cancel"):
        panel.customer_can_cancel.value = True
    for _ in range(120):
        if not asking(panel):
            ask(panel)
            did = []
        before, tip_first = read_cards(panel), asking(panel) and "tip" in panel.picture.alt
        what, which, held = rng.choice(acts(panel, held))
        did.append((what, which))
        do(panel, what, which)
        if what != "choose":
            refused = held == INTERAC and what != "pin"
            assert "is not possible now" not in panel.error, did
            if what == "hold" and tip_first:
                assert panel.error == customer.TIP_FIRST, did
            else:
                assert panel.error == "" or (refused and "interac_present" in panel.error), (did, panel.error)
        after = read_cards(panel)
        if len(after) > len(before):
            assert after[0] == digits(held), did
            paid += 1
        shown = panel.picture.alt.lower()
        assert ("pin" in shown) == ("PIN" in headline(panel)) or "declined" in shown, (did, headline(panel))
        if asking(panel):
            assert ("choose a tip" in shown) == ("asks for a tip" in headline(panel)), (did, headline(panel))
    assert paid >= 3
    panel.dispose()
