"""What a shop has taken, hour by hour, as bars."""

from __future__ import annotations

from collections.abc import Mapping

from ..money import format_amount
from . import palette
from .picture import Picture
from .svg import label, line, rectangle

WIDTH, HEIGHT = 420, 132
_LEFT, _RIGHT, _TOP, _BOTTOM = 10, 10, 24, 22
_HOURS = 8  # at least so many side by side


def day_chart(taken: Mapping[int, int], currency: str, *, now: int = 12, width: int = WIDTH) -> Picture:
    """A picture of what was taken in each hour of the day: hour (0 to 23) -> amount in the smallest unit.

    It shows the hours from the first with an amount to `now` or the last, eight of them or more; `width` is
    in pixels. An hour in which more went back than came in has no bar, and its amount with a minus.
    """
    hours = _shown([hour for hour, amount in taken.items() if amount], now)
    most = max([*taken.values(), 1])
    step = (WIDTH - _LEFT - _RIGHT) / len(hours)
    floor = HEIGHT - _BOTTOM
    shapes, said = [rectangle(0, 0, WIDTH, HEIGHT, 10, fill=palette.WASH)], []
    for place, hour in enumerate(hours):
        middle, amount = _LEFT + step * (place + 0.5), taken.get(hour, 0)
        shapes.append(label(f"{hour}", middle, HEIGHT - 7, 11, palette.MUTED))
        if not amount:
            continue
        high = max(amount, 0) / most * (floor - _TOP)
        thick = min(step * 0.62, 30)
        shapes.append(rectangle(middle - thick / 2, floor - high, thick, high, 3, fill=palette.ACCENT))
        written = format_amount(amount, currency)
        shapes.append(label(written, middle, floor - high - 6, 11, palette.INK))
        said.append(f"{hour}:00 {written}")
    shapes.append(line(f"M{_LEFT} {floor}H{WIDTH - _RIGHT}", palette.HAIRLINE, 1))
    total = format_amount(sum(taken.values()), currency)
    return Picture(
        "".join(shapes),
        alt=f"Taken by the hour: {', '.join(said) or 'nothing yet'}; {total} in all",
        size=(WIDTH, HEIGHT),
        width=width,
        details=said,
    )


def _shown(busy: list[int], now: int) -> list[int]:
    first, last = min([*busy, now]), max([*busy, now])
    while last - first + 1 < _HOURS:
        if first > 0:
            first -= 1
        if last < 23 and last - first + 1 < _HOURS:
            last += 1
    return list(range(first, last + 1))
