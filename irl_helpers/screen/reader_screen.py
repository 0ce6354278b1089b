"""From a Reader object to the picture of it: which screen it shows, in which device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import stripe

from ..arguments import checked
from . import cart, inputs, outcomes, palette, payment, standby, tips
from .canvas import Canvas
from .devices import Device, device_of
from .object_fields import text_of
from .picture import Picture
from .screen_data import ScreenData
from .svg import circle, group, line, rectangle, tag, words
from .touch_area import TouchArea

Draw = Callable[[Canvas, ScreenData], str]

# What no Stripe object carries, and the caller may know.
STAGES: dict[str, Draw] = {
    "tip": tips.tip,
    "tip_amount": tips.tip_amount,
    "pin": payment.pin,
    "wrong_pin": payment.wrong_pin,
    "insert": payment.insert_card,
    "authorizing": payment.processing,
    "remove_card": payment.remove_card,
    "canceled": outcomes.canceled,
    "updating": standby.updating,
    "splash": standby.idle,
}

# action type -> what it shows while it is in progress, and when it has succeeded
ACTIONS: dict[str, tuple[Draw, Draw]] = {
    "process_payment_intent": (payment.ask_for_card, outcomes.approved),
    "process_setup_intent": (payment.save_card, outcomes.card_saved),
    "collect_payment_method": (payment.ask_for_card, payment.card_read),
    "confirm_payment_intent": (payment.processing, outcomes.approved),
    "refund_payment": (payment.ask_for_refund, outcomes.refunded),
    "set_reader_display": (cart.cart, cart.cart),
    "collect_inputs": (inputs.collect_inputs, outcomes.answered),
    "print_content": (standby.printing, outcomes.printed),
}

_PAD = 8
_CAPTION = 28


@checked
def reader_screen(
    reader: stripe.terminal.Reader | Mapping[str, Any],
    payment_intent: stripe.PaymentIntent | Mapping[str, Any] | None = None,
    *,
    stage: str | None = None,
    tips: Any = None,
    typed: str = "",
    size: int = 260,
) -> Picture:
    """A picture of the reader, as the customer sees it.

    `reader` is a Reader (a Stripe object or a dict), `payment_intent` the PaymentIntent that its action is
    about: it knows the amount and the currency. One that belongs to another action is ignored.
    `stage` says what no Stripe object carries, one of `STAGES`:

    - "tip": the customer chooses a tip
    - "tip_amount": the customer types one
    - "pin": the customer is asked for the PIN
    - "wrong_pin": the PIN was wrong, and is asked for again
    - "insert": the tap was refused, the card must be inserted
    - "authorizing": the card is read, the bank is asked
    - "remove_card": the card is still in the reader
    - "canceled": the till has just canceled
    - "updating": the reader installs an update
    - "splash": how its action ended was seen, and the device is ready for the next one

    `tips` is what the tip screen offers: a terminal Configuration, its `tipping`, or one currency's part of
    it, `{"percentages": [15, 20, 25], "fixed_amounts": […], "smart_tip_threshold": …}`; without it the
    customer can only type one. `typed` is what the customer has typed so far: of a PIN only the number of
    digits is shown. `size` is the picture's width in pixels; its `areas` are where it can be touched.

    Raises ValueError for another stage, TypeError for an id or None in place of a Reader. An action type that
    is not known here is named on the screen; it is not an error.
    """
    if stage is not None and stage not in STAGES:
        raise ValueError(f"stage must be one of {', '.join(STAGES)}, not {stage!r}")
    data = ScreenData.of(reader, payment_intent, tips, typed)
    device = device_of(text_of(data.reader, "device_type"))
    canvas = Canvas(device.screen_height)
    said = _screen_for(data, stage)(canvas, data)
    width, height = device.width + 2 * _PAD, device.height + _PAD + _CAPTION
    shapes = (
        rectangle(0, 0, width, height, 18, fill=palette.TABLE)
        + group(device.back(), _glass(canvas, device), device.front(), transform=f"translate({_PAD} {_PAD})")
        + _caption(device.name, width / 2, height - 10)
    )
    return Picture(
        shapes,
        alt=f"{device.name}: {said}",
        size=(width, height),
        width=size,
        details=canvas.said,
        areas=[_placed(area, device, width, height) for area in canvas.areas],
    )


def _placed(area: TouchArea, device: Device, width: float, height: float) -> TouchArea:
    """From units of the screen to percent of the picture."""
    return area._replace(
        left=round(100 * (_PAD + device.screen_x + area.left) / width, 3),
        top=round(100 * (_PAD + device.screen_y + area.top) / height, 3),
        width=round(100 * area.width / width, 3),
        height=round(100 * area.height / height, 3),
    )


def _screen_for(data: ScreenData, stage: str | None) -> Draw:
    if data.reader.get("deleted") is True:
        return standby.removed
    if text_of(data.reader, "status") == "offline":
        return standby.offline
    if stage is not None:
        return STAGES[stage]
    if not data.action:
        return standby.idle
    if data.type not in ACTIONS:
        return standby.unknown
    running, done = ACTIONS[data.type]
    if data.type == "process_payment_intent" and data.paid:
        running = payment.processing  # it has read the card, and was not told how that went
    if data.type == "collect_payment_method" and data.details.get("payment_method"):
        return payment.card_read
    return {"in_progress": running, "succeeded": done, "failed": outcomes.failed}.get(
        data.status, standby.unknown
    )


def _glass(canvas: Canvas, device: Device) -> str:
    """The screen's content, cut at the screen's edges: an inner svg needs no id to clip."""
    ground = rectangle(0, 0, canvas.width, canvas.height, fill=canvas.ground)
    return tag(
        "svg",
        ground,
        *_status_bar(canvas),
        *canvas.shapes,
        x=device.screen_x,
        y=device.screen_y,
        width=canvas.width,
        height=canvas.height,
        viewBox=f"0 0 {canvas.width:g} {canvas.height:g}",
    )


def _status_bar(canvas: Canvas) -> list[str]:
    """Signal and battery, as on any such device; without a clock, which would change every picture."""
    color = "#a5abd6" if canvas.ground == palette.NIGHT else "#7d8498"
    x = canvas.width - 14
    battery = [
        rectangle(x - 20, 9, 17, 9, 2.5, fill="none", stroke=color, stroke_width=1.3),
        rectangle(x - 18, 11, 10, 5, 1, fill=color),
        rectangle(x - 2.2, 12, 2, 3, 1, fill=color),
    ]
    waves = f"M{x - 40} 12q6.5-5.5 13 0M{x - 37} 15.5q3.5-3 7 0"
    signal = [line(waves, color, 1.5), circle(x - 33.5, 18, 1.1, fill=color)] if canvas.online else []
    return [*battery, *signal]


def _caption(name: str, x: float, y: float) -> str:
    return tag("text", words(name), x=x, y=y, font_size=15, fill="#434a5e", text_anchor="middle")
