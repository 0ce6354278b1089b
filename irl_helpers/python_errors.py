"""Python's own errors in a learner's cell, from a call of the client or of a part: what was given, and what
to give, in three lines. Any other error of Python's is none of ours.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from types import FrameType, TracebackType
from typing import Any

import stripe

from .arguments import WrongArgument, called
from .ids_of_objects import kind_called
from .missing_attributes import Names, missing_attribute
from .missing_names import missing_name
from .simulator.masking import mask_text

SHOWN = (TypeError, ValueError, NameError, AttributeError)
_OURS = ("stripe", "irl_helpers", "urllib")
_CALL = re.compile(r"(\w+Service)\.(\w+)\(\) ")
_UNKNOWN = re.compile(r"unexpected keyword argument '(\w+)'")
_NOT_SENT = "Nothing was sent."
_NONE = object()
_LONGEST = 60  # of what a call was given


def three_lines_of_python(
    problem: BaseException,
    trace: TracebackType | None,
    namespace: Mapping[str, Any],
    names: Names = lambda kind: [],
) -> list[str] | None:
    """What is wrong, what was given and what to give; None for an error that did not come directly out of a
    cell, whose names are the `namespace`, or that this knows nothing of. `names` are those in the account."""
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    cells = [at for at, frame in enumerate(frames) if frame.f_globals is namespace]
    if not cells:
        return None
    inner = frames[cells[-1] + 1 :]
    if not all(_module(frame).partition(".")[0] in _OURS for frame in inner):
        return None
    wrong = _wrong_argument(problem, inner)
    said = (
        _given_and_to_give(wrong, namespace)
        if wrong
        else _refused(problem, inner)
        if inner
        else _no_params(problem) or missing_name(problem, namespace)
    )
    said = said or missing_attribute(problem, _steps(trace)[cells[-1]], namespace, names)
    return [f"{type(problem).__name__}: {said[0]}", *said[1:]] if said else None


def _steps(trace: TracebackType | None) -> list[TracebackType]:
    steps = []
    while trace is not None:
        steps.append(trace)
        trace = trace.tb_next
    return steps


def _wrong_argument(problem: BaseException, inner: list[FrameType]) -> WrongArgument | None:
    """What a call of ours says of an argument; or that what the client is to make a path of is no string."""
    if isinstance(problem, WrongArgument):
        return problem
    at = next((at for at, frame in enumerate(inner) if frame.f_code.co_name == "sanitize_id"), 0)
    if not isinstance(problem, TypeError) or not at:
        return None
    given, call, first = inner[at].f_locals["id"], inner[at - 1], inner[0]
    service = type(call.f_locals.get("self")).__name__.removesuffix("Service")
    kind = kind_called(_parameter(call, given)) or kind_called(service)
    parameter = _parameter(first, given) if kind else "id"
    return WrongArgument(first.f_code.co_name, parameter, (str,), given, kind)


def _given_and_to_give(wrong: WrongArgument, namespace: Mapping[str, Any]) -> tuple[str, str, str]:
    return (
        str(wrong),
        f"Given: {wrong.what} as {wrong.parameter}. {_NOT_SENT}",
        _to_give(wrong, wrong.given, namespace),
    )


def _to_give(wrong: WrongArgument, given: object, namespace: Mapping[str, Any]) -> str:
    if given is None:
        return f"Look at what gave None: nothing was found, or made. Needed is {wrong.right}."
    if isinstance(given, stripe.StripeObject) and (field := _field(wrong, given)):
        name, variable = type(given).__name__, _variable(namespace, lambda one: one is given)
        what = f"{variable}.{field}" if variable else f"its {field} (….{field})"
        return f"Give {what}, not the {name}."
    wanted = kind_called(wrong.object_wanted)
    if wanted and isinstance(given, str) and given.startswith(wanted.prefix):
        variable = _variable(namespace, lambda one: getattr(one, "id", "") == given)
        what = f"it is {variable}" if variable else "retrieve it by its id"
        return f"Give the {wanted.name}, not its id: {what}."
    return f"Give {wrong.right}."


def _field(wrong: WrongArgument, given: stripe.StripeObject) -> str:
    """The field of the object that would be right, such as its id; "" for none."""
    if wrong.kind:
        return "id" if wrong.kind.name == type(given).__name__ else ""
    return wrong.parameter if isinstance(getattr(given, wrong.parameter, None), wrong.wanted) else ""


def _variable(namespace: Mapping[str, Any], fits: Callable[[stripe.StripeObject], bool]) -> str:
    """The learner's own name for the object that fits; "" for none."""
    objects = ((name, one) for name, one in namespace.items() if isinstance(one, stripe.StripeObject))
    return next((name for name, one in objects if name[0] != "_" and fits(one)), "")


def _refused(problem: BaseException, inner: list[FrameType]) -> tuple[str, str, str] | None:
    """What a part itself says of what it was given."""
    ours = all(_module(frame).startswith("irl_helpers.") for frame in (inner[0], inner[-1]))
    if type(problem) not in (TypeError, ValueError) or not ours:
        return None
    call = called(inner[0])
    return (
        " ".join(str(problem).split()),
        f"Given: {', '.join(_arguments(inner)) or 'nothing'}.",
        f"help({call}) says more.",
    )


def _arguments(inner: list[FrameType]) -> list[str]:
    """What the call was given, `card='vsa'`; where one of it went on to what refuses it, that one alone."""
    first, last = inner[0], inner[-1]
    if first.f_code.co_name == "with_arguments":
        names = first.f_locals["call"].__code__.co_varnames
        given = {**dict(zip(names, first.f_locals["args"], strict=False)), **first.f_locals["kwargs"]}
    else:
        given = _parameters(first)
        default = getattr(first.f_globals.get(first.f_code.co_name), "__kwdefaults__", None) or {}
        given = {name: value for name, value in given.items() if default.get(name, _NONE) is not value}
    blamed = [
        name for name, value in given.items() if any(value is one for one in _parameters(last).values())
    ]
    return [f"{name}={_shown(given[name])}" for name in blamed or given]


def _shown(value: object) -> str:
    text = mask_text(" ".join(repr(value).split()))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _parameters(frame: FrameType) -> dict[str, Any]:
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return {name: frame.f_locals[name] for name in names if name in frame.f_locals and name != "self"}


def _no_params(problem: BaseException) -> tuple[str, str, str] | None:
    """A call of the client with its parameters in the wrong place."""
    said = str(problem)
    call = _CALL.match(said)
    if not isinstance(problem, TypeError) or call is None:
        return None
    unknown = _UNKNOWN.search(said)
    if unknown is None:
        return said, _NOT_SENT, "A call takes its ids first, then params={…}, then options={…}."
    name = unknown[1]
    return (
        said,
        f"Given: {name}=…. {_NOT_SENT}",
        f'Put it in params={{…}}: {call[2]}(params={{"{name}": …}}).',
    )


def _parameter(frame: FrameType, given: object) -> str:
    """The first parameter of this call that has what was given; "" for none."""
    return next((name for name, value in _parameters(frame).items() if value is given), "")


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
