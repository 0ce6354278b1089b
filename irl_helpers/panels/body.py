"""What a panel shows, where that is no panel itself: several kinds of panels have the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import stripe


class Body(Protocol):
    """A till, for one: it reads, shows and explains in the panel's place."""

    def read(self) -> Any:
        """As `Panel.read`."""

    def show(self, seen: Any) -> None:
        """As `Panel.show`."""

    def meaning(self) -> str:
        """As `Panel.meaning`; '' where the state's own words are enough."""

    def shown_readers(self) -> Sequence[stripe.terminal.Reader | None]:
        """As `Panel.shown_readers`."""

    async def leave(self) -> None:
        """As `Panel.leave`."""

    def forget(self) -> None:
        """As `Panel.forget`."""
