"""Whatever is in the objects: a picture comes out, whole, escaped, and with its texts in their places."""

from __future__ import annotations

import copy
from typing import Any
from xml.etree import ElementTree

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from irl_helpers.arguments import WrongArgument
from irl_helpers.screen import STAGES, payment_intent_path, reader_path, reader_screen
from irl_helpers.screen.text_fitting import fit, shorten, text_width, wrap
from tests.screen.cases import CASES
from tests.screen.picture_checks import check
from tests.screen.stripe_objects import MODELS, action, cart, inputs, intent, pay, question, reader

quick = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
# Letters of all scripts, controls, halves of pairs, marks that turn the direction, long words, markup.
words = st.one_of(
    st.text(st.characters(), max_size=80),
    st.text("ab<>&\"' \n\t\x00\x1b\u202e\u2066\ud800\ufffe\U0001f468\u200d\u0301م漢", max_size=60),
    st.sampled_from(
        ["<script>alert(1)</script>", "]]>", "&amp;", "W" * 500, "漢" * 300, "👨‍👩‍👧‍👦" * 60, "a " * 400]
    ),
)
amounts = st.one_of(st.integers(-(10**9), 10**9), st.integers(), st.sampled_from([10**15, 10**40]))
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
models = st.sampled_from([*MODELS, "", "<b>"])
currencies = st.sampled_from(["usd", "jpy", "kwd", "sek", "", "<&>", "x" * 40])


@quick
@given(model=models, lines=st.lists(st.tuples(amounts, words, amounts), max_size=15), currency=currencies)
def test_any_cart(model: str, lines: list, currency: str) -> None:
    check(reader_screen(reader(cart(*lines, currency=currency), model)))


@quick
@given(model=models, amount=amounts, currency=currencies, stage=st.sampled_from([None, *STAGES]))
def test_any_amount(model: str, amount: int, currency: str, stage: str | None) -> None:
    tips = {"percentages": [15, 20, 25]} if amount % 2 else {"fixed_amounts": [1, 10**8, 5]}
    check(reader_screen(reader(pay(), model), intent(amount, currency), stage=stage, tips=tips))


@quick
@given(
    model=models,
    kind=st.sampled_from(["email", "numeric", "phone", "selection", "signature", "text", "<new>"]),
    title=words,
    description=st.none() | words,
    labels=st.lists(words, max_size=6),
    required=st.booleans(),
)
def test_any_input(
    model: str, kind: str, title: str, description: str | None, labels: list[str], required: bool
) -> None:
    asked = question(kind, title, description, required=required)
    if kind == "selection":
        asked["selection"] = {"choices": [{"id": text, "text": text} for text in labels]}
    else:
        asked["toggles"] = [{"title": text, "default_value": "enabled"} for text in labels]
    asked["custom_text"] |= {"skip_button": title, "submit_button": description}
    check(reader_screen(reader(inputs(asked, asked), model)))


@quick
@given(model=models, name=words, status=words, code=words, message=words)
def test_any_action_and_failure(model: str, name: str, status: str, code: str, message: str) -> None:
    check(reader_screen(reader(action(name, status), model)))
    check(reader_screen(reader(pay("failed", code) | {"failure_message": message}, model)))


@quick
@given(status=words, before=words, amount=amounts, currency=currencies)
def test_any_status(status: str, before: str, amount: int, currency: str) -> None:
    check(payment_intent_path({**intent(amount, currency), "status": status}, before))
    check(payment_intent_path({**intent(amount, currency), "status": status}, {"status": "processing"}))
    check(reader_path(reader(action(status, before))))


def _places(value: Any, here: tuple = ()) -> list[tuple]:
    """The path of every value inside, as keys and indexes."""
    inside: Any = ()
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
    deeper = [place for key, item in inside for place in _places(item, (*here, key))]
    return [here, *deeper] if here else deeper


def _replaced(value: Any, place: tuple, new: Any) -> Any:
    changed = copy.deepcopy(value)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = new
    return changed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@settings(quick, max_examples=12)
@given(data=st.data())
def test_any_field_may_be_anything(case: Any, data: st.DataObject) -> None:
    whole = {"reader": case.reader, **case.calls}
    place = data.draw(st.sampled_from([p for p in _places(whole) if p[0] != "stage" and len(p) > 1]))
    whole = _replaced(whole, place, data.draw(json))
    picture = reader_screen(whole.pop("reader"), **whole)
    ElementTree.fromstring(picture.svg)
    assert "\n" not in picture.alt
    assert "<script" not in picture.svg
    ElementTree.fromstring(reader_path({**case.reader}).svg)


def test_an_amount_too_long_for_python_to_print() -> None:
    check(reader_screen(reader(pay()), intent(10**6000)))
    check(reader_screen(reader(cart((10**6000, "Tea", 10**6000)))))
    check(payment_intent_path(intent(10**6000)))


@quick
@given(anything=json, other=json, fields=st.dictionaries(words, json, max_size=3))
def test_no_object_at_all(anything: Any, other: Any, fields: dict[str, Any]) -> None:
    check(reader_screen(fields, fields, tips=anything))
    if not isinstance(anything, dict):  # None or an id would be drawn as a reader that is idle
        with pytest.raises(WrongArgument):
            reader_screen(anything)
    check(reader_path(anything))
    check(payment_intent_path(anything, other))


@quick
@given(text=words, width=st.integers(20, 300), lines=st.integers(1, 4))
def test_fitted_text_fits(text: str, width: int, lines: int) -> None:
    fitted, size = fit(text, width, 30, lines=lines)
    assert 15 <= size <= 30
    assert len(fitted) <= lines
    assert all(text_width(line, size) <= width for line in fitted)


@pytest.mark.parametrize(
    ("text", "width", "lines", "wrapped"),
    [
        ("one two three", 70, 3, ["one two", "three"]),
        ("one two three four", 70, 2, ["one two", "three f…"]),
        ("requires_payment_method", 90, 3, ["requires_", "payment_", "method"]),
        ("Donaudampfschiff", 70, 2, ["Donaud", "ampfs…"]),
        ("", 70, 2, []),
    ],
)
def test_wrapping(text: str, width: int, lines: int, wrapped: list[str]) -> None:
    assert wrap(text, width, 16, lines) == wrapped


def test_shortening_keeps_a_family_together() -> None:
    assert shorten(f"{FAMILY} {FAMILY} {FAMILY}", 50, 16) == f"{FAMILY}…"
    assert shorten("Caffe\u0301 latte grande", 62, 16) == "Caffe\u0301…"
