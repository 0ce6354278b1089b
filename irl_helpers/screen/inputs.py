"""collect_inputs: one question after the other, and the customer's answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import palette
from .canvas import MARGIN, Canvas
from .keyboards import letters, numbers
from .object_fields import part, parts, text
from .screen_data import ScreenData
from .svg import circle, line, rectangle

_INNER = 240 - 2 * MARGIN
_BUTTON = 44
_CHOICE = 54
_STROKES = re.compile(r"([ML])(\d+) (\d+)")

# type -> title if the till gave none
_TITLES = {
    "email": "Enter your email",
    "numeric": "Enter a number",
    "phone": "Enter your phone number",
    "selection": "Choose one",
    "signature": "Please sign",
    "text": "Enter a text",
}


def collect_inputs(canvas: Canvas, data: ScreenData) -> str:
    """The first question that has no answer yet, and what was typed or drawn there so far."""
    questions = parts(data.details, "inputs")
    if not questions:
        canvas.icon("form", canvas.middle, canvas.height * 0.36, 84, palette.ACCENT)
        canvas.write("A few questions", canvas.height * 0.6, 24, bold=True)
        return "asking for input"
    place = next((n for n, question in enumerate(questions) if not _answered(question)), len(questions) - 1)
    progress = f"{place + 1} of {len(questions)}" if len(questions) > 1 else ""
    return _ask(canvas, questions[place] | {"typed": data.typed}, progress)


def _answered(question: dict[str, Any]) -> bool:
    answer = part(question, text(question, "type"))
    return question.get("skipped") is True or bool(answer.get("value") or answer.get("id"))


def _ask(canvas: Canvas, question: dict[str, Any], progress: str) -> str:
    kind = text(question, "type")
    said = part(question, "custom_text")
    title = text(said, "title") or _TITLES.get(kind, "Question")
    canvas.write(progress, 30, 15, x=MARGIN, width=110, anchor="start", color=palette.MUTED)
    y = canvas.write(title, 58, 20, x=MARGIN, anchor="start", lines=2, bold=True)
    explanation = text(said, "description")
    if explanation:
        y = canvas.write(explanation, y - 3, 15, x=MARGIN, anchor="start", lines=3, color=palette.MUTED)
    end = _buttons(canvas, said, kind, optional=question.get("required") is not True)
    toggles = parts(question, "toggles")
    if toggles:
        end = _toggles(canvas, toggles, end)
    body = _BODIES.get(kind, _unknown_kind)
    what = body(canvas, question, y - 4, end - 10, not toggles)
    return ", ".join(filter(None, [f"asking for {what}: {title}", progress]))


def _buttons(canvas: Canvas, said: dict[str, Any], kind: str, *, optional: bool) -> float:
    """Skip, where the customer may, and Submit, where choosing is not enough. Returns their top."""
    labels = [(text(said, "skip_button") or "Skip", False)] if optional else []
    if kind != "selection":
        labels.append((text(said, "submit_button") or "Submit", True))
    if not labels:
        return canvas.height - 8
    top = canvas.height - _BUTTON - 12
    width = (_INNER - 10 * (len(labels) - 1)) / len(labels)
    for place, (label, primary) in enumerate(labels):
        x, touch = MARGIN + place * (width + 10), "submit" if primary else "skip"
        canvas.button(label, top, x=x, width=width, height=_BUTTON, primary=primary, touch=touch)
    return top


def _toggles(canvas: Canvas, toggles: list[dict[str, Any]], end: float) -> float:
    """Switches above the buttons. On and off are told by place and word, not by color alone."""
    shown = toggles[:4]
    top = end - 12 - 38 * len(shown)
    for place, toggle in enumerate(shown):
        y = top + 38 * place
        on = (text(toggle, "value") or text(toggle, "default_value")) == "enabled"
        x = canvas.width - MARGIN - 46
        fill, edge = (palette.ACCENT, palette.ACCENT) if on else (palette.PAPER, "#7a8196")
        canvas.add(rectangle(x, y + 4, 46, 26, 13, fill=fill, stroke=edge, stroke_width=1.5))
        canvas.add(circle(x + (33 if on else 13), y + 17, 9, fill=palette.PAPER if on else "#7a8196"))
        label = text(toggle, "title") or text(toggle, "description") or "Option"
        canvas.touch(f"toggle:{place}", label, MARGIN, y, canvas.width - 2 * MARGIN, 34)
        canvas.write(label, y + 22, 15, x=MARGIN, width=_INNER - 58, anchor="start")
        canvas.said[-1] += " (on)" if on else " (off)"
    return top


# -- the answer, one way for each type -----------------------------------------------------------------

Answer = Callable[[Canvas, dict[str, Any], float, float, bool], str]
"""Draws where a question is answered, between two heights, with keys if roomy, and says what is asked for."""


def _field(canvas: Canvas, top: float, typed: str, hint: str) -> float:
    """A field with what was typed, or with a caret and a hint. Returns its lower edge."""
    canvas.add(
        rectangle(MARGIN, top, _INNER, 44, 10, fill=palette.PAPER, stroke=palette.ACCENT, stroke_width=2)
    )
    if not typed:
        canvas.add(line(f"M{MARGIN + 12} {top + 12:g}v20", palette.ACCENT, 2))
    color = palette.INK if typed else palette.MUTED
    canvas.write(typed or hint, top + 28, 16, x=MARGIN + 18, width=_INNER - 30, anchor="start", color=color)
    return top + 44


def _typed(what: str, hint: str, keys: Callable[[Canvas, float, float], None]) -> Answer:
    def draw(canvas: Canvas, question: dict[str, Any], top: float, end: float, roomy: bool) -> str:
        canvas.touch("type", f"Type {what}", MARGIN, top, _INNER, 44)
        below = _field(canvas, top, text(question, "typed"), hint) + 10
        if roomy and end - below > 90:
            keys(canvas, max(below, end - 190), end)
        return what

    return draw


def _selection(canvas: Canvas, question: dict[str, Any], top: float, end: float, roomy: bool) -> str:
    choices = parts(part(question, "selection"), "choices")
    shown, typed = choices, text(question, "typed")
    if top + len(choices) * _CHOICE - 8 > end:
        at_a_time = max(1, int((end - top - 30 + 8) // _CHOICE))
        page = (int(typed) if typed.isdecimal() else 0) % -(-len(choices) // at_a_time)
        shown = choices[page * at_a_time : (page + 1) * at_a_time]
    for choice in shown:
        primary = text(choice, "style") == "primary"
        label, touch = text(choice, "text") or text(choice, "id") or "?", f"choice:{text(choice, 'id')}"
        canvas.button(label, top, height=46, primary=primary, touch=touch)
        top += _CHOICE
    if len(shown) < len(choices):
        canvas.touch("more", "Other choices", MARGIN, top - 4, _INNER, 30)
        canvas.write(f"+ {len(choices) - len(shown)} more", top + 16, 16, color=palette.MUTED)
    return "a choice"


def _signature(canvas: Canvas, question: dict[str, Any], top: float, end: float, roomy: bool) -> str:
    height = max(60, min(end - top, 190))
    canvas.add(
        rectangle(MARGIN, top, _INNER, height, 10, fill=palette.WASH, stroke="#9aa1b5", stroke_width=1.5),
        line(f"M{MARGIN + 18} {top + height - 30:g}h{_INNER - 36}", palette.MUTED, 1.5),
    )
    canvas.touch("sign", "Sign here", MARGIN, top, _INNER, height)
    canvas.icon("cross", MARGIN + 24, top + height - 42, 12, palette.MUTED, 6)
    canvas.write("Sign here", top + height - 10, 15, color=palette.MUTED)
    drawn = "".join(_point(found, top) for found in _STROKES.finditer(text(question, "typed")))
    if drawn:
        canvas.add(line(drawn, palette.INK, 2.4))
        return "a signature, which is there"
    return "a signature"


def _point(found: re.Match[str], top: float) -> str:
    """A point of a signature, whose field is 300 units wide, on the screen."""
    return f"{found[1]}{MARGIN + int(found[2]) * _INNER / 300:g} {top + int(found[3]) * _INNER / 300:g}"


def _unknown_kind(canvas: Canvas, question: dict[str, Any], top: float, end: float, roomy: bool) -> str:
    kind = text(question, "type") or "something"
    canvas.write(kind, top + 40, 16, lines=2, mono=True)
    return kind


_BODIES: dict[str, Answer] = {
    "email": _typed("an email address", "name@example.com", letters),
    "numeric": _typed("a number", "0", numbers),
    "phone": _typed("a phone number", "+1", numbers),
    "selection": _selection,
    "signature": _signature,
    "text": _typed("a text", "Type here", letters),
}
