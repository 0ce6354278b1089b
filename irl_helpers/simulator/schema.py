"""Request parameters, read from the installed library: `stripe.params` has a TypedDict for every call.

`decode(params, tree, version)` turns the strings of a form into typed values, or raises Stripe's error.
Each TypedDict is compiled on first use, and the ones nested in it when they are first needed.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import types
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import typing_extensions
from stripe import _request_options
from stripe._stripe_object import UntypedStripeObject

from . import errors
from .versions import MESSAGES, overlay

# (value, path, version) -> the typed value
Decoder = Callable[[Any, str, str], Any]
OPTIONS = frozenset(_request_options.RequestOptions.__annotations__)
# Digits of this alphabet only: to Python, those of others are numbers too.
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_INDEX = re.compile(r"\d{1,5}", re.ASCII)
# How much of a name must be right for Stripe to guess which one was meant.
_NEAR = 0.8
# Where an empty string is no error. Elsewhere it is, unless the library's types say that it clears.
_FREE_TEXTS = frozenset(
    (
        "carrier", "city", "description", "email", "line1", "line2", "name", "phone", "postal_code",
        "receipt_email", "state", "tracking_number",
    )
)  # fmt: skip
_WRAPPERS = {typing_extensions.NotRequired, typing_extensions.Required}


def decode(params: type, tree: dict[str, Any], version: str) -> dict[str, Any]:
    """Typed parameters of a call.

    `params` is the library's TypedDict of the call, `tree` what `parse_form` read, `version` the API version.
    Raises StripeError: unknown, missing or malformed parameter, or a value that is not in its list.
    """
    return _decode_object(params, tree, "", version)


@cache
def params_class(name: str) -> type:
    """`"terminal.ReaderCreateParams"` -> the class in `stripe.params.terminal`."""
    package, _, class_name = name.rpartition(".")
    module = importlib.import_module(f"stripe.params.{package}" if package else "stripe.params")
    found: type = getattr(module, class_name)
    return found


def _decode_object(params: type, tree: Any, path: str, version: str) -> dict[str, Any]:
    if not isinstance(tree, dict):
        raise errors.invalid("Invalid object", path)
    fields, required = _fields(params)
    added, removed = overlay(params.__name__, version)
    values: dict[str, Any] = {}
    unknown: list[str] = []
    for name, value in tree.items():
        here = f"{path}[{name}]" if path else name
        decoder = None if name in removed else fields.get(name)
        if name in added:
            decoder = _decoder(added[name], __name__)
        if decoder is None:
            unknown.append(here)
            continue
        values[name] = decoder(value, here, version)
    if unknown:
        for name in tree:
            if code := removed.get(name):
                raise errors.invalid(MESSAGES[code], f"{path}[{name}]" if path else name, code)
        raise errors.unknown_parameters(unknown, _meant(unknown, path, {*fields, *added} - removed.keys()))
    for name in required:
        if name not in values and name not in removed:
            raise errors.missing(f"{path}[{name}]" if path else name)
    return values


def _meant(unknown: list[str], path: str, known: set[str]) -> str:
    """The parameter that is written nearly as the only unknown one is; '' for none."""
    # Only now: few requests are wrong.
    from difflib import get_close_matches

    names = [name for name in unknown if name.startswith(path)]
    if len(unknown) != 1 or not names:
        return ""
    last = unknown[0].removeprefix(f"{path}[").removesuffix("]") if path else unknown[0]
    near = get_close_matches(last, sorted(known), 1, _NEAR)
    return (f"{path}[{near[0]}]" if path else near[0]) if near else ""


@cache
def _fields(params: type) -> tuple[dict[str, Decoder], list[str]]:
    module = params.__module__
    # Only calls have options; a nested TypedDict may have a field of the same name.
    own = {n: a for n, a in params.__annotations__.items() if n not in OPTIONS or not _is_call(params)}
    decoders = {
        name: _free_text if _clears(name, params) else _decoder(annotation, module)
        for name, annotation in own.items()
    }
    required: frozenset[str] = getattr(params, "__required_keys__")  # noqa: B009 - of TypedDicts only
    return decoders, [name for name in own if name in required]


def _clears(name: str, params: type) -> bool:
    """Whether an empty string is taken there: it clears a text, or means nothing."""
    return name in _FREE_TEXTS and ".terminal." not in params.__module__


def _is_call(params: type) -> bool:
    return set(params.__annotations__) >= OPTIONS


def _resolve(annotation: Any, module: str) -> Any:
    """What a string or ForwardRef stands for, looked up where it was written."""
    while isinstance(annotation, (str, ForwardRef)):
        text = annotation if isinstance(annotation, str) else annotation.__forward_arg__
        annotation = eval(text, vars(sys.modules[module]))
    return annotation


@cache
def _decoder(annotation: Any, module: str) -> Decoder:
    annotation = _resolve(annotation, module)
    origin = get_origin(annotation)
    if origin in _WRAPPERS:
        return _decoder(get_args(annotation)[0], module)
    if origin is Literal:
        return _choice(list(get_args(annotation)))
    if origin in (Union, types.UnionType):
        return _union(get_args(annotation), module)
    if origin is list:
        return _list(get_args(annotation)[0], module)
    if origin is dict or origin is UntypedStripeObject or annotation is UntypedStripeObject:
        return _mapping
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if annotation is Any:
        # A file; its call says what else will not do.
        return lambda value, path, version: value
    if typing_extensions.is_typeddict(annotation):
        return lambda value, path, version: _decode_object(annotation, value, path, version)
    raise TypeError(f"no decoder for {annotation!r}")


def _text(value: Any, path: str, version: str) -> str:
    if not isinstance(value, str):
        raise errors.invalid(f"Invalid string: {json.dumps(value, separators=(',', ':'))[:200]}", path)
    if value == "":
        raise errors.empty(path)
    return value


def _free_text(value: Any, path: str, version: str) -> str:
    return "" if value == "" else _text(value, path, version)


def _integer(value: Any, path: str, version: str) -> int:
    if value == "":
        raise errors.empty(path)
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        shown = value[:60] if isinstance(value, str) else "an object or array"
        raise errors.invalid(f"Invalid integer: {shown}", path, "parameter_invalid_integer")
    return int(value)


def _boolean(value: Any, path: str, version: str) -> bool:
    if value == "":
        raise errors.empty(path)
    if value not in ("true", "false"):
        raise errors.invalid("Invalid boolean: must be true or false", path)
    return bool(value == "true")


def _number(value: Any, path: str, version: str) -> float | int:
    """A decimal number; also what a cart's amounts are read with, since a float is accepted there."""
    if value == "":
        raise errors.empty(path)
    try:
        if isinstance(value, str) and value.isascii() and len(value) < 40:
            if _INTEGER.fullmatch(value):
                return int(value)
            number = float(value)
            if abs(number) < 1e15:
                return number
    except ValueError:
        pass
    raise errors.invalid("Invalid decimal: expected a number", path)


def _mapping(value: Any, path: str, version: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise errors.invalid("Invalid object", path)
    for key, inner in value.items():
        if not isinstance(inner, str):
            raise errors.invalid("Metadata values must be strings", f"{path}[{key}]")
    return dict(value)


def _choice(members: list[Any]) -> Decoder:
    *most, last = [member for member in members if member != ""]
    listed = f"{', '.join(most)}{',' if len(most) > 1 else ''} or {last}" if most else last

    def choose(value: Any, path: str, version: str) -> Any:
        if value in members:
            return value
        if value == "":
            raise errors.empty(path)
        raise errors.invalid(f"Invalid {path}: must be one of {listed}", path)

    return choose


def _choice_or_boolean(members: list[Any]) -> Decoder:
    """`bool|Literal[…]`, such as `off_session`."""
    choose = _choice(members)
    return lambda value, path, version: (
        _boolean(value, path, version) if value in ("true", "false") else choose(value, path, version)
    )


def _list(member: Any, module: str) -> Decoder:
    decode_member = _decoder(member, module)

    def decode_list(value: Any, path: str, version: str) -> list[Any]:
        if value == "":
            return []
        if not isinstance(value, dict) or not all(_INDEX.fullmatch(key) for key in value):
            raise errors.invalid("Invalid array", path)
        return [decode_member(value[key], f"{path}[{key}]", version) for key in sorted(value, key=int)]

    return decode_list


def _union(members: tuple[Any, ...], module: str) -> Decoder:
    """`Literal['']|X`: '' clears, else X. A non-empty Literal closes the list, even next to `|str`."""
    resolved = [_resolve(member, module) for member in members]
    resolved = [member for member in resolved if member is not type(None)]
    literals = [member for member in resolved if get_origin(member) is Literal]
    closed = [m for literal in literals for m in get_args(literal)]
    clears = "" in closed
    others = [member for member in resolved if member not in literals]
    if any(closed):
        return _choice_or_boolean(closed) if bool in others else _choice(closed)
    scalars = [member for member in others if member in _SCALARS]
    nested = [member for member in others if member not in _SCALARS]
    decode_scalar = _decoder(_first(scalars), module) if scalars else None
    # Decoded on first use: what is nested may be large and is rarely sent.
    nested_member = nested[0] if nested else None

    def decode_union(value: Any, path: str, version: str) -> Any:
        if clears and value == "":
            return ""
        if decode_scalar is None or (nested_member is not None and isinstance(value, dict)):
            return _decoder(nested_member, module)(value, path, version)
        return decode_scalar(value, path, version)

    return decode_union


def _first(scalars: list[Any]) -> Any:
    return min(scalars, key=list(_SCALARS).index)


_SCALARS: dict[Any, Decoder] = {int: _integer, float: _number, Decimal: _number, bool: _boolean, str: _text}
