"""The customer's side of a simulated reader: cards, tips, a PIN, walking away, the cancel button."""

from __future__ import annotations

import asyncio

import pytest

from irl_helpers import account, collect, setup
from irl_helpers.account import stripe_client
from irl_helpers.cards import amount_hint, card_groups
from irl_helpers.panels import CollectPanel, customer
from irl_helpers.simulator.cards import CARDS
from irl_helpers.simulator.declines import AMOUNT_ENDINGS, decide_at_reader
from irl_helpers.tips import offered_tips

VISA, WITH_PIN, NO_MONEY = "4242424242424242", "4001000360000005", "4000000000009995"


@pytest.fixture(autouse=True)
def quick_typist(monkeypatch):
    monkeypatch.setattr(customer, "TYPING_A_PIN", 0)


@pytest.fixture
def reader():
    return setup.own_reader("Counter")


def tipping(**rules):
    configurations = stripe_client().v1.terminal.configurations
    [default] = configurations.list(params={"is_account_default": True}).data
    configurations.update(default.id, params={"tipping": {"usd": rules}})


def payment(panel):
    return stripe_client().v1.payment_intents.retrieve(panel.payment_intent_id)


def enabled(panel):
    names = ("simulate", "insert", "walk_away", "press_cancel")
    return {name for name in names if not getattr(panel, name).disabled}


# -- cards


def test_every_card_is_in_a_group_that_says_what_happens():
    groups, group = {}, None
    for label, value in card_groups():
        if value in CARDS:
            groups.setdefault(group, []).append(CARDS[value])
        else:
            group = label.strip("─ ")
    assert sum(map(len, groups.values())) == len(CARDS)
    assert list(groups) == [
        "Approved",
        "Approved with a PIN",
        "Declined",
        "Approved, refund fails",
        "Interac, in Canada",
    ]
    assert all(card.outcome != "approved" for card in groups["Declined"])
    assert all(card.cvm != "approval" for card in groups["Approved with a PIN"])
    assert all(card.outcome == "approved" for name in groups if name != "Declined" for card in groups[name])
    assert [card.name for card in groups["Interac, in Canada"]] == ["interac"]
    assert [card.name for card in groups["Approved, refund fails"]] == ["refund_fail"]


def test_a_heading_is_passed_over_the_way_one_came(reader):
    panel = CollectPanel()
    numbers = [value for _, value in card_groups()]
    heading = next(place for place, value in enumerate(numbers) if place and not value.isdecimal())
    panel.card.value = numbers[heading - 1]
    panel.card.value = numbers[heading]
    assert panel.card.value == numbers[heading + 1]
    panel.card.value = numbers[heading]
    assert panel.card.value == numbers[heading - 1]
    panel.card.value = numbers[0]
    assert panel.card.value == numbers[1] == VISA


# -- what an amount will do


@pytest.mark.parametrize("ending", AMOUNT_ENDINGS)
def test_an_amount_that_will_be_declined_is_named_before_and_is_declined(reader, ending):
    hint = amount_hint(1000 + ending, VISA)
    assert f"ends in {ending:02d}" in hint
    assert AMOUNT_ENDINGS[ending] in hint
    panel = CollectPanel("11.00")
    assert panel.till.hint.value == ""
    panel.amount.value = f"10.{ending:02d}"
    assert hint in panel.till.hint.value
    panel.process.click()
    assert hint in panel.till.hint.value
    panel.simulate.click()
    assert panel.state == "declined"
    error = payment(panel).last_payment_error
    assert AMOUNT_ENDINGS[ending] in (error.decline_code, error.code)


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.name)
def test_a_hint_is_there_just_where_the_amount_makes_a_difference(card):
    for amount in range(1000, 1100):
        differs = decide_at_reader(card, amount) != decide_at_reader(card, 1000)
        assert bool(amount_hint(amount, card.number)) == differs, amount


@pytest.mark.parametrize("ending", sorted(set(range(100)) - set(AMOUNT_ENDINGS))[::7])
def test_other_amounts_are_approved_without_a_word(reader, ending):
    assert amount_hint(1000 + ending, VISA) == ""
    collect.process_payment(reader.id, collect.create_payment(1000 + ending).id)
    assert collect.simulate_payment(reader.id).action.status == "succeeded"


def test_the_hint_follows_the_card_and_what_is_typed(reader):
    panel = CollectPanel("10.05")
    assert "decline" in panel.till.hint.value
    for card in (WITH_PIN, NO_MONEY):  # these decide by themselves
        panel.card.value = card
        assert panel.till.hint.value == ""
    panel.amount.value = "1<b>"
    assert "That is not an amount" in panel.till.hint.value
    panel.amount.value = ""
    assert panel.till.hint.value == ""


# -- a PIN


def test_a_card_with_a_pin_is_inserted(reader):
    panel = CollectPanel()
    screens = []
    panel.draw = lambda picture, **_: screens.append(picture.alt)
    panel.process.click()
    assert "insert" not in enabled(panel)
    panel.insert.click()
    assert "is not possible now" in panel.error
    panel.card.value = WITH_PIN
    assert "insert" in enabled(panel)
    panel.insert.click()
    assert panel.state == "authorized"
    assert any("PIN" in screen for screen in screens)
    charge = stripe_client().v1.charges.retrieve(payment(panel).latest_charge)
    assert charge.payment_method_details.card_present.receipt.cardholder_verification_method == "online_pin"


def test_an_amount_that_wants_a_pin_gets_one_at_the_second_try(reader):
    panel = CollectPanel("10.02")
    panel.process.click()
    panel.simulate.click()
    assert panel.state == "declined"
    panel.process.click()
    assert "insert" in enabled(panel)
    panel.insert.click()
    assert panel.state == "authorized"


# -- walking away, and the cancel button


def test_a_customer_who_walks_away_leaves_the_reader_asking(reader):
    panel = CollectPanel()
    panel.process.click()
    before = account.revision()
    panel.walk_away.click()
    assert (panel.state, account.revision()) == ("in_flight", before)
    assert "until the till stops it" in panel.log[-1]
    assert panel.meaning() == customer.WALKED_AWAY
    assert panel.walk_away.disabled
    panel.screen._handle_custom_msg({"hold": WITH_PIN}, [])
    assert "PIN" in panel.meaning()
    assert not panel.walk_away.disabled
    panel.cancel.click()
    assert panel.state == "canceled"


def test_the_cancel_button_is_there_only_where_it_was_asked_for(reader):
    panel = CollectPanel()
    panel.process.click()
    assert (panel.press_cancel.disabled, panel.press_cancel.layout.display) == (True, "none")
    panel.cancel.click()
    panel.restart.click()
    panel.customer_can_cancel.value = True
    panel.process.click()
    assert panel.press_cancel.layout.display != "none"
    panel.screen._handle_custom_msg({"hold": WITH_PIN}, [])
    assert "PIN" in panel.picture.alt
    assert panel.press_cancel.disabled  # as on the screen
    panel.screen._handle_custom_msg({"touch": "back"}, [])
    panel.press_cancel.click()
    assert panel.state == "failed"
    assert "customer canceled on the reader" in panel.messages.state_line.value
    assert payment(panel).status == "requires_payment_method"
    panel.process.click()
    assert panel.state == "in_flight"


# -- tips


def test_a_reader_that_asks_for_a_tip_shows_it_until_it_is_chosen(reader):
    tipping(percentages=[15, 20, 25])
    panel = CollectPanel("10.00")
    assert panel.tip.layout.display == "none"
    panel.process.click()
    assert "choose a tip on $10.00: 15% is $1.50" in panel.picture.alt
    assert [label for label, _ in panel.tip.options][1:] == [
        "No tip",
        "15%: $1.50",
        "20%: $2.00",
        "25%: $2.50",
    ]
    # Whoever goes through the list with the arrow keys chooses each on the way.
    for tip in (0, 150, customer.NOT_YET):
        panel.tip.value = tip
    assert "choose a tip" in panel.picture.alt
    panel.tip.value = 200
    assert "tap" in panel.picture.alt
    asyncio.run(panel.look())
    assert panel.tip.value == 200
    panel.simulate.click()
    held = payment(panel)
    assert (held.amount, held.amount_details.tip.amount) == (1200, 200)
    assert panel.tip.layout.display == "none"


@pytest.mark.parametrize("button", ["simulate", "insert"])
def test_a_reader_that_asks_for_a_tip_takes_a_card_once_one_is_chosen(reader, button):
    tipping(percentages=[15, 20, 25])
    panel = CollectPanel("10.00")
    panel.process.click()
    panel.card.value = WITH_PIN
    press = getattr(panel, button)
    assert press.disabled
    press.click()
    assert panel.error == f"{press.description} is not possible now: the reader asks for a tip."
    assert panel.state == "in_flight"
    panel.tip.value = 0
    assert not press.disabled
    press.click()
    held = payment(panel)
    assert (held.amount, held.amount_details.tip.amount, panel.error) == (1000, 0, "")


def test_the_next_customer_chooses_anew(reader):
    tipping(fixed_amounts=[100, 200])
    panel = CollectPanel("10.00")
    panel.process.click()
    panel.tip.value = 100
    panel.card.value = NO_MONEY
    panel.simulate.click()
    assert panel.state == "declined"
    panel.process.click()
    assert panel.tip.value == customer.NOT_YET
    panel.card.value = VISA
    panel.simulate.click()
    assert payment(panel).amount == 1000


def test_a_tip_that_makes_the_amount_end_badly_is_named(reader):
    tipping(fixed_amounts=[105])
    panel = CollectPanel("10.00")
    panel.process.click()
    panel.tip.value = 105
    assert "ends in 05" in panel.till.hint.value


def test_the_locations_own_tips_come_first_and_other_currencies_have_none(reader):
    client = stripe_client()
    tipping(percentages=[10, 11, 12])
    own = client.v1.terminal.configurations.create(params={"tipping": {"usd": {"percentages": [15, 20, 25]}}})
    client.v1.terminal.locations.update(reader.location, params={"configuration_overrides": own.id})
    asked = collect.process_payment(reader.id, collect.create_payment(1000).id)
    assert offered_tips(asked, "usd")["percentages"] == [15, 20, 25]
    assert offered_tips(asked, "eur") == {}
    skipped = client.v1.terminal.readers.process_payment_intent(
        reader.id,
        params={"payment_intent": collect.create_payment(1000).id, "process_config": {"skip_tipping": True}},
    )
    assert offered_tips(skipped, "usd") == {}
