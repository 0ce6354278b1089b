"""Every reader state and every call: what is allowed, what follows, and which error is given otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from irl_helpers.simulator.states import COMMANDS, READER, READER_STATES, reader_refusal
from tests.simulator.sale import new_payment

# States that a fault brings, and the account's clock.
BROKEN = {
    "authorizing": "slow_bank",
    "stuck": "action_stuck",
    "updating": "reader_busy",
    "driven": "reader_driven_by_app",
    "unplugged": "reader_unplugged",
    "offline": "reader_offline",
}
DECLINED = {"type": "card_present", "card_present": {"number": "4000000000000002"}}
QUESTION = {"type": "text", "custom_text": {"title": "Your name"}}


class Till:
    """A reader, and all that calls to it need."""

    def __init__(self, client: stripe.StripeClient, reader: str) -> None:
        self.client, self.reader = client, reader
        self.readers = client.v1.terminal.readers
        self.helpers = client.v1.test_helpers.terminal.readers
        self.collected = ""

    def process(self) -> None:
        self.readers.process_payment_intent(self.reader, {"payment_intent": new_payment(self.client).id})

    def collect(self) -> None:
        self.collected = new_payment(self.client).id
        self.readers.collect_payment_method(self.reader, {"payment_intent": self.collected})
        self.helpers.present_payment_method(self.reader)

    def confirm(self) -> None:
        self.collect()
        self.readers.confirm_payment_intent(self.reader, {"payment_intent": self.collected})

    def present(self, card: dict[str, Any] | None = None) -> None:
        self.process()
        self.helpers.present_payment_method(self.reader, card)


def _interac(client: stripe.StripeClient) -> str:
    """An Interac payment that can be refunded on a reader, taken on another one."""
    readers = client.v1.terminal.readers
    reader = readers.create({"registration_code": "simulated-wpe"}).id
    types = {"allowed_payment_method_types": ["card_present", "interac_present"]}
    payment = client.v1.payment_intents.create({"amount": 1000, "currency": "cad", **types}).id
    readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader, {"type": "interac_present"})
    return payment


def _lapse(till: Till, later: Callable[[float], None]) -> None:
    till.collect()
    later(30)


ENTER: dict[str, Callable[[Till], None]] = {
    "idle": lambda till: None,
    "cart": lambda till: till.readers.set_reader_display(till.reader, {"type": "cart"}),
    "waiting": Till.process,
    "collecting_inputs": lambda till: till.readers.collect_inputs(till.reader, {"inputs": [QUESTION]}),
    "collected": Till.collect,
    "confirming": Till.confirm,
    "authorizing": Till.present,
    "succeeded": Till.present,
    "failed": lambda till: till.present(DECLINED),
    "stuck": Till.present,
    "updating": lambda till: None,
    "driven": lambda till: None,
    "unplugged": lambda till: None,
    "offline": lambda till: None,
}


def prepare(client: stripe.StripeClient, call: str) -> dict[str, Any]:
    """Parameters with which nothing but the reader's state can stand in the way."""
    if call in ("process_payment_intent", "collect_payment_method"):
        return {"payment_intent": new_payment(client).id}
    if call == "process_setup_intent":
        intent = client.v1.setup_intents.create({"allowed_payment_method_types": ["card_present"]})
        return {"setup_intent": intent.id, "allow_redisplay": "always"}
    if call == "refund_payment":
        return {"payment_intent": _interac(client)}
    others: dict[str, dict[str, Any]] = {
        "collect_inputs": {"inputs": [QUESTION]},
        "set_reader_display": {"type": "cart"},
        "answer_input": {"value": "Jo"},
    }
    return others.get(call, {})


def enter(till: Till, state: str, request: pytest.FixtureRequest) -> None:
    """Bring the reader into this state."""
    if state == "lapsed":
        _lapse(till, request.getfixturevalue("later"))
        return
    broken = BROKEN.get(state)
    if broken:
        request.getfixturevalue("fault")(broken, reader=till.reader)
    ENTER[state](till)


def make(till: Till, call: str, params: dict[str, Any], request: pytest.FixtureRequest) -> None:
    if call == "press_cancel":
        request.getfixturevalue("press_cancel")(till.reader)
    elif call == "answer_input":
        request.getfixturevalue("answer_input")(till.reader, **params)
    elif call in ("present_payment_method", "succeed_input_collection", "timeout_input_collection"):
        getattr(till.helpers, call)(till.reader, params)
    elif call == "confirm_payment_intent":
        payment = till.collected or new_payment(till.client).id
        till.readers.confirm_payment_intent(till.reader, {"payment_intent": payment})
    else:
        getattr(till.readers, call)(till.reader, params)


# What the Reader says of itself in the state that follows.
SHOWN = {
    "idle": None,
    "cart": "in_progress",
    "waiting": "in_progress",
    "collecting_inputs": "in_progress",
    "succeeded": "succeeded",
    "failed": "failed",
}
# "settled", by the state in which the call was made.
SETTLED = {
    ("present_payment_method", "waiting"): "succeeded",
    ("answer_input", "collecting_inputs"): "succeeded",
    ("present_payment_method", "confirming"): "succeeded",
    ("confirm_payment_intent", "collected"): "in_progress",
    ("confirm_payment_intent", "lapsed"): "in_progress",
}


@pytest.mark.parametrize("call", READER)
@pytest.mark.parametrize("state", READER_STATES)
def test_state_and_call(client, reader, request, state, call):
    till = Till(client, reader)
    params = prepare(client, call)
    enter(till, state, request)
    if call == "press_cancel" and state == "waiting":
        config = {"process_config": {"enable_customer_cancellation": True}}
        till.readers.process_payment_intent(reader, {"payment_intent": new_payment(client).id, **config})
    before = till.readers.retrieve(reader).to_dict()
    refusal = reader_refusal(state, call)
    if refusal:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            make(till, call, params, request)
        assert caught.value.http_status == 400
        assert refusal in (caught.value.code, caught.value.user_message)
        after = till.readers.retrieve(reader).to_dict()
        before.pop("last_seen_at")
        after.pop("last_seen_at")
        assert after == before
        return
    make(till, call, params, request)
    action = till.readers.retrieve(reader).action
    following = READER[call][state]
    expected = SETTLED[call, state] if following == "settled" else SHOWN[following]
    assert (action and action.status) == expected
    if expected and call in (*COMMANDS, "confirm_payment_intent"):
        assert action.type == call
        assert call in action


@pytest.mark.parametrize("call", [call for call in READER if reader_refusal("driven", call)])
def test_a_reader_that_an_app_drives_says_so_without_a_code(client, reader, request, fault, call):
    """C: stripe/stripe-js#708 (2025, an S700) for `cancel_action`; L for the others."""
    params = prepare(client, call)
    fault("reader_driven_by_app", reader=reader)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        make(Till(client, reader), call, params, request)
    error = caught.value.json_body["error"]
    assert error == {
        "type": "invalid_request_error",
        "message": "Reader is currently processing a transaction from a different integration mode.",
    }


def test_every_state_can_be_entered():
    assert set(READER_STATES) == {*ENTER, "lapsed"}
