"""What the page must show: the account, asked by another program.

A page is told what it shows in many messages, one for each widget. So what is seen of it is a `Look`, which
can be waited for and not compared: where one of two things is right already, the other may be on its way.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from irl_helpers.account import stripe_client
from irl_helpers.recovery import is_over
from irl_helpers.setup import find_reader

COUNTER = "Counter 1"  # the reader of parts 3 and 4
NONE_YET = "none yet"
PATIENCE = 30  # seconds, on a machine that is busy
expect.set_options(timeout=PATIENCE * 1000)

# Whatever sticks out of a panel, or of a box in it that would cut it off or scroll; a pixel is rounding.
STICKING_OUT = """() => [...document.querySelectorAll('.irl-panel')].flatMap(panel => {
  const cuts = each => each === panel || getComputedStyle(each).overflowX !== 'visible';
  return [...panel.querySelectorAll('input, select, button, img, .irl-panel *')].filter(each => {
    const box = each.getBoundingClientRect();
    if (box.width === 0) return false;
    if (each.closest('.irl-log, pre, .irl-scroll, .irl-sideways, .irl-aloud')) return false;
    let around = each.parentElement;
    while (!cuts(around)) around = around.parentElement;
    return box.right > around.getBoundingClientRect().right + 1;
  }).map(each => each.outerHTML.slice(0, 120));
})"""


# What says in an empty field what belongs there, where it is longer than the field.
CUT_OFF = """() => [...document.querySelectorAll('.irl-panel input[placeholder]')].filter(each => {
  const style = getComputedStyle(each);
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = style.font;
  const room = each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return each.clientWidth && pen.measureText(each.placeholder).width > room + 1;
}).map(each => each.placeholder)"""


# The log's box ends between two lines of text.
CUT_LINES = """() => [...document.querySelectorAll('.irl-panel .irl-log')].flatMap(log => {
  const range = new Range();
  range.selectNodeContents(log);
  const end = log.getBoundingClientRect().bottom;
  const lines = [...range.getClientRects()].filter(line => line.height < 30);
  return lines.filter(line => line.top + 2 < end && line.bottom - 2 > end).map(line => end - line.top);
})"""

# How much of its panel each path has that was asked for, and how wide each diagram is.
PATHS = """() => [...document.querySelectorAll('.irl-panel .irl-path')].filter(each => each.clientHeight).map(
  each => each.clientWidth / each.closest('.irl-panel').clientWidth)"""
DIAGRAMS = "() => [...document.querySelectorAll('.irl-panel .irl-paths img')].map(each => each.clientWidth)"


def payment_ids() -> list[str]:
    """The PaymentIntents of the account, newest first."""
    return [intent.id for intent in stripe_client().v1.payment_intents.list().auto_paging_iter()]


def till(payment: str | None) -> dict[str, str]:
    """The status lines of a till that works on this payment, as the API has them now."""
    client = stripe_client()
    intent = client.v1.payment_intents.retrieve(payment) if payment else None
    reader = find_reader(COUNTER)
    assert reader is not None
    action = reader.action
    rests = intent is None or intent.status == "canceled"
    does = f"{action.type}: {action.status}" if action else "none, the reader is idle"
    return {
        "PaymentIntent": intent.id if intent else NONE_YET,
        "Its status": intent.status if intent else NONE_YET,
        "Reader action": f"the reader is idle, after {does}" if rests and is_over(reader) else does,
    }


class Look:
    """What `see()` sees on a page now."""

    def __init__(self, see: Callable[[], object]) -> None:
        self._see = see

    def becomes(self, *expected: object) -> None:
        """Wait until the page shows this, or one of these. Raises AssertionError."""
        self.passes(lambda seen: seen in expected, " or ".join(map(repr, expected)))

    def has(self, part: object) -> None:
        """Wait until this text or entry is part of what is seen, as `becomes`."""
        self.passes(lambda seen: part in seen, f"something with {part!r}")

    def passes(self, test: Callable[..., bool], wanted: str) -> None:
        """Wait until what is seen passes this test, as `becomes`."""
        start = time.monotonic()
        while not test(seen := self._see()):
            waited = time.monotonic() - start
            assert waited < PATIENCE, f"after {waited:.1f} s the page shows {seen!r}, not {wanted}"
            time.sleep(0.02)


def becomes(see: Callable[[], object], expected: object) -> None:
    """Wait until `see()` returns what is expected. Raises AssertionError."""
    Look(see).becomes(expected)


def fits(page: Page) -> None:
    """Nothing sticks out of a panel, and no field's hint is cut off, once the page has settled."""
    becomes(lambda: page.evaluate(STICKING_OUT) + page.evaluate(CUT_OFF), [])


def can_be_read(page: Page, *, diagrams: int) -> None:
    """On a telephone: paths have most of the panel's width, and this many diagrams are as wide as ever."""
    Look(lambda: page.evaluate(PATHS)).passes(
        lambda seen: bool(seen) and min(seen) > 0.5, "paths over half of their panel"
    )
    Look(lambda: page.evaluate(DIAGRAMS)).passes(
        lambda seen: len(seen) == diagrams and min(seen, default=560) >= 560, "diagrams that can be read"
    )
