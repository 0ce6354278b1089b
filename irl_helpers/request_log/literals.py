"""Values as source code, in the languages that requests are shown in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

WIDTH = 88
_PLAIN_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


class OpenFile(NamedTuple):
    """A file in a sample: opened by its name."""

    name: str


class Language(NamedTuple):
    """How a language writes a dict's `key`, a value that contains no other (`leaf`), and the space inside
    the braces of one on one line; `indent` is a step's width."""

    key: Callable[[str], str]
    leaf: Callable[[Any], str]
    indent: int
    space: str = ""

    def literal(self, value: Any, indent: int = 0, before: int = 0) -> str:
        """A value, broken into lines where it is long; `before` characters stand before it."""
        flat = self._flat(value)
        if not value or not isinstance(value, (dict, list)) or indent + before + len(flat) < WIDTH:
            return flat
        inner = indent + self.indent
        if isinstance(value, dict):
            entries = [(f"{self.key(name)}: ", each) for name, each in value.items()]
        else:
            entries = [("", each) for each in value]
        lines = "".join(
            f"{' ' * inner}{name}{self.literal(each, inner, len(name))},\n" for name, each in entries
        )
        return f"{'{['[isinstance(value, list)]}\n{lines}{' ' * indent}{'}]'[isinstance(value, list)]}"

    def call(self, name: str, arguments: list[str]) -> str:
        """A call, its arguments on lines of their own where it is long."""
        flat = f"{name}({', '.join(arguments)})"
        if len(flat) <= WIDTH and "\n" not in flat:
            return flat
        lines = "".join(f"{' ' * self.indent}{argument},\n" for argument in arguments)
        return f"{name}(\n{lines})"

    def _flat(self, value: Any) -> str:
        if isinstance(value, dict) and value:
            inside = ", ".join(f"{self.key(name)}: {self._flat(each)}" for name, each in value.items())
            return f"{{{self.space}{inside}{self.space}}}"
        if isinstance(value, dict):
            return "{}"
        if isinstance(value, list):
            return f"[{', '.join(map(self._flat, value))}]"
        return self.leaf(value)


def text(value: str) -> str:
    """A string in double quotes, as both languages read it."""
    return json.dumps(value, ensure_ascii=False)


def _name(key: str) -> str:
    """A key in an object literal. One of this name would be the object's prototype."""
    if key == "__proto__":
        return '["__proto__"]'
    return key if _PLAIN_NAME.fullmatch(key) else text(key)


def _python(value: Any) -> str:
    if isinstance(value, OpenFile):
        return f'open({text(value.name)}, "rb")'
    return text(value) if isinstance(value, str) else repr(value)


def _javascript(value: Any) -> str:
    if isinstance(value, OpenFile):
        return f"{{ data: fs.readFileSync({text(value.name)}), name: {text(value.name)} }}"
    return json.dumps(value, ensure_ascii=False)


PYTHON = Language(text, _python, 4)
JAVASCRIPT = Language(_name, _javascript, 2, " ")
