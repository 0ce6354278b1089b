"""The rules about imports, `[tool.importlinter]` in pyproject.toml: they hold, and a broken one goes red."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# The contract that breaks, what is added to which file of irl_helpers, and how the answer names it.
BROKEN = {
    "up": ("floors", "money.py", "from . import account", "money -> irl_helpers.account"),
    "up, late": (
        "floors",
        "account.py",
        "def late():\n    from . import setup",
        "account -> irl_helpers.setup",
    ),
    "up, for types": (
        "floors",
        "recovery.py",
        "if TYPE_CHECKING:\n    from .panels import Panel",
        "recovery -> irl_helpers.panels",
    ),
    "without a floor": ("floors", "attic.py", "", "irl_helpers.attic"),
    "circle in a room": ("circles", "screen/svg.py", "from .canvas import Canvas", ".svg -> .canvas"),
    "circle of rooms": ("circles", "money.py", "from . import screen", ".money -> .screen"),
    "circle, late": (
        "circles",
        "checks/result.py",
        "def late():\n    from . import parts",
        ".result -> .parts",
    ),
    "a call's widget": ("widgets", "collect.py", "import ipywidgets", "collect -> ipywidgets"),
    "simulator, up": (
        "simulator",
        "simulator/ids.py",
        "from ..money import format_amount",
        "ids -> irl_helpers.money",
    ),
    "simulator's widget": ("simulator", "simulator/ids.py", "import ipywidgets", "ids -> ipywidgets"),
}


def lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [LINT_IMPORTS, "--no-logo", "--no-cache", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_module_keeps_to_its_floor():
    linted = lint_imports(ROOT)
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_goes_red(case, tmp_path):
    contract, file, line, named = BROKEN[case]
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "irl_helpers", tmp_path / "irl_helpers", ignore=shutil.ignore_patterns("*.json"))
    with (tmp_path / "irl_helpers" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    linted = lint_imports(tmp_path, "--contract", contract)
    assert linted.returncode == 1, linted.stdout + linted.stderr
    assert named in linted.stdout
