"""When things go wrong: the faults of the offline account, each behind a switch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import NamedTuple

import ipywidgets as W

from .. import faults, webhooks
from ..account import call, offline_controls
from ..faults import Fault
from ..webhooks import Listed
from .other_faults import OtherFaults, Readers, at_reader
from .presses import Presses


class Switch(NamedTuple):
    """What it says, what to watch for while it is on, and the fault that it starts where the reader with this
    id is chosen."""

    label: str
    watch: str
    fault: Callable[[str | None], Fault]


_THREE = (
    "It strikes three times, as a client that retries twice asks three times for one call: one that retries "
    "less meets it again at its next call."
)

AT_THE_READER = {
    "reader_offline": Switch(
        "The reader is offline",
        "The reader is in no list of those online, and a command answers terminal_reader_offline. End "
        "it: the reader is back, with the action that it had.",
        faults.reader_offline,
    ),
    "reader_unplugged": Switch(
        "The reader loses its signal now",
        "Stripe still calls it online: a command answers terminal_reader_timeout, and only after two "
        "minutes is it offline.",
        faults.reader_unplugged,
    ),
    "reader_busy": Switch(
        "The reader installs an update",
        "Every command answers terminal_reader_busy. A real update ends by itself: wait, and try again.",
        faults.reader_busy,
    ),
    "reader_driven_by_app": Switch(
        "An app drives the reader",
        "Every command is refused, with an error that has no code. Nothing that your server does helps.",
        faults.reader_driven_by_app,
    ),
    "slow_bank": Switch(
        "The bank takes its time",
        "Present a card: the action stays in_progress, and every command answers terminal_reader_busy, "
        "until you end this.",
        faults.slow_bank,
    ),
    "command_lost": Switch(
        "The next command does not reach the reader",
        "Process a payment: terminal_reader_timeout, and the screen stays as it is. Process it again.",
        lambda reader: faults.command_lost(reader, count=1),
    ),
    "command_unconfirmed": Switch(
        "The next command reaches it, unconfirmed",
        "Process a payment: the same terminal_reader_timeout, and yet the reader asks. Look before you send "
        "it again.",
        lambda reader: faults.command_unconfirmed(reader, count=1),
    ),
    "connection_lost": Switch(
        "The next approval does not reach the till",
        "Present a card: the action fails with connection_error, and the PaymentIntent is "
        "requires_capture. The PaymentIntent is right.",
        lambda reader: faults.connection_lost(reader, count=1),
    ),
    "action_stuck": Switch(
        "The next approval leaves the reader stuck",
        "Present a card: the money is held, and the action stays in_progress. Capture the payment; Restart "
        "frees the reader, too.",
        lambda reader: faults.action_stuck(reader, count=1),
    ),
    "customer_cancels": Switch(
        "The customer presses cancel, if it is offered",
        "Process a payment with the cancel button offered: the action fails with customer_canceled, and the "
        "payment is open.",
        lambda reader: faults.customer_cancels(reader, count=1),
    ),
}
"""Those of the one reader that is chosen."""

IN_THE_ACCOUNT = {
    # Three times: the client itself tries again twice. For one call: a look is a request as well.
    "request_lost": Switch(
        "Process does not reach Stripe, three times",
        "Process a payment: no answer comes to three tries. Nothing has happened at Stripe, and you process "
        "it again. " + _THREE,
        lambda _: faults.request_lost(call="process_payment_intent", count=3),
    ),
    "answer_lost": Switch(
        "Process reaches Stripe, three answers are lost",
        "Process a payment: no answer comes, and yet the reader asks. The idempotency key keeps it one "
        "payment. " + _THREE,
        lambda _: faults.answer_lost(call="process_payment_intent", count=3),
    ),
    "rate_limit": Switch(
        "Too many requests: Process gets a 429",
        "Process a payment: 429, and nothing has happened. Wait a moment, and process it again.",
        lambda _: faults.rate_limit(call="process_payment_intent", count=1),
    ),
    "server_error": Switch(
        "Stripe has a bad moment: Process gets three 500s",
        "Process a payment: 500, three times. Look, and process it again. " + _THREE,
        lambda _: faults.server_error(call="process_payment_intent", count=3),
    ),
    "webhook_late": Switch(
        "Webhooks come a minute late",
        "Nothing changes on this panel. In the list below, what happens now is due in a minute.",
        lambda _: faults.webhook_late(seconds=60),
    ),
    "webhook_lost": Switch(
        "Webhooks never come",
        "Nothing changes on this panel. In the list below, what happens now never comes: ask Stripe, do "
        "not wait.",
        lambda _: faults.webhook_lost(),
    ),
    "webhook_doubled": Switch(
        "Webhooks come twice",
        "Nothing changes on this panel. In the list below, what happens now comes twice: note the ids "
        "of events.",
        lambda _: faults.webhook_doubled(),
    ),
    "webhook_shuffled": Switch(
        "Webhooks come in another order",
        "Nothing changes on this panel. In the list below, what happens first may be due later.",
        lambda _: faults.webhook_shuffled(seconds=60),
    ),
    "slow_answer": Switch(
        "Stripe takes three seconds",
        "Whatever is asked is answered three seconds later. A button here shows that it works, and after two "
        "seconds the panel says what it waits for.",
        lambda _: faults.slow_answer(seconds=3),
    ),
}
"""Those of what goes to Stripe and comes from there, whichever program asks, and for whichever reader."""

SWITCHES = {**AT_THE_READER, **IN_THE_ACCOUNT}


class Standing(NamedTuple):
    """All active faults, and how events are delivered while one of webhooks is among them."""

    faults: Sequence[Fault] = ()
    deliveries: Sequence[Listed] = ()


class FaultSwitches:
    """Switches for the faults of the chosen reader and of the account, set as they are there; below them
    `others`, the faults that they do not show.

    `read` what stands, `show` it. Only for the offline account.
    """

    def __init__(self, presses: Presses) -> None:
        self._presses = presses
        self._reader: str | None = None
        self._standing: list[Fault] = []
        self._showing = False
        self.boxes = {kind: W.Checkbox(description=SWITCHES[kind].label, indent=False) for kind in _offered()}
        for kind, box in self.boxes.items():
            box.observe(lambda change, kind=kind: self._turn(kind, change["new"]), "value")
        self.where, self.watch, self.deliveries = W.HTML(), W.HTML(), W.HTML()
        self.others = OtherFaults(presses)
        self.view = W.VBox(
            [
                self.where,
                self._grid(AT_THE_READER),
                W.HTML("In the whole account, for every reader and program:"),
                self._grid(IN_THE_ACCOUNT),
                self.watch,
                self.others.view,
                self.deliveries,
            ]
        )
        self.view.add_class("irl-group")

    def _grid(self, kinds: Iterable[str]) -> W.GridBox:
        boxes = [self.boxes[kind] for kind in kinds if kind in self.boxes]
        return W.GridBox(boxes).add_class("irl-switches")

    def read(self) -> Standing:
        """All active faults, whoever started them."""
        standing = faults.active()
        of_webhooks = any(fault.kind.startswith("webhook_") for fault in standing)
        return Standing(standing, webhooks.deliveries() if of_webhooks else ())

    def show(self, seen: Standing, reader: str | None, readers: Readers) -> None:
        """Set the switches for the `reader` with this id, and say what to watch for; `readers` are all that
        the account has."""
        self._standing, self._reader = list(seen.faults), reader
        where = at_reader(reader, readers) if reader else "No reader is chosen, so at every reader"
        self.where.value = f"{escape(where)}:"
        self._showing = True
        for kind, box in self.boxes.items():
            box.value = bool(self._shown_by(kind, reader))
        self._showing = False
        on = [SWITCHES[kind] for kind, box in self.boxes.items() if box.value]
        lines = "".join(f"<li><b>{escape(each.label)}.</b> {escape(each.watch)}</li>" for each in on)
        self.watch.value = f'<div role="status">Watch for:<ul>{lines}</ul></div>' if on else ""
        of_webhooks = any(fault.kind.startswith("webhook_") for fault in seen.faults)
        self.deliveries.value = _delivery_table(seen.deliveries) if of_webhooks else ""
        shown = [fault for kind in self.boxes for fault in self._shown_by(kind, reader)]
        self.others.show([fault for fault in seen.faults if fault not in shown], readers)

    def _shown_by(self, kind: str, reader: str | None) -> list[Fault]:
        """The active faults that strike all that this switch would strike, with this reader chosen."""
        own = SWITCHES[kind].fault(reader).limits
        return [
            fault
            for fault in self._standing
            if fault.kind == kind
            and all(fault.limits.get(limit) in (None, own.get(limit)) for limit in ("reader", "call"))
        ]

    def _turn(self, kind: str, on: bool) -> None:
        if self._showing:
            return
        reader = self._reader  # the one beside which it stands now, wherever the panel goes meanwhile

        async def work() -> None:
            for fault in self._shown_by(kind, reader):
                await call(fault.stop)
            if on:
                await call(SWITCHES[kind].fault(reader).start)

        self._presses.switch(self.boxes[kind], work)


def _offered() -> list[str]:
    """In process no answer can be slow."""
    controls = offline_controls()
    in_process = controls is not None and controls.in_process
    return [kind for kind in SWITCHES if kind != "slow_answer" or not in_process]


def _delivery_table(deliveries: Sequence[Listed]) -> str:
    """Which event comes to which endpoint, and when, as html."""
    if not deliveries:
        return (
            "<p>No event was sent to an endpoint yet. Create one, and press a button: "
            "<code>stripe_client().v1.webhook_endpoints.create({&quot;url&quot;: "
            "&quot;http://127.0.0.1/webhook&quot;, &quot;enabled_events&quot;: [&quot;*&quot;]})</code></p>"
        )
    rows = "".join(
        f"<tr><td>{escape(each.url)}</td><td>{escape(each.type)}</td><td>{escape(_when(each))}</td></tr>"
        for each in deliveries
    )
    head = "<tr><th>endpoint</th><th>event</th><th>state</th></tr>"
    return (
        '<div class="irl-deliveries" tabindex="0" role="region" aria-label="Deliveries of webhooks">'
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )


def _when(delivery: Listed) -> str:
    return f"due in {delivery.seconds} s" if delivery.state == "due" and delivery.seconds else delivery.state
