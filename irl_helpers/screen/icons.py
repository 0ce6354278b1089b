"""The signs on the screens. Each is drawn with lines in a box of 48 by 48."""

from __future__ import annotations

from collections.abc import Callable

from .svg import circle, line, rectangle


def icon(name: str, color: str, width: float = 3) -> str:
    """The sign of that name: one of `ICONS`."""
    return ICONS[name](color, width)


def _lines(d: str) -> Callable[[str, float], str]:
    return lambda color, width: line(d, color, width)


def _tap(color: str, width: float) -> str:
    return line("M13 18q4 6 0 12M21 13q8 11 0 22M29 8q12 16 0 32M37 3q16 21 0 42", color, width)


def _insert(color: str, width: float) -> str:
    """A card on its way up into the slot."""
    card, arrow = "M13 17v20q0 4 4 4h14q4 0 4-4V17", "M24 34V17M17.5 23.5L24 17l6.5 6.5"
    return line(f"M5 8h38{card}{arrow}", color, width)


def _swipe(color: str, width: float) -> str:
    """A card, its dark stripe first, pulled down along the reader's side."""
    card = rectangle(3, 8, 26, 32, 4, fill="none", stroke=color, stroke_width=width)
    arrow = line("M40 8v31M33.5 33l6.5 6.5 6.5-6.5", color, width)
    return card + rectangle(17, 8, 6, 32, fill=color) + arrow


def _card(color: str, width: float) -> str:
    outline = rectangle(3, 9, 42, 30, 5, fill="none", stroke=color, stroke_width=width)
    return outline + rectangle(3, 16, 42, 6, fill=color) + line("M10 31h10", color, width)


def _dots(color: str, width: float) -> str:
    return "".join(circle(x, 24, 4.5, fill=color) for x in (9, 24, 39))


def _wait(color: str, width: float) -> str:
    track = circle(24, 24, 19, fill="none", stroke=color, stroke_width=width, opacity=0.2)
    return track + line("M24 5a19 19 0 0 1 19 19", color, width)


def _no_signal(color: str, width: float) -> str:
    waves = "M5 20q19-16 38 0M12 28q12-10 24 0M19 35q5-4 10 0"
    return line(waves, color, width) + circle(24, 41, 2.4, fill=color) + line("M7 43L41 5", color, width)


def _form(color: str, width: float) -> str:
    return rectangle(9, 4, 30, 40, 4, fill="none", stroke=color, stroke_width=width) + line(
        "M16 14h16M16 23h16M16 32h9", color, width
    )


def _printer(color: str, width: float) -> str:
    return line("M14 16V5h20v11M14 34H6V16h36v18h-8M14 27h20v16H14z", color, width)


ICONS: dict[str, Callable[[str, float], str]] = {
    "tap": _tap,
    "insert": _insert,
    "swipe": _swipe,
    "card": _card,
    "dots": _dots,
    "wait": _wait,
    "no_signal": _no_signal,
    "form": _form,
    "printer": _printer,
    "check": _lines("M8 25l11 11L40 13"),
    "cross": _lines("M11 11l26 26M37 11L11 37"),
    "bar": _lines("M9 24h30"),
    "back": _lines("M18 10L5 23l13 13M5 23h26q12 0 12 12"),
    "update": _lines("M24 5v26M13 20l11 11 11-11M7 43h34"),
    "out": _lines("M10 22V7h28v15M24 18v25M15 34l9 9 9-9"),
    "question": _lines("M16 17q0-9 9-9t9 9q0 6-9 9v5M25 40v.1"),
    "warning": _lines("M24 7v22M24 40v.1"),
    "erase": _lines("M15 8h29v32H15L3 24zM23 18l12 12M35 18L23 30"),
}
