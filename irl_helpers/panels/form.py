"""A form on the reader, filled in on the picture: what `collect_inputs` asks, one input after the other."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import stripe

from ..account import call
from ..collect_inputs import answer_input, answers_are_taken, fill_in, inputs_asked
from ..connect import is_simulated
from .panel import Panel

MOST_TYPED = 500  # characters of a text
MOST_DRAWN = 20_000  # characters of a signature's path
SIGNATURE = "M20 70L50 25L62 74L95 40L112 68L140 36L158 62L205 44L280 56"  # of whoever signs by keyboard
ASKED = "the reader shows a form, and the customer fills it in"
_TYPED = ("text", "email", "numeric", "phone")


class Form:
    """`asked` while the reader shows a form; `typed` is what was typed or drawn for the input on its screen.

    Offline each answer is the customer's own. In Stripe's test mode nobody takes answers: there the last
    one lets Stripe fill in the whole form, as the button `fill_in` does.
    """

    def __init__(self, panel: Panel, redraw: Callable[[str | None], None]) -> None:
        self._panel, self._redraw = panel, redraw
        self._reader_id = ""
        self._inputs: list[dict[str, Any]] = []
        self._given: list[str | None] = []  # in Stripe's test mode: nobody else keeps them
        self._screen: Any = None  # which input of which form `typed` and `_toggles` belong to
        self._toggles: list[str] = []
        self.typed = ""
        self.fill_in = panel.presses.button("Fill in the form", self._fill_in)
        panel.screen.drawn = self._draw
        panel.screen.observe(lambda change: self._type(change["new"]), "typed")

    def serve(self, reader: stripe.terminal.Reader | None) -> None:
        """Offer the form that this reader shows, if a program and no person stands there."""
        inputs = inputs_asked(reader) if is_simulated(reader) else []
        self._reader_id = reader.id if reader is not None else ""
        if not inputs:
            self._given = []
        self._inputs = inputs
        question = self._question
        toggles = (question["toggles"] or []) if question else []
        screen = (self._reader_id, self._place, deepcopy(question))
        if screen != self._screen:
            self._screen = screen
            self._toggles = [toggle["default_value"] or "disabled" for toggle in toggles]
            self._keep("")
        self.fill_in.allow(self.asked)
        self.fill_in.layout.display = "" if self.asked else "none"

    @property
    def asked(self) -> bool:
        """Whether the reader shows a form."""
        return bool(self._inputs)

    def on_screen(self, reader: stripe.terminal.Reader) -> Any:
        """The reader with what the customer has done so far, for its picture."""
        if not self.asked:
            return reader
        shown, inputs = reader.to_dict(), deepcopy(self._inputs)
        for question in inputs[: len(self._given)]:
            question["skipped"] = True
        toggles = inputs[min(self._place, len(inputs) - 1)]["toggles"] or []
        for toggle, position in zip(toggles, self._toggles, strict=False):
            toggle["value"] = position
        shown["action"]["collect_inputs"]["inputs"] = inputs
        return shown

    def touch(self, name: str) -> None:
        """A place on the form is touched: the name of a `TouchArea`."""
        kind, _, what = name.partition(":")
        if kind == "choice":
            self._answer(what)
        elif kind == "skip":
            self._answer(None)
        elif kind == "submit":
            self._answer(self.typed)
        elif kind == "more":
            self.typed = str(int(self.typed or "0") + 1)  # of a choice, what is typed is the page
            self._redraw(None)
        elif kind == "toggle":
            self._toggles[int(what)] = "disabled" if self._toggles[int(what)] == "enabled" else "enabled"
            self._redraw(None)
        elif kind == "sign":
            self._draw(SIGNATURE)
        elif kind == "key":
            self._type(self.typed[:-1] if what == "erase" else self.typed + what)

    @property
    def _place(self) -> int:
        """The number of inputs that were answered."""
        answered = sum(1 for question in self._inputs if "skipped" in question)
        return max(answered, len(self._given))

    @property
    def _question(self) -> dict[str, Any] | None:
        return self._inputs[self._place] if self._place < len(self._inputs) else None

    def _keep(self, typed: str) -> None:
        self.typed = typed
        drawn = typed.startswith("M") and self._question is not None and self._question["type"] == "signature"
        self._panel.screen.typed = "" if drawn else typed  # the page shows it in its input

    def _type(self, text: str) -> None:
        """From a key on the picture, or from the page's keyboard."""
        question = self._question
        if question is not None and question["type"] in _TYPED and text != self.typed:
            self._keep(text[:MOST_TYPED])
            self._redraw(None)

    def _draw(self, stroke: str) -> None:
        if len(self.typed) + len(stroke) <= MOST_DRAWN:
            self._keep(self.typed + stroke)
            self._redraw(None)

    def _answer(self, value: str | None) -> None:
        async def work() -> None:
            question = self._question
            if question is None:
                return
            last, title = (
                self._place == len(self._inputs) - 1,
                question["custom_text"]["title"] or "the input",
            )
            said = f"The customer skips {title}." if value is None else f"The customer answers {title}."
            if answers_are_taken():
                given = f"+1{value}" if value and question["type"] == "phone" and value[0] != "+" else value
                try:
                    await call(answer_input, self._reader_id, given, toggles=self._toggles)
                except stripe.InvalidRequestError as problem:
                    raise ValueError(_refused(title, question["type"], value, problem)) from None
                self._panel.say(said)
                return
            self._given.append(value)
            self._panel.say(said)
            if last:
                await self._fill_in()

        self._panel.presses.press(self.fill_in, work)

    async def _fill_in(self) -> None:
        optional = [
            place
            for place, one in enumerate(self._inputs)
            if not one["required"] and place < len(self._given)
        ]
        skip = bool(optional) and all(self._given[place] is None for place in optional)
        self._given = []
        await call(fill_in, self._reader_id, skip=skip)
        self._panel.say("The form is filled in, with answers that Stripe's test helper makes up.")


def _refused(title: str, type: str, value: str | None, problem: stripe.StripeError) -> str:
    """Which answer was not taken, and what is."""
    if not value and type == "signature":
        return f"{title}: nothing was drawn yet. Sign in the field."
    said = f"{value!r} was not taken" if value else "nothing was given"
    return f"{title}: {said}. {problem.user_message}"
