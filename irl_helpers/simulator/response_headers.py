"""Response headers, as Stripe's library expects them of whatever carries its requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class ResponseHeaders(dict[str, str]):
    """Headers, from pairs of name and value, that are found in any spelling."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        super().__init__({name.lower(): value for name, value in pairs})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or `default` where there is no such header."""
        return super().get(name.lower(), default)
