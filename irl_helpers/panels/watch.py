"""Following the account: another notebook, another process, a customer at a reader."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

# Seconds between looks, and until a panel stops looking by itself; between the looks of one that never stops,
# from then on.
LOOK_EVERY = 1.0
UNTOUCHED = 600
SELDOM = 5.0


class Watch:
    """Looks again whenever `changed()` says so, until nobody has touched the panel for ten minutes.

    `look` and `changed` are awaited, `notify` is told why it has stopped. With `never_stops` it goes on, a
    little less often.
    """

    never_stops = False

    def __init__(
        self,
        *,
        look: Callable[[], Awaitable[None]],
        changed: Callable[[], Awaitable[bool]],
        notify: Callable[[str], None],
    ) -> None:
        self._look, self._changed, self._notify = look, changed, notify
        self._task: asyncio.Task[None] | None = None
        self._extra: asyncio.Task[None] | None = None
        self._waking: asyncio.Task[None] | None = None
        self._touched = time.monotonic()
        self._once_seen: list[Callable[[], None]] | None = None  # what waits for the account to be looked at
        self.closed = False

    @property
    def running(self) -> bool:
        """Whether the account is followed now."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Follow from now on; in a plain Python program nobody would."""
        if self.running:
            return
        try:
            self._task = asyncio.get_running_loop().create_task(self._keep_looking())
        except RuntimeError:
            return
        self._notify("")

    def touch(self) -> bool:
        """Somebody is there. Starts again if it had started and has stopped; True if it did."""
        self._touched = time.monotonic()
        self.closed = False
        woken = self._task is not None and self._task.done()
        if woken:
            self.start()
        return woken

    def when_seen(self, act: Callable[[], None]) -> None:
        """Do what somebody did on the page. It is about what is so now: where the account was not followed
        until now, that is looked at first."""
        woken = self.touch() and self.running
        if woken and self._once_seen is None:
            self._once_seen = []
            self._waking = asyncio.get_running_loop().create_task(self._catch_up(self._once_seen))
        if self._once_seen is not None:
            self._once_seen.append(act)
        else:
            act()

    async def _catch_up(self, acts: list[Callable[[], None]]) -> None:
        try:
            await self._look()
        finally:
            self._once_seen = None
        for act in acts:
            asyncio.get_running_loop().call_soon(act)  # where it fails, the next one does not

    def look_soon(self) -> None:
        """Look once without waiting for it: something is to be shown that was not asked for before."""
        try:
            self._extra = asyncio.get_running_loop().create_task(self._look_once())
        except RuntimeError:
            asyncio.run(self._look_once())

    async def _look_once(self) -> None:
        await self._look()

    async def _keep_looking(self) -> None:
        while (awake := time.monotonic() - self._touched < UNTOUCHED) or self.never_stops:
            await asyncio.sleep(LOOK_EVERY if awake else SELDOM)
            if await self._changed():
                await self._look()
        self._notify(
            "Untouched for ten minutes: touch anything in the panel, and it follows the account again."
        )

    def close(self) -> None:
        """Stop looking, until the next touch."""
        watched, self.closed = self.running, True
        for task in (self._task, self._extra, self._waking):
            if task is not None:
                task.cancel()
        if watched:
            self._notify("The panel no longer follows the account: touch anything in it, and it does again.")
