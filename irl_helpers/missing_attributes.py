"""What a learner asks of None, or of Stripe's client and objects by a wrong name: the right one, or the call
that has given None.
"""

from __future__ import annotations

import ast
import linecache
import math
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from inspect import cleandoc
from itertools import chain, islice
from types import ModuleType, TracebackType
from typing import Any

import stripe

from .arguments import may_give
from .missing_names import tree_of

Lines = tuple[str, str, str]
Names = Callable[[str], list[str]]
"""The names in the account of what Stripe calls so: `names("Reader")` are the labels."""


def missing_attribute(
    problem: BaseException, trace: TracebackType, namespace: Mapping[str, Any], names: Names
) -> Lines | None:
    """What was asked for and what to ask; `trace` is that of the cell. None where nothing is known."""
    name, owner = getattr(problem, "name", None), getattr(problem, "obj", None)
    if type(problem) is not AttributeError or not name:
        return None
    if owner is None:
        return _of_none(name, trace, namespace, names)
    if not type(owner).__module__.startswith("stripe."):
        return None
    near = get_close_matches(name, _public(owner), n=3, cutoff=0.5)
    return (
        f"{type(owner).__name__} has no {name}.",
        f"Given: {name}, which is no name of {'a field' if _is_object(owner) else 'the client'}.",
        f"Did you mean {' or '.join(near)}?" if near else f"It has: {', '.join(_public(owner)[:12])}.",
    )


def _is_object(owner: object) -> bool:
    return isinstance(owner, stripe.StripeObject)


def _public(owner: object) -> list[str]:
    """What one can ask it for: an object's fields, else the client's services and calls."""
    if isinstance(owner, stripe.StripeObject):
        return sorted(owner.to_dict())
    found = {name for name in dir(owner) if not name.startswith("_")}
    subservices = getattr(type(owner), "__annotations__", {})
    return sorted(found | {name for name in subservices if not name.startswith("_")})


def _of_none(name: str, trace: TracebackType, namespace: Mapping[str, Any], names: Names) -> Lines | None:
    asked = _what_was_none(name, trace)
    if asked is None:
        return None
    call = _call_behind(asked, trace, namespace)
    if call is not None:
        return _call_that_gave_none(name, *call, namespace, names)
    root = asked
    while isinstance(root, ast.Attribute):
        root = root.value
    if root is asked or not isinstance(root, ast.Name) or not _is_object(namespace.get(root.id)):
        return None
    kind = type(namespace[root.id]).__name__
    return (
        f"None has no {name}.",
        f"Given: {ast.unparse(asked)}, which is None in this {kind}.",
        f"Look at what it has: print({root.id}). It may be an older one: retrieve it again.",
    )


def _call_that_gave_none(
    name: str, call: ast.Call, function: Callable[..., object], namespace: Mapping[str, Any], names: Names
) -> Lines:
    said, called = f"{ast.unparse(call)} gave None, and None has no {name}.", function.__name__
    given = _value(call.args[0], namespace) if call.args else None
    kind = next((one.__name__ for one in may_give(function) if issubclass(one, stripe.StripeObject)), "")
    there = names(kind) if isinstance(given, str) and called.startswith("find_") else []
    if not there:
        return said, f"It gives: {_first_line(function)}", f"help({called}) says more."
    # Another number is another one of its kind, and no slip: this one may have been renamed.
    by_letters = {each.casefold(): each for each in there if _digits(each) == _digits(str(given))}
    near = get_close_matches(str(given).casefold(), by_letters, n=1)
    shown = ", ".join(map(repr, there[:6])) + (", …" if len(there) > 6 else "")
    return (
        said,
        f"Given: {given!r}. There are: {shown}.",
        f"Did you mean {by_letters[near[0]]!r}? Capitals and blanks count."
        if near
        else f"Give one that is there, exactly as it is written; help({called}) says more.",
    )


def _digits(label: str) -> str:
    return "".join(filter(str.isdecimal, label))


def _first_line(function: Callable[..., object]) -> str:
    return cleandoc(function.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _what_was_none(name: str, trace: TracebackType) -> ast.expr | None:
    """The expression in the cell that was asked for the attribute, by where the error says that it ends."""
    place = islice(trace.tb_frame.f_code.co_positions(), trace.tb_lasti // 2, None)
    _, line, _, column = next(place, (None,) * 4)
    tree = tree_of("".join(linecache.getlines(trace.tb_frame.f_code.co_filename)))
    found = (node for node in ast.walk(tree or ast.Module([], [])) if isinstance(node, ast.Attribute))
    here = (node for node in found if (node.end_lineno, node.end_col_offset) == (line, column))
    return next((node.value for node in here if node.attr == name), None)


def _call_behind(
    asked: ast.expr, trace: TracebackType, namespace: Mapping[str, Any]
) -> tuple[ast.Call, Callable[..., object]] | None:
    """The call of ours that gave it: itself, or the last one in a cell that gave it its name."""
    if isinstance(asked, ast.Name):
        name, place = asked.id, (asked.lineno, asked.col_offset)
        here = "".join(linecache.getlines(trace.tb_frame.f_code.co_filename))
        earlier = (_given(name, cell) for cell in reversed(namespace.get("In", [])))
        asked = next(chain(_given(name, here, place), *earlier), asked)
    function = _resolved(asked.func, namespace) if isinstance(asked, ast.Call) else None
    if not isinstance(asked, ast.Call) or not callable(function):
        return None
    ours = str(getattr(function, "__module__", "")).startswith("irl_helpers.")
    return (asked, function) if ours and type(None) in may_give(function) else None


def _given(name: str, source: str, before: tuple[float, float] = (math.inf, 0)) -> Iterator[ast.expr]:
    """What a cell gives this name to, before this line and column, the last first."""
    tree = tree_of(source)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)] if tree else []
    for node in sorted(nodes, key=lambda node: -node.lineno):
        is_before = (node.end_lineno or 0, node.end_col_offset or 0) <= before
        if is_before and any(isinstance(each, ast.Name) and each.id == name for each in node.targets):
            yield node.value


def _resolved(node: ast.expr, namespace: Mapping[str, Any]) -> object:
    """What a name, or a module's, stands for; nothing is called or asked of an object."""
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = _resolved(node.value, namespace)
    return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None


def _value(node: ast.expr, namespace: Mapping[str, Any]) -> object:
    return node.value if isinstance(node, ast.Constant) else _resolved(node, namespace)
