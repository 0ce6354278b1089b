"""Every answer has the shape that Stripe gives it, by the library's classes and the npm package's types."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from irl_helpers.simulator import Simulator
from irl_helpers.simulator.routes import ROUTES, Route, match
from irl_helpers.simulator.stripe_calls import RETIRED_CALLS
from tests.simulator.checked import CheckedHTTPClient

from . import library_types, npm_types
from .scenario import Day
from .seen import SEEN

# Refunds of cards never come into the state in which they could be canceled.
ALWAYS_REFUSED = {"refunds.cancel", "refunds.expire"}


class Recorder(CheckedHTTPClient):
    """Also writes down which routes gave an answer that is no error."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(simulator)
        self.reached: set[Route] = set()

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        body, status, headers = super().request(method, url, *arguments, **options)
        if status == 200:
            self.reached.add(match(method.upper(), urlsplit(url).path)[0])
        return body, status, headers


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    simulator = Simulator(tmp_path_factory.mktemp("day") / "account.sqlite")
    recorder = Recorder(simulator)
    Day(stripe.StripeClient("sk_test_day", http_client=recorder)).run()
    yield recorder
    simulator.close()


def test_every_call_is_made(day):
    unmade = [
        f"{route.method} {route.path}"
        for route in ROUTES
        if route not in [*day.reached, *RETIRED_CALLS] and route.call not in ALWAYS_REFUSED
    ]
    assert unmade == [], "tests/types/scenario.py does not make these calls"


def test_npm_types_fit(day, tmp_path):
    if reason := npm_types.missing():
        pytest.skip(reason)
    answers = [*SEEN.values()]
    found = npm_types.problems(answers, tmp_path)
    assert not found, "\n".join(found)


BROKEN = {
    "another field": (lambda charge: charge.update(colour="red"), "colour"),
    "a field deep down": (lambda charge: charge["outcome"].update(colour="red"), "colour"),
    "a missing field": (lambda charge: charge.pop("amount"), "amount"),
    "a number as text": (lambda charge: charge.update(amount="1000"), "amount"),
    "null where nothing is": (lambda charge: charge.update(amount=None), "amount"),
    "a word that is not in its list": (lambda charge: charge.update(status="done"), "status"),
    "another object": (lambda charge: charge.update(customer={"object": "charge"}), "customer"),
}
# The library's classes do not tell a field that may be null from one that may be absent.
ONLY_NPM = {"a missing field that is null": (lambda charge: charge.pop("customer"), "customer")}


@pytest.fixture
def charge(day: Recorder) -> dict[str, Any]:
    return copy.deepcopy(next(one for one in SEEN.values() if one.get("object") == "charge"))


@pytest.mark.parametrize("how", BROKEN)
def test_library_types_find(charge, how):
    assert library_types.problems(charge) == []
    spoil, field = BROKEN[how]
    spoil(charge)
    [problem] = library_types.problems(charge)
    assert f".{field}" in problem


def test_npm_types_find(charge, tmp_path):
    if reason := npm_types.missing():
        pytest.skip(reason)
    broken = []
    spoilt = BROKEN | ONLY_NPM
    for spoil, _ in spoilt.values():
        broken.append(copy.deepcopy(charge))
        spoil(broken[-1])
    found = "\n".join(npm_types.problems(broken, tmp_path))
    for line, how in enumerate(spoilt, 2):
        assert f"answers.mts({line}," in found, how
