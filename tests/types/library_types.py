"""Does an answer fit the installed library's resource classes: names, types and literals, nested?

The classes say what an answer may hold, and what it must hold and may not be null; the types of the npm
package, checked together with them, also say which of the others are always sent.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, ClassVar, ForwardRef, Literal, Union, get_args, get_origin

from stripe._error_object import ErrorObject
from stripe._list_object import ListObject
from stripe._object_classes import get_object_class
from stripe._search_result_object import SearchResultObject
from stripe._stripe_object import StripeObject, UntypedStripeObject

from irl_helpers.simulator.version_steps import SHAPED_UNTIL

_LISTS = {"list": ListObject, "search_result": SearchResultObject}
# What a class does not name although the API reference has it.
_UNNAMED = {"list": ("total_count",), "search_result": ("url", "total_count")}
# Codes of declines that Stripe was seen to answer although its own list lacks them.
SEEN_CODES = ("offline_pin_required", "online_or_offline_pin_required")
_SCALARS = {bool: (bool,), int: (int,), float: (int, float), str: (str,)}


def problems(answer: dict[str, Any]) -> list[str]:
    """What is wrong with an answer's shape, each as `kind.field: what`; empty when nothing is."""
    if set(answer) == {"error"}:
        return list(_of_class(answer["error"], ErrorObject, "error"))
    return list(_of_object(answer, answer.get("object", "?")))


def _of_object(value: dict[str, Any], path: str) -> Iterator[str]:
    """An object that says itself what it is."""
    kind = value.get("object")
    if kind in _LISTS:
        around = {name: inner for name, inner in value.items() if name not in ("object", *_UNNAMED[kind])}
        if kind == "search_result" and value["next_page"] is None:
            around["next_page"] = ""  # the class calls it a string although the last page has none
        yield from _of_class({**around, "data": []}, _LISTS[kind], path)
        for one in value["data"]:
            yield from _of_object(one, f"{path}.{one.get('object')}")
        return
    cls = get_object_class("V1", kind)
    if cls is StripeObject:
        yield f"{path}: the library knows no object {kind!r}"
    elif kind == "event":
        yield from _of_class({**value, "data": {**value["data"], "object": {}}}, cls, path)
        if value["api_version"] < SHAPED_UNTIL:
            return
        yield from _of_object(value["data"]["object"], f"{value['type']}.{value['data']['object']['object']}")
        previous = value["data"].get("previous_attributes") or {}
        about = get_object_class("V1", value["data"]["object"]["object"])
        for name in previous.keys() - _fields(about):
            yield f"{value['type']}.previous_attributes.{name}: unknown"
    else:
        yield from _of_class(value, cls, path)


def _of_class(value: dict[str, Any], cls: type, path: str) -> Iterator[str]:
    fields = _fields(cls)
    for name, inner in value.items():
        if name not in fields:
            yield f"{path}.{name}: unknown"
        else:
            yield from _of_members(inner, _members(*fields[name]), f"{path}.{name}")
    if value.get("deleted"):
        return
    for name, (annotation, module) in fields.items():
        if name not in value and type(None) not in _members(annotation, module):
            yield f"{path}.{name}: missing"


def _of_members(value: Any, members: tuple[Any, ...], path: str) -> Iterator[str]:
    """A value that may be any of `members`."""
    if value is None:
        if type(None) not in members:
            yield f"{path}: null"
    elif isinstance(value, dict):
        yield from _of_dict(value, members, path)
    elif isinstance(value, list):
        lists = [member for member in members if get_origin(member) is list]
        if not lists:
            yield f"{path}: an array"
        for inner in value if lists else ():
            yield from _of_members(inner, _members(get_args(lists[0])[0], __name__), path)
    elif not _observed(value, path):
        # A list of words that the library leaves open (`| str`) is closed here: we know no others.
        words = [word for member in members if get_origin(member) is Literal for word in get_args(member)]
        if words and value not in words:
            yield f"{path}: {value!r} is not in its list"
        elif not words and not any(type(value) in _SCALARS.get(member, ()) for member in members):
            yield f"{path}: {value!r} is {type(value).__name__}"


def _observed(value: Any, path: str) -> bool:
    """Whether it is one of the known exceptions: two codes of declines, and fractions in a cart."""
    if isinstance(value, float):
        return ".set_reader_display.cart." in path
    return path.endswith(".last_payment_error.code") and value in SEEN_CODES


def _of_dict(value: dict[str, Any], members: tuple[Any, ...], path: str) -> Iterator[str]:
    for member in members:
        if member is UntypedStripeObject or get_origin(member) in (UntypedStripeObject, dict):
            inner_types = get_args(member)[-1:]
            for name, inner in value.items() if inner_types and inner_types[0] is not Any else ():
                yield from _of_members(inner, inner_types, f"{path}.{name}")
            return
    kind = value["object"] if isinstance(value.get("object"), str) else None
    classes = [member for member in members if isinstance(member, type) and issubclass(member, StripeObject)]
    known = [*classes, *map(get_origin, members)]
    if kind and _LISTS.get(kind, get_object_class("V1", kind)) in known:
        yield from _of_object(value, path)
    elif len(classes) == 1 and not hasattr(classes[0], "OBJECT_NAME"):
        yield from _of_class(value, classes[0], path)
    else:
        yield f"{path}: an object {kind!r}, not {members}"


@cache
def _fields(cls: type) -> dict[str, tuple[Any, str]]:
    """name -> (annotation, the module it was written in)."""
    return {
        name: (annotation, base.__module__)
        for base in reversed(cls.__mro__)
        if issubclass(base, StripeObject) and base is not StripeObject
        for name, annotation in base.__annotations__.items()
        if not name.startswith("_") and get_origin(annotation) is not ClassVar
    }


@cache
def _members(annotation: Any, module: str) -> tuple[Any, ...]:
    """The types that an annotation allows, unions within unions laid open and names looked up."""
    annotation = _resolve(annotation, module)
    if get_origin(annotation) is Union:
        return tuple(one for member in get_args(annotation) for one in _members(member, module))
    if get_origin(annotation) is list:
        inner = _members(get_args(annotation)[0], module)
        return (list[Union.__getitem__(inner)],)
    return (annotation,)


def _resolve(annotation: Any, module: str) -> Any:
    if not isinstance(annotation, (str, ForwardRef)):
        return annotation
    text = annotation if isinstance(annotation, str) else annotation.__forward_arg__
    return eval(text, {}, _Names(sys.modules[module]))


class _Names(dict[str, Any]):
    """What names in a module's annotations stand for, those included that only type checkers import."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __missing__(self, name: str) -> Any:
        if hasattr(self._module, name):
            return getattr(self._module, name)
        source, original = _imports(self._module)[name]
        return getattr(importlib.import_module(source), original)


@cache
def _imports(module: ModuleType) -> dict[str, tuple[str, str]]:
    """Name -> (module, its name there), for every `from … import …`."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
