"""Looking through an account file for what nobody can have written there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import Any

import stripe

from .ids import PREFIXES

_TABLES: dict[str, dict[str, Any]] = {
    # What every value of a column is: a type, or "json".
    "accounts": {"id": int, "key_hash": str, "revision": int, "clock_offset": float, "faults": "json"},
    "objects": {"account": int, "kind": str, "id": str, "created": int, "body": "json"},
    "due": {"account": int, "at": float, "what": str, "id": str},
    "answers": {
        "number": int,
        "account": int,
        "key": str,
        "request": str,
        "status": int,
        "body": "json",
        "created": float,
    },
    "deliveries": {"account": int, "event": str, "endpoint": str, "at": float, "tries": int},
}


def quick_check(db: sqlite3.Connection, pragma: str = "quick_check") -> str:
    """What SQLite itself finds wrong with the file, its indexes left out; '' for nothing."""
    [(found,)] = db.execute(f"PRAGMA {pragma}(1)").fetchall()
    said = found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)
    return "" if said == "ok" else said


def integrity_check(db: sqlite3.Connection) -> str:
    """The same with its indexes, which takes longer."""
    return quick_check(db, "integrity_check")


def find_damage(db: sqlite3.Connection) -> str:
    """What is wrong with the file, in a few words; '' for nothing."""
    before = db.text_factory
    db.text_factory = bytes
    try:
        return next(_damage(db), "")
    except (sqlite3.Error, ValueError, AttributeError) as problem:
        return str(problem)
    finally:
        db.text_factory = before


def _damage(db: sqlite3.Connection) -> Iterator[str]:
    if said := integrity_check(db):
        yield said
    for table, columns in _TABLES.items():
        names = ", ".join(f'"{name}"' for name in columns)
        for row in db.execute(f"SELECT {names} FROM {table}"):
            for (name, type), value in zip(columns.items(), row, strict=True):
                if not _is(type, value):
                    yield f"a row of {table} has no {name}"
    for kind, id, body, inner in db.execute("SELECT kind, id, body, inner FROM objects"):
        name = id.decode()
        if not _is_object(kind.decode(), name, json.loads(body), inner):
            yield f"{name} cannot be read"
        elif unknown := next(_unknown_fields(json.loads(body)), ""):
            yield f"{name} has a field {unknown!r}"


def _unknown_fields(value: Any) -> Iterator[str]:
    """What no object of Stripe's has, except where names are the learner's."""
    if isinstance(value, list):
        for each in value:
            yield from _unknown_fields(each)
    elif isinstance(value, dict):
        for name, inside in value.items():
            if name not in _field_names():
                yield name
            if name not in ("metadata", "previous_attributes"):
                yield from _unknown_fields(inside)


@cache
def _field_names() -> set[str]:
    """The names of all fields of the kinds of objects that are kept, as the library has them."""
    names, seen = {"object", "deleted"}, set()
    classes: list[Any] = []
    for kind in PREFIXES:
        *room, noun = kind.split(".")
        classes.append(getattr(stripe.terminal if room else stripe, noun.title().replace("_", ""), None))
    while classes:
        found = classes.pop()
        if isinstance(found, type) and found not in seen:
            seen.add(found)
            names.update(getattr(found, "__annotations__", {}))
            classes.extend(vars(found).values())
    return names


def _is(type: Any, value: Any) -> bool:
    if type == "json" or type is str:
        if not isinstance(value, bytes):
            return False
        try:
            text = value.decode()
            return type is str or isinstance(json.loads(text), dict | list)
        except ValueError:
            return False
    return isinstance(value, type) or (type is float and isinstance(value, int))


def _is_object(kind: str, id: str, body: Any, inner: Any) -> bool:
    try:
        inner = json.loads(inner or b"{}")
    except ValueError:
        return False
    if not isinstance(body, dict) or not isinstance(inner, dict):
        return False
    deleted = "deleted " if body.get("deleted") else ""
    return (body.get("id"), f"{deleted}{body.get('object')}") == (id, kind)
