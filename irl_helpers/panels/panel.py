"""What every panel is: its state is read from the account after every press and whenever that has changed.

It is composed of what it says (`messages`), its buttons (`presses`) and what follows the account (`watch`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, ClassVar

import ipywidgets as W
import stripe

from ..account import AccountError, Changes, call, changes
from ..faults import Fault
from ..request_log import unlogged
from ..screen import Picture
from .action import Action
from .body import Body
from .error_words import in_words
from .fields import Fields, inputs
from .fold import Fold
from .keyboard_focus import KeyboardFocus
from .layout import beside, close_tree, everything_in, panel_view
from .messages import Messages
from .one_per_cell import take_cell
from .presses import PressButton, Presses
from .reader_trouble import ReaderTrouble
from .request_log_view import RequestLogView
from .still import still_of
from .touch_screen import TouchScreen
from .watch import Watch

OF_THE_READER = ("no_reader", "in_flight", "offline")
"""States that say what the reader does: nothing, where it is offline."""


NO_WAY_ON = ("cancel", "refresh")
"""Buttons that make sense at any time, and lead nowhere."""


async def _nothing(panel: Panel) -> None:
    """A look follows every press."""


class Panel:
    """The base of all panels.

    - `state`: one of the class's `STATES`, a dict from each to what it means; `TONES` has the color of those
      that are not plain: "wait", "good" or "bad"
    - `error`: what went wrong last, in plain words; '' when nothing did
    - `log`: what was done, a line each, oldest first
    - `picture`: what is drawn, None for nothing
    - `await settled()`: until every button that was pressed has done its work
    - `close()`: stop looking, until a button is pressed again

    A subclass has a table of `ACTIONS`, of which each becomes a button and an attribute of that name; it
    reads the account in `read` and shows it in `show`.
    """

    STATES: ClassVar[Mapping[str, str]] = {}
    TONES: ClassVar[Mapping[str, str]] = {}
    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    DID: ClassVar[str] = "what the button did"  # the fold of its requests
    NEXT: ClassVar[tuple[str, ...]] = ()  # where the keyboard goes from a button that cannot be pressed again

    def __init__(self) -> None:
        self.state = ""
        self.picture: Picture | None = None
        self.screen = TouchScreen()
        self.messages = Messages()
        self.watch = Watch(look=self.look, changed=self._changed, notify=self._rest)
        self.screen.when_seen = self.watch.when_seen
        self.keyboard = KeyboardFocus()
        self.presses = Presses(
            self.messages, meaning=self._headline, touched=self.touch, after=self.look,
            go_on_to=self.keyboard.go_on_to,
        )  # fmt: skip
        self.trouble = ReaderTrouble(self.presses)
        self.requests = RequestLogView()
        self.folds = [
            Fold(
                self.DID, self.requests.rows,
                when_open=self.requests.follow, when_closed=self.requests.rest,
            )
        ]  # fmt: skip
        self.view = panel_view()
        # What shows what else the account holds, and is not stored.
        self.differs: list[W.Widget] = [self.trouble.view]
        self.buttons: dict[str, PressButton] = {}
        for action in self.ACTIONS:
            work = partial(action.work or _nothing, self)
            button = self.presses.button(action.label, work, style=action.style, again=action.again)
            button.allow(action.needs is None)
            self.buttons[action.name] = button
        self.adopt(**self.buttons)
        self._mark: Any = None
        self.now: Changes | None = None
        """What `mark` found last; `read` need not ask again."""
        self._one_look = asyncio.Lock()
        self._inputs: dict[W.ValueWidget, Any] = {}  # each with what stood in it at first
        self._blind = ""  # what kept the last look from seeing anything
        self._fields: list[Fields] = []

    # -- for the subclass

    body: Body | None = None
    """What reads, shows and explains in the panel's place, if it does not do so itself."""

    def read(self) -> Any:
        """What the panel needs to know, asked from the account. May raise."""
        return self.body.read() if self.body is not None else None

    def show(self, seen: Any) -> None:
        """Set `state`, the widgets and the picture from what `read` returned."""
        if self.body is not None:
            self.body.show(seen)

    def mark(self) -> Any:
        """What is another once there is something new to read, cheap to ask for; None where nobody can tell,
        in Stripe's test mode. May raise."""
        self.now = changes()
        return self.now.revision if self.now else None

    def shown_readers(self) -> Sequence[stripe.terminal.Reader | None]:
        """The readers that the panel shows or works with, as they were seen last; None for none."""
        return self.body.shown_readers() if self.body is not None else ()

    async def leave(self) -> None:
        """Give up what is going on at the reader, and forget it."""
        if self.body is not None:
            await self.body.leave()

    def forget(self) -> None:
        """Forget what is going on: the account does not have it any more."""
        if self.body is not None:
            self.body.forget()

    def adopt(self, **widgets: W.Widget) -> None:
        """Make these attributes of the panel, so that a cell can press and fill them."""
        vars(self).update(widgets)

    def arrange(self, *controls: W.Widget, alert: bool = True) -> None:
        """Lay the panel out: the controls and the log next to the reader's screen. Without an `alert` the
        subclass has a place of its own for what goes wrong."""
        said = self.messages
        self._inputs = {box: box.value for control in controls for box in inputs(control)}
        controls = (self.trouble.view, *controls, *[said.alert] * alert)
        left = [said.state_line, *controls, said.notice, said.log_view]
        self.fill(beside(left, self.screen), *(fold.view for fold in self.folds))

    def fill(self, *contents: W.Widget) -> None:
        """Lay the panel out in a way of its own, and look for the first time."""
        self.view.children = [*self.view.children, *contents]
        # Also those that are not laid out yet.
        parts = (self.view, *(fold.content for fold in self.folds), *self.unseen())
        boxes = [box for part in parts for box in inputs(part)]
        self._fields = [Fields(boxes, self._typed, self.touch)] if boxes else []
        for fold in self.folds:
            fold.button.observe(lambda _: self.touch(), "value")
        self.presses.followers = [getattr(self, name) for name in self.NEXT]
        try:
            with unlogged():
                self._show(self._read())
        except (stripe.StripeError, AccountError) as problem:
            self._cannot_see(problem)

    def offer(self, facts: Mapping[str, bool]) -> None:
        """Let each action be pressed whose table says that it makes sense in this state, with these facts."""
        for action in self.ACTIONS:
            if action.needs is not None:
                need = action.needs.get(self.state)
                self.buttons[action.name].allow(need is not None and facts[need])

    def meaning(self) -> str:
        """The state in words."""
        said = self.body.meaning() if self.body is not None else ""
        return said or self.STATES.get(self.state, self.state)

    def in_flight(self) -> bool:
        """Whether something is going on that the account alone will finish."""
        return self.state == "in_flight"

    def show_state(self) -> None:
        """Write the line that says what is; after `show` this happens by itself."""
        tone = "bad" if self._asleep() else self.TONES.get(self.state, "")
        self.messages.show_state(self._headline(), tone)
        button = self._next_button()
        self.screen.lead_on(button.description if button is not None else "")

    def _next_button(self) -> PressButton | None:
        """The button that takes the sale on from here, None where there is none."""
        buttons = [self.buttons[name] for name in self.NEXT if name in self.buttons and name not in NO_WAY_ON]
        return next((each for each in buttons if each.possible and each.layout.display != "none"), None)

    def lead_on(self) -> None:
        """Somebody did at the reader what comes too early: show what comes first, wherever that is."""
        button = self._next_button()
        if button is not None:
            self.keyboard.go_on_to(button, True)

    @contextmanager
    def looked_at_first(self) -> Iterator[None]:
        """Each widget that changes is a message, and the page draws one after the other: what somebody looks
        at, the state and then the picture, is sent before all else that is shown meanwhile."""
        first = [self.screen, self.messages.state_line]
        rest = [
            each for each in everything_in(self.view) if each not in first and not isinstance(each, W.Box)
        ]
        with ExitStack() as held:  # which lets the last go first: state, picture, and the rest from the top
            for widget in (*reversed(rest), *first):
                held.enter_context(widget.hold_sync())
            yield

    def _headline(self) -> str:
        return self._asleep() or self.meaning()

    def _asleep(self) -> str:
        """That the reader is offline, in a state that would say what the reader does."""
        return self.trouble.headline if self.state in OF_THE_READER else ""

    def draw(self, picture: Picture | None, *, touchable: bool = False) -> None:
        """Draw the reader's screen; None for no reader. `touchable` where no person stands at it."""
        self.picture = picture
        self.screen.show(picture, touchable=touchable)

    def say(self, text: str) -> None:
        """A line for the log."""
        self.messages.say(text)

    @property
    def error(self) -> str:
        """The line about what went wrong, '' while nothing has."""
        return self.messages.error

    @property
    def log(self) -> list[str]:
        """What was done, the newest last."""
        return self.messages.log

    # -- looking

    def _typed(self) -> None:
        """What was wrong with what stood there is not about what is typed now."""
        self.presses.something_between()
        if self.error:
            self.messages.forgive()

    async def settled(self) -> None:
        """Wait until every button that was pressed has done its work."""
        await self.presses.settled()

    async def start_over(self) -> None:
        """Be as at first, whatever was pressed, chosen or typed since: what goes on is given up, and the
        inputs are as they were. For a cell that presses buttons by code.

        Raises what the calls raise.
        """
        await self.settled()
        await self.look()
        await self.leave()
        for box, value in self._inputs.items():
            if not isinstance(box, W.Dropdown) or value in [each for _, each in box.options]:
                box.value = value
        self.messages.forgive()
        await self.look()

    async def look(self) -> None:
        """Read the account again and show it. What goes wrong is shown."""
        async with self._one_look:  # on a slow account an older look would end after a newer one
            try:
                with unlogged():
                    seen = await self._see()
                self._show(seen)
            except Exception as problem:  # noqa: BLE001  nobody else would see it
                self._cannot_see(problem)

    async def _see(self) -> Any:
        """What `read` finds. What a reset took out of the account is forgotten, and the rest is read."""
        try:
            return await call(self._read)
        except stripe.InvalidRequestError as problem:
            if problem.code != "resource_missing":
                raise
        self.forget()
        seen = await call(self._read)
        self.say("What this panel worked with is not in the account any more. It begins anew.")
        return seen

    def _read(self) -> Any:
        # First: what changes meanwhile is looked at again.
        self._mark = self.mark()
        return self.read(), self.trouble.read(self.now)

    def _show(self, seen: tuple[Any, Sequence[Fault]]) -> None:
        read, standing = seen
        with self.looked_at_first():
            self.show(read)
            self.trouble.show(self.shown_readers(), standing)
            self.show_state()
        if self._blind and self._blind == self.error:
            self.messages.forgive()
        self._blind = ""

    def _cannot_see(self, problem: Exception) -> None:
        """Say it once, and again only after a press, not at every look."""
        words = in_words(problem)
        if words != self._blind or not self.error:
            self.messages.fail(problem)
        self._blind = words

    async def _changed(self) -> bool:
        """Offline a number tells. Stripe has none, so there it is looked at only while an action runs."""
        if self.presses.tasks:
            return False  # a look follows
        if self._blind:
            return True
        try:
            now = await call(self.mark)
        except (stripe.StripeError, AccountError):
            return True  # looking finds the same trouble, and says it
        return self.in_flight() if now is None else now != self._mark

    def _rest(self, why: str) -> None:
        """Say why the account is not followed, above the wallet as well; '' where it is followed."""
        self.messages.notify(why)
        self.screen.rest(why)

    def touch(self) -> None:
        """Somebody is there: a panel that had stopped follows the account again."""
        if self.watch.touch() and self.folds[0].open:
            self.requests.follow()

    def close(self) -> None:
        """Stop looking, and let go of work that has not ended. A button that is pressed takes it up again."""
        self.watch.close()
        self.presses.close()
        self.requests.rest()

    def unseen(self) -> list[W.Widget]:
        """Widgets of a subclass that are not always laid out in the panel."""
        return []

    def dispose(self) -> None:
        """Close the panel, and let its widgets go: no cell shows it any more."""
        self.close()
        if self.view.comm is not None:
            self.requests.dispose()
            closed = [fold.content for fold in self.folds if not fold.open]
            unseen = (*self.unseen(), *self.presses.unseen)
            close_tree(self.view, self.keyboard, *self._fields, *closed, *unseen)

    # -- being shown

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.state}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live view; for pages without widgets a picture of it, in which ids and times are masked."""
        take_cell(self)
        self.messages.show_log()
        if not self.watch.closed:
            self.watch.start()
        bundle = dict(self.view._repr_mimebundle_(**kwargs) or {})
        still = still_of(type(self).__name__, self.view, self.differs)
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = f"{still.img()}<p>A picture. When the notebook is run, the panel is live.</p>"
        return bundle
