"""The exercise about tips: what a reader suggests, and where the tip ends up."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers import collect, setup
from irl_helpers.account import stripe_client
from irl_helpers.money import parse_amount
from irl_helpers.panels import CollectPanel
from irl_helpers.tips import own_configuration, tip_of, tipping_rules, use_configuration

SHARES = {"usd": {"percentages": [15, 20, 25]}}
SMART = {"usd": {"percentages": [15, 20, 25], "fixed_amounts": [100, 200, 300], "smart_tip_threshold": 1000}}


@pytest.fixture
def table(client):
    """A reader that asks for tips."""
    return tipping_reader(client)


def tipping_reader(client, tipping=SHARES):
    cafe = setup.create_location("Café", setup.ADDRESS, client=client)
    use_configuration(cafe.id, own_configuration("Tips", tipping, client=client).id, client=client)
    return setup.register_reader("simulated-wpe", cafe.id, "Table", client=client)


def pay(client, reader, amount=2400, tip=None, config=None, card="visa"):
    payment = collect.create_payment(amount, client=client)
    params = {"payment_intent": payment.id} | ({"process_config": config} if config else {})
    client.v1.terminal.readers.process_payment_intent(reader.id, params=params)
    collect.simulate_payment(reader.id, card, tip=tip, client=client)
    return client.v1.payment_intents.retrieve(payment.id)


def test_a_configuration_is_created_once_and_changed_then(client):
    first = own_configuration("Tips", SHARES, client=client)
    again = own_configuration("Tips", SMART, client=client)
    assert first.id == again.id
    assert again.tipping.usd.smart_tip_threshold == 1000
    assert own_configuration("Other tips", SHARES, client=client).id != first.id


def test_a_reader_suggests_what_its_location_says(client, table):
    assert tipping_rules(table, client=client) == {"percentages": [15, 20, 25]}
    assert tipping_rules(table, "eur", client=client) == {}
    assert tipping_rules(setup.own_reader("Till", client=client), client=client) == {}


def test_or_else_what_the_accounts_default_says(client):
    till = setup.own_reader("Till", client=client)
    [default] = client.v1.terminal.configurations.list(params={"is_account_default": True}).data
    client.v1.terminal.configurations.update(default.id, params={"tipping": SHARES})
    assert tipping_rules(till, client=client) == {"percentages": [15, 20, 25]}


@pytest.mark.parametrize(
    ("tip", "config", "found", "amount"),
    [
        (480, None, 480, 2880),
        (0, None, 0, 2400),
        (None, None, 0, 2400),
        (None, {"skip_tipping": True}, None, 2400),
    ],
)
def test_the_tip_is_part_of_the_amount(client, table, tip, config, found, amount):
    payment = pay(client, table, tip=tip, config=config)
    assert (tip_of(payment), payment.amount, payment.amount_capturable) == (found, amount, amount)


def test_a_reader_that_asks_for_none_takes_none(client, table):
    with pytest.raises(stripe.InvalidRequestError, match="does not ask for a tip"):
        pay(client, table, tip=480, config={"skip_tipping": True})


def test_before_anything_was_paid_there_is_no_tip(client):
    assert tip_of(collect.create_payment(2400, client=client)) is None


@pytest.mark.parametrize(("amount", "shown"), [("8.00", "$1.00, $2.00, $3.00"), ("24.00", "20% is $4.80")])
def test_the_till_of_part_3_offers_them(amount, shown):
    tipping_reader(stripe_client(), SMART)
    panel = CollectPanel(amount)
    panel.process.click()
    assert shown in panel.picture.alt
    panel.tip.value = panel.tip.options[-1][1]
    panel.simulate.click()
    panel.capture.click()
    [payment] = stripe_client().v1.payment_intents.list().data
    assert tip_of(payment) == panel.tip.options[-1][1] > 0
    assert payment.amount_received == parse_amount(amount) + tip_of(payment)
