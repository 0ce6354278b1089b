"""Forms on the reader: what may be asked, and what the customer of a simulated reader answers.

https://docs.stripe.com/terminal/features/collect-inputs
"""

from __future__ import annotations

import re
from typing import Any

from .. import errors
from ..account import Account, Object
from ..metadata import merge
from ..resources import files
from ..resources.readers import KIND, state
from ..states import reader_move
from .actions import finish, start

INPUTS, TOGGLES = 5, 4
# Untouched for this long, the form is taken off the screen.
UNTOUCHED_FOR = 120

# What Stripe's test helper types. A signature is a file's id, and of a selection the first choice is taken.
_ANSWERS = {
    "email": "someone@example.com",
    "numeric": "12345",
    "phone": "+12015550123",
    "text": "Some text",
}
# What a customer can type, and what is said of anything else. A selection has its choices.
_TYPED = {
    "email": (re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"), "an email address"),
    "numeric": (re.compile(r"[0-9]+"), "digits only"),
    "phone": (
        re.compile(r"\+[1-9][0-9]{6,14}"),
        "a phone number with its country code, such as +12015550123",
    ),
    "signature": (files.STROKES, "strokes such as M20 70L60 20 on a field 300 wide"),
    "text": (re.compile(r".*\S.*", re.DOTALL), "a text"),
}


def collect_inputs(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    given = params["inputs"]
    if not 1 <= len(given) <= INPUTS:
        raise errors.invalid(f"A reader collects from 1 to {INPUTS} inputs at a time.", "inputs")
    inputs = [_input(one, f"inputs[{place}]") for place, one in enumerate(given)]
    metadata = merge({}, params["metadata"]) if "metadata" in params else None
    start(account, reader, "collect_inputs", {"inputs": inputs, "metadata": metadata})
    account.inner(reader)["at"] = account.time
    account.schedule(account.time + UNTOUCHED_FOR, "time_out_inputs", id)
    return reader


def succeed_input_collection(account: Account, params: Object, id: str) -> Object:
    """The customer fills in everything, or with `skip_non_required_inputs=all` only what is required."""
    reader = account.get(id, KIND, "reader", in_path=True)
    reader_move(state(account, reader), "succeed_input_collection")
    for question in reader["action"]["collect_inputs"]["inputs"]:
        question["skipped"] = params.get("skip_non_required_inputs") == "all" and not question["required"]
        if not question["skipped"]:
            _answer(account, question)
    finish(account, reader)
    return reader


def answer(account: Account, reader: Object, given: Object) -> None:
    """The customer answers the input that the screen shows: the first that has no answer yet.

    `given` is `{value, skip, toggles}`: for a selection the choice's `id`, for a signature its strokes. Each
    toggle that is not in it stays as it was. Raises StripeError for what the screen would not take.
    """
    reader_move(state(account, reader), "answer_input")
    inputs = reader["action"]["collect_inputs"]["inputs"]
    question = next(one for one in inputs if "skipped" not in one)
    skips = given.get("skip", False)
    if skips and question["required"]:
        raise errors.invalid("This input is required: its screen has no skip button.", "skip")
    if not skips:
        _take(account, question, given.get("value", ""))
        positions = given.get("toggles", [])
        for place, toggle in enumerate(question["toggles"] or []):
            before = toggle["default_value"] or "disabled"
            toggle["value"] = positions[place] if place < len(positions) else before
    question["skipped"] = skips
    if all("skipped" in one for one in inputs):
        finish(account, reader)
        return
    account.inner(reader)["at"] = account.time
    account.schedule(account.time + UNTOUCHED_FOR, "time_out_inputs", reader["id"])
    account.save(reader)


def _take(account: Account, question: Object, value: str) -> None:
    type = question["type"]
    if type == "selection":
        choice = next((one for one in question["selection"]["choices"] if one["id"] == value), None)
        if choice is None:
            raise errors.invalid("The screen offers no such choice.", "value")
        question["selection"].update(id=choice["id"], text=choice["text"])
        return
    form, what = _TYPED[type]
    if not form.fullmatch(value):
        raise errors.invalid(f"The reader takes {what} here.", "value")
    question[type]["value"] = files.sign(account, value)["id"] if type == "signature" else value


def timeout_input_collection(account: Account, params: Object, id: str) -> Object:
    """The customer walks away."""
    reader = account.get(id, KIND, "reader", in_path=True)
    reader_move(state(account, reader), "timeout_input_collection")
    _time_out(account, reader)
    return reader


def time_out(account: Account, reader: Object) -> None:
    """Nobody has touched the form for two minutes."""
    inner = account.inner(reader)
    if inner.get("state") == "collecting_inputs" and account.time >= inner["at"] + UNTOUCHED_FOR:
        _time_out(account, reader)


def _time_out(account: Account, reader: Object) -> None:
    finish(account, reader, "collect_inputs_timeout", "collect inputs was timed out")


def _answer(account: Account, question: Object) -> None:
    type = question["type"]
    if type == "selection":
        first = question["selection"]["choices"][0]
        question["selection"].update(id=first["id"], text=first["text"])
    else:
        question[type]["value"] = files.sign(account)["id"] if type == "signature" else _ANSWERS[type]
    for toggle in question["toggles"] or []:
        toggle["value"] = toggle["default_value"] or "disabled"


def _input(given: Object, path: str) -> Object:
    """One input as the action shows it, not answered yet. Raises StripeError for what has no room there."""
    type = given["type"]
    texts = {
        "title": 40,
        "description": 500 if type == "selection" else 100,
        "submit_button": 30,
        "skip_button": 14,
    }
    return {
        "custom_text": _texts(given["custom_text"], f"{path}[custom_text]", texts),
        "required": given.get("required", False),
        "toggles": _toggles(given["toggles"], f"{path}[toggles]") if "toggles" in given else None,
        "type": type,
        type: _selection(given, path) if type == "selection" else {"value": None},
    }


def _selection(given: Object, path: str) -> Object:
    if "selection" not in given:
        raise errors.missing(f"{path}[selection]")
    path += "[selection][choices]"
    choices = given["selection"]["choices"]
    if not choices:
        raise errors.invalid("A selection needs a choice.", path)
    shown = [
        {**_texts(choice, f"{path}[{place}]", {"id": 50, "text": 30}), "style": choice.get("style")}
        for place, choice in enumerate(choices)
    ]
    return {"choices": shown, "id": None, "text": None}


def _toggles(given: list[Object], path: str) -> list[Object]:
    if len(given) > TOGGLES:
        raise errors.invalid(f"An input can have up to {TOGGLES} toggles.", path)
    return [_toggle(toggle, f"{path}[{place}]") for place, toggle in enumerate(given)]


def _toggle(given: Object, path: str) -> Object:
    words = [name for name in ("title", "description") if name in given]
    if not words:
        raise errors.invalid("A toggle needs a title or a description.", path)
    room = 50 if len(words) == 1 else 25
    texts = _texts(given, path, {"title": room, "description": room})
    return {**texts, "default_value": given.get("default_value"), "value": None}


def _texts(given: Object, path: str, most: dict[str, int]) -> dict[str, Any]:
    """Every text that there is room for, null where none was given. Raises StripeError for a longer one."""
    for name, characters in most.items():
        text = given.get(name, "")
        if len(text) > characters:
            raise errors.invalid(
                f"Invalid string: {text[:20]}...; must be at most {characters} characters", f"{path}[{name}]"
            )
    return {name: given.get(name) for name in most}
