"""What pyproject.toml asks for, read from the installed package: the file need not be there, and no other
package is needed to read it."""

from __future__ import annotations

import re
from importlib import metadata

from .settings import programs_can_run

PACKAGE = "get-paid-irl-notebooks"
EXTRAS = ("notebooks", "server")
"""What `make lab` installs."""

_REQUIREMENT = re.compile(r"""([\w.-]+?)((?:[<>]=?[\w.]+,?)*)(?:; extra == ["'](\w+)["'])?""")


def requirements() -> list[tuple[str, str, str]]:
    """(name, versions, extra) of what this package and its EXTRAS need, `("stripe", ">=16.1,<17", "")`."""
    found = []
    for line in metadata.requires(PACKAGE) or []:
        parts = _REQUIREMENT.fullmatch(line)
        if parts is None:
            raise ValueError(f"{line!r} has a form that is not understood here")
        name, versions, extra = parts.groups("")
        if not extra or (extra in EXTRAS and programs_can_run()):
            found.append((name, versions, extra))
    return found


def fits(version: str, needed: str) -> bool:
    """Whether a version is within `">=16.1,<17"`."""
    for bound in filter(None, needed.split(",")):
        limit = _numbers(bound.lstrip("<>="))
        if not (_numbers(version) >= limit if bound.startswith(">=") else _numbers(version) < limit):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with: (16, 1, 0) of 16.1.0rc1."""
    return tuple(map(int, re.findall(r"\d+", re.split(r"[^\d.]", version)[0])))


def installed(name: str) -> str | None:
    """The version of a package that is installed in this Python."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
