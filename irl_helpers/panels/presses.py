"""Pressing: each press is one piece of work, owned until it has ended; what it raises is shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import ipywidgets as W

from ..request_log import work_of
from .messages import Messages

Work = Callable[[], Awaitable[None]]
Follower: TypeAlias = W.Button | W.ToggleButton | W.Dropdown

# Seconds until a panel says what a button waits for, and between two clicks that are one press of an
# impatient hand.
PATIENCE = 2.0
DOUBLE_CLICK = 0.5


class PressButton(W.Button):
    """A button that knows whether it makes sense now, whether it is at work, whether it was pressed on the
    page or by code, where it is said what went wrong (`alert`, None for the usual place), and to which
    `followers` beside it the keyboard goes on. Twice in a row is one press, except where twice means two
    (`again`): such a button can be pressed while it works, and does it all, one after the other."""

    again = False
    possible = False
    why = ""  # it is not possible now, where the panel's state does not say it
    busy = False
    by_hand = False
    alert: W.HTML | None = None
    followers: Sequence[Follower] = ()

    def allow(self, possible: bool) -> None:
        """Whether it can be pressed now; one that is still at work stays busy."""
        self.possible = possible
        self.disabled = not possible or (self.busy and not self.again)

    def work(self, busy: bool) -> None:
        """Show that its work begins, or has ended."""
        self.busy = busy
        with self.hold_sync():  # one message
            self.icon = "spinner spin" if busy else ""
            self.allow(self.possible)

    def press(self) -> None:
        """As somebody at the page does it, to whom the keyboard belongs; `click` is for code."""
        self.by_hand = True
        try:
            self.click()
        finally:
            self.by_hand = False

    def _handle_button_msg(self, widget: Any, content: Any, buffers: Any) -> None:
        if content.get("event") == "click":
            self.press()


class Presses:
    """The buttons of a panel and their work.

    `meaning` is why a button is not possible now, `touched` is called with each press, and `after` awaited
    when its work is done. From a button that cannot be pressed again `go_on_to` is called with the first of
    `followers`, buttons and fields, that is there and can be used, and whether it has to be seen, too: there
    the keyboard goes.
    """

    def __init__(
        self,
        messages: Messages,
        *,
        meaning: Callable[[], str],
        touched: Callable[[], None],
        after: Work,
        go_on_to: Callable[[Follower, bool], None],
    ) -> None:
        self._messages = messages
        self._meaning, self._touched, self._after, self._go_on_to = meaning, touched, after, go_on_to
        self.tasks: dict[W.Widget, asyncio.Task[None]] = {}
        self.followers: Sequence[Follower] = ()
        self.unseen: list[PressButton] = []
        self._waiting: list[tuple[PressButton, Work]] = []
        self._pressed_by_hand: PressButton | None = None  # the last, if nothing else happened since
        self._first_click: tuple[PressButton | None, float] = (None, 0)
        self._ended = 0.0  # when the last work did

    def button(
        self, label: str, work: Work, *, style: str = "", tooltip: str = "", again: bool = False
    ) -> PressButton:
        """A button that awaits `work()` when it is pressed, once it was allowed."""
        button = PressButton(description=label, button_style=style, tooltip=tooltip, disabled=True)
        button.again = again
        button.on_click(lambda pressed: self.press(pressed, work))
        return button

    def unseen_button(self, label: str, work: Work) -> PressButton:
        """A button that no page shows, in whose name work is done that something else begins."""
        button = self.button(label, work)
        self.unseen.append(button)
        return button

    def switch(self, box: W.Checkbox, work: Work) -> None:
        """A switch was turned, which makes sense at any time: await `work()`."""
        if box not in self.tasks:
            self._touched()
            self._messages.forgive()
            self.run(box, work)

    def press(self, button: PressButton, work: Work) -> None:
        """Start the button's work, once: a second click may come before the page shows that it is busy."""
        self._touched()
        if button in self.tasks:
            self._waiting += [(button, work)] if button.again else []
            return
        if button.by_hand and self._is_second_click(button):
            return
        if not button.possible:
            if button.by_hand and self._was_possible_on_the_page(button):
                return
            self._messages.fail(
                f"{button.description} is not possible now: {button.why or self._meaning()}.", button.alert
            )
            self._first_click = None, 0
            return
        self._messages.forgive()
        self._first_click = (button if button.by_hand and not button.again else None), time.monotonic()
        self.run(button, work)
        # A press by code must not move anybody's focus.
        self._pressed_by_hand = button if button.by_hand and button in self.tasks else None

    def go_on_from(self, button: PressButton) -> None:
        """Its work was begun elsewhere on the page: the keyboard goes on from there, too."""
        self._pressed_by_hand = button if button in self.tasks else None

    def something_between(self) -> None:
        """Somebody did something else: the next click is no second one."""
        self._first_click = None, 0

    def _is_second_click(self, button: PressButton) -> bool:
        """Whether this click belongs to the press before; none does once something else was pressed."""
        first, at = self._first_click
        return button is first and time.monotonic() - at < DOUBLE_CLICK

    def _was_possible_on_the_page(self, button: PressButton) -> bool:
        """Whether it was clicked again before the page heard that its own work had made it impossible."""
        return button is self._first_click[0] and time.monotonic() - self._ended < DOUBLE_CLICK

    def run(self, owner: W.Widget, work: Work) -> None:
        """Do the work in the name of a button or a switch, whatever was pressed."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # in a plain Python program nothing else is going on
            asyncio.run(self._work(owner, work))
            return
        self.tasks[owner] = loop.create_task(self._work(owner, work))
        if isinstance(owner, PressButton):
            owner.work(True)
        else:
            owner.disabled = True
        waiting = loop.call_later(PATIENCE, self._say_waiting, owner.description)
        self.tasks[owner].add_done_callback(lambda _: self._done(owner, waiting))

    async def _work(self, owner: W.Widget, work: Work) -> None:
        try:
            with work_of(owner.description):
                await work()
        except Exception as problem:  # noqa: BLE001  ipywidgets would swallow it; it is shown instead
            self._messages.fail(problem, owner.alert if isinstance(owner, PressButton) else None)
        await self._after()
        self._ended = time.monotonic()

    def _say_waiting(self, label: str) -> None:
        self._messages.notify(
            f"{label} is waiting for Stripe's answer. You can go on; after a minute without one, it gives up."
        )

    def _done(self, owner: W.Widget, waiting: asyncio.TimerHandle) -> None:
        task = self.tasks.pop(owner)
        waiting.cancel()
        if isinstance(owner, PressButton):
            owner.work(False)
            self._keep_focus(owner)
        else:
            owner.disabled = False
        if task.cancelled():
            self._waiting.clear()
            return
        if not self.tasks:
            self._messages.notify("")
        following = next((each for each in self._waiting if each[0] is owner), None)
        if following is not None:
            self._waiting.remove(following)
            self.press(*following)

    def _keep_focus(self, button: PressButton) -> None:
        """A browser takes the focus from a button that is disabled, as it is while it works."""
        if self._pressed_by_hand is not button:
            return
        self._pressed_by_hand = None
        near = (button, *button.followers, *self.followers)
        follower = next((each for each in near if not each.disabled and each.layout.display != "none"), None)
        if follower is not None:
            self._go_on_to(follower, button.alert is None)

    async def settled(self) -> None:
        """Wait until every button that was pressed has done its work."""
        while self.tasks:
            await asyncio.wait(list(self.tasks.values()))
            await asyncio.sleep(0)

    def close(self) -> None:
        """Let go of work that has not ended."""
        for task in self.tasks.values():
            task.cancel()
