"""The floor: the official client with nothing behind it, so that only its own work is left.

Its transport gives the answers that the simulator gave before, the same bytes in the same order, round and
round. Nothing here imports the simulator.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import stripe

Answer = tuple[str, int, Mapping[str, str]]


class CannedHTTPClient(stripe.HTTPClient):
    name = "canned"

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__()
        self._answers = itertools.cycle(answers)

    def request(self, *_: Any, **__: Any) -> Answer:
        return next(self._answers)

    def close(self) -> None:
        return None


def save(answers: list[Answer], path: Path) -> None:
    path.write_text(json.dumps(answers), "utf-8")


def load(path: Path) -> list[Answer]:
    answers: list[Answer] = json.loads(path.read_text("utf-8"))
    return answers
