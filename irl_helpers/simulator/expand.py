"""`expand[]`: ids replaced by the objects they name, up to four levels, on lists through `data.`.

What can be expanded is read from the library's resource classes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any, ForwardRef, Union, get_args, get_origin

import stripe
from stripe._list_object import ListObject
from stripe._object_classes import get_object_class

from .account import Account, Object
from .errors import invalid
from .resources import amount_details, refunds

MAX_LEVELS = 4

# (kind, field) -> function: what an object only shows when asked for; the field may be one in another field.
INCLUDED: dict[tuple[str, str], Callable[[Account, Object], Object]] = {
    ("charge", "refunds"): refunds.of_charge,
    ("payment_intent", "amount_details.line_items"): amount_details.shown,
}


def expand(account: Account, answer: Object, paths: list[str]) -> Object:
    """A copy of the answer with every path expanded. Raises StripeError for one that cannot be."""
    for path in paths:
        levels = path.split(".")
        if len(levels) > MAX_LEVELS + (levels[0] == "data"):
            raise invalid("You cannot expand more than 4 levels of a property", "expand")
        answer = _expand(account, answer, _class_of(answer), levels, path)
    return answer


def _expand(account: Account, value: Any, cls: Any, levels: list[str], path: str) -> Any:
    if not levels or value is None:
        return value
    if isinstance(value, list):
        return [_expand(account, one, _class_of(one) or cls, levels, path) for one in value]
    if not isinstance(value, dict):
        raise _cannot(path)
    name, *rest = levels
    if value.get("object") in ("list", "search_result"):
        if name != "data":
            raise _cannot(path)
        return {**value, "data": [_expand(account, one, _class_of(one), rest, path) for one in value["data"]]}
    if include := INCLUDED.get((value.get("object", ""), name)):
        return {**value, name: _expand(account, value.get(name) or include(account, value), None, rest, path)}
    if rest and (include := INCLUDED.get((value.get("object", ""), f"{name}.{rest[0]}"))):
        field, *deeper = rest
        found = value[name].get(field) or include(account, value)
        return {**value, name: {**value[name], field: _expand(account, found, None, deeper, path)}}
    if cls is None or name not in cls.__annotations__:
        raise _cannot(path)
    expandable, inner_class = _field(cls, name)
    inner = value.get(name)
    if isinstance(inner, str) and expandable:
        named = account.find(inner)
        inner = account.view(named) if named else inner
    elif not rest and not isinstance(inner, dict) and not expandable:
        raise _cannot(path)
    if isinstance(inner, dict):
        inner = _expand(account, inner, _class_of(inner) or inner_class, rest, path)
    return {**value, name: inner} if name in value else value


def _class_of(obj: Any) -> Any:
    kind = obj.get("object") if isinstance(obj, dict) else None
    return get_object_class("V1", kind) if kind and kind not in ("list", "search_result") else None


@cache
def _field(cls: Any, name: str) -> tuple[bool, Any]:
    """(whether the field holds an id that can be expanded, the class of an object nested in it)."""
    annotation = _resolve(cls.__annotations__[name], cls)
    members = [_resolve(member, cls) for member in _flat(annotation, cls)]
    objects = [m for m in members if isinstance(m, type) and issubclass(m, stripe.StripeObject)]
    lists = [m for m in members if get_origin(m) is ListObject]
    return (str in members and bool(objects)) or bool(lists), objects[0] if objects else None


def _flat(annotation: Any, cls: Any) -> list[Any]:
    annotation = _resolve(annotation, cls)
    if get_origin(annotation) is Union:
        return [one for member in get_args(annotation) for one in _flat(member, cls)]
    return [annotation]


def _resolve(annotation: Any, cls: Any) -> Any:
    """Classes are named by their short name, by `Outer.Inner`, or imported for type checkers only."""
    if not isinstance(annotation, (str, ForwardRef)):
        return annotation
    text = annotation if isinstance(annotation, str) else annotation.__forward_arg__
    scope = {**vars(stripe), **vars(sys.modules[cls.__module__])}
    try:
        return eval(text, scope)
    except (NameError, AttributeError):
        # A class that only type checkers import: terminal.Reader and the like.
        return getattr(stripe.terminal, text, stripe.StripeObject)


def _cannot(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", "expand")
