"""When things go wrong: the faults of the offline account, each behind a switch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple

import ipywidgets as W

from .. import faults
from ..account import AccountError, call, offline_controls
from ..faults import Fault
from .presses import Work


class Switch(NamedTuple):
    """What it says, and the fault that it starts for the reader with this id."""

    label: str
    fault: Callable[[str | None], Fault]


SWITCHES = {
    "reader_offline": Switch("The reader is offline", faults.reader_offline),
    "reader_unplugged": Switch("The reader loses its signal now", faults.reader_unplugged),
    "reader_busy": Switch("The reader installs an update", faults.reader_busy),
    "reader_driven_by_app": Switch("An app drives the reader", faults.reader_driven_by_app),
    "slow_bank": Switch("The bank takes its time", faults.slow_bank),
    "command_lost": Switch(
        "The next command does not reach the reader", lambda reader: faults.command_lost(reader, count=1)
    ),
    "command_unconfirmed": Switch(
        "The next command reaches it, unconfirmed", lambda reader: faults.command_unconfirmed(reader, count=1)
    ),
    "connection_lost": Switch(
        "The next approval does not reach the till", lambda reader: faults.connection_lost(reader, count=1)
    ),
    "action_stuck": Switch(
        "The next approval leaves the reader stuck", lambda reader: faults.action_stuck(reader, count=1)
    ),
    "customer_cancels": Switch(
        "The customer presses cancel, if it is offered",
        lambda reader: faults.customer_cancels(reader, count=1),
    ),
    # Three times: the client itself tries again twice. For one call: a look is a request as well.
    "request_lost": Switch(
        "Process does not reach Stripe",
        lambda reader: faults.request_lost(reader, call="process_payment_intent", count=3),
    ),
    "answer_lost": Switch(
        "Process reaches Stripe, its answer is lost",
        lambda reader: faults.answer_lost(reader, call="process_payment_intent", count=3),
    ),
    "rate_limit": Switch(
        "Too many requests: Process gets a 429",
        lambda reader: faults.rate_limit(reader, call="process_payment_intent", count=1),
    ),
    "server_error": Switch(
        "Stripe has a bad moment: Process gets a 500",
        lambda reader: faults.server_error(reader, call="process_payment_intent", count=3),
    ),
    # Webhooks are the account's, not a reader's.
    "webhook_late": Switch("Webhooks come a minute late", lambda _: faults.webhook_late(seconds=60)),
    "webhook_lost": Switch("Webhooks never come", lambda _: faults.webhook_lost()),
    "webhook_doubled": Switch("Webhooks come twice", lambda _: faults.webhook_doubled()),
    "webhook_shuffled": Switch(
        "Webhooks come in another order", lambda _: faults.webhook_shuffled(seconds=60)
    ),
    "slow_answer": Switch("Stripe takes three seconds", lambda reader: faults.slow_answer(seconds=3)),
}


class FaultSwitches:
    """Switches for the faults of the chosen reader, set as they are in the account.

    `read` what stands, `show` it. A switch that a person turns is handed to `turned(switch, work)`, which
    awaits `work()`. Only for the offline account: `possible()`.
    """

    def __init__(self, turned: Callable[[W.Checkbox, Work], None]) -> None:
        self._turned = turned
        self._reader: str | None = None
        self._standing: list[Fault] = []
        self._showing = False
        self.boxes = {kind: W.Checkbox(description=SWITCHES[kind].label, indent=False) for kind in _offered()}
        for kind, box in self.boxes.items():
            box.observe(lambda change, kind=kind: self._turn(kind, change["new"]), "value")
        self.others = W.HTML()
        self.view = W.VBox([W.GridBox(list(self.boxes.values())).add_class("irl-switches"), self.others])
        self.view.add_class("irl-group")

    @staticmethod
    def possible() -> bool:
        """Whether the account in use has faults to switch: only an offline one has."""
        try:
            return offline_controls() is not None
        except AccountError:
            return False

    def read(self) -> list[Fault]:
        """All active faults, whoever started them."""
        return faults.active()

    def show(self, standing: list[Fault], reader: str | None) -> None:
        """Set the switches; faults without a switch, or of another reader, are listed."""
        self._standing, self._reader = standing, reader
        self._showing = True
        for kind, box in self.boxes.items():
            box.value = next(self._of(kind), None) is not None
        self._showing = False
        shown = [fault for kind in self.boxes for fault in self._of(kind)]
        others = "".join(
            f"<li>{escape(fault.text)} ({escape(repr(fault))})</li>"
            for fault in standing
            if fault not in shown
        )
        self.others.value = f"Also active:<ul>{others}</ul>" if others else ""

    def _of(self, kind: str) -> Iterator[Fault]:
        return (
            fault
            for fault in self._standing
            if fault.kind == kind and fault.limits.get("reader") in (None, self._reader)
        )

    def _turn(self, kind: str, on: bool) -> None:
        if self._showing:
            return

        async def work() -> None:
            for fault in list(self._of(kind)):
                await call(fault.stop)
            if on:
                await call(SWITCHES[kind].fault(self._reader).start)

        self._turned(self.boxes[kind], work)


def _offered() -> list[str]:
    """In process no answer can be slow."""
    controls = offline_controls()
    in_process = controls is not None and controls.in_process
    return [kind for kind in SWITCHES if kind != "slow_answer" or not in_process]
