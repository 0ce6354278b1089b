"""The readers' bodies: own drawings after the proportions of each model, with a hole where the screen goes.

A screen is always 240 units wide, so that every model shows its texts at the same size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .canvas import WIDTH
from .svg import circle, group, line, path, rectangle

_SHELL = "#333947"
_EDGE = "#4d5566"
_GLASS = "#0d1017"
_DEEP = "#1f2430"
_FAINT = "#6f788c"


@dataclass(frozen=True)
class Device:
    """A model: its name, its size in units, where its screen is, and what draws it.

    `back` is drawn before the screen and `front` after it, over the screen's corners.
    """

    name: str
    width: float
    height: float
    screen_x: float
    screen_y: float
    screen_height: float
    back: Callable[[], str]
    front: Callable[[], str]


def device_of(device_type: str) -> Device:
    """The model of a Reader's `device_type`; for one without a drawing a plain reader of that name."""
    model = device_type.removeprefix("simulated_").lower()
    if model in MODELS:
        return MODELS[model]
    return Device(_NAMES.get(model, "Card reader"), *_PLAIN)


def _frame(x: float, y: float, width: float, height: float, radius: float, glass: str = _GLASS) -> str:
    """The rim of the glass: a plate with a hole for the screen, which rounds the screen's corners."""
    hole = _outline(x, y, width, height, radius)
    plate = f"M{x - 3:g} {y - 3:g}h{width + 6:g}v{height + 6:g}h{-width - 6:g}z"
    return path(plate + hole, fill=glass, fill_rule="evenodd")


def _outline(x: float, y: float, width: float, height: float, r: float) -> str:
    return (
        f"M{x + r:g} {y:g}h{width - 2 * r:g}a{r:g} {r:g} 0 0 1 {r:g} {r:g}v{height - 2 * r:g}"
        f"a{r:g} {r:g} 0 0 1 {-r:g} {r:g}h{2 * r - width:g}a{r:g} {r:g} 0 0 1 {-r:g} {-r:g}"
        f"v{2 * r - height:g}a{r:g} {r:g} 0 0 1 {r:g} {-r:g}z"
    )


def _waves(x: float, y: float) -> str:
    """The contactless sign on a bezel."""
    arcs = "M-7-3q2 3 0 6M-2.5-5.5q4 5.5 0 11M2-8q6 8 0 16M6.5-10.5q8 10.5 0 21"
    return group(line(arcs, _FAINT, 1.8), transform=f"translate({x:g} {y:g})")


# -- WisePOS E: a thick handheld, the swipe rail along its right side, the chip slot in its chin ------------


def _wisepos_back() -> str:
    return (
        rectangle(0, 120, 6, 52, 3, fill=_EDGE)  # the button on its left
        + rectangle(3, 0, 284, 560, 34, fill=_SHELL)
        + rectangle(4, 1, 282, 558, 33, fill="none", stroke=_EDGE, stroke_width=2)
        + path("M276 44h13q8 0 8 8v330q0 8-8 8h-13z", fill=_DEEP)  # the rail
        + line("M286 56v322", _FAINT, 2)
        + rectangle(11, 10, 262, 532, 26, fill=_GLASS)
    )


def _wisepos_front() -> str:
    return (
        _waves(142, 28)
        + _frame(22, 48, WIDTH, 426, 6)
        + rectangle(72, 514, 140, 6, 3, fill="#000")
        + line("M78 521.5h128", _EDGE, 1.5)
        + line("M134 505l8-8 8 8", _FAINT, 2)  # this way in
    )


# -- S700 and S710: a slim slab of glass with an even rim; the S710 shows its antenna lines -----------------


def _s700_back() -> str:
    return (
        rectangle(274, 128, 6, 70, 3, fill="#8f98aa")  # the button on its right
        + rectangle(1, 1, 276, 544, 40, fill="#c3c9d5", stroke="#98a1b2", stroke_width=1.5)
        + rectangle(8, 8, 262, 530, 34, fill=_GLASS)
    )


def _s700_front() -> str:
    return (
        circle(139, 25, 3.5, fill="#232a38")
        + _frame(19, 42, WIDTH, 426, 12)
        + _waves(139, 490)
        + rectangle(81, 509, 116, 5, 2.5, fill="#3a4252")
    )


def _s710_back() -> str:
    notches = "".join(rectangle(x, y, 5, 5, fill="#7a8496") for x in (1.5, 271.5) for y in (62, 480))
    return _s700_back() + notches


# -- V660p: taller, a printer in its head with paper coming out, a waist below it -------------------------


def _v660p_back() -> str:
    teeth = "".join(f"l6 {step}" for step in (-5, 5) * 14)
    body = "M4 74q0-42 42-42h212q42 0 42 42v58q0 16-9 26v464q0 34-34 34H47q-34 0-34-34V158q-9-10-9-26z"
    return (
        path(f"M68 50V8{teeth}V50z", fill="#fff", stroke="#aeb6c6", stroke_width=1.5)
        + line("M82 20h58M82 29h36M190 20h32", "#9aa3b5", 2.5)
        + path(body, fill="#3d4352", stroke=_EDGE, stroke_width=2)
        + rectangle(46, 46, 212, 10, 5, fill="#14171f")  # where the paper comes out
        + line("M20 76q132 20 264 0", _EDGE, 1.5)
        + rectangle(22, 98, 260, 546, 22, fill=_GLASS)
    )


def _v660p_front() -> str:
    return (
        _waves(152, 116)
        + _frame(32, 134, WIDTH, 468, 6)
        + rectangle(92, 630, 120, 6, 3, fill="#000")
        + line("M98 637.5h108", _EDGE, 1.5)
        + line("M144 620l8-8 8 8", _FAINT, 2)
    )


# -- any other reader: a body with a screen and three keys -------------------------------------------------


def _plain_back() -> str:
    return rectangle(1, 1, 280, 536, 30, fill="#59606f", stroke="#737b8c", stroke_width=2) + rectangle(
        11, 11, 260, 432, 20, fill=_GLASS
    )


def _plain_front() -> str:
    signs = ("M-6-6L6 6M6-6L-6 6", "M5-6L-4 0l9 6", "M-7 0l5 5L7-5")
    keys = "".join(
        group(
            rectangle(-32, -16, 64, 32, 12, fill=_DEEP),
            line(sign, "#c9cfdb", 2.5),
            transform=f"translate({67 + 74 * place} 490)",
        )
        for place, sign in enumerate(signs)
    )
    return _frame(21, 21, WIDTH, 412, 10) + keys


_PLAIN = (282, 538, 21, 21, 412, _plain_back, _plain_front)
_S700 = (280, 546, 19, 42, 426)

MODELS = {
    "wisepos_e": Device("WisePOS E", 298, 560, 22, 48, 426, _wisepos_back, _wisepos_front),
    "bbpos_wisepos_e": Device("WisePOS E", 298, 560, 22, 48, 426, _wisepos_back, _wisepos_front),
    "stripe_s700": Device("Stripe Reader S700", *_S700, _s700_back, _s700_front),
    "stripe_s710": Device("Stripe Reader S710", *_S700, _s710_back, _s700_front),
    "verifone_v660p": Device("Verifone V660p", 304, 658, 32, 134, 468, _v660p_back, _v660p_front),
}
_NAMES = {
    "bbpos_chipper2x": "BBPOS Chipper 2X",
    "bbpos_wisepad3": "BBPOS WisePad 3",
    "mobile_phone_reader": "Tap to Pay phone",
    "stripe_m2": "Stripe Reader M2",
    "stripe_t600": "Stripe Reader T600",
    "verifone_p400": "Verifone P400",
    "verifone_m425": "Verifone M425",
    "verifone_p630": "Verifone P630",
    "verifone_ux700": "Verifone UX700",
}
