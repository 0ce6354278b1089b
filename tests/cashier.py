"""A cashier who has only the functions of parts 3 and 4, a customer, and a world in which anything may fail.

One round is one sale, or two at tills that share a reader. Everything in it follows from its seed.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import stripe

from irl_helpers import cancel, clock, collect, faults, recovery, sale
from irl_helpers.account import request_log, stripe_client
from irl_helpers.request_log import LoggedRequest

CARDS = ("visa", "visa", "mastercard", "offline_pin_cvm", "charge_declined", "charge_declined_expired_card")
# What a call may raise that is no mistake of the cashier's.
TROUBLE = (stripe.StripeError, collect.ReaderTaken)


class Cashier:
    """Sells one thing: presses on until the payment says how it ended. `told` is what the screen says."""

    def __init__(self, reader: str, sale: str, amount: int, rng: random.Random) -> None:
        self.reader = reader
        self.sale = sale
        self.amount = amount
        self.rng = rng
        self.client = stripe_client()
        self.payment: str | None = None
        self.wants_out = False
        self.told: str | int = "wait"  # "canceled", or how much was paid

    def act(self) -> None:
        """One thing that a cashier does, and what the screen says then."""
        try:
            self.tell(self.press())
        except TROUBLE:
            return  # the screen says so, and nobody knows more than before

    def press(self) -> stripe.PaymentIntent | None:
        if self.payment is None:
            if self.rng.random() < 0.1:
                self.amount += 100
            self.payment = collect.create_payment(self.amount, sale=self.sale, client=self.client).id
            self.ask()
            return None
        intent = self.client.v1.payment_intents.retrieve(self.payment)
        if intent.status in ("succeeded", "canceled"):
            return intent
        if self.wants_out:
            return cancel.give_up_sale(self.reader, self.payment, client=self.client)
        if intent.status == "requires_capture":
            return collect.capture_payment(self.payment, client=self.client)
        reader = self.client.v1.terminal.readers.retrieve(self.reader)
        if sale.state_of(reader, intent) != "in_flight" or self.rng.random() < 0.1:
            self.ask()
        elif self.rng.random() < 0.2:
            self.change()
        return None

    def ask(self) -> None:
        collect.process_payment(
            self.reader,
            self.payment,
            replace=False,
            customer_can_cancel=self.rng.random() < 0.5,
            client=self.client,
        )

    def change(self) -> None:
        """The customer takes one thing more."""
        cancel.cancel_reader_action(self.reader, payment_intent_id=self.payment, client=self.client)
        changed = cancel.change_amount(self.payment, self.amount + 100, client=self.client)
        self.amount = changed.amount
        self.ask()

    def tell(self, intent: stripe.PaymentIntent | None) -> None:
        if intent is not None and intent.status == "succeeded":
            self.told = intent.amount_received
        elif intent is not None and intent.status == "canceled":
            self.told = "canceled"


class Shop:
    """An offline account with one reader, and a view of it that no fault troubles."""

    def __init__(self, file: Path, reader: str) -> None:
        self.reader = reader
        self.db = sqlite3.connect(file, isolation_level=None)

    def close(self) -> None:
        self.db.close()

    def last(self) -> int:
        """Where the objects that are made from now on begin."""
        return self.db.execute("SELECT coalesce(max(rowid), 0) FROM objects").fetchone()[0]

    def objects(self, kind: str, after: int = 0) -> list[dict[str, Any]]:
        # The plus keeps SQLite from looking at all objects of the kind.
        rows = self.db.execute("SELECT body FROM objects WHERE rowid > ? AND +kind = ?", (after, kind))
        return [json.loads(body) for (body,) in rows]

    def close_day(self) -> None:
        """Cancel what was never finished: payments whose making was not answered, and never asked for."""
        for payment in recovery.find_open_payments():
            cancel.cancel_payment(payment.id, "abandoned")
        left = {one["status"] for one in self.objects("payment_intent")} - {"succeeded", "canceled"}
        assert not left, left

    def action(self) -> dict[str, Any] | None:
        """What the reader does."""
        row = self.db.execute("SELECT body FROM objects WHERE account = 1 AND id = ?", (self.reader,))
        return json.loads(row.fetchone()[0])["action"]


LASTING = (
    faults.reader_offline,
    faults.reader_unplugged,
    faults.reader_busy,
    faults.reader_driven_by_app,
    faults.slow_bank,
)
PASSING = (
    faults.command_lost,
    faults.command_unconfirmed,
    faults.customer_cancels,
    faults.connection_lost,
    faults.action_stuck,
    faults.request_lost,
    faults.answer_lost,
    faults.rate_limit,
    faults.server_error,
)


def trouble(reader: str, rng: random.Random) -> faults.Fault:
    """A fault of any kind, for as long as the dice will have it."""
    kind = rng.choice(LASTING + 2 * PASSING)
    if kind in LASTING:
        return kind(rng.choice((reader, None)))
    how: dict[str, int] = {"seed": rng.randrange(1000), "chance": rng.choice((30, 60, 100))}
    if rng.random() < 0.5:
        # The client tries three times by itself.
        how["count"] = rng.randrange(1, 7)
    return kind(**how)


class Round:
    """Sales that begin and end together; see `play` and `check`."""

    def __init__(self, shop: Shop, seed: int, make: Callable[..., Cashier] = Cashier) -> None:
        self.shop = shop
        self.seed = seed
        self.rng = random.Random(seed)
        tills = self.rng.choice((1, 2))
        self.cashiers = [
            make(shop.reader, f"sale {seed}-{till}", 1000 * (till + 1), self.rng) for till in range(tills)
        ]
        self.after = shop.last()
        self.wrong: list[str] = []

    def play(self) -> None:
        standing: list[faults.Fault] = []
        for _ in range(self.rng.randrange(2, 10)):
            dice = self.rng.random()
            if dice < 0.2 and len(standing) < 2:
                standing.append(trouble(self.shop.reader, self.rng).start())
            elif dice < 0.3 and standing:
                standing.pop().stop()
            elif dice < 0.33:
                clock.advance(**self.rng.choice([{"minutes": 2}, {"hours": 25}, {"days": 2}]))
            elif dice < 0.75:
                self.customer()
            cashier = self.rng.choice(self.cashiers)
            if self.rng.random() < 0.08:
                cashier.wants_out = not cashier.wants_out
            self.act(cashier)
        if standing:
            faults.clear()
        self.close()

    def customer(self) -> None:
        """Whoever sees their payment on the reader: pays, presses cancel, or waits."""
        action = self.shop.action()
        if action is None or action["status"] != "in_progress":
            return
        try:
            if self.rng.random() < 0.9:
                collect.simulate_payment(self.shop.reader, self.rng.choice(CARDS))
            else:
                faults.press_cancel(self.shop.reader)
        except stripe.StripeError:
            return

    def close(self) -> None:
        """Everything works again, and each sale is brought to an end."""
        for cashier in self.cashiers:
            self.act(cashier)
            self.customer()
            self.act(cashier)
            cashier.wants_out = True
            for _ in range(5):
                self.act(cashier)
        cancel.cancel_reader_action(self.shop.reader)

    def act(self, cashier: Cashier) -> None:
        """What the screen says must be so at that moment, not only in the end."""
        if cashier.told == "wait":
            cashier.act()
            self.lies(cashier)

    def lies(self, cashier: Cashier) -> None:
        if cashier.told == "wait":
            return
        mine = [
            one
            for one in self.shop.objects("payment_intent", self.after)
            if one["metadata"]["sale"].startswith(cashier.sale)
        ]
        paid = [one["amount_received"] for one in mine if one["amount_received"]]
        if len(paid) > 1:
            self.wrong.append(f"{cashier.sale} was paid {len(paid)} times")
        truth = paid[0] if paid else "canceled"
        if cashier.told != truth:
            self.wrong.append(f"{cashier.sale}: the cashier was told {cashier.told}, and it is {truth}")
        held = sum(one["amount_capturable"] for one in mine)
        if held:
            self.wrong.append(f"{cashier.sale}: the cashier was told {cashier.told}, and {held} is held")

    def check(self) -> list[str]:
        """What was or is not as it must be, a line each."""
        for cashier in self.cashiers:
            self.lies(cashier)
            if cashier.told == "wait":
                self.wrong.append(f"{cashier.sale}: the cashier still waits")
        charges = [one for one in self.shop.objects("charge", self.after) if one["captured"]]
        charged = sum(one["amount_captured"] for one in charges)
        told = sum(cashier.told for cashier in self.cashiers if isinstance(cashier.told, int))
        if charged != told:
            self.wrong.append(f"cards were charged {charged}, and the cashiers were told {told}")
        held = sum(one["amount_capturable"] for one in self.shop.objects("payment_intent", self.after))
        if held:
            self.wrong.append(f"{held} is held")
        if self.shop.action() is not None:
            self.wrong.append("the reader is not idle")
        return self.wrong


def run(shop: Shop, seed: int, make: Callable[..., Cashier] = Cashier) -> Round:
    """Play the round and check it. Raises AssertionError with all that was sent."""
    sent: list[LoggedRequest] = []
    unlisten = request_log().listen(sent.append)
    game = Round(shop, seed, make)
    try:
        game.play()
        wrong = game.check()
    finally:
        unlisten()
    lines = [f"{one.method} {one.path} {one.form} -> {one.status}" for one in sent]
    assert not wrong, "\n".join([f"round {seed}:", *wrong, *lines])
    return game
