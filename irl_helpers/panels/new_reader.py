"""Registering a simulated reader, in two fields."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as W

from ..account import call, stripe_client
from ..setup import SIMULATED_CODES, find_reader, own_location, register_reader
from .fields import on_enter
from .layout import field, row
from .panel import Panel

SHOP = "Main Street Shop"  # where the first reader of an account stands


class NewReader:
    """`view` has the `model`, the `label` and a button; `registered(id)` is called once there is the reader.

    It stands at the account's newest location; where there is none, one is made.
    """

    def __init__(self, panel: Panel, registered: Callable[[str], None]) -> None:
        self._panel, self._registered = panel, registered
        models = [(f"Simulated {name}", code) for code, name in SIMULATED_CODES.items()]
        self.model = field(W.Dropdown, "Model", options=models)
        self.label = field(W.Text, "Label", value="Counter", placeholder="what you call it")
        self.register = panel.presses.button("Register", self._register)
        self.register.allow(True)
        on_enter(self.label, self.register)
        self.view = W.VBox([row(self.model, self.label, self.register)]).add_class("irl-group")

    async def _register(self) -> None:
        label = await free_label(self.label.value)
        reader = await call(register_reader, self.model.value, await call(_place), label)
        self.label.value = ""  # it cannot be used again
        self._panel.say(f"Reader {reader.id} registered: {reader.label}, {reader.status}.")
        self._registered(reader.id)


async def free_label(typed: str) -> str:
    """The label that was typed. Raises ValueError where there is none, or a reader has it already."""
    label = typed.strip()
    if not label:
        raise ValueError("Give the reader a label: it is how you tell it from the others.")
    if await call(find_reader, label):
        raise ValueError(
            f"There is a reader called {label} already. Give this one another label; or give that one "
            "another with readers.update, or delete it with readers.delete."
        )
    return label


def _place() -> str:
    """The id of a location for the reader."""
    found = stripe_client().v1.terminal.locations.list({"limit": 1}).data
    return found[0].id if found else own_location(SHOP).id
