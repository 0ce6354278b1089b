"""Where a picture can be touched: on the glass, apart from each other, large enough for a finger, named."""

from __future__ import annotations

import itertools
import re

import pytest

from irl_helpers.screen import Picture, reader_screen
from tests.screen.cases import CASES, Case
from tests.screen.stripe_objects import MODELS, TIPS, intent, pay

KEYS = {*(f"key:{digit}" for digit in "0123456789"), "key:erase", "key:enter", "back"}
WANTED = {
    "idle": set(),
    "cart": set(),
    "tip": {"tip:188", "tip:250", "tip:313", "tip:custom", "tip:0"},
    "fixed tip": {"tip:100", "tip:200", "tip:300", "tip:custom", "tip:0"},
    "tip on a part": {"tip:100", "tip:custom", "tip:0"},
    "free tip": {"tip:custom", "tip:0"},
    "own tip": KEYS,
    "amount": {"card"},
    "amount with cancel": {"card", "cancel"},
    "pin": KEYS,
    "wrong pin": KEYS,
    "authorizing": set(),
    "approved": set(),
    "declined": set(),
    "insert": set(),
    "save card": {"card", "cancel"},
}
NAME = re.compile(
    r"card|cancel|back|tip:(\d+|custom)|key:([\da-z@. +]|erase|enter)|choice:\w+|toggle:\d|more|skip|submit"
    r"|sign|type"
)


def names(picture: Picture) -> set[str]:
    return {area.name for area in picture.areas}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_area_can_be_touched_on_every_model(case: Case, model: str) -> None:
    picture = case.picture(model)
    for area in picture.areas:
        assert NAME.fullmatch(area.name), area
        assert area.label
        assert area.left >= 0
        assert area.top >= 0
        assert area.left + area.width <= 100
        assert area.top + area.height <= 100
        # A finger needs some twenty pixels of a picture 260 pixels wide; ten letters in a row have one less,
        # and are twice as high.
        width, height = area.width * picture.width / 100, area.height * picture.height / 100
        assert min(width, height) >= (19 if re.fullmatch("key:[a-z]", area.name) else 20)
        assert width * height >= 400
    assert len(names(picture)) == len(picture.areas)
    for one, other in itertools.combinations(picture.areas, 2):
        apart = (
            one.left + one.width <= other.left + 0.01
            or other.left + other.width <= one.left + 0.01
            or one.top + one.height <= other.top + 0.01
            or other.top + other.height <= one.top + 0.01
        )
        assert apart, (one, other)


@pytest.mark.parametrize("case", [case for case in CASES if case.name in WANTED], ids=lambda case: case.name)
def test_what_can_be_touched_is_what_the_screen_offers(case: Case) -> None:
    assert names(case.picture()) == WANTED[case.name]


def test_every_screen_that_is_named_exists() -> None:
    assert set(WANTED) <= {case.name for case in CASES}


def test_a_size_changes_nothing_in_percent() -> None:
    small, large = (
        reader_screen(
            {"device_type": "stripe_s700", "action": pay()}, intent(), stage="tip", tips=TIPS, size=size
        )
        for size in (200, 520)
    )
    assert small.areas == large.areas
    assert small.areas
