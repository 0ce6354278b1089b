"""The parts of the simulator's README that its own tables say.

python -m tests.simulator.readme    writes them again
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from irl_helpers.simulator import faults, states
from irl_helpers.simulator.errors import StripeError
from irl_helpers.simulator.resources import retired
from irl_helpers.simulator.routes import ROUTES
from irl_helpers.simulator.stripe_calls import RETIRED_CALLS

README = Path(__file__).parents[2] / "irl_helpers" / "simulator" / "README.md"
_PART = re.compile(r"(<!-- (?!end)([a-z ]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)

Table = dict[str, dict[str, str]]
Move = Callable[[str, str], str]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([f"| {' | '.join(names)} |", "|---" * len(names) + "|", *lines, ""])


def codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def moves(word: str, all_states: Iterable[str], calls: Table, move: Move) -> str:
    """What each call leads to from each state. What all calls share is said once, at the end."""
    shared: dict[str, list[str]] = {}
    groups: dict[tuple[tuple[str, tuple[str, ...]], ...], list[str]] = {}
    every = {state: {outcome(move, state, call) for call in calls} for state in all_states}
    for state, found in every.items():
        if len(found) == 1:
            shared.setdefault(found.pop(), []).append(state)
    own = [state for state in all_states if not any(state in some for some in shared.values())]
    for call in calls:
        following: dict[str, list[str]] = {}
        for state in own:
            following.setdefault(outcome(move, state, call), []).append(state)
        following.pop("", None)
        # What is allowed comes before what is not.
        lines = sorted(following.items(), key=lambda line: line[0].startswith("400"))
        groups.setdefault(tuple((then, tuple(some)) for then, some in lines), []).append(call)
    rows = []
    for lines, names in groups.items():
        rows += [["", codes(some), then] for then, some in lines]
        rows[-len(lines)][0] = codes(names)
    rows += [["any call", codes(some), then] for then, some in shared.items() if then]
    return table(["call", word, "what follows"], rows)


def outcome(move: Move, state: str, call: str) -> str:
    """The state that follows or the error; empty for what cannot come about."""
    try:
        return f"`{move(state, call)}`"
    except StripeError as error:
        message = error.error["message"].replace(f" {state}.", " ….")
        return f"400 `{error.error['code']}`" if "code" in error.error else f"400 “{message}”"
    except KeyError:
        return ""


def calls() -> str:
    resources: dict[str, list[str]] = {}
    for route in ROUTES:
        if route.path.startswith("/v1/") and route not in RETIRED_CALLS:
            names = resources.setdefault(route.path.partition("/*")[0], [])
            names.append(route.path.partition("/*/")[2] or route.handler.__name__)
    return table(["", "calls"], ([f"`{path}`", codes(names)] for path, names in resources.items()))


PARTS: dict[str, Callable[[], str]] = {
    "faults": lambda: table(
        ["kind", "what goes wrong"],
        (
            [f"`{name}`", kind.text + (" (lasts)" if kind.lasting else "")]
            for name, kind in faults.KINDS.items()
        ),
    ),
    "calls": calls,
    "older calls": lambda: table(
        ["refused", "instead"], ([f"`{one.method} {one.path}`", one.successor] for one in retired.CALLS)
    ),
    "reader states": lambda: table(
        ["state", "the reader"], ([f"`{name}`", text] for name, text in states.READER_STATES.items())
    ),
    "reader": lambda: moves("reader's state", states.READER_STATES, states.READER, states.reader_move),
    "payment intent": lambda: moves(
        "status", states.PAYMENT_INTENT_STATUSES, states.PAYMENT_INTENT, states.payment_intent_move
    ),
    "setup intent": lambda: moves(
        "status", states.SETUP_INTENT_STATUSES, states.SETUP_INTENT, states.setup_intent_move
    ),
    "refund": lambda: moves("status", states.REFUND_STATUSES, states.REFUND, states.refund_move),
    "dispute": lambda: moves("status", states.DISPUTE_STATUSES, states.DISPUTE, states.dispute_move),
}


def written(text: str) -> str:
    """The README with all its parts as they should be. Raises KeyError for a part that nobody knows."""
    return _PART.sub(lambda found: found[1] + PARTS[found[2]](), text)


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
