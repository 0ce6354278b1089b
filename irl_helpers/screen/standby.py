"""What the screen shows when no customer is asked for anything."""

from __future__ import annotations

from . import look
from .markup import circle
from .moment import Moment
from .sheet import Sheet


def idle(sheet: Sheet, moment: Moment) -> str:
    sheet.ground = look.NIGHT
    middle = sheet.height * 0.4
    for radius, opacity in ((150, 0.05), (104, 0.07), (62, 0.10)):
        sheet.add(circle(sheet.middle, middle, radius, fill="#c7d2fe", opacity=opacity))
    sheet.icon("tap", sheet.middle, middle, 62, look.PAPER, 3.4)
    sheet.write("Welcome", sheet.height - 92, 30, bold=True, color=look.PAPER)
    sheet.write("Ready when you are", sheet.height - 62, 16, color="#c7cbf5")
    return "idle, splash screen"


def offline(sheet: Sheet, moment: Moment) -> str:
    sheet.ground, sheet.online = look.WASH, False
    _notice(sheet, "no_signal", "Offline", look.INK)
    sheet.write("No connection. Check the power and the network.", sheet.height * 0.55 + 38, 17, lines=3)
    return "offline, no connection"


def updating(sheet: Sheet, moment: Moment) -> str:
    _notice(sheet, "update", "Updating", look.ACCENT)
    sheet.write("This takes a few minutes. Leave the power on.", sheet.height * 0.55 + 38, 17, lines=3)
    return "installing an update, please wait"


def removed(sheet: Sheet, moment: Moment) -> str:
    sheet.ground = look.WASH
    _notice(sheet, "bar", "Deleted", look.INK)
    sheet.write("This reader is no longer registered.", sheet.height * 0.55 + 38, 17, lines=3)
    return "deleted, no longer registered"


def printing(sheet: Sheet, moment: Moment) -> str:
    _notice(sheet, "printer", "Printing", look.ACCENT)
    return "printing"


def unknown(sheet: Sheet, moment: Moment) -> str:
    """An action type that is newer than these drawings: named as the API names it."""
    name = moment.type or "an action without a type"
    status = moment.status or "no status"
    _notice(sheet, "question", "Busy", look.ACCENT)
    y = sheet.write(name, sheet.height * 0.55 + 36, 16, lines=3, mono=True)
    sheet.write(status.replace("_", " "), y + 8, 16, lines=2, color=look.MUTED)
    return f"busy with {name}, {status.replace('_', ' ')}"


def _notice(sheet: Sheet, sign: str, headline: str, color: str) -> None:
    wash = look.PAPER if sheet.ground == look.WASH else look.WASH
    sheet.add(circle(sheet.middle, sheet.height * 0.32, 58, fill=wash))
    sheet.icon(sign, sheet.middle, sheet.height * 0.32, 64, color, 3.4)
    sheet.write(headline, sheet.height * 0.55, 28, bold=True)
