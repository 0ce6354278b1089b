"""Forms on a reader: what a customer answers to `collect_inputs`.

https://docs.stripe.com/terminal/features/collect-inputs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import stripe

from .account import offline_controls, offline_only, stripe_client
from .arguments import checked


@checked
def inputs_asked(reader: stripe.terminal.Reader | None) -> list[dict[str, Any]]:
    """The inputs of the form that a reader's screen shows now, [] for none; one that was answered says
    whether it was `skipped`."""
    action = reader.action if reader is not None else None
    if action is None or action.status != "in_progress" or action.type != "collect_inputs":
        return []
    inputs: list[dict[str, Any]] = action.to_dict()["collect_inputs"]["inputs"]
    return inputs


def answers_are_taken() -> bool:
    """Whether a simulated reader takes what a customer answers (offline), or Stripe makes up the answers."""
    return offline_controls() is not None


@checked
def answer_input(reader_id: str, value: str | None = None, *, toggles: Sequence[str] = ()) -> None:
    """The customer answers the input that the screen shows, or skips it: `value` is None.

    `value` is what was typed, of a selection a choice's id, of a signature its strokes ("M20 70L60 20", 300
    units wide); `toggles` are "enabled" or "disabled", in their order. After the last input the reader's
    action has succeeded.

    Raises AccountError in Stripe's test mode, stripe.InvalidRequestError for what the screen does not take.
    """
    given: dict[str, Any] = {"skip": True} if value is None else {"toggles": list(toggles)}
    if value:  # Stripe's parameters are never empty
        given["value"] = value
    controls = offline_only("take an answer: in Stripe's test mode succeed_input_collection makes them up")
    controls.request("post", f"readers/{reader_id}/answer_input", **given)


@checked
def fill_in(reader_id: str, *, skip: bool = False) -> stripe.terminal.Reader:
    """Let Stripe fill in the whole form at a simulated reader, with answers of its own; with `skip` only
    what is required.

    Raises stripe.InvalidRequestError when the reader shows no form.

    https://docs.stripe.com/api/terminal/readers/succeed_input_collection
    """
    return stripe_client().v1.test_helpers.terminal.readers.succeed_input_collection(
        reader_id, params={"skip_non_required_inputs": "all" if skip else "none"}
    )
