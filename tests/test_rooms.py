"""What stands where: a call can be made by a program that has no notebook and no widgets."""

from __future__ import annotations

import subprocess
import sys

import pytest

CALLS = [
    "setup", "connect", "collect", "cancel", "refund", "cart", "tips", "save_a_card",
    "recovery", "faults", "clock", "webhooks", "checks", "request_log", "screen",
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
