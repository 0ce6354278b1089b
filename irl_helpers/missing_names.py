"""A name that a learner's cell does not have yet: the cell that makes it, or the line that imports it."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

_MODULES = ("checks", "clock", "faults", "webhooks")  # what the notebooks use as `faults.clear()`
_PACKAGES = ("panels", "screen")  # whose `__init__` has the names
Lines = tuple[str, str, str]

SHOWN_AT_FIRST = (NameError,)
"""Errors that are explained until `stripe_client()` shows all. A handler for this very tuple is ours."""


def missing_name(problem: BaseException, namespace: Mapping[str, Any]) -> Lines | None:
    """Where the name comes from and what to do; None for one that neither a cell of this notebook makes nor
    irl_helpers has, and that is near to no name of the notebook's."""
    name = getattr(problem, "name", None)
    if type(problem) is not NameError or not name:
        return None
    return (
        _of_another_cell(problem, name, namespace)
        or _of_ours(problem, name)
        or _misspelled(problem, name, namespace)
    )


def tree_of(source: str) -> ast.Module | None:
    """The tree of a cell, without its magics; None for one that is no Python."""
    lines = ("" if line.startswith(("%", "!")) else line for line in source.splitlines())
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return None


def import_line(name: str) -> str:
    """The line that imports what irl_helpers calls so; "" for what it has not."""
    if name == "stripe":
        return "import stripe"
    if name in _MODULES:
        return f"from irl_helpers import {name}"
    defined = re.compile(rf"^(?:def|class) {re.escape(name)}\b", re.MULTILINE)
    module = next((module for module, path in _sources() if defined.search(path.read_text("utf-8"))), "")
    if not module:
        exported = re.compile(rf'^    "{re.escape(name)}",$', re.MULTILINE)
        inits = ((package, files(__package__) / package / "__init__.py") for package in _PACKAGES)
        module = next((package for package, path in inits if exported.search(path.read_text("utf-8"))), "")
    return f"from irl_helpers.{module} import {name}" if module and not name.startswith("_") else ""


def _sources() -> Iterator[tuple[str, Traversable]]:
    found = (path for path in files(__package__).iterdir() if path.name.endswith(".py"))
    return ((path.name.removesuffix(".py"), path) for path in sorted(found, key=lambda path: path.name))


def _of_another_cell(problem: BaseException, name: str, namespace: Mapping[str, Any]) -> Lines | None:
    path = namespace.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
    if not path:
        return None
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return None
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    source = next((source for source in sources if name in _names_of(source)), None)
    if source is None:
        return None
    return (
        str(problem),
        f"Made by: the cell that begins with {source.strip().splitlines()[0]!r}; it has not run.",
        "Run the cells above first (Run, Run All Above Selected Cell), then this one again.",
    )


def _of_ours(problem: BaseException, name: str) -> Lines | None:
    line = import_line(name)
    if not line:
        return None
    return str(problem), "No cell of this notebook has imported it.", f"Write above it: {line}"


def _misspelled(problem: BaseException, name: str, namespace: Mapping[str, Any]) -> Lines | None:
    """A name that is nearly one that the notebook has; a short one is near to too many."""
    known = [each for each in namespace if not each.startswith("_")]
    near = get_close_matches(name, known, n=1, cutoff=0.8) if len(name) > 3 else []
    if not near:
        return None
    return str(problem), "Nothing in this notebook has that name.", f"Did you mean {near[0]}?"


def _names_of(source: str) -> set[str]:
    """The names that a cell gives to something."""
    tree = tree_of(source)
    nodes = list(ast.walk(tree)) if tree else []
    made = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    made |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return made | {
        (node.asname or node.name).partition(".")[0] for node in nodes if isinstance(node, ast.alias)
    }
