"""The reader is touched: what a customer does on the picture, and the wallet, reach the account."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from irl_helpers.account import revision, stripe_client
from irl_helpers.cards import card_number, card_options, wallet
from irl_helpers.panels import CancelPanel, CollectPanel, SaveCardPanel, customer
from irl_helpers.point_of_sale import PointOfSale, open_shop
from irl_helpers.screen import reader_screen, takes_tip_key, typed_tip
from irl_helpers.simulator.cards import CARDS

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
VISA, NO_MONEY = "4242424242424242", "4000000000009995"
WITH_PIN = card_number("online_pin_cvm")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(customer, "ASKING", 0)


def touch(panel, *names):
    """What the page sends for each."""
    for name in names:
        panel.screen._handle_custom_msg({"touch": name}, [])


def hold(panel, number):
    panel.screen._handle_custom_msg({"hold": number}, [])


def places(panel):
    return {area["name"] for area in panel.screen.areas}


def type_pin(panel, digits):
    touch(panel, *(f"key:{digit}" for digit in digits), "key:enter")


def payment(panel):
    return stripe_client().v1.payment_intents.retrieve(panel.payment_intent_id)


def tipping(**rules):
    configurations = stripe_client().v1.terminal.configurations
    [default] = configurations.list(params={"is_account_default": True}).data
    configurations.update(default.id, params={"tipping": {"usd": rules}})


@pytest.mark.parametrize("kind", [CollectPanel, CancelPanel])
def test_a_card_that_is_held_to_the_picture_pays(reader, kind):
    panel = kind()
    assert places(panel) == set()
    panel.process.click()
    assert places(panel) == {"card"}
    hold(panel, NO_MONEY)
    assert (panel.state, panel.card.value) == ("declined", NO_MONEY)
    panel.process.click()
    panel.card.value = VISA
    touch(panel, "card")
    assert (panel.state, panel.error) == ("authorized", "")
    assert places(panel) == set()


def test_a_card_held_to_a_reader_that_asks_for_nothing_is_the_next_one(reader):
    panel = CollectPanel()
    before = revision()
    hold(panel, NO_MONEY)
    assert (panel.card.value, panel.screen.card, panel.error, revision()) == (NO_MONEY, NO_MONEY, "", before)


def test_the_tip_is_touched_and_the_screen_shows_the_total_with_it(reader):
    tipping(percentages=[15, 20, 25])
    panel = CollectPanel("10.00")
    panel.process.click()
    assert places(panel) == {"tip:150", "tip:200", "tip:250", "tip:custom", "tip:0"}
    assert "the reader asks for a tip" in panel.messages.state_line.value
    touch(panel, "tip:200")
    assert panel.picture.alt == "WisePOS E: $12.00, tap, insert or swipe"
    assert "the reader asks for a card" in panel.messages.state_line.value
    hold(panel, WITH_PIN)
    assert panel.picture.alt == "WisePOS E: enter PIN for $12.00"
    assert "the reader asks for the PIN" in panel.messages.state_line.value
    type_pin(panel, customer.PIN)
    assert (payment(panel).amount, payment(panel).amount_details.tip.amount) == (1200, 200)


def test_no_tip_and_a_tip_of_ones_own(reader):
    tipping(fixed_amounts=[100, 200])
    panel = CollectPanel("10.00")
    panel.process.click()
    touch(panel, "tip:custom")
    assert panel.picture.alt == "WisePOS E: type a tip: $0.00 on $10.00"
    touch(panel, "key:4", "key:5", "key:6", "key:erase", "key:0")
    assert "type a tip: $4.50" in panel.picture.alt
    touch(panel, "key:enter")
    assert "$14.50, tap" in panel.picture.alt
    asyncio.run(panel.look())
    assert ("Custom: $4.50", 450) in panel.tip.options
    hold(panel, VISA)
    assert payment(panel).amount == 1450
    panel.capture.click()
    panel.restart.click()
    panel.process.click()
    touch(panel, "tip:0")
    hold(panel, VISA)
    assert (payment(panel).amount, payment(panel).amount_details.tip.amount) == (1000, 0)


@pytest.mark.parametrize(
    ("currency", "keys", "shown", "tip"),
    [
        ("usd", "", "$0.00", 0), ("usd", "3", "$0.03", 3), ("usd", "250", "$2.50", 250),
        ("usd", "2.50", "$2.50", 250), ("usd", "2.5", "$2.50", 250), ("usd", "2.", "$2.00", 200),
        ("usd", ".5", "$0.50", 50), ("usd", "2.509", "$2.50", 250), ("usd", "2.5.1", "$2.51", 251),
        ("usd", "12345678", "$1,234.56", 123456), ("jpy", "250", "¥250", 250), ("jpy", "250.5", "¥250", 250),
        ("kwd", "2.5", "KWD 2.500", 2500),
    ],
)  # fmt: skip
def test_a_tip_that_is_typed_with_a_point_is_what_it_says(currency, keys, shown, tip):
    typed = ""
    for key in keys:
        typed += key if takes_tip_key(typed, key, currency) else ""
    assert typed_tip(typed, currency) == tip
    intent = {"amount": 1000, "currency": currency}
    reader = {"device_type": "bbpos_wisepos_e", "status": "online"}
    assert f"type a tip: {shown} on" in reader_screen(reader, intent, stage="tip_amount", typed=typed).alt


def test_a_keyboard_has_a_point_and_clears_a_pad(reader):
    tipping(fixed_amounts=[100])
    panel = CollectPanel("10.00")
    panel.process.click()
    touch(panel, "tip:custom", *(f"key:{key}" for key in "2.5"))
    assert "type a tip: $2.50" in panel.picture.alt
    touch(panel, "key:clear")
    assert "type a tip: $0.00" in panel.picture.alt
    touch(panel, *(f"key:{key}" for key in "3.5"), "key:enter")
    assert "$13.50, tap" in panel.picture.alt
    hold(panel, WITH_PIN)
    touch(panel, *(f"key:{key}" for key in "9.9"), "key:clear")
    type_pin(panel, customer.PIN)
    assert (panel.state, payment(panel).amount) == ("authorized", 1350)


PADS = {
    "a tip": ("type a tip", "choose a tip", ["tip:custom"]),
    "the PIN": ("enter PIN", "tap, insert", ["tip:100", "card"]),
    "the PIN again": ("wrong pin", "tap, insert", ["tip:100", "card", "key:9", "key:enter"]),
}


@pytest.mark.parametrize("pad", PADS)
def test_erasing_nothing_does_nothing_and_the_cross_goes_back(reader, pad):
    asks, before, way = PADS[pad]
    tipping(fixed_amounts=[100])
    panel = CollectPanel("10.00")
    panel.card.value = WITH_PIN
    panel.process.click()
    touch(panel, *way)
    shown = panel.picture.svg
    assert asks in panel.picture.alt
    for keys in (["key:erase"], ["key:clear"], ["key:5", "key:erase", "key:erase"]):
        touch(panel, *keys)
        assert panel.picture.svg == shown, keys
    touch(panel, "key:5", "back")
    assert before in panel.picture.alt
    touch(panel, way[-1] if pad == "a tip" else "card")
    assert ("$0.00" in panel.picture.alt) == (pad == "a tip")
    assert panel.picture.svg.count('r="6"') == 0


@pytest.mark.parametrize("kind", ["text", "numeric", "phone", "email"])
def test_erasing_an_empty_field_of_a_form_does_nothing(reader, kind):
    asked = {"inputs": [{"type": kind, "custom_text": {"title": "Well?"}}]}
    stripe_client().v1.terminal.readers.collect_inputs(reader.id, params=asked)
    panel = CollectPanel()
    shown = panel.picture.svg
    touch(panel, "key:erase")
    assert panel.picture.svg == shown
    assert f"key:{'a' if kind in ('text', 'email') else '5'}" in places(panel)
    assert panel.screen.typed == ""


def test_a_pin_is_typed_dot_by_dot_and_a_wrong_one_is_asked_for_again(reader):
    panel = CollectPanel()
    panel.process.click()
    hold(panel, WITH_PIN)
    assert "enter PIN" in panel.picture.alt
    assert panel.state == "in_flight"
    dots = []
    for digit in "0000":
        dots.append(panel.picture.svg.count('r="6"'))
        touch(panel, f"key:{digit}")
    assert dots == [0, 1, 2, 3]
    touch(panel, "key:7", "key:enter")  # a fifth digit is not taken
    assert "wrong pin" in panel.picture.alt
    assert panel.state == "in_flight"
    touch(panel, "key:1", "key:9", "key:erase")
    type_pin(panel, "234")
    assert (panel.state, panel.error) == ("authorized", "")
    charge = stripe_client().v1.charges.retrieve(payment(panel).latest_charge)
    assert charge.payment_method_details.card_present.receipt.cardholder_verification_method == "online_pin"


def test_no_pin_is_in_the_log_of_what_was_typed(reader):
    panel = CollectPanel()
    panel.process.click()
    hold(panel, WITH_PIN)
    type_pin(panel, "9876")
    assert not any("9876" in line for line in panel.log)


def test_the_card_that_is_in_the_reader_is_not_inserted_again(reader):
    panel = CollectPanel()
    panel.process.click()
    hold(panel, WITH_PIN)
    type_pin(panel, "99")
    touch(panel, "key:1", "key:2")
    shown, said = panel.picture.svg, panel.log[:]
    assert "wrong pin" in panel.picture.alt
    hold(panel, WITH_PIN)
    assert (panel.picture.svg, panel.log) == (shown, said)
    type_pin(panel, "34")
    assert panel.state == "authorized"


def test_cancel_is_touched_where_it_was_offered(reader):
    panel = CollectPanel()
    panel.customer_can_cancel.value = True
    panel.process.click()
    assert places(panel) == {"card", "cancel"}
    touch(panel, "cancel")
    assert (panel.state, panel.error) == ("failed", "")
    assert payment(panel).status == "requires_payment_method"


def test_the_point_of_sale_and_the_saved_card_are_touched_as_well(account_file):
    till = PointOfSale(open_shop())
    till.first_product.click()
    till.charge.click()
    touch(till, "tip:100")
    hold(till, VISA)
    assert (till.state, payment(till).amount) == ("authorized", 430)
    panel = SaveCardPanel()
    panel.save.click()
    hold(panel, VISA)
    assert (panel.state, panel.error) == ("saved", "")


def test_every_place_in_every_state_can_be_touched_and_breaks_nothing(reader):
    tipping(percentages=[10, 20, 30])
    panel = CollectPanel("10.00")
    panel.customer_can_cancel.value = True
    seen = set()
    for _ in range(3):
        for stage in ([], ["tip:custom"], ["tip:100"], ["tip:100", "card"]):
            for card in (VISA, WITH_PIN):
                panel.card.value = card
                if panel.state in ("ready", "failed", "declined", "open"):
                    panel.process.click()
                if not places(panel):
                    panel.capture.click()
                    panel.restart.click()
                    panel.process.click()
                touch(panel, *stage)
                for place in sorted(places(panel)):
                    seen.add(place)
                    touch(panel, place)
                    assert panel.error == ""
    assert seen >= {"card", "cancel", "tip:100", "tip:custom", "tip:0", "key:1", "key:erase", "key:enter"}


@pytest.mark.parametrize(
    "message",
    [{"touch": "card"}, {"touch": "tip:1"}, {"touch": "key:1"}, {"touch": 3}, {"hold": "4111111111111111"},
     {"hold": None}, {}, [], "touch", None, {"touch": "key:."}, {"touch": "key:clear"},
     {"touch": "back"}, {"touch": ["card"]}, {"touch": "tip:custom", "hold": "x"}],
)  # fmt: skip
def test_a_page_cannot_touch_what_is_not_there(reader, message):
    panel = CollectPanel()
    before = (revision(), panel.card.value, panel.state)
    panel.screen._handle_custom_msg(message, [])
    assert (revision(), panel.card.value, panel.state) == before
    assert panel.error == ""


def test_at_a_physical_reader_nothing_on_the_picture_can_be_touched(physical_reader):
    panel = CollectPanel()
    panel.process.click()
    assert (panel.state, places(panel)) == ("in_flight", set())
    assert panel.screen.cards == []


def test_the_wallet_has_a_card_for_each_thing_that_can_happen():
    cards = wallet()
    outcomes = {label.partition(": ")[2] for label, _ in card_options()}
    said = {card.words for card in cards}
    assert {card.number for card in cards} <= {number for _, number in card_options()}
    assert len({card.number for card in cards}) == len(cards)
    assert {words for words in outcomes if "PIN" not in words} <= said
    assert {card.kind for card in cards} == {"approved", "pin", "declined", "special"}


def test_the_wallet_has_every_card_that_a_notebook_asks_for():
    words = "".join(path.read_text("utf-8") for path in NOTEBOOKS.rglob("*.ipynb"))
    named = {card.number for card in CARDS.values() if re.search(rf"[`\"]{card.name}\\?[`\"]", words)}
    assert card_number("mastercard_debit") in named
    assert named <= {card.number for card in wallet()}
