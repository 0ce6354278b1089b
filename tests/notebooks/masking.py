"""What nbval compares of a cell's outputs: their texts, with what differs from run to run masked."""

from __future__ import annotations

import json
import re
from pathlib import Path

from nbval.plugin import get_sanitize_patterns

VIEW = "application/vnd.jupyter.widget-view+json"
SANITIZE = Path(__file__).with_name("sanitize.cfg")
PATTERNS = [(re.compile(regex), new) for regex, new in get_sanitize_patterns(SANITIZE.read_text("utf-8"))]


def mask(text: str) -> tuple[str, list[str]]:
    """The text as it is compared, and the ids, times and keys that were masked in it, in a fixed order."""
    found: list[str] = []
    for pattern, replacement in PATTERNS:
        found += [match.group() for match in pattern.finditer(text)]
        text = pattern.sub(replacement, text)
    return text, found


def texts(outputs: list[dict]) -> list[tuple[str, str]]:
    """A cell's outputs as (what, text): a stream by its name, data by type, an error in two parts."""
    found: list[tuple[str, str]] = []
    for output in outputs:
        if output["output_type"] == "stream":
            found.append((output["name"], output["text"]))
        elif output["output_type"] == "error":
            found += [("ename", output["ename"]), ("evalue", output["evalue"])]
        else:
            data = {kind: value for kind, value in output["data"].items() if kind != VIEW}
            found += [(kind, as_text(value)) for kind, value in sorted(data.items())]
    return found


def as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
