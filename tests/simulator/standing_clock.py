"""A clock that stands still, so that time brings something only when a test lets it pass."""

from __future__ import annotations

import time

import pytest

from irl_helpers.simulator import account


class StandingClock:
    """In place of the module `time`, for accounts: `/_simulator/clock` is all that moves it."""

    def __init__(self) -> None:
        self._now = time.time()

    def time(self) -> float:
        return self._now


def stop_the_clock(patch: pytest.MonkeyPatch) -> None:
    """For all accounts, until the test ends."""
    patch.setattr(account, "time", StandingClock())
