"""What somebody switched on in an offline account and may have forgotten since, in words."""

from __future__ import annotations

from collections.abc import Mapping

_STEPS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
# What a learner knows of an account; the rest follows from these.
_KINDS = {"terminal.location": "location", "terminal.reader": "reader", "payment_intent": "payment"}
_KINDS |= {"customer": "customer"}


CLOCK_GOES_BACK = (
    "Time goes forward only. Begin anew, with an empty account and no task done, in a notebook: "
    "from irl_helpers import account; account.reset_account()"
)
"""How the account's clock gets back to the machine's time."""


def left_on(faults: int, ahead: int) -> str:
    """How many faults are on, and how far the clock is ahead (whole seconds): "2 faults on · clock 8 days
    ahead"; '' for neither."""
    said = [f"{_counted(faults, 'fault')} on"] if faults else []
    said += [f"clock {_duration(ahead)} ahead"] if ahead > 0 else []
    return " · ".join(said)


def clock_sentence(ahead: int) -> str:
    """How far the clock is ahead (whole seconds), in a sentence."""
    if ahead <= 0:
        return "The account's clock shows this machine's time."
    return f"The account's clock is {_duration(ahead)} ahead."


def gone(objects: Mapping[str, int], faults: int, ahead: int) -> str:
    """What a reset did, in a sentence: how many objects it took away, by kind, and what it switched off."""
    counts = {name: objects.get(kind, 0) for kind, name in _KINDS.items()} | {"fault": faults}
    said = _listed([_counted(count, name) for name, count in counts.items() if count])
    what = f"{said} {'is' if sum(counts.values()) == 1 else 'are'} gone" if said else ""
    clock = (
        f"its clock was {_duration(ahead)} ahead, and shows this machine's time again" if ahead > 0 else ""
    )
    done = "; ".join(each for each in (what, clock) if each)
    return (
        f"The offline account is empty: {done}." if done else "The offline account was empty, and still is."
    )


def _duration(seconds: int) -> str:
    """In the largest unit that fits: "8 days"."""
    name, size = next((name, size) for name, size in _STEPS.items() if seconds >= size)
    return _counted(seconds // size, name)


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def _listed(words: list[str]) -> str:
    return " and ".join(", ".join(words).rsplit(", ", 1))
