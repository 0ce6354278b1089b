"""A notebook to start over with, laid beside the one that was edited: that one is never touched.

In a browser tab the page does it (`lite/page.js`): a kernel sees the list of files on some sites only, and
what it writes there is no notebook for JupyterLab.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from .settings import programs_can_run

FRESH = "-fresh"
ORIGINALS = Path(__file__).resolve().parent.parent / "notebooks"
"""Where this project's notebooks are when it was installed from its folder."""
PAGE = "get-paid-irl:fresh-copy"
"""The comm that the page listens to, in a browser tab."""


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
        raise NoOriginal(
            f"There is no original of {notebook.name} on this machine: download it again, under another name."
        )
    for number in count(1):
        copy = notebook.with_stem(notebook.stem + (FRESH if number == 1 else f"{FRESH}-{number}"))
        try:
            with copy.open("xb") as file:
                file.write(original)
        except FileExistsError:
            continue
        return copy
    raise AssertionError("there is always another number")


def ask_for_copy(name: str, say: Callable[[str], None]) -> None:
    """Lay a fresh copy of this notebook beside it, of those that `copied_names` names; `say` gets what became
    of it, in a browser tab when the page has answered."""
    if programs_can_run():
        try:
            say(_laid(fresh_copy(Path.cwd() / name).name, name))
        except (NoOriginal, OSError) as problem:
            say(str(problem))
        return
    from comm import create_comm

    asked = create_comm(target_name=PAGE, data={"name": name})

    def answered(message: dict[str, Any]) -> None:
        answer = message["content"]["data"]
        say(_laid(answer["copy"], name) if "copy" in answer else answer["problem"])
        asked.close()

    asked.on_msg(answered)


def _laid(copy: str, name: str) -> str:
    return f"{copy} is there now, beside {name}, which stays as it is."


def copied_names(folder: Path) -> list[str]:
    """The notebooks of this folder and its `exercises`, by their names from there, without fresh copies. In
    a browser tab they are those of the site, whatever the folder."""
    if not programs_can_run():
        return _served_names()
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


def _served_names() -> list[str]:
    import js
    from pyodide.http import open_url

    site = js.location.href.partition("/extensions/")[0]
    paths = json.load(open_url(f"{site}/versions.json"))
    return [path.removeprefix("notebooks/") for path in paths]
