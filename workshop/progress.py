"""How far each learner is, by the accounts of a room."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

from . import accounts
from .pins import Pins
from .room import Room

PAUSE = 60  # seconds in which an account that could not be read holds up nobody's table


class Progress:
    """What the accounts of a room say. One is only looked at again when its file changed."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}
        self._later: dict[str, float] = {}
        self._looking = asyncio.Lock()

    async def look(self) -> dict[str, tuple[float, dict[str, Any]]]:
        """By name: when the account last changed (0 for never), and what `accounts.progress` says."""
        async with self._looking:
            names = Pins(self.room.pins).names()
            changed = {name: self._changed(name) for name in names}
            anew = [name for name in names if self._is_due(name, changed[name])]
            if anew:
                answers = await asyncio.to_thread(accounts.progress, self.room, anew)
                self._known |= {name: (changed[name], answers[name]) for name in anew}
                self._later |= {name: time.monotonic() + PAUSE for name in anew if "problem" in answers[name]}
            return {name: self._known[name] for name in names}

    def _is_due(self, name: str, changed: float) -> bool:
        if time.monotonic() < self._later.get(name, 0):
            return False
        return name not in self._known or self._known[name][0] != changed

    def _changed(self, name: str) -> float:
        times = []
        for suffix in ("", "-wal"):
            try:
                times.append(os.lstat(f"{self.room.account_file(name)}{suffix}").st_mtime)
            except OSError:
                continue
        return max(times, default=0.0)
