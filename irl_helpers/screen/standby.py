"""What the screen shows when no customer is asked for anything."""

from __future__ import annotations

from . import palette
from .canvas import Canvas
from .screen_data import ScreenData
from .svg import circle


def idle(canvas: Canvas, data: ScreenData) -> str:
    """The splash screen."""
    canvas.ground = palette.NIGHT
    middle = canvas.height * 0.4
    for radius, opacity in ((150, 0.05), (104, 0.07), (62, 0.10)):
        canvas.add(circle(canvas.middle, middle, radius, fill="#c7d2fe", opacity=opacity))
    canvas.icon("tap", canvas.middle, middle, 62, palette.PAPER, 3.4)
    canvas.write("Welcome", canvas.height - 92, 30, bold=True, color=palette.PAPER)
    canvas.write("Ready when you are", canvas.height - 62, 16, color="#c7cbf5")
    return "idle, splash screen"


def offline(canvas: Canvas, data: ScreenData) -> str:
    """The reader cannot reach Stripe."""
    canvas.ground, canvas.online = palette.WASH, False
    _notice(canvas, "no_signal", "Offline", palette.INK)
    canvas.write("No connection. Check the power and the network.", canvas.height * 0.55 + 38, 17, lines=3)
    return "offline, no connection"


def updating(canvas: Canvas, data: ScreenData) -> str:
    """The reader installs new software."""
    _notice(canvas, "update", "Updating", palette.ACCENT)
    canvas.write("This takes a few minutes. Leave the power on.", canvas.height * 0.55 + 38, 17, lines=3)
    return "installing an update, please wait"


def removed(canvas: Canvas, data: ScreenData) -> str:
    """The reader was deleted from the account."""
    canvas.ground = palette.WASH
    _notice(canvas, "bar", "Deleted", palette.INK)
    canvas.write("This reader is no longer registered.", canvas.height * 0.55 + 38, 17, lines=3)
    return "deleted, no longer registered"


def printing(canvas: Canvas, data: ScreenData) -> str:
    """A receipt comes out."""
    _notice(canvas, "printer", "Printing", palette.ACCENT)
    return "printing"


def unknown(canvas: Canvas, data: ScreenData) -> str:
    """An action type that is newer than these drawings: named as the API names it."""
    name = data.type or "an action without a type"
    status = data.status or "no status"
    _notice(canvas, "question", "Busy", palette.ACCENT)
    y = canvas.write(name, canvas.height * 0.55 + 36, 16, lines=3, mono=True)
    canvas.write(status.replace("_", " "), y + 8, 16, lines=2, color=palette.MUTED)
    return f"busy with {name}, {status.replace('_', ' ')}"


def _notice(canvas: Canvas, sign: str, headline: str, color: str) -> None:
    wash = palette.PAPER if canvas.ground == palette.WASH else palette.WASH
    canvas.add(circle(canvas.middle, canvas.height * 0.32, 58, fill=wash))
    canvas.icon(sign, canvas.middle, canvas.height * 0.32, 64, color, 3.4)
    canvas.write(headline, canvas.height * 0.55, 28, bold=True)
