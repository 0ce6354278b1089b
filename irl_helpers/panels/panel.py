"""What every panel shares: buttons that are busy while they work, errors shown in place, the log, looking.

A panel is a few widgets over the functions of its part. Its `state` is read from the account after every
press and whenever something changed there; it is never remembered from what a button was meant to do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from html import escape
from typing import Any, ClassVar

import ipywidgets as W
import stripe

from ..account import AccountError, call, revision
from ..request_log import unlogged, work_of
from ..screen import Picture
from .error_words import in_words
from .fold import Fold
from .layout import beside, panel_view
from .links import linked
from .one_per_cell import take_cell
from .request_log_view import RequestLogView

# Seconds: between looks, until a panel stops looking by itself, until it says what a button waits for.
LOOK_EVERY = 1.0
UNTOUCHED = 600
PATIENCE = 2.0
# Between two clicks that are one press of an impatient hand.
DOUBLE_CLICK = 0.5


class Panel:
    """The base of all panels.

    - `state`: one of the class's `STATES`, a dict from each to what it means; `TONES` has the color of those
      that are not plain: "wait", "good" or "bad"
    - `error`: what went wrong last, in plain words; '' when nothing did
    - `log`: what was done, a line each, oldest first
    - `await settled()`: until every button that was pressed has done its work
    - `close()`: stop looking, until a button is pressed again

    A subclass makes its buttons with `button`, reads the account in `read` and shows it in `show`.
    """

    STATES: ClassVar[dict[str, str]] = {}
    TONES: ClassVar[dict[str, str]] = {}
    NEXT: ClassVar[tuple[str, ...]] = ()  # where the keyboard goes from a button that cannot be pressed again

    def __init__(self) -> None:
        self.state = ""
        self.error = ""
        self.log: list[str] = []
        self._log_lines: list[str] = []  # as html, newest first
        self._tasks: dict[W.Button | W.Checkbox, asyncio.Task] = {}
        self._open: set[W.Button | W.Checkbox] = set()
        self._by_hand: W.Button | None = None  # the button that was pressed last, if on the page
        self._first_click: tuple[W.Button, float] | None = None  # what was clicked on the page, and when
        self._watch: asyncio.Task | None = None
        self._extra_look: asyncio.Task | None = None
        self._revision: int | None = None
        self._touched = time.monotonic()
        self._closed = False
        self._one_look = asyncio.Lock()
        self._blind = ""  # what kept the last look from seeing anything
        self._picture: Picture | None = None
        self.screen = W.HTML()
        self._state_line = W.HTML()
        self._alert = W.HTML()
        self._notice = W.HTML()
        self._log_view = W.HTML()
        self.view = panel_view()
        self.requests = RequestLogView()
        self._requests_fold = Fold(
            "what the button did", self.requests.rows,
            when_open=self.requests.follow, when_closed=self.requests.rest,
        )  # fmt: skip

    # -- for the subclass

    def read(self) -> Any:
        """What the panel needs to know, asked from the account. May raise."""
        raise NotImplementedError

    def show(self, seen: Any) -> None:
        """Set `state`, the widgets and the picture from what `read` returned."""
        raise NotImplementedError

    def button(
        self,
        label: str,
        work: Callable[[], Awaitable[None]],
        *,
        style: str = "",
        tooltip: str = "",
        again: bool = False,
    ) -> W.Button:
        """A button that awaits `work()` when it is pressed, once it was enabled. What that raises is shown in
        the panel. A double click is one press, except where twice means two (`again`)."""
        button = _Button(description=label, button_style=style, tooltip=tooltip, disabled=True)
        button.again = again
        button.on_click(lambda pressed: self._press(pressed, work))
        return button

    def arrange(self, *controls: W.Widget) -> None:
        """Lay the panel out: the controls and the log beside the reader's screen, and look for the first
        time."""
        controls_and_words = [self._state_line, *controls, self._alert, self._notice, self._log_view]
        self._folds = self.folds()
        folded = [fold.view for fold in self._folds]
        self.view.children = [*self.view.children, beside(controls_and_words, self.screen), *folded]
        try:
            with unlogged():
                self._revision = revision()
                self._show(self.read())
        except (stripe.StripeError, AccountError) as problem:
            self._cannot_see(problem)

    def folds(self) -> list[Fold]:
        """What can be opened below the controls: at least the requests that were sent."""
        return [self._requests_fold]

    def meaning(self) -> str:
        """The state in words."""
        return self.STATES.get(self.state, self.state)

    def show_state(self) -> None:
        """The line that says what is; after `show` it is written anew by itself."""
        tone, words = self.TONES.get(self.state), self.meaning()
        name = "irl-state" + (f" irl-{tone}" if tone else "")
        self._state_line.value = f'<div role="status" class="{name}"><span>{escape(words)}</span></div>'

    def enable(self, **buttons: bool) -> None:
        """Which buttons make sense now, by name; one that is still at work stays busy."""
        for name, possible in buttons.items():
            button = getattr(self, name)
            (self._open.add if possible else self._open.discard)(button)
            button.disabled = not possible or button in self._tasks

    def draw(self, picture: Picture | None) -> None:
        self._picture = picture
        self.screen.value = picture.img() if picture else ""

    def say(self, text: str) -> None:
        """A line for the log."""
        self.log.append(text)
        self._log_lines = [f"<div>{linked(text)}</div>", *self._log_lines[:29]]
        lines = "".join(self._log_lines)
        self._log_view.value = f'<div role="log" tabindex="0" class="irl-log" aria-label="Log">{lines}</div>'

    def fail(self, problem: Exception | str) -> None:
        """Show what went wrong, in place and in the log; nobody else would see it."""
        self.error = problem if isinstance(problem, str) else in_words(problem)
        self._alert.value = f'<div role="alert" class="irl-alert">{linked(self.error)}</div>'
        self.say(f"⚠ {self.error}")

    def forgive(self) -> None:
        """Take away what `fail` shows; the log keeps it."""
        self.error, self._alert.value = "", ""

    # -- pressing a button

    def _press(self, button: W.Button, work: Callable[[], Awaitable[None]]) -> None:
        """Start the button's work, once: a second click may come before the page shows that it is busy."""
        self._touch()
        by_hand = isinstance(button, _Button) and button.by_hand
        if button in self._tasks or (by_hand and self._is_second_click(button)):
            return
        self._first_click = None
        if button not in self._open:
            self.fail(f"{button.description} makes no sense now: {self.meaning()}.")
            return
        self.forgive()
        if by_hand and not button.again:
            self._first_click = button, time.monotonic()
        self._run(button, work)
        # A press by code must not move anybody's focus.
        self._by_hand = button if by_hand and button in self._tasks else None

    def _is_second_click(self, button: W.Button) -> bool:
        """Whether this click belongs to the press before; none does once something else was pressed."""
        first, at = self._first_click or (None, 0)
        return button is first and time.monotonic() - at < DOUBLE_CLICK

    def switch(self, box: W.Checkbox, work: Callable[[], Awaitable[None]]) -> None:
        """The same for a switch, which makes sense at any time."""
        self._open.add(box)
        self._press(box, work)

    def _run(self, button: W.Button | W.Checkbox, work: Callable[[], Awaitable[None]]) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # in a plain Python program nothing else is going on
            asyncio.run(self._work(button, work))
            return
        self._tasks[button] = loop.create_task(self._work(button, work))
        button.disabled = True
        if isinstance(button, W.Button):
            button.icon = "spinner spin"
        waiting = loop.call_later(PATIENCE, self._say_waiting, button.description)
        self._tasks[button].add_done_callback(lambda _: self._done(button, waiting))

    async def _work(self, button: W.Button, work: Callable[[], Awaitable[None]]) -> None:
        try:
            with work_of(button.description):
                await work()
        except Exception as problem:  # noqa: BLE001  ipywidgets would swallow it; it is shown instead
            self.fail(problem)
        await self.look()

    def _say_waiting(self, label: str) -> None:
        self._by_hand = None  # whoever was told to go on may be typing elsewhere by now
        self._notify(
            f"{label} waits for Stripe's answer. You can go on; after a minute without one it is given up."
        )

    def _done(self, button: W.Button, waiting: asyncio.TimerHandle) -> None:
        self._tasks.pop(button, None)
        button.disabled = button not in self._open
        if isinstance(button, W.Button):
            button.icon = ""
        waiting.cancel()
        self._keep_focus(button)
        if not self._tasks and not self._closed:
            self._notify("")

    def _keep_focus(self, button: W.Button) -> None:
        """A browser takes the focus from a button that is disabled, as it is while it works."""
        if self._by_hand is not button:
            return
        self._by_hand = None
        possible = [button, *(getattr(self, name) for name in self.NEXT)]
        follower = next((each for each in possible if each in self._open and each not in self._tasks), None)
        if follower is not None:
            follower.focus()

    async def settled(self) -> None:
        """Wait until every button that was pressed has done its work."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))
            await asyncio.sleep(0)

    # -- looking

    async def look(self) -> None:
        """Read the account again and show it. What goes wrong is shown."""
        async with self._one_look:  # on a slow account an older look would end after a newer one
            try:
                with unlogged():
                    self._revision = await call(revision)
                    seen = await call(self.read)
                self._show(seen)
            except Exception as problem:  # noqa: BLE001  as in _work
                self._cannot_see(problem)

    def look_soon(self) -> None:
        """Look without waiting for it: something is to be shown that was not asked for before."""
        try:
            self._extra_look = asyncio.get_running_loop().create_task(self.look())
        except RuntimeError:
            asyncio.run(self.look())

    def _show(self, seen: Any) -> None:
        self.show(seen)
        self.show_state()
        if self._blind and self._blind == self.error:
            self.forgive()
        self._blind = ""

    def _cannot_see(self, problem: Exception) -> None:
        """Said once, and again only after a press, not with every look until it is over."""
        words = in_words(problem)
        if words != self._blind or not self.error:
            self.fail(problem)
        self._blind = words

    def in_flight(self) -> bool:
        """Whether something is going on that the account alone will finish."""
        return False

    async def _keep_looking(self) -> None:
        """Follow what happens elsewhere: another notebook, another process, a customer at a reader."""
        while time.monotonic() - self._touched < UNTOUCHED:
            await asyncio.sleep(LOOK_EVERY)
            if not self._tasks and await self._changed():
                await self.look()
        self._notify("Untouched for ten minutes: press a button, and the panel follows the account again.")

    async def _changed(self) -> bool:
        """Offline a number tells. Stripe has none, so there it is looked at only while an action runs."""
        if self._blind:
            return True
        try:
            now = await call(revision)
        except (stripe.StripeError, AccountError):
            return True  # looking finds the same trouble, and says it
        return self.in_flight() if now is None else now != self._revision

    def _touch(self) -> None:
        self._touched = time.monotonic()
        self._closed = False
        if self._watch is not None and self._watch.done():
            self._start_looking()

    def _start_looking(self) -> None:
        try:
            self._watch = asyncio.get_running_loop().create_task(self._keep_looking())
        except RuntimeError:
            return
        self._notify("")
        if self._requests_fold.open:
            self.requests.follow()

    def close(self) -> None:
        """Stop looking, and let go of work that has not ended. A button that is pressed takes it up again."""
        self._closed = True
        watched = self._watch is not None and not self._watch.done()
        for task in [self._watch, self._extra_look, *self._tasks.values()]:
            if task is not None:
                task.cancel()
        self.requests.rest()
        if watched:
            self._notify("The panel follows the account no longer: press a button, and it does again.")

    def _notify(self, text: str) -> None:
        self._notice.value = f'<div role="status" class="irl-notice">{escape(text)}</div>' if text else ""

    # -- being shown

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.state}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live view, and for pages without widgets its state and its picture, without ids or times."""
        take_cell(self)
        if self._watch is None and not self._closed:
            self._start_looking()
        bundle = dict(self.view._repr_mimebundle_(**kwargs) or {})
        picture = self._picture.img() if self._picture else ""
        meaning = escape(self.meaning())
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = (
            f"{picture}<p>{type(self).__name__}: {meaning}. The buttons appear when the notebook is run.</p>"
        )
        return bundle


class _Button(W.Button):
    """A button that knows whether it is pressed on the page or by code."""

    by_hand = False
    again = False

    def _handle_button_msg(self, widget: W.Widget, content: dict[str, Any], buffers: list[Any]) -> None:
        self.by_hand = True
        try:
            super()._handle_button_msg(widget, content, buffers)
        finally:
            self.by_hand = False
