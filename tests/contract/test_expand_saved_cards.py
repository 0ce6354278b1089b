"""`expand[]` through what is saved: customers, their cards, and the tries that led to them."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import new_payment

GENERATED = "payment_method_details.card_present.generated_card"


@pytest.fixture
def saved(client, reader):
    """A card saved at a reader, as its customer's default: the ids of all that is there."""
    customer = client.v1.customers.create({"name": "Ada"}).id
    types = {"allowed_payment_method_types": ["card_present"]}
    intent = client.v1.setup_intents.create({**types, "customer": customer}).id
    client.v1.terminal.readers.process_setup_intent(
        reader, {"setup_intent": intent, "allow_redisplay": "always"}
    )
    action = client.v1.test_helpers.terminal.readers.present_payment_method(reader).action
    card = action.process_setup_intent.generated_card
    client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card}})
    attempt = client.v1.setup_intents.retrieve(intent).latest_attempt
    return {"customer": customer, "reader": reader, "intent": intent, "card": card, "attempt": attempt}


def walk(answer, path):
    for name in path.split("."):
        answer = answer[0] if isinstance(answer, list) else answer
        answer = answer[name]
    return answer


@pytest.mark.parametrize(
    ("start", "path", "found"),
    [
        ("customer", "invoice_settings.default_payment_method", "card"),
        ("customer", "invoice_settings.default_payment_method.customer", "customer"),
        ("card", "customer", "customer"),
        ("card", "card.generated_from.setup_attempt", "attempt"),
        ("card", "card.generated_from.setup_attempt.setup_intent", "intent"),
        ("intent", "customer", "customer"),
        ("intent", "latest_attempt", "attempt"),
        ("intent", "latest_attempt.customer.invoice_settings.default_payment_method", "card"),
        ("intent", f"latest_attempt.{GENERATED}", "card"),
        ("reader", "action.process_setup_intent.setup_intent", "intent"),
        ("reader", "action.process_setup_intent.setup_intent.latest_attempt", "attempt"),
        ("cards", "data.customer", "customer"),
        ("cards", "data.card.generated_from.setup_attempt.setup_intent", "intent"),
        ("intents", f"data.latest_attempt.{GENERATED}", "card"),
        ("attempts", "data.setup_intent", "intent"),
        ("attempts", "data.setup_intent.customer", "customer"),
        ("attempts", f"data.{GENERATED}.customer", "customer"),
    ],
)
def test_path(client, saved, start, path, found):
    calls = {
        "customer": client.v1.customers.retrieve,
        "card": client.v1.payment_methods.retrieve,
        "intent": client.v1.setup_intents.retrieve,
        "reader": client.v1.terminal.readers.retrieve,
        "cards": lambda params: client.v1.customers.payment_methods.list(saved["customer"], params),
        "intents": lambda params: client.v1.setup_intents.list({**params, "customer": saved["customer"]}),
        "attempts": lambda params: client.v1.setup_attempts.list({**params, "setup_intent": saved["intent"]}),
    }
    params = {"expand": [path]}
    call = calls[start]
    answer = call(saved[start], params) if start in saved else call(params)
    assert walk(answer, path).id == saved[found]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("status", "cannot be expanded"),
        ("latest_attempt.status", "cannot be expanded"),
        ("nothing", "cannot be expanded"),
        ("data.customer", "cannot be expanded"),
        ("latest_attempt.setup_intent.latest_attempt.setup_intent.customer", "more than 4 levels"),
    ],
)
def test_path_that_is_none(client, saved, path, message):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.setup_intents.retrieve(saved["intent"], {"expand": [path]})
    assert (caught.value.http_status, caught.value.param) == (400, None)
    assert message in caught.value.user_message


def test_nothing_there_to_expand(client):
    payment = new_payment(client)
    expanded = client.v1.payment_intents.retrieve(
        payment.id, {"expand": ["customer", "payment_method.customer", "latest_charge.payment_intent"]}
    )
    assert expanded.to_dict() == payment.to_dict()
