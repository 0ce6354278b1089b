"""What a check answers: its points, each as a line of text or a row of a small table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any, NamedTuple, TypeVar

import stripe

T = TypeVar("T", bound=stripe.StripeObject)

Claim = tuple[str, Callable[[T], str | None]]
"""What should be so, and what looks at a candidate for it: '' if it is so, else what to look at next; None
where nobody can tell yet, because something else is missing that another line is about."""


class Point(NamedTuple):
    """One line: what should be so, whether it is, and if not, what to look at next. It never gives away the
    answer. One that is not `judged` is neither right nor wrong: there was nothing to look at."""

    passed: bool
    claim: str
    next: str = ""
    judged: bool = True

    @property
    def mark(self) -> str:
        """A tick, a cross, or a circle where it could not be judged."""
        return ("✓" if self.passed else "✗") if self.judged else "○"

    def __str__(self) -> str:
        return f"{self.mark} {self.claim}{': ' if self.next else ''}{self.next}"


class Result:
    """A task and its points. `passed` says whether all of them are as they should be.

    It shows neither ids nor times, so it looks the same to everybody who got this far.
    """

    def __init__(self, task: str, points: Sequence[Point], *, before: bool = False) -> None:
        """`before` says that this is how it was when the learner got there."""
        self.task = task
        self.points = tuple(points)
        self.before = before

    def as_reached(self) -> Result:
        """The same task with every point as it was when the learner got there."""
        return Result(self.task, [Point(True, point.claim) for point in self.points], before=True)

    @property
    def passed(self) -> bool:
        """Whether every point is as it should be."""
        return all(point.passed for point in self.points)

    @property
    def verdict(self) -> str:
        """ "done", "done before", or how far it got: "not yet, 2 of 4"."""
        done = sum(point.passed for point in self.points)
        if self.before:
            return "done before"
        return "done" if self.passed else f"not yet, {done} of {len(self.points)}"

    def __repr__(self) -> str:
        return "\n".join([f"{self.task}: {self.verdict}", *map(str, self.points), *self._notes])

    @property
    def _notes(self) -> list[str]:
        if self.before:
            return ["So it was when you got there; the account has gone on since."]
        waiting = any(not (point.judged or point.next) for point in self.points)
        return ["What has a ○ is looked at when the rest is there."] if waiting else []

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        html = table(f"{self.task}: {self.verdict}", [(p.mark, p.claim, p.next) for p in self.points])
        html += "".join(f"<p>{line}</p>" for line in self._notes)
        return {"text/plain": repr(self), "text/html": html}


def judge(
    exists: str, where: str | Callable[[], str], candidates: Iterable[T], claims: Sequence[Claim[T]]
) -> tuple[T | None, list[Point]]:
    """The candidate that fulfils most claims, and the points: that there is one, then each claim.

    The first candidate that fulfils them all ends the search, so that any right way passes, whatever was
    tried before. Without any candidate `where` says what to look at, and no claim is judged.
    """
    best: T | None = None
    points = [_judged(claim, None) for claim, _ in claims]
    for candidate in candidates:
        these = [_judged(claim, look(candidate)) for claim, look in claims]
        if best is None or _passed(these) > _passed(points):
            best, points = candidate, these
        if _passed(points) == len(claims):
            break
    if best is not None:
        return best, [Point(True, exists), *points]
    return None, [Point(False, exists, where if isinstance(where, str) else where()), *points]


def _passed(points: Iterable[Point]) -> int:
    return sum(point.passed for point in points)


def _judged(claim: str, trouble: str | None) -> Point:
    return Point(trouble == "", claim, trouble or "", judged=trouble is not None)


def free_of(claim: str, candidate: object | None, trouble: str) -> Point:
    """That something is not wrong. Without any candidate it is not judged, because nothing was done yet."""
    return _judged(claim, trouble if candidate is not None else None)


# White on these can be read in a light theme and in a dark one.
_COLORS = {"✓": "#0d7a4f", "✗": "#b42332", "○": "#5f6b76"}


def table(title: str, rows: Iterable[Sequence[str]], links: Sequence[str] = ()) -> str:
    """A title and a small table below it, as html; the texts are escaped. Each row begins with its mark,
    green, red or gray; what comes second in it leads to the address in `links` at its place."""
    lines = []
    for place, (mark, *texts) in enumerate(rows):
        cells = [escape(text) for text in texts]
        if links:
            cells[0] = f'<a href="{escape(links[place])}">{cells[0]}</a>'
        color = f"color:#fff;background-color:{_COLORS[mark]};padding:0 6px;border-radius:4px"
        cells.insert(0, f'<span style="{color}">{mark}</span>')
        lines.append("".join(f'<td style="text-align:left">{cell}</td>' for cell in cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    # JupyterLab would show what is between two dollar signs as mathematics.
    return (
        f'<div class="tex2jax_ignore mathjax_ignore"><p><b>{escape(title)}</b></p>'
        f"<table><tbody>{body}</tbody></table></div>"
    )
