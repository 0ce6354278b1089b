"""Every call of the parts says what is wrong with an argument, before anything is sent."""

from __future__ import annotations

import inspect
import pydoc
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pytest
import stripe

from irl_helpers import faults, sale
from irl_helpers.account import request_log, stripe_client
from irl_helpers.arguments import WrongArgument, checked
from irl_helpers.collect import create_payment
from irl_helpers.save_a_card import create_setup
from irl_helpers.screen import reader_screen

PARTS = ["setup", "connect", "collect", "collect_inputs", "cancel", "refund", "cart", "tips", "save_a_card"]
READER = stripe.terminal.Reader.construct_from({"id": "tmr_1", "label": "Till"}, None)
SAMPLES = {str: "text", int: 1, bool: True, Mapping: {}, Iterable: [], Callable: print, dict: {}}


def calls():
    """The public functions of the parts and of what they look with, and others that take a reader."""
    for name in [*PARTS, "recovery"]:
        module = import_module(f"irl_helpers.{name}")
        functions = (each for name, each in inspect.getmembers(module, inspect.isfunction) if name[0] != "_")
        yield from (each for each in functions if each.__module__ == module.__name__)
    yield from (sale.state_of, reader_screen)
    public = (each for name, each in inspect.getmembers(faults, inspect.isfunction) if name[0] != "_")
    yield from (each for each in public if "reader" in inspect.signature(each).parameters)


def parameters(call):
    """The parameters that have one thing each, with their annotations."""
    found = inspect.signature(call, eval_str=True).parameters.values()
    return [each for each in found if each.kind is not each.VAR_KEYWORD]


def allowed(annotation):
    """The annotation's alternatives, a Literal as the class of what it lists."""
    if get_origin(annotation) in (Union, UnionType):
        return [each for part in get_args(annotation) for each in allowed(part)]
    if get_origin(annotation) is Literal:
        return [type(get_args(annotation)[0])]
    return [get_origin(annotation) or annotation]


def sample(annotation, client):
    """Something that the annotation allows."""
    [first, *_] = allowed(annotation)
    if issubclass(first, stripe.StripeClient):
        return client
    if issubclass(first, stripe.StripeObject):
        return first.construct_from({"id": "x"}, None)
    return SAMPLES.get(first, {})


def wrong_for(annotation):
    """What a learner may give in place of it."""
    kinds = allowed(annotation)
    if not {NoneType, Any} & set(kinds):
        yield None
    if str in kinds or int in kinds:
        yield READER
    stripes = (stripe.StripeObject, stripe.StripeClient)
    if any(issubclass(kind, stripes) for kind in kinds if isinstance(kind, type)):
        yield "tmr_1"


MISTAKES = [
    (call, parameter.name, wrong)
    for call in calls()
    for parameter in parameters(call)
    for wrong in wrong_for(parameter.annotation)
]


def test_a_wrong_argument_is_refused_and_nothing_is_sent():
    client, before = stripe_client(), len(list(request_log()))
    refused = set()
    for call, name, wrong in MISTAKES:
        needed = [each for each in parameters(call) if each.default is each.empty]
        given = {each.name: sample(each.annotation, client) for each in needed} | {name: wrong}
        with pytest.raises(WrongArgument, match=rf"^{call.__name__}\(\) needs ") as caught:
            call(**given)
        assert (caught.value.parameter, caught.value.given) == (name, wrong)
        refused.add(call.__name__)
    assert len(list(request_log())) == before
    assert refused == {call.__name__ for call in calls() if parameters(call)}
    assert len(MISTAKES) > 150


def test_it_is_refused_by_its_place_as_well_and_the_right_one_is_taken():
    with pytest.raises(WrongArgument, match=r"create_payment\(\) needs a string as currency"):
        create_payment(1250, READER)
    assert create_payment(1250, "eur", sale=None).currency == "eur"


def test_python_says_what_is_missing_or_too_much():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'amount'"):
        create_payment()
    with pytest.raises(TypeError, match="takes from 1 to 2 positional arguments but 3"):
        create_payment(1250, "eur", READER)


def test_help_shows_the_call_as_it_is_written():
    written = pydoc.plain(pydoc.render_doc(create_setup))
    assert "create_setup(\n    customer_id: 'str'," in written or "create_setup(customer_id: 'str'" in written
    assert "A SetupIntent, which stands for saving one card" in written


def test_what_cannot_be_told_by_its_class_is_let_through():
    @checked
    def takes(anything, whatever: Any, *more: str, **named: int):
        return anything, whatever, more, named

    assert takes(None, None, "a", b=None) == (None, None, ("a",), {"b": None})
