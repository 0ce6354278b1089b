"""Where a picture of a reader can be touched, as data: a panel lays its buttons there."""

from __future__ import annotations

from typing import NamedTuple


class TouchArea(NamedTuple):
    """`name` says what a touch means, `label` says it to a person; the place is in percent of the picture.

    - "card": the card is held to the reader
    - "cancel": the customer's cancel button
    - "tip:200": a tip of that amount, in the smallest unit; "tip:0" for none, "tip:custom" to type one
    - "key:5": a key, also "key:erase" and "key:enter"
    - "back": the cross on a screen with such keys, which takes the card out, or goes back to the tips offered
    - "choice:ID", "toggle:N", "skip", "submit", "sign", "type": the answer to what `collect_inputs` asks, and
      "more" for other choices than those that are seen
    """

    name: str
    label: str
    left: float
    top: float
    width: float
    height: float
