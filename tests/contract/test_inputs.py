"""Forms on the reader: their limits, their answers, and what happens when nobody answers."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.screen import reader_screen
from tests.simulator.sale import new_payment

CHOICES = [{"id": "choice_1", "text": "Yes", "style": "primary"}, {"id": "choice_2", "text": "No"}]
FORM = [
    {
        "type": "signature",
        "custom_text": {"title": "Signature", "description": "Please sign below", "skip_button": "Skip"},
        "toggles": [{"title": "Newsletter", "default_value": "enabled"}, {"description": "Be called"}],
    },
    {
        "type": "selection",
        "custom_text": {"title": "Selection"},
        "required": True,
        "selection": {"choices": CHOICES},
    },
    {"type": "email", "custom_text": {"title": "Email", "submit_button": "Send"}},
    {"type": "phone", "custom_text": {"title": "Phone"}},
    {"type": "text", "custom_text": {"title": "Text"}, "required": True},
]


def ask(client, reader, *inputs, **params):
    return client.v1.terminal.readers.collect_inputs(reader, {"inputs": [*inputs], **params})


def one(type="text", **fields):
    return {"type": type, "custom_text": {"title": "Title", **fields}}


def succeed(client, reader, **params):
    return client.v1.test_helpers.terminal.readers.succeed_input_collection(reader, params)


def test_form_is_shown(client, reader, events):
    shown = ask(client, reader, *FORM, metadata={"order": "7"})
    action = shown.action
    assert (action.type, action.status) == ("collect_inputs", "in_progress")
    assert action.collect_inputs.metadata.to_dict() == {"order": "7"}
    signature, selection, email, *_ = action.to_dict()["collect_inputs"]["inputs"]
    assert signature == {
        "type": "signature",
        "custom_text": {
            "title": "Signature",
            "description": "Please sign below",
            "skip_button": "Skip",
            "submit_button": None,
        },
        "required": False,
        "signature": {"value": None},
        "toggles": [
            {"title": "Newsletter", "description": None, "default_value": "enabled", "value": None},
            {"title": None, "description": "Be called", "default_value": None, "value": None},
        ],
    }
    assert selection["required"] is True
    assert selection["toggles"] is None
    assert selection["selection"] == {
        "choices": [CHOICES[0], {**CHOICES[1], "style": None}],
        "id": None,
        "text": None,
    }
    assert email["email"] == {"value": None}
    events.check([], reader)
    assert "asking for a signature: Signature, 1 of 5" in reader_screen(shown).alt


def test_answers(client, reader, events):
    ask(client, reader, *FORM)
    action = succeed(client, reader).action
    assert (action.status, action.failure_code) == ("succeeded", None)
    signature, selection, email, phone, text = action.collect_inputs.inputs
    assert [one.skipped for one in action.collect_inputs.inputs] == [False] * 5
    assert signature.signature.value.startswith("file_")
    assert [toggle.value for toggle in signature.toggles] == ["enabled", "disabled"]
    assert (selection.selection.id, selection.selection.text) == ("choice_1", "Yes")
    assert email.email.value == "someone@example.com"
    assert phone.phone.value.startswith("+")
    assert text.text.value
    [event] = events.check(["terminal.reader.action_succeeded"], reader)
    assert event.data.object.action.to_dict() == action.to_dict()


def test_what_is_not_required_can_be_skipped(client, reader):
    ask(client, reader, *FORM)
    inputs = succeed(client, reader, skip_non_required_inputs="all").action.collect_inputs.inputs
    assert [one.skipped for one in inputs] == [True, False, True, True, False]
    assert [inputs[0].signature.value, inputs[2].email.value, inputs[3].phone.value] == [None] * 3
    assert [toggle.value for toggle in inputs[0].toggles] == [None, None]
    assert (inputs[1].selection.id, bool(inputs[4].text.value)) == ("choice_1", True)


def test_numbers_are_text(client, reader):
    ask(client, reader, one("numeric"))
    (answer,) = succeed(client, reader, skip_non_required_inputs="none").action.collect_inputs.inputs
    assert answer.numeric.value.isdecimal()


TIMED_OUT = ("failed", "collect_inputs_timeout", "collect inputs was timed out")


def test_timeout(client, reader, events):
    ask(client, reader, *FORM)
    client.v1.test_helpers.terminal.readers.timeout_input_collection(reader)
    check_timeout(client, reader, events)


def test_timeout_after_two_minutes(client, reader, events, later):
    ask(client, reader, *FORM)
    later(119)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    later(1)
    check_timeout(client, reader, events)


def check_timeout(client, reader, events):
    action = client.v1.terminal.readers.retrieve(reader).action
    assert (action.status, action.failure_code, action.failure_message) == TIMED_OUT
    assert action.collect_inputs.inputs[0].signature.value is None
    assert "skipped" not in action.collect_inputs.inputs[0]
    events.check(["terminal.reader.action_failed"], reader)


def test_an_earlier_form_does_not_end_a_later_one(client, reader, later):
    ask(client, reader, one())
    later(100)
    ask(client, reader, one("email"))
    later(100)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"


def test_canceled_form_is_gone_without_an_event(client, reader, events, later):
    ask(client, reader, one())
    assert client.v1.terminal.readers.cancel_action(reader).action is None
    later(200)
    assert client.v1.terminal.readers.retrieve(reader).action is None
    events.check([], reader)


LIMITS = [
    (one(**{"title": "x" * 40}), one(**{"title": "x" * 41}), "[custom_text][title]"),
    (one(description="x" * 100), one(description="x" * 101), "[custom_text][description]"),
    (one(submit_button="x" * 30), one(submit_button="x" * 31), "[custom_text][submit_button]"),
    (one(skip_button="x" * 14), one(skip_button="x" * 15), "[custom_text][skip_button]"),
    (
        {**one("selection", description="x" * 500), "selection": {"choices": CHOICES}},
        {**one("selection", description="x" * 501), "selection": {"choices": CHOICES}},
        "[custom_text][description]",
    ),
    (
        {**one("selection"), "selection": {"choices": [{"id": "x" * 50, "text": "y" * 30}]}},
        {**one("selection"), "selection": {"choices": [{"id": "x" * 51, "text": "y"}]}},
        "[selection][choices][0][id]",
    ),
    (
        {**one("selection"), "selection": {"choices": CHOICES}},
        {**one("selection"), "selection": {"choices": [CHOICES[0], {"id": "x", "text": "y" * 31}]}},
        "[selection][choices][1][text]",
    ),
    (
        {**one(), "toggles": [{"title": "x" * 50}] * 4},
        {**one(), "toggles": [{"title": "x"}] * 5},
        "[toggles]",
    ),
    (
        {**one(), "toggles": [{"description": "x" * 50}]},
        {**one(), "toggles": [{"description": "x" * 51}]},
        "[toggles][0][description]",
    ),
    (
        {**one(), "toggles": [{"title": "x" * 25, "description": "x" * 25}]},
        {**one(), "toggles": [{"title": "x", "description": "x" * 26}]},
        "[toggles][0][description]",
    ),
    (
        {**one(), "toggles": [{"title": "x"}]},
        {**one(), "toggles": [{"default_value": "enabled"}]},
        "[toggles][0]",
    ),
]


@pytest.mark.parametrize(("fits", "too_much", "param"), LIMITS, ids=[row[2] for row in LIMITS])
def test_room_on_the_screen(client, reader, fits, too_much, param):
    for place in (0, 1):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            ask(client, reader, *[one()] * place, too_much)
        assert (caught.value.http_status, caught.value.param) == (400, f"inputs[{place}]{param}")
    assert client.v1.terminal.readers.retrieve(reader).action is None
    assert ask(client, reader, fits).action.status == "in_progress"


@pytest.mark.parametrize(
    ("inputs", "code", "param"),
    [
        ([one()] * 6, None, "inputs"),
        ([{"type": "text"}], "parameter_missing", "inputs[0][custom_text]"),
        ([{"type": "text", "custom_text": {}}], "parameter_missing", "inputs[0][custom_text]"),
        (
            [{"type": "text", "custom_text": {"description": "x"}}],
            "parameter_missing",
            "inputs[0][custom_text][title]",
        ),
        ([one(title="")], "parameter_invalid_empty", "inputs[0][custom_text][title]"),
        ([one("selection")], "parameter_missing", "inputs[0][selection]"),
        ([one("color")], None, "inputs[0][type]"),
        ([{**one(), "toggles": [{"title": "x", "value": "enabled"}]}], "parameter_unknown", None),
    ],
)
def test_forms_that_are_refused(client, reader, inputs, code, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        ask(client, reader, *inputs)
    assert (caught.value.code, caught.value.param) == (code, param or "inputs[0][toggles][0][value]")


def test_no_inputs(client, reader):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.terminal.readers.collect_inputs(reader, {})
    assert (caught.value.code, caught.value.param) == ("parameter_missing", "inputs")


@pytest.mark.parametrize("helper", ["succeed_input_collection", "timeout_input_collection"])
@pytest.mark.parametrize("state", ["idle", "waiting", "succeeded"])
def test_nothing_was_asked(client, reader, helper, state):
    if state == "waiting":
        payment = new_payment(client).id
        client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    if state == "succeeded":
        ask(client, reader, one())
        succeed(client, reader)
    before = client.v1.terminal.readers.retrieve(reader).action
    with pytest.raises(stripe.InvalidRequestError, match="The reader is not collecting inputs") as caught:
        getattr(client.v1.test_helpers.terminal.readers, helper)(reader)
    assert caught.value.http_status == 400
    assert client.v1.terminal.readers.retrieve(reader).action == before


def test_card_is_not_taken_during_a_form_and_cancel_not_offered(client, reader, fault):
    ask(client, reader, one())
    with pytest.raises(stripe.InvalidRequestError, match="not waiting for a payment method"):
        client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    fault("customer_cancels")
    ask(client, reader, one())
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"


def answers(client, reader):
    return client.v1.terminal.readers.retrieve(reader).action.collect_inputs.inputs


def test_a_customer_answers_one_input_after_the_other(client, reader, answer_input, events):
    ask(client, reader, *FORM)
    answer_input(reader, value="M20 70L60 20L90 130M100 50L120 60", toggles=["disabled", "enabled"])
    action = client.v1.terminal.readers.retrieve(reader).action
    assert action.status == "in_progress"
    assert "asking for a choice: Selection, 2 of 5" in reader_screen({"action": action.to_dict()}).alt
    answer_input(reader, value="choice_2")
    answer_input(reader, skip=True)
    answer_input(reader, value="+12015550123")
    events.check([], reader)
    answer_input(reader, value="Grüße")
    assert client.v1.terminal.readers.retrieve(reader).action.status == "succeeded"
    signature, selection, email, phone, text = answers(client, reader)
    assert [toggle.value for toggle in signature.toggles] == ["disabled", "enabled"]
    assert (selection.selection.id, selection.selection.text) == ("choice_2", "No")
    assert (email.skipped, email.email.value) == (True, None)
    assert (phone.phone.value, text.text.value) == ("+12015550123", "Grüße")
    file = client.v1.files.retrieve(signature.signature.value)
    assert (file.type, file.purpose) == ("svg", "customer_signature")
    events.check(["terminal.reader.action_succeeded"], reader)


@pytest.mark.parametrize(
    ("type", "taken", "refused"),
    [
        ("text", ["a", "O'Hara <&>"], ["", "  ", "\n"]),
        ("email", ["jo@example.com", "a.b+c@d.co.uk"], ["", "jo", "jo@", "@x.com", "jo@x", "a b@x.com"]),
        ("numeric", ["0", "007"], ["", "1.5", "-1", "one", "٣"]),
        ("phone", ["+4930123456"], ["", "12015550123", "+0123456789", "+1", "+1 201 555 0123"]),
        ("signature", ["M0 0", "M1 2L3 4M5 6L7 8"], ["", "L1 2", 'M1 2"/>', "M1000 1", "Jo"]),
        ("selection", ["choice_1", "choice_2"], ["", "choice_3", "Yes"]),
    ],
)
def test_the_reader_takes_what_fits_the_input(client, reader, answer_input, type, taken, refused):
    question = one(type) | ({"selection": {"choices": CHOICES}} if type == "selection" else {})
    ask(client, reader, question)
    for value in refused:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            answer_input(reader, value=value)
        assert caught.value.param == "value"
        assert "skipped" not in answers(client, reader)[0]
    for value in taken:
        ask(client, reader, question)
        answer_input(reader, value=value)
        [answer] = answers(client, reader)
        got = answer.selection.id if type == "selection" else answer[type].value
        assert got.startswith("file_") if type == "signature" else got == value
        assert answer.skipped is False


def test_what_is_required_cannot_be_skipped(client, reader, answer_input):
    ask(client, reader, {**one(), "required": True})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        answer_input(reader, skip=True)
    assert caught.value.param == "skip"


def test_whoever_answers_has_two_minutes_for_the_next_input(client, reader, answer_input, later):
    ask(client, reader, one(), one("email"))
    later(100)
    answer_input(reader, value="Jo")
    later(100)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    later(20)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "failed"
