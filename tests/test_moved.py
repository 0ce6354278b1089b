"""Names and modules that have moved: a notebook of before says the old line, and is told the new one."""

from __future__ import annotations

import importlib
import sys

import pytest

from irl_helpers.moved import MODULES, NAMES


def said(line: str) -> str:
    with pytest.raises(ImportError) as caught:
        exec(line, {})
    return str(caught.value)


def public(module: str) -> list[str]:
    """The names that a module has of its own."""
    found = vars(importlib.import_module(module)).items()
    return [name for name, each in found if getattr(each, "__module__", None) == module and name[0] != "_"]


@pytest.mark.parametrize(("module", "name"), [(module, name) for module in NAMES for name in NAMES[module]])
def test_an_old_name_says_the_new_line_which_works(module, name):
    new = f"from {NAMES[module][name]} import {name}"
    assert said(f"from {module} import {name}").endswith(f"Write: {new}")
    assert said(f"import {module}; {module}.{name}").endswith(f"Write: {new}")
    exec(new, {})


@pytest.mark.parametrize("module", NAMES)
def test_a_name_that_a_module_never_had_is_missing_as_everywhere(module):
    with pytest.raises(ImportError, match="cannot import name 'nonsense'"):
        exec(f"from {module} import nonsense", {})
    assert not hasattr(importlib.import_module(module), "nonsense")


@pytest.mark.parametrize("module", MODULES)
def test_an_old_module_says_the_new_lines_which_work(module):
    package, _, name = MODULES[module].rpartition(".")
    old_package, _, old_name = module.rpartition(".")
    new = f"from {package} import {name}"
    names = public(MODULES[module])
    assert names
    for line in (f"import {module}", f"from {old_package} import {old_name}"):
        assert f"Write: {new}," in said(line)
    for each in names:
        assert said(f"from {module} import {each}").endswith(f"or: from {MODULES[module]} import …")
        exec(f"from {MODULES[module]} import {each}", {})
    exec(new, {})
    assert module not in sys.modules


def test_a_module_that_never_was_is_missing_as_everywhere():
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'irl_helpers\.nonsense'"):
        exec("import irl_helpers.nonsense", {})
    with pytest.raises(ImportError, match="cannot import name 'nonsense'"):
        exec("from irl_helpers import nonsense", {})
