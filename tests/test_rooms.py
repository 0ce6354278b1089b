"""What stands where: a call can be made by a program that has no notebook and no widgets."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

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
    "account", "cancel", "cards", "cart", "collect", "connect", "faults", "money", "progress",
    "save_a_card", "setup", "tips",
}  # fmt: skip


def test_no_other_name_is_used_twice():
    modules = [*(ROOT / "irl_helpers").rglob("*.py"), *(ROOT / "workshop").glob("*.py")]
    names = Counter(path.stem for path in modules if not path.stem.startswith("__"))
    assert {name for name, times in names.items() if times > 1} == SHARED_NAMES
