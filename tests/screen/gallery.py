"""Writes pages with every picture, to be looked at: `python -m tests.screen.gallery FOLDER`.

One page for each model, at 200 and at 600 pixels, on white, on dark and in gray, and one of the diagrams.
"""

from __future__ import annotations

import sys
from pathlib import Path

from irl_helpers.screen import Picture, payment_intent_path, reader_path
from tests.screen.cases import CASES
from tests.screen.stripe_objects import MODELS, cart, pay, reader

GROUNDS = {
    "white": "background:#fff",
    "dark": "background:#111",
    "gray": "background:#fff;filter:grayscale(1)",
}


def diagrams() -> list[Picture]:
    statuses = ("requires_payment_method", "requires_confirmation", "processing", "requires_capture")
    before = ("", *statuses)
    payments = [
        payment_intent_path({"status": status, "amount": 1250, "currency": "usd"}, past)
        for status, past in zip((*statuses, "succeeded"), before, strict=True)
    ]
    canceled = payment_intent_path({"status": "canceled"}, "requires_capture")
    readers = [
        reader_path(reader()),
        reader_path(reader(cart((1, "Tea", 300))), "idle"),
        reader_path(reader(pay()), "cart"),
        reader_path(reader(pay()), "waiting", stage="authorizing"),
        reader_path(reader(pay("succeeded")), "authorizing"),
        reader_path(reader(pay("failed")), "authorizing"),
        reader_path(reader(status="offline"), "waiting"),
    ]
    return [*payments, canceled, *readers]


def write(file: Path, pictures: list[Picture], ground: str) -> None:
    images = "\n".join(picture.img() for picture in pictures)
    file.write_text(
        f'<!doctype html><meta charset="utf-8"><body style="margin:0;padding:12px;{ground}">{images}'
    )
    print(file)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, ground in GROUNDS.items():
        write(folder / f"diagrams-{name}.html", diagrams(), ground)
        for model in MODELS:
            for size in (200, 600):
                pictures = [case.picture(model, size) for case in CASES]
                write(folder / f"{model}-{size}-{name}.html", pictures, ground)
