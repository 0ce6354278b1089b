"""Idempotency keys: the first answer is kept and given again."""

from __future__ import annotations

import uuid

import pytest
import stripe

FORM = {"amount": 1000, "currency": "usd", "allowed_payment_method_types[]": "card_present"}
PATH = "/v1/payment_intents"


@pytest.fixture
def key():
    return f"order-{uuid.uuid4()}"


@pytest.fixture
def send(target):
    def send(path, key, **params):
        headers = {"Authorization": f"Bearer {target.key}", "Idempotency-Key": key}
        return target.send("POST", path, headers, **params)

    return send


def test_same_key_same_answer(client, send, key):
    first, second = (send(PATH, key, **FORM) for _ in range(2))
    assert first.status == second.status == 200
    assert first.body == second.body
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == key
    # The answer of then, even when the object has changed.
    client.v1.payment_intents.cancel(first.body["id"])
    assert send(PATH, key, **FORM).body["status"] == "requires_payment_method"


def test_command_is_not_given_twice(client, send, key, reader, payment):
    path = f"/v1/terminal/readers/{reader}/process_payment_intent"
    send(path, key, payment_intent=payment)
    client.v1.terminal.readers.cancel_action(reader)
    replayed = send(path, key, payment_intent=payment)
    assert replayed.body["action"]["status"] == "in_progress"
    assert client.v1.terminal.readers.retrieve(reader).action is None


@pytest.mark.parametrize(
    ("path", "form"),
    [(PATH, {**FORM, "amount": 1001}), ("/v1/terminal/connection_tokens", {})],
    ids=["other parameters", "another path"],
)
def test_key_belongs_to_its_request(client, send, key, path, form):
    first = send(PATH, key, **FORM)
    answer = send(path, key, **form)
    assert (answer.status, answer.error["type"]) == (400, "idempotency_error")
    assert answer.error["message"] == (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request."
    )
    assert send(PATH, key, **FORM).body["id"] == first.body["id"]


def test_the_library_raises_its_idempotency_error(client, key):
    params = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    client.v1.payment_intents.create(params, {"idempotency_key": key})
    with pytest.raises(stripe.IdempotencyError) as caught:
        client.v1.payment_intents.create({**params, "amount": 2000}, {"idempotency_key": key})
    assert caught.value.http_status == 400


def test_refused_request_does_not_use_up_its_key(send, key):
    """What fails its validation was never executed, so that the key is free for the repaired request."""
    assert send(PATH, key, **{**FORM, "amount": "ten"}).status == 400
    assert send(PATH, key, **FORM).status == 200


def test_key_may_be_long_but_not_longer(send):
    assert send(PATH, uuid.uuid4().hex * 7 + "x" * 31, **FORM).status == 200
    answer = send(PATH, "x" * 256, **FORM)
    assert (answer.status, answer.error["type"]) == (400, "idempotency_error")


def test_keys_are_kept_for_a_day(send, key, later):
    first = send(PATH, key, **FORM)
    later(24 * 3600 - 60)
    assert send(PATH, key, **FORM).body["id"] == first.body["id"]
    later(120)
    assert send(PATH, key, **FORM).body["id"] != first.body["id"]


def test_lost_answer_is_brought_again(client, fault):
    """The library sends the request again with the same key: one payment, although the answer got lost."""
    fault("answer_lost", call="payment_intents.create", count=1)
    payment = client.v1.payment_intents.create({"amount": 1000, "currency": "usd"})
    assert [one.id for one in client.v1.payment_intents.list().data] == [payment.id]
    assert payment.last_response.headers["idempotent-replayed"] == "true"
