"""A form is filled in on the reader's picture: every kind of input, offline and in Stripe's test mode."""

from __future__ import annotations

import pytest

from irl_helpers.account import AccountError, revision, stripe_client
from irl_helpers.collect_inputs import answer_input
from irl_helpers.panels import CollectPanel, SaveCardPanel, form
from irl_helpers.point_of_sale import PointOfSale, open_shop
from tests.test_touch import places, touch

CHOICES = [{"id": "good", "text": "Good", "style": "primary"}, {"id": "bad", "text": "Bad"}]
STROKES = ["M10 20L30 40", "M100 20L130 60"]


def question(type, **fields):
    asked = {"type": type, "custom_text": {"title": f"Your {type}"}, **fields}
    return asked | ({"selection": {"choices": CHOICES}} if type == "selection" else {})


def ask(reader, *questions):
    readers = stripe_client().v1.terminal.readers
    readers.collect_inputs(getattr(reader, "id", reader), params={"inputs": [*questions]})


def form_of(panel):
    reader = stripe_client().v1.terminal.readers.retrieve(panel.reader.value)
    return reader.action


def answers(panel):
    return form_of(panel).collect_inputs.inputs


def type_text(panel, text):
    """What the page sends as one types."""
    panel.screen._handle_custom_msg({"typed": text}, [])


def draw(panel, *strokes):
    for stroke in strokes:
        panel.screen._handle_custom_msg({"stroke": stroke}, [])


def asked_panel(reader, *questions):
    ask(reader, *questions)
    return CollectPanel()


def test_a_panel_at_rest_offers_the_form_that_its_reader_shows(reader):
    panel = asked_panel(reader, question("selection"))
    assert places(panel) == {"choice:good", "choice:bad", "skip"}
    assert panel.messages.state_line.value.count(form.ASKED) == 1
    touch(panel, "choice:bad")
    assert (form_of(panel).status, answers(panel)[0].selection.id) == ("succeeded", "bad")
    assert (places(panel), panel.state, panel.error) == (set(), "ready", "")


@pytest.mark.parametrize(
    ("type", "typed", "given"),
    [
        ("text", "Jo & <co>", "Jo & <co>"),
        ("email", "jo@example.com", "jo@example.com"),
        ("numeric", "42", "42"),
        ("phone", "2015550123", "+12015550123"),
        ("phone", "+4930123456", "+4930123456"),
    ],
)
def test_what_is_typed_is_seen_and_given(reader, type, typed, given):
    panel = asked_panel(reader, question(type))
    assert places(panel) >= {"type", "skip", "submit"}
    type_text(panel, typed)
    assert "<co>" not in panel.picture.svg
    assert typed.split()[0] in panel.picture.svg
    touch(panel, "submit")
    assert (answers(panel)[0][type].value, panel.error) == (given, "")
    assert panel.screen.typed == ""


@pytest.mark.parametrize("type", ["numeric", "phone"])
def test_numbers_are_typed_with_the_keys_of_the_picture(reader, type):
    panel = asked_panel(reader, question(type))
    for key in ("5", *"2015550123"):
        touch(panel, f"key:{key}")
        if key == "5" and panel.screen.typed == "5":
            touch(panel, "key:erase")
    assert panel.screen.typed == "2015550123"
    touch(panel, "submit")
    assert answers(panel)[0][type].value.endswith("2015550123")


@pytest.mark.parametrize("type", ["text", "email"])
def test_letters_are_typed_with_the_keys_of_the_picture(reader, type):
    panel = asked_panel(reader, question(type))
    for key in (*"jo @qwerty.", "x", "erase", *"com"):
        touch(panel, "key:erase" if key == " " else f"key:{key}")
    touch(panel, "key: ", "key:erase")
    assert panel.screen.typed == "j@qwerty.com"
    touch(panel, "submit")
    assert answers(panel)[0][type].value == "j@qwerty.com"


@pytest.mark.parametrize(
    ("type", "typed", "says"),
    [
        ("text", "", "Nr. 1: nothing was given. The reader takes a text here."),
        ("text", "  ", "Nr. 1: '  ' was not taken. The reader takes a text here."),
        ("email", "", "Nr. 1: nothing was given. The reader takes an email address here."),
        ("email", "jo", "Nr. 1: 'jo' was not taken. The reader takes an email address here."),
        ("numeric", "4 2", "Nr. 1: '4 2' was not taken. The reader takes digits only here."),
        ("phone", "", "Nr. 1: nothing was given. The reader takes a phone number with its country code"),
        ("signature", "", "Nr. 1: nothing was drawn yet. Sign in the field."),
    ],
)
def test_an_answer_that_is_not_taken_is_named_with_its_field(reader, type, typed, says):
    panel = asked_panel(reader, question(type, required=True, custom_text={"title": "Nr. 1"}))
    type_text(panel, typed)
    touch(panel, "submit")
    assert panel.error.startswith(says)
    assert panel.screen.typed == typed
    assert says.split("'")[0] in panel.messages.alert.value
    assert says.split("'")[0] not in panel.messages.log_view.value, "it is said once"


def test_a_signature_is_drawn_and_becomes_a_file(reader):
    panel = asked_panel(reader, question("signature"))
    before = panel.picture.svg
    draw(panel, *STROKES)
    assert panel.picture.svg != before
    touch(panel, "submit")
    assert (form_of(panel).status, panel.error) == ("succeeded", "")
    file = stripe_client().v1.files.retrieve(answers(panel)[0].signature.value)
    assert (file.type, file.purpose) == ("svg", "customer_signature")


def test_without_a_pointer_one_signs_too(reader):
    panel = asked_panel(reader, question("signature"))
    touch(panel, "sign", "submit")
    assert (form_of(panel).status, panel.error) == ("succeeded", "")


def test_toggles_are_turned_one_by_one(reader):
    toggles = [{"title": "News", "default_value": "enabled"}, {"title": "Calls"}, {"title": "Mail"}]
    panel = asked_panel(reader, question("text", toggles=toggles))
    touch(panel, "toggle:0", "toggle:1", "toggle:2", "toggle:2")
    type_text(panel, "Jo")
    touch(panel, "submit")
    positions = [toggle.value for toggle in answers(panel)[0].toggles]
    assert positions == ["disabled", "enabled", "disabled"]


def test_one_input_after_the_other_and_what_may_be_skipped(reader):
    panel = asked_panel(
        reader, question("text", required=True), question("text"), question("email"), question("signature")
    )
    assert "skip" not in places(panel)
    type_text(panel, "Jo")
    touch(panel, "submit")
    assert ("2 of 4" in panel.picture.alt, panel.screen.typed) == (True, "")
    touch(panel, "skip")
    type_text(panel, "jo@example.com")
    touch(panel, "submit", "skip")
    assert form_of(panel).status == "succeeded"
    assert [one.skipped for one in answers(panel)] == [False, True, False, True]
    assert len([line for line in panel.log if "The customer" in line]) == 4


def test_what_does_not_fit_is_said_and_stays_to_be_mended(reader):
    panel = asked_panel(reader, question("email"))
    type_text(panel, "jo@")
    touch(panel, "submit")
    assert ("an email address" in panel.error, panel.screen.typed) == (True, "jo@")
    type_text(panel, "jo@example.com")
    touch(panel, "submit")
    assert (form_of(panel).status, panel.error) == ("succeeded", "")


def test_the_button_fills_in_the_whole_form(reader):
    panel = asked_panel(reader, question("text"), question("selection"))
    panel.fill_in.click()
    assert [one.skipped for one in answers(panel)] == [False, False]
    panel.fill_in.click()
    assert "not possible" in panel.error


@pytest.mark.parametrize("make", [CollectPanel, SaveCardPanel, lambda: PointOfSale(open_shop())])
def test_every_panel_with_a_customer_offers_it_and_a_payment_takes_its_place(reader, make):
    panel = make()
    ask(panel.reader.value, question("selection"))
    panel.refresh.click()
    touch(panel, "choice:good")
    assert (answers(panel)[0].selection.text, panel.error) == ("Good", "")


def test_a_payment_takes_the_forms_place(reader):
    panel = asked_panel(reader, question("text"))
    type_text(panel, "half a wo")
    panel.process.click()
    assert (places(panel), panel.state) == ({"card"}, "in_flight")


@pytest.mark.parametrize("message", [{"stroke": "M1 2"}, {"touch": "submit"}, {"touch": "sign"}])
def test_a_page_cannot_answer_what_is_not_asked(reader, message):
    panel = asked_panel(reader, question("selection", required=True))
    before, shown = revision(), panel.picture.svg
    panel.screen._handle_custom_msg(message, [])
    type_text(panel, "Jo")
    assert (revision(), panel.picture.svg) == (before, shown)


@pytest.mark.parametrize("stroke", ["", "Jo", 'M1 2"/><script>', "M1 2L3", "M1000 1", 7, None])
def test_a_signature_is_strokes_and_nothing_else(reader, stroke):
    panel = asked_panel(reader, question("signature"))
    before = panel.picture.svg
    panel.screen._handle_custom_msg({"stroke": stroke}, [])
    assert panel.picture.svg == before


@pytest.mark.parametrize(
    ("touched", "skipped"), [(["submit", "skip"], [False, True]), (["skip"] * 2, [True] * 2)]
)
def test_in_test_mode_stripes_helper_answers_after_the_last_input(reader, monkeypatch, touched, skipped):
    monkeypatch.setattr(form, "answers_are_taken", lambda: False)
    panel = asked_panel(reader, question("text"), question("email"))
    type_text(panel, "Jo")
    touch(panel, touched[0])
    assert "2 of 2" in panel.picture.alt
    assert form_of(panel).status == "in_progress"
    touch(panel, touched[1])
    assert form_of(panel).status == "succeeded"
    assert [one.skipped for one in answers(panel)] == (skipped if touched[0] == "skip" else [False, False])
    assert any("makes up" in line for line in panel.log)


def test_the_answers_are_not_in_the_log(reader):
    panel = asked_panel(reader, question("email"))
    type_text(panel, "private@example.com")
    touch(panel, "submit")
    assert not any("private" in line for line in panel.log)


def test_in_test_mode_nobody_takes_an_answer(monkeypatch):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_form")
    with pytest.raises(AccountError, match="succeed_input_collection"):
        answer_input("tmr_1", "Jo")


@pytest.mark.parametrize("number", [1, 4, 5, 6, 7, 20])
def test_every_choice_can_be_touched_however_many_there_are(reader, number):
    choices = [{"id": f"c{place}", "text": f"Choice {place}"} for place in range(number)]
    said = {"title": "Which?", "description": "long " * 40}
    panel = asked_panel(
        reader, {**question("selection"), "custom_text": said, "selection": {"choices": choices}}
    )
    first, seen = places(panel), set()
    for _ in range(number):
        seen |= places(panel)
        touch(panel, "more")
        if places(panel) == first:
            break
    assert {f"choice:{choice['id']}" for choice in choices} <= seen
    while f"choice:c{number - 1}" not in places(panel):
        touch(panel, "more")
    touch(panel, f"choice:c{number - 1}")
    assert answers(panel)[0].selection.id == f"c{number - 1}"
