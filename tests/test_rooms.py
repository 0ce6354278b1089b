"""What stands where: a call can be made by a program that has no notebook and no widgets."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Generic, Protocol

import pytest

ROOT = Path(__file__).resolve().parent.parent

CALLS = [
    "setup", "connect", "collect", "cancel", "refund", "cart", "tips", "save_a_card",
    "recovery", "sale", "faults", "clock", "webhooks", "checks", "request_log", "screen",
]  # fmt: skip


@pytest.mark.parametrize("module", CALLS)
def test_a_call_brings_no_widgets(module):
    program = f"""
import sys
import irl_helpers.{module}
print(*sorted({{"ipywidgets", "IPython", "traitlets"}} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


# The same thing on two floors: a part's calls and their panel, what is offline and what one asks of it.
SHARED_NAMES = {
    "account", "cancel", "cards", "cart", "collect", "collect_inputs", "connect", "faults", "money",
    "progress", "save_a_card", "setup", "still", "tips",
}  # fmt: skip


def test_no_other_name_is_used_twice():
    modules = [*(ROOT / "irl_helpers").rglob("*.py"), *(ROOT / "workshop").glob("*.py")]
    names = Counter(path.stem for path in modules if not path.stem.startswith("__"))
    assert {name for name, times in names.items() if times > 1} == SHARED_NAMES


def ours():
    """Every class of the package with the module that defines it."""
    import irl_helpers

    for found in pkgutil.walk_packages(irl_helpers.__path__, "irl_helpers."):
        if not found.name.endswith("__main__"):
            module = import_module(found.name)
            for kind in vars(module).values():
                if isinstance(kind, type) and kind.__module__ == module.__name__:
                    yield kind


def test_a_class_of_ours_is_one_below_a_widget_or_one_base():
    for kind in ours():
        above = [base for base in kind.__mro__[1:] if base.__module__.startswith("irl_helpers.")]
        # Errors are a tree of their own: a caller catches what they have in common.
        if above and not issubclass(kind, Exception):
            assert len(above) == 1, (kind, above)
            assert above[0].__bases__ in ((object,), (Protocol, Generic)), (kind, above)
