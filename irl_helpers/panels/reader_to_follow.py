"""Which reader is looked at by somebody who waits for whatever a program asks of any of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import stripe

from ..connect import find_by_id
from ..recovery import action_status

Actions = Mapping[str, dict[str, Any] | None]
"""What each reader did at a look, by its id; None for nothing."""


def actions_of(readers: Iterable[stripe.terminal.Reader]) -> Actions:
    """What these readers do now, to tell it from what they do at the next look."""
    return {each.id: each.action.to_dict() if each.action is not None else None for each in readers}


def shows_cart(reader: stripe.terminal.Reader) -> bool:
    """Whether the customer only sees something, which is in progress for as long as it is on the screen."""
    return reader.action is not None and reader.action.type == "set_reader_display"


def asks(reader: stripe.terminal.Reader) -> bool:
    """Whether the reader waits for the customer: a card, a tip, a PIN or a form."""
    return action_status(reader) == "in_progress" and not shows_cart(reader)


def reader_to_follow(
    readers: Collection[stripe.terminal.Reader], at: str | None, before: Actions, home: str | None
) -> str | None:
    """The id of the reader to look at, of those that were listed, coming from the one `at`.

    Asking for something beats a cart, and what is new since the look `before` beats what is not. How an
    action ended stays in sight until another reader asks. Without any of this: `at`, or `home` where that is
    gone or there was none.
    """
    here, now = find_by_id(readers, at), actions_of(readers)
    rests = here is None or here.action is None or shows_cart(here)
    new = [each for each in readers if here is None or now[each.id] != before.get(each.id)]
    stay = here.id if here is not None else home
    for claims in (
        [each.id for each in new if asks(each)],
        [each.id for each in readers if rests and asks(each)],
        [each.id for each in new if rests and here is not None and shows_cart(each)],
    ):
        if claims:
            return stay if stay in claims else claims[0]
    return stay
