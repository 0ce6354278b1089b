"""The answers that tests have seen, one of each shape."""

from __future__ import annotations

import json
import re
from typing import Any

from irl_helpers.simulator.version_steps import SHAPED_UNTIL

# shape -> an answer of that shape
SEEN: dict[str, dict[str, Any]] = {}
_WORD = re.compile(r"[a-z][a-z_.]*")


def see(answer: dict[str, Any]) -> None:
    """Remember an answer of the API, and the events' and lists' members each by itself."""
    # Which the types of lists do not have.
    answer = _without(answer, "total_count")
    if answer.get("object") == "event" and answer["api_version"] < SHAPED_UNTIL:
        return
    if answer.get("object") in ("list", "search_result"):
        for one in answer["data"]:
            see(one)
        answer = {**answer, "data": answer["data"][:1]}
    SEEN.setdefault(json.dumps(_shape(answer)), answer)


def _without(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, name) for key, inner in value.items() if key != name}
    return [_without(inner, name) for inner in value] if isinstance(value, list) else value


def _shape(value: Any) -> Any:
    """What types can tell apart: names, kinds of values, and words, which may be from a closed list."""
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else "A text"
    return type(value).__name__
