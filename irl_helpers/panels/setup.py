"""Part 1 as a panel: a form for a location, and one to register a reader to it."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as W
import stripe

from ..account import call, stripe_client
from ..sale import when
from ..screen import reader_screen
from ..setup import (
    ADDRESS,
    SIMULATED_CODES,
    create_location,
    find_location,
    register_reader,
)
from .action import Action
from .fields import on_enter
from .layout import field, form, group, row
from .new_reader import free_label
from .panel import Panel


class SetupPanel(Panel):
    """A form for a location, and one to register a reader to it.

    Inputs: `name`, `line1`, `city`, `region`, `postal_code`, `country`, `model` (a simulated model, or
    "physical" for the code in `code`), `label`, and `location`, to choose one that exists. Buttons: `create`,
    `register`.
    """

    STATES: ClassVar[dict[str, str]] = {
        "no_location": "there is no location yet",
        "location_ready": "a location is chosen, and a reader can be registered to it",
        "registered": "the reader is registered",
    }
    TONES: ClassVar[dict[str, str]] = {"registered": "good"}
    ACTIONS = (
        Action("create", "Create location", lambda panel: panel.make_location(), None),
        Action(
            "register",
            "Register",
            lambda panel: panel.register_it(),
            when("location_ready", "registered"),
            "primary",
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        self._reader: stripe.terminal.Reader | None = None
        self.name = _text("Name", "", "your shop's name")
        self.line1 = _text("Street", ADDRESS["line1"])
        self.city = _text("City", ADDRESS["city"])
        self.region = _text("State", ADDRESS["state"])
        self.postal_code = _text("Postal code", ADDRESS["postal_code"])
        self.country = _text("Country", ADDRESS["country"])
        self._address = {
            "line1": self.line1,
            "city": self.city,
            "state": self.region,
            "postal_code": self.postal_code,
            "country": self.country,
        }
        self.country.observe(lambda _: self._leave_country(), "value")
        self.location = field(W.Dropdown, "Location")
        models = [(f"Simulated {name}", code) for code, name in SIMULATED_CODES.items()]
        self.differs.append(self.location)
        self.model = field(W.Dropdown, "Reader", options=[*models, ("A physical reader", "physical")])
        self.code = _text("Code", "", "its three words")
        self.label = _text("Label", "", "what you call it")
        self.location.observe(lambda _: self.show_state(), "value")
        self.model.observe(lambda _: self._show_code(), "value")
        self._show_code()
        place = form(self.name, *self._address.values())
        create, register = self.buttons["create"], self.buttons["register"]
        create.alert = self.messages.another_alert()
        for box in (self.name, *self._address.values()):
            on_enter(box, create)
        for box in (self.code, self.label):
            on_enter(box, register)
        where = group("1. A location", place, row(create), create.alert)
        reader = group(
            "2. A reader at it",
            self.location,
            self.model,
            self.code,
            self.label,
            row(register),
            self.messages.alert,
        )
        self.arrange(where, reader, alert=False)

    def read(self) -> tuple[list[stripe.terminal.Location], stripe.terminal.Reader | None]:
        client = stripe_client()
        locations = list(client.v1.terminal.locations.list(params={"limit": 100}).data)
        reader = self._reader and client.v1.terminal.readers.retrieve(self._reader.id)
        return locations, reader

    def show(self, seen: tuple[list[stripe.terminal.Location], stripe.terminal.Reader | None]) -> None:
        locations, reader = seen
        chosen = self.location.value
        options = [(f"{location.display_name} ({location.id})", location.id) for location in locations]
        if list(self.location.options) != options:
            self.location.options = options
            ids = list(dict(options).values())
            self.location.value = chosen if chosen in ids else next(iter(ids), None)
        self._reader = None if reader is None or getattr(reader, "deleted", False) else reader
        self.state = "registered" if self._reader else "location_ready" if locations else "no_location"
        self.offer({"": True})
        self.draw(reader_screen(self._reader) if self._reader else None)

    def shown_readers(self) -> list[stripe.terminal.Reader | None]:
        return [self._reader]

    def meaning(self) -> str:
        place = next((label for label, id in self.location.options if id == self.location.value), None)
        if self.state != "location_ready" or place is None:
            return super().meaning()
        return f"{place.rpartition(' (')[0] or place} is there, and a reader can be registered to it"

    async def leave(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._reader = None

    async def make_location(self) -> None:
        """Make the location that the form describes."""
        address = {part: box.value.strip() for part, box in self._address.items() if box.value.strip()}
        name = self.name.value.strip()
        if not name:
            raise ValueError("Give the location a name: it is what customers see on a receipt.")
        if await call(find_location, name):
            raise ValueError(
                f"There is a location called {name} already: choose it below, or use another name. "
                "locations.update gives that one another."
            )
        self._reader = None
        location = await call(create_location, name, address)
        self.name.value = ""  # it cannot be used again
        self.say(f"Location {location.id} created: {location.display_name}.")
        self.location.options = [(location.display_name, location.id), *self.location.options]
        self.location.value = location.id

    async def register_it(self) -> None:
        """Register the reader to the location that is chosen."""
        physical = self.model.value == "physical"
        code = self.code.value.strip() if physical else self.model.value
        if not code:
            raise ValueError(
                "Type the code that the reader shows: swipe from the left edge, Settings, admin PIN 07139, "
                "Generate pairing code."
            )
        label = await free_label(self.label.value)
        self._reader = None
        reader = self._reader = await call(register_reader, code, self.location.value, label)
        self.label.value = self.code.value = ""  # neither can be used again
        self.say(f"Reader {reader.id} registered: {reader.label}, {reader.status}.")

    def _leave_country(self) -> None:
        """In another country nothing of the suggested address is right: London is not in California.
        What was typed stays."""
        country = self.country.value.strip().upper()
        if len(country) == len(ADDRESS["country"]) and country != ADDRESS["country"]:
            for part, box in self._address.items():
                if box is not self.country and box.value == ADDRESS[part]:
                    box.value = ""

    def _show_code(self) -> None:
        self.code.layout.display = "" if self.model.value == "physical" else "none"


def _text(label: str, value: str, placeholder: str = "") -> W.Text:
    return field(W.Text, label, value=value, placeholder=placeholder)
