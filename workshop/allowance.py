"""How much somebody may send: a few at once, then one every so often."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, field

MANY = 10_000  # senders, before those who have all of theirs again are forgotten


@dataclass
class Allowance:
    """`at_once` cost nothing, and every `pause` seconds there is one more, up to that many."""

    at_once: int
    pause: float
    _spent: dict[Hashable, float] = field(default_factory=dict)  # when all will be there again

    def seconds(self, key: Hashable) -> int:
        """0: go on, and this one counts. Otherwise come back after so many seconds."""
        now = time.monotonic()
        full = max(self._spent.get(key, now), now) + self.pause
        late = full - now - self.at_once * self.pause
        if late > 0:
            return int(late) + 1
        if len(self._spent) >= MANY:
            self._spent = {who: when for who, when in self._spent.items() if when > now}
        self._spent[key] = full
        return 0
