"""What pyproject.toml allows can be installed: the lowest versions and the highest, on each Python."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

uv = pytest.importorskip("uv", reason="uv resolves; without it nobody does")

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
SECONDS = 60
# What uv says where no index can be reached.
OFFLINE = re.compile(r"dns error|error sending request|connect|timed out|offline|network", re.IGNORECASE)

REQUIREMENTS = [
    Requirement(line)
    for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for line in lines
]


def resolved(python: str, resolution: str, folder: Path) -> dict[str, Version]:
    """The version of every package, none of which has to be built. Skips where no index can be reached."""
    found = folder / "resolved.txt"
    done = subprocess.run(
        [
            uv.find_uv_bin(), "pip", "compile", "pyproject.toml", "--all-extras", "--only-binary", ":all:",
            "--python-version", python, "--resolution", resolution, "--no-header", "--no-annotate",
            "--output-file", str(found),
        ],
        cwd=ROOT,
        env={**os.environ, "UV_HTTP_TIMEOUT": "10", "UV_HTTP_RETRIES": "0"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )  # fmt: skip
    if done.returncode and OFFLINE.search(done.stderr):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr
    lines = (line.partition(";")[0].partition("==") for line in found.read_text().splitlines())
    return {name.strip(): Version(version.strip()) for name, _, version in lines if version}


@pytest.mark.parametrize("python", PYTHONS)
def test_lowest(tmp_path: Path, python: str):
    """Each lower bound is a version that exists and has a wheel."""
    found = resolved(python, "lowest-direct", tmp_path)
    named: dict[str, Version] = {}
    for requirement in REQUIREMENTS:
        [least] = [Version(each.version) for each in requirement.specifier if each.operator == ">="]
        named[requirement.name] = max(least, named.get(requirement.name, least))
    assert {name: found[name] for name in named} == named


@pytest.mark.parametrize("python", PYTHONS)
def test_highest(tmp_path: Path, python: str):
    found = resolved(python, "highest", tmp_path)
    assert all(found[each.name] in each.specifier for each in REQUIREMENTS)
