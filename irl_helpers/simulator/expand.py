"""`expand[]`: ids replaced by the objects they name, up to four levels, on lists through `data.`.

What can be expanded is read from the library's resource classes, before anything else is done.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any, ForwardRef, Union, get_args, get_origin

import stripe
from stripe._list_object import ListObject
from stripe._object_classes import get_object_class
from stripe._stripe_object import UntypedStripeObject

from .account import Account, Object
from .errors import StripeError
from .resources import amount_details, refunds
from .version_steps import LISTS
from .versions import COUNTED_UNTIL

MAX_LEVELS = 4

# (kind, field) -> (kind of its members, function): a list that an object only shows when asked for. Its field
# may be in another one.
INCLUDED: dict[tuple[str, str], tuple[str, Callable[[Account, Object], Object]]] = {
    ("charge", "refunds"): ("refund", refunds.of_charge),
    ("payment_intent", "amount_details.line_items"): (amount_details.KIND, amount_details.shown),
}
_CANNOT = "This property cannot be expanded ({})."


def check(kind: str, listed: str, paths: list[str], version: str) -> None:
    """Raises StripeError for a path that cannot be expanded in an object of this kind.

    `listed` is "list" or "search" where the answer is one of such objects.
    """
    for path in paths:
        _check(kind, listed, path, version)


@lru_cache(maxsize=1024)
def _check(kind: str, listed: str, path: str, version: str) -> None:
    levels = path.split(".")
    if listed:
        if levels == ["total_count"] and (listed == "search" or version < COUNTED_UNTIL):
            return
        if levels[0] != "data":
            raise StripeError(f"{_CANNOT.format(path)} You may want to try expanding 'data.{path}' instead.")
        levels = levels[1:]
    if len(levels) > MAX_LEVELS:
        raise StripeError("You cannot expand more than 4 levels of a property")
    if not _reaches(_class(kind), kind, levels, version):
        raise StripeError(_CANNOT.format(path))


def _reaches(cls: Any, kind: str, levels: list[str], version: str) -> bool:
    """Whether these names lead from an object to another one, or to what is an object anyway."""
    if not levels:
        return True
    for (owner, field), (member, _) in INCLUDED.items():
        names = field.split(".")
        if owner == kind and levels[: len(names)] == names:
            return _reaches_in_list(member, levels[len(names) :], version)
    name, *rest = levels
    until, member = LISTS.get((kind, name), ("", ""))
    if version < until:
        return _reaches_in_list(member, rest, version)
    if cls is None or name not in cls.__annotations__:
        return False
    for type_ in _members(cls, name):
        if get_origin(type_) is ListObject:
            found = _reaches_in_list(_name(_resolve(get_args(type_)[0], cls)), rest, version)
        elif isinstance(type_, type) and issubclass(type_, stripe.StripeObject):
            found = _reaches(type_, _name(type_), rest, version)
        else:
            found = get_origin(type_) in (dict, UntypedStripeObject) and not rest
        if found:
            return True
    return False


def _reaches_in_list(kind: str, rest: list[str], version: str) -> bool:
    """The same for a list of such objects."""
    return not rest or (rest[0] == "data" and _reaches(_class(kind), kind, rest[1:], version))


def expand(account: Account, answer: Object, paths: list[str]) -> Object:
    """A copy of the answer with every path expanded; `check` has said that each can be."""
    for path in paths:
        answer = _expand(account, answer, path.split("."))
    return answer


def _expand(account: Account, value: Any, levels: list[str]) -> Any:
    if not levels:
        return value
    if isinstance(value, list):
        return [_expand(account, one, levels) for one in value]
    if not isinstance(value, dict):
        return value
    for (owner, field), (_, include) in INCLUDED.items():
        names = field.split(".")
        if owner == value.get("object") and levels[: len(names)] == names:
            return _put(account, value, names, partial(include, account, value), levels[len(names) :])
    name, *rest = levels
    inner = value.get(name)
    if isinstance(inner, str):
        found = account.find(inner)
        inner = account.view(found) if found else inner
    return {**value, name: _expand(account, inner, rest)} if name in value else value


def _put(
    account: Account, value: Object, names: list[str], make: Callable[[], Object], rest: list[str]
) -> Object:
    """A copy with what `make` gives in the field that `names` lead to, unless it is there already."""
    name, *deeper = names
    if deeper:
        return {**value, name: _put(account, value[name], deeper, make, rest)}
    return {**value, name: _expand(account, value.get(name) or make(), rest)}


def _class(kind: str) -> Any:
    cls = get_object_class("V1", kind)
    return None if cls is stripe.StripeObject else cls


def _name(cls: Any) -> str:
    return str(getattr(cls, "OBJECT_NAME", ""))


@cache
def _members(cls: Any, name: str) -> list[Any]:
    """The types that a field may have."""
    return [_resolve(member, cls) for member in _flat(cls.__annotations__[name], cls)]


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
    return eval(text, {}, _Names(vars(sys.modules[cls.__module__])))


class _Names(dict[str, Any]):
    """A module's names, and those that only type checkers import: `Reader`, `CardResource` and the like."""

    def __missing__(self, name: str) -> Any:
        if name in vars(builtins):
            raise KeyError(name)
        short = name.removesuffix("Resource")
        for package in (stripe, stripe.terminal, stripe.test_helpers):
            if hasattr(package, short):
                return getattr(package, short)
        return stripe.StripeObject
