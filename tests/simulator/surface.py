"""An account that is asked anything in any order: what every single request must leave is checked here."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hypothesis.stateful import RuleBasedStateMachine

from irl_helpers.simulator import Simulator
from irl_helpers.simulator.routes import Route, match
from irl_helpers.simulator.store import key_hash

from . import invariants, ledger
from .kept import check_kept
from .rubbish import KINDS

KEY = "sk_test_fuzz"
HEADERS = {"Authorization": f"Bearer {KEY}"}
# What a 402 may leave (an intent where it was made and confirmed at once), and the fields it may change.
LEFT = {"charge", "payment_method", "setup_attempt", "event", "payment_intent", "setup_intent"}
TOUCHED = {
    "payment_intent": {"last_payment_error", "latest_charge", "next_action", "payment_method", "status"},
    "setup_intent": {"last_setup_error", "latest_attempt", "next_action", "payment_method", "status"},
    "payment_method": {"card.checks"},  # what the bank found
}
# How often: routes that gave an answer, statuses of answers, moves of intents.
reached: Counter[Route | int | tuple[str, str]] = Counter()


def form(params: dict[str, Any], path: str = "") -> list[tuple[str, str]]:
    """Nested parameters as the pairs of a form."""
    pairs = []
    for name, value in params.items():
        here = f"{path}[{name}]" if path else name
        if isinstance(value, dict):
            pairs += form(value, here)
        elif isinstance(value, list):
            pairs += form({str(index): one for index, one in enumerate(value)}, here)
        elif value is not None:
            pairs.append((here, str(value).lower() if isinstance(value, bool) else str(value)))
    return pairs


def fields(obj: dict[str, Any]) -> dict[str, Any]:
    """An object's fields, and those of a PaymentMethod's card by themselves: `card.checks`."""
    card = (obj.get("card") or {}) if obj["object"] == "payment_method" else {}
    return {**obj, "card": None, **{f"card.{name}": value for name, value in card.items()}}


class Surface(RuleBasedStateMachine):
    """Rules choose among what there is; each request is checked by itself, and the account after it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="irl-surface-")
        self.simulator = Simulator(Path(self.folder.name) / "account.sqlite")
        self.objects: dict[str, Any] = {}
        self.changes = 0

    def teardown(self) -> None:
        self.simulator.close()
        self.folder.cleanup()

    # -- asking, and what every request must leave

    def ask(self, method: str, path: str, **params: Any) -> dict[str, Any]:
        """A sensible request; its answer, empty when it was refused."""
        query = urlencode(form(params))
        target = f"{path}?{query}" if method == "GET" and query else path
        return self.send(method, target, HEADERS, "" if method == "GET" else query)

    def send(self, method: str, target: str, headers: dict[str, str], body: str | bytes) -> dict[str, Any]:
        """Any request; the account is compared with what it was."""
        # What is due comes with the next request, whatever it is: let it come before.
        earlier = self.objects
        self.simulator.handle("GET", "/_simulator/clock", HEADERS)
        before, faults = self.read(), self.faults()
        if before is not earlier:
            self.check(before)
            self.check_moves(earlier, before)
        response = self.simulator.handle(method, target, headers, body)
        after = self.read()
        answer = json.loads(response.body)
        reached[response.status] += 1
        if response.status == 200:
            reached[match(method, target.partition("?")[0])[0]] += 1
            if after is before:
                assert method == "GET" or target.startswith("/_simulator/")
            else:
                assert method != "GET"
                check_kept(self.simulator, HEADERS["Authorization"])
                self.check(after)
        elif response.status == 402:
            self.check_declined(before, after)
            self.check(after)
        else:
            assert response.status in (400, 401, 403, 404, 413), answer
            # A command that times out may well have been executed: that is what its fault is for.
            assert after == before or self.faults() != faults, (target, answer)
        self.check_moves(before, after)
        return answer if response.status == 200 else {}

    def read(self) -> dict[str, Any]:
        """All objects; the same dict when nothing was written since."""
        changes = self.simulator.read(lambda db: db.total_changes)
        if changes != self.changes:
            self.changes = changes
            self.objects = self.simulator.read(invariants.read, key_hash(KEY))
        return self.objects

    def check(self, objects: dict[str, Any]) -> None:
        """The account is one that Stripe could have."""
        invariants.check(objects)
        ledger.check(objects, self.simulator.read(ledger.read, key_hash(KEY)))

    def faults(self) -> str:
        query = "SELECT faults FROM accounts WHERE key_hash = ?"
        return self.simulator.read(lambda db: db.execute(query, [key_hash(KEY)]).fetchone()[0])

    def check_declined(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """A 402 leaves exactly the failed try, and the error on the intent, with their events."""
        for id, obj in after.items():
            if id not in before:
                assert obj["object"] in LEFT, obj
                assert obj["object"] != "charge" or obj["status"] == "failed", obj
                assert obj["object"] != "setup_attempt" or obj["status"] == "failed", obj
            elif obj != before[id]:
                now, then = fields(obj), fields(before[id])
                changed = {name for name in now.keys() | then.keys() if now.get(name) != then.get(name)}
                assert changed <= TOUCHED[obj["object"]], (obj, changed)

    def check_moves(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        for id, obj in after.items():
            kind = obj["object"]
            if kind in invariants.MOVES and id in before and before[id]["status"] != obj["status"]:
                move = (before[id]["status"], obj["status"])
                assert invariants.reachable(kind, *move), (before[id], obj)
                reached[move] += 1

    # -- choosing

    def ids(self, prefix: str) -> list[str]:
        return [
            id for id, obj in self.objects.items() if id.startswith(prefix + "_") and not obj.get("deleted")
        ]

    def pick(self, prefix: str, number: int, status: str = "") -> str:
        """One of the newest of a kind, or an id that nobody has; with even numbers one of this status."""
        known = self.ids(prefix)
        fit = [id for id in known if self.objects[id].get("status") == status]
        known = fit if fit and number % 2 == 0 else known
        return known[-1 - number % len(known)] if known else f"{prefix}_nobody"

    def path(self, pattern: str, which: int) -> str:
        """A route's path with the ids of some objects."""
        parts = pattern.split("/")
        return "/".join(
            self.pick(KINDS[parts[index - 1].removesuffix("s")], which) if part == "*" else part
            for index, part in enumerate(parts)
        )
