"""Fields as Stripe was seen to answer them (C: recorded in 2026)."""

from __future__ import annotations

import pytest

PAYMENT = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card"]}
NOTHING = {"carrier": None, "phone": None, "tracking_number": None}


@pytest.mark.parametrize("call", ["payment_intents", "setup_intents"])
def test_managed_payments_are_off(client, call):
    params = PAYMENT if call == "payment_intents" else {"allowed_payment_method_types": ["card"]}
    assert getattr(client.v1, call).create(params).managed_payments.enabled is False


def test_shipping_has_all_its_fields(client):
    to = {"name": "Ada", "address": {"line1": "1 Main St", "line2": ""}}
    payment = client.v1.payment_intents.create(
        {**PAYMENT, "shipping": to, "payment_method": "pm_card_visa", "confirm": True}
    )
    charge = client.v1.charges.retrieve(payment.latest_charge)
    nowhere = dict.fromkeys(("city", "country", "line2", "postal_code", "state"))
    expected = {"name": "Ada", "address": {"line1": "1 Main St", **nowhere}, **NOTHING}
    for one in (payment, charge):
        assert one.shipping.to_dict() == expected
    sent = {**to, "carrier": "Post", "tracking_number": "1"}
    charge = client.v1.charges.update(charge.id, {"shipping": sent})
    assert (charge.shipping.carrier, charge.shipping.phone) == ("Post", None)
    open_payment = client.v1.payment_intents.create({**PAYMENT, "shipping": to}).id
    assert client.v1.payment_intents.update(open_payment, {"shipping": ""}).shipping is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"enabled": True}, {"enabled": True, "plan": None}),
        (
            {"enabled": True, "plan": {"type": "fixed_count", "count": 3, "interval": "month"}},
            {"enabled": True, "plan": {"type": "fixed_count", "count": 3, "interval": "month"}},
        ),
        ({"plan": ""}, {"enabled": False, "plan": None}),
    ],
)
def test_installments(client, given, shown):
    options = {"payment_method_options": {"card": {"installments": given}}}
    for payment in (
        client.v1.payment_intents.create(PAYMENT | options),
        client.v1.payment_intents.update(client.v1.payment_intents.create(PAYMENT).id, options),
    ):
        found = payment.payment_method_options.card.installments.to_dict()
        assert found == {"available_plans": None, **shown}
