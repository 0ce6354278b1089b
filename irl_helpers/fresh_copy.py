"""A notebook to start over with, laid beside the one that was edited: that one is never touched."""

from __future__ import annotations

import shutil
import subprocess
from itertools import count
from pathlib import Path

from .settings import programs_can_run

FRESH = "-fresh"
ORIGINALS = Path(__file__).resolve().parent.parent / "notebooks"
"""Where this project's notebooks are when it was installed from its folder."""


class NoOriginal(Exception):
    """The notebook as it was is not on this machine; the message says how to get it."""


def fresh_copy(notebook: Path) -> Path:
    """Lay `03_collect-fresh.ipynb` beside `03_collect.ipynb`, or `-fresh-2` where that exists: the notebook
    as it was before anybody edited it. Returns its path.

    It is what git has of it; in a folder that git does not know, as a learner's in a room, it is the notebook
    of the project that is installed. Raises NoOriginal, and OSError where nothing can be written.
    """
    notebook = notebook.with_stem(notebook.stem.partition(FRESH)[0])
    original = _committed(notebook) or _installed(notebook)
    if original is None:
        raise NoOriginal(_how_else(notebook.name))
    for number in count(1):
        copy = notebook.with_stem(notebook.stem + (FRESH if number == 1 else f"{FRESH}-{number}"))
        try:
            with copy.open("xb") as file:
                file.write(original)
        except FileExistsError:
            continue
        return copy
    raise AssertionError("there is always another number")


def copied_names(folder: Path) -> list[str]:
    """The notebooks of this folder and its `exercises`, by their names from there, without fresh copies."""
    found = [*sorted(folder.glob("*.ipynb")), *sorted(folder.glob("exercises/*.ipynb"))]
    return [path.relative_to(folder).as_posix() for path in found if FRESH not in path.stem]


def _committed(notebook: Path) -> bytes | None:
    git = shutil.which("git")
    if git is None:
        return None
    run = subprocess.run(
        [git, "show", f"HEAD:./{notebook.name}"], cwd=notebook.parent, capture_output=True, check=False
    )
    return run.stdout if run.returncode == 0 else None


def _installed(notebook: Path) -> bytes | None:
    for path in sorted(ORIGINALS.rglob(notebook.name)):
        if not (notebook.exists() and path.samefile(notebook)):
            return path.read_bytes()
    return None


def _how_else(name: str) -> str:
    if not programs_can_run():
        return f"In a browser tab: delete {name} in the list of files, and the original comes back."
    return f"There is no original of {name} on this machine: download it again, under another name."
