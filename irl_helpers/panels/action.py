"""One thing that a panel can do, as data: its button, its call, and when it makes sense."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple


class Action(NamedTuple):
    """`name` is the button's attribute in the panel, `label` what stands on it, and `work(panel)` is awaited
    when it is pressed; None for nothing but the look that follows every press.

    `needs` has the states in which it makes sense, each with the fact it needs there, as `sale.Needs`; None
    for always, even while the account cannot be read.
    """

    name: str
    label: str
    work: Callable[[Any], Awaitable[None]] | None
    needs: Mapping[str, str] | None
    style: str = ""
    again: bool = False


REFRESH = Action("refresh", "Refresh", None, None)
"""Look again, at any time."""
