"""What slows down whoever guesses: a pause after some wrong tries, and a longer one after each further."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, field

FORGIVEN = 3600  # seconds after the last wrong try
MANY = 10_000  # guessers, before the forgiven ones are forgotten


@dataclass
class Brake:
    """`free` wrong tries cost nothing; then a pause of `first` seconds, twice as long after each further try,
    `longest` at most. Whoever is slowed down is the caller's key, such as an address and a name."""

    free: int
    first: float
    longest: float
    _tries: dict[Hashable, tuple[int, float]] = field(default_factory=dict)  # how many, and when the last

    def seconds(self, key: Hashable) -> int:
        """0: go on, and this try counts until `release`, so that tries at the same time count as well.
        Otherwise come back after so many seconds; what comes before does not count."""
        now = time.monotonic()
        count, last = self._tries.get(key, (0, now))
        if now - last >= FORGIVEN:
            count = 0
        pause = min(self.first * 2 ** (count - self.free), self.longest) if count >= self.free else 0
        if now < last + pause:
            return int(last + pause - now) + 1
        if len(self._tries) >= MANY:
            self._tries = {who: it for who, it in self._tries.items() if now - it[1] < FORGIVEN}
        self._tries[key] = (count + 1, now)
        return 0

    def release(self, key: Hashable) -> None:
        """It was no guess."""
        self._tries.pop(key, None)
