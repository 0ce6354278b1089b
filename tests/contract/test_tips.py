"""Tips on the reader: when it asks, what the customer gives, and what then is charged."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import ADDRESS, new_payment

RULES = {"percentages": [15, 20, 25]}
DECLINED = {"type": "card_present", "card_present": {"number": "4000000000000002"}}


@pytest.fixture
def reader(client):
    """A reader whose location has tipping in US dollars."""
    return tipping_reader(client, "US", {"usd": RULES})


def tipping_reader(client, country, tipping):
    configuration = client.v1.terminal.configurations.create({"tipping": tipping}).id
    location = client.v1.terminal.locations.create(
        {
            "display_name": "Bar",
            "address": {**ADDRESS, "country": country},
            "configuration_overrides": configuration,
        }
    )
    return client.v1.terminal.readers.create(
        {"registration_code": "simulated-wpe", "location": location.id}
    ).id


def process(client, reader, payment, **config):
    params = {"payment_intent": payment} | ({"process_config": config} if config else {})
    return client.v1.terminal.readers.process_payment_intent(reader, params)


def present(client, reader, **params):
    return client.v1.test_helpers.terminal.readers.present_payment_method(reader, params).action


def paid(client, payment):
    intent = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
    return intent, intent.latest_charge


@pytest.mark.parametrize(("given", "tip"), [({"amount_tip": 150}, 150), ({"amount_tip": 0}, 0), ({}, 0)])
def test_tip_is_part_of_the_amount(client, reader, payment, given, tip):
    process(client, reader, payment)
    assert present(client, reader, **given).status == "succeeded"
    intent, charge = paid(client, payment)
    assert (intent.amount, intent.amount_capturable, charge.amount) == (1000 + tip,) * 3
    assert intent.amount_details.tip.amount == tip
    assert charge.payment_method_details.card_present.amount_authorized == 1000 + tip
    captured = client.v1.payment_intents.capture(payment)
    assert captured.amount_received == 1000 + tip


def test_sum_decides_whether_the_bank_says_no(client, reader, payment):
    """$10.00 is approved; with a tip of 55 cents it ends in 55."""
    process(client, reader, payment)
    assert present(client, reader, amount_tip=55).failure_code == "card_declined"
    intent, charge = paid(client, payment)
    assert (intent.status, intent.amount, charge.amount) == ("requires_payment_method", 1000, 1055)
    assert intent.amount_details.tip.to_dict() == {}


def test_next_try_asks_again(client, reader, payment):
    process(client, reader, payment)
    present(client, reader, amount_tip=300, **DECLINED)
    assert client.v1.payment_intents.retrieve(payment).amount == 1000
    process(client, reader, payment)
    present(client, reader, amount_tip=200)
    assert client.v1.payment_intents.retrieve(payment).amount == 1200


REFUSED = "The reader does not ask for a tip"


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"skip_tipping": True}, "skip_tipping is true"),
        ({"tipping": {"amount_eligible": 0}}, "amount_eligible"),
    ],
)
def test_till_says_no_tip(client, reader, payment, config, why):
    process(client, reader, payment, **config)
    with pytest.raises(stripe.InvalidRequestError, match=REFUSED) as caught:
        present(client, reader, amount_tip=100)
    assert caught.value.param == "amount_tip"
    assert why in caught.value.user_message
    present(client, reader)
    intent, _ = paid(client, payment)
    assert (intent.amount, intent.amount_details.tip.to_dict()) == (1000, {})


@pytest.mark.parametrize(
    ("country", "tipping", "currency"),
    [("US", {"usd": RULES}, "eur"), ("BR", {"usd": RULES}, "usd")],
    ids=["another currency", "a country without tips"],
)
def test_reader_that_does_not_ask(client, country, tipping, currency):
    reader = tipping_reader(client, country, tipping)
    payment = client.v1.payment_intents.create(
        {"amount": 1000, "currency": currency, "allowed_payment_method_types": ["card_present"]}
    ).id
    process(client, reader, payment)
    with pytest.raises(stripe.InvalidRequestError, match=REFUSED):
        present(client, reader, amount_tip=100)
    assert present(client, reader).status == "succeeded"


@pytest.mark.parametrize("tip", [-1, 99_999_000])
def test_tips_that_nobody_gives(client, reader, payment, tip):
    process(client, reader, payment)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        present(client, reader, amount_tip=tip)
    assert (caught.value.http_status, caught.value.param) == (400, "amount_tip")
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"


@pytest.mark.parametrize(
    ("config", "param"),
    [
        ({"skip_tipping": True, "tipping": {"amount_eligible": 500}}, "[tipping][amount_eligible]"),
        ({"tipping": {"amount_eligible": -1}}, "[tipping][amount_eligible]"),
        ({"tipping": {"amount_eligible": "some"}}, "[tipping][amount_eligible]"),
    ],
)
@pytest.mark.parametrize("call", ["process_payment_intent", "collect_payment_method"])
def test_configs_that_are_refused(client, reader, payment, call, config, param):
    name = {"process_payment_intent": "process_config", "collect_payment_method": "collect_config"}[call]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client.v1.terminal.readers, call)(reader, {"payment_intent": payment, name: config})
    assert caught.value.param == name + param
    assert client.v1.terminal.readers.retrieve(reader).action is None


def test_location_comes_before_the_default_and_new_rules_count_at_once(client, payment):
    reader = tipping_reader(client, "US", {"cad": RULES})
    process(client, reader, payment)
    with pytest.raises(stripe.InvalidRequestError, match=REFUSED):
        present(client, reader, amount_tip=100)
    location = client.v1.terminal.readers.retrieve(reader, {"expand": ["location"]}).location
    configuration = location.configuration_overrides
    client.v1.terminal.configurations.update(configuration, {"tipping": {"usd": RULES}})
    present(client, reader, amount_tip=100)
    assert client.v1.payment_intents.retrieve(payment).amount == 1100


# -- tips on the receipt: captured afterwards, in the US -------------------------------------------------


def hold(client, reader, amount=1000, card=None):
    payment = new_payment(client, amount).id
    process(client, reader, payment)
    present(client, reader, **(card or {}))
    return payment


@pytest.mark.parametrize(
    ("amount", "most"), [(1000, 6000), (8000, 13_000), (30_000, 45_000)], ids=["$50", "$50 too", "half"]
)
def test_more_than_was_authorized(client, reader, amount, most):
    payment = hold(client, reader, amount)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.capture(payment, {"amount_to_capture": most + 1})
    assert (caught.value.code, caught.value.param) == ("amount_too_large", None)
    intent = client.v1.payment_intents.capture(payment, {"amount_to_capture": most})
    assert (intent.amount, intent.amount_received, intent.status) == (most, most, "succeeded")
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount, charge.amount_captured) == (most, most)
    assert charge.payment_method_details.card_present.amount_authorized == amount


@pytest.mark.parametrize("where", ["another network", "another country"])
def test_not_more_than_was_authorized(client, reader, where):
    card = {"type": "card_present", "card_present": {"number": "3566002020360505"}}
    if where == "another country":
        reader, card = tipping_reader(client, "GB", {"usd": RULES}), {}
    payment = hold(client, reader, card=card)
    details = paid(client, payment)[1].payment_method_details.card_present
    assert details.overcapture_supported is False
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.capture(payment, {"amount_to_capture": 1001})
    assert caught.value.code == "amount_too_large"
