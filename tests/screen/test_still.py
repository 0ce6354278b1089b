"""The still picture of a panel: each part in its place, said in words, without ids and times."""

from __future__ import annotations

import pytest

from irl_helpers.screen import panel_still, reader_screen
from irl_helpers.screen.still import SAYS
from irl_helpers.screen.still_parts import (
    Button,
    Card,
    Check,
    Columns,
    Drawing,
    Facts,
    Field,
    Grid,
    Line,
    Row,
    Stack,
)
from tests.screen.picture_checks import check, texts
from tests.screen.stripe_objects import reader

SCREEN = reader_screen(reader())
DRAWING = Drawing(SCREEN.svg, SCREEN.alt, SCREEN.width, SCREEN.height)
VISA = Card("Visa", "4001 •••• 4242", "approved with a PIN (offline PIN)", "pin")
LONG = "It is a long way to the sea, and longer back. " * 6

# part, what it says, what it shows
PARTS = {
    "headline": (Line("nothing is being paid", "state"), "Nothing is being paid.", ["Nothing is being paid"]),
    "error": (Line("Amount must be more.", "alert"), "Amount must be more.", ["Amount must be more."]),
    "badge": (Line("2 faults on", "badge"), "2 faults on.", ["2 faults on"]),
    "sum": (Line("Total", "heading", "$12.10"), "Total $12.10.", ["Total", "$12.10"]),
    "text": (Line(LONG), LONG.strip(), ["It is a long way"]),
    "button": (Button("Process", "primary"), "Button: Process.", ["Process"]),
    "button that is off": (Button("Stop", "", False), "Not possible now: Stop.", ["Stop"]),
    "product": (Button("Latte\n$5.00"), "Button: Latte $5.00.", ["Latte", "$5.00"]),
    "fold": (Button("Show the states", "fold"), "Button: Show the states.", ["Show the states"]),
    "field": (Field("Amount", "12.50"), "Amount: 12.50.", ["Amount", "12.50"]),
    "empty field": (Field("Label", "", enabled=False), "Label: empty.", ["Label"]),
    "choice": (Field("Card", "Visa", True), "Card: Visa.", ["Card", "Visa"]),
    "tick": (Check("Ask for a tip", True), "Ask for a tip: ticked.", ["Ask for a tip"]),
    "no tick": (Check(LONG.strip(), False, False), f"{LONG.strip()}: not ticked.", ["It is a long way"]),
    "facts": (Facts((("Its status", "none yet"),)), "Its status: none yet.", ["Its status", "none yet"]),
    "picture": (DRAWING, f"{SCREEN.alt}.", ["Welcome"]),
    "card": (VISA, "A wallet: Visa …4242.", ["Visa", "4001 •••• 4242"]),
}
LAID_OUT = {
    "below": lambda parts: Stack(parts),
    "in a frame": lambda parts: Stack((Stack(parts, frame=True), *parts)),
    "in rows": lambda parts: Row(parts * 2),
    "in a grid": lambda parts: Grid(parts * 3, 190),
    "in columns": lambda parts: Columns(
        (Stack(parts), Stack(parts), Stack((DRAWING, Grid((VISA,) * 3, 108))))
    ),
}


def test_every_kind_of_part_is_tried():
    assert {type(part) for part, _, _ in PARTS.values()} | {Stack, Row, Grid, Columns} == {
        Line, Button, Field, Check, Facts, Drawing, Card, Stack, Row, Grid, Columns,
    }  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_drawn_and_said(name):
    part, said, shown = PARTS[name]
    picture = panel_still("TillPanel", Stack((part,)))
    check(picture)
    assert picture.alt == f"TillPanel, as it was when this cell ran. {said}"
    assert all(any(text.startswith(each) for text in texts(picture)) for each in shown)


@pytest.mark.parametrize("way", LAID_OUT)
@pytest.mark.parametrize("name", PARTS)
def test_a_part_keeps_to_its_place(name, way):
    check(panel_still("TillPanel", LAID_OUT[way]((PARTS[name][0],))))


def test_buttons_that_stand_together_are_told_together():
    row = Row((Button("Capture", "", False), Button("Process"), Button("Cancel", "", False), Field("A", "1")))
    said = panel_still("TillPanel", row).alt.partition("ran. ")[2]
    assert said == "A: 1. Button: Process. Not possible now: Capture, Cancel."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pi_3TaB7kLmNoPqRsTu is new", "pi_… is new"),
        ("Counter 1 (tmr_3TaB7kLmNoPqRsTu)", "Counter 1 (tmr_…)"),
        ("last seen 2026-11-24 16:02:11 UTC", "last seen …"),
        ("28 November 2026, 16:02", "…"),
        ("in 12 ms", "in …"),
        ("requires_payment_method", "requires_payment_method"),
        ("$12.50 of 2026-11-24.endive", "$12.50 of 2026-11-24.endive"),
    ],
)
def test_what_differs_by_run_is_masked(text, shown):
    picture = panel_still("TillPanel", Facts((("Now", text),)))
    assert texts(picture) == [SAYS, "Now", shown]
    assert f"Now: {shown}" in picture.alt


def test_text_from_outside_is_text():
    picture = panel_still("TillPanel", Stack((Line('"><script>x</script>'), Field("<b>", "&amp;"))))
    check(picture)
    assert "<script" not in picture.svg
    assert "<script" not in picture.img()
    assert "&amp;" in texts(picture)
