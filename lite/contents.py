"""The learner's files: the README and the notebooks, as they were committed, and lists of them.

What somebody has written into them since is her own, and no fresh copy would be one with her answers in it.
A notebook's own metadata says its version, which it keeps while it is edited: where the site's is another
one, the page offers that (`page.js`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
LISTING = "all.json"
VERSIONS = "versions.json"
MARK = "get_paid_irl"
SHOWN = ("README.md", "LICENSE", "notebooks")
EDITED = ("diff", "--name-only", "--relative", "--diff-filter=M", "HEAD")
UNKNOWN = ("ls-files", "--others", "--exclude-standard")
NOT_SHOWN = ("conftest.py", "__pycache__", ".*", "*-fresh*.ipynb")  # fresh copies are her own


def write(output: Path, project: Path = PROJECT, *, as_edited: bool = False) -> list[str]:
    """Put the files below `files/`, and what a Jupyter server would answer about its folders below `api/`.
    Those that were edited since they were committed are put there as they were, or `as_edited`. What git
    does not know is put there as it is, and so is everything where there is no git.

    Returns what there is to say of such files: lines, none for nothing.
    """
    edited, unknown = _named(project, *EDITED), _named(project, *UNKNOWN)
    committed = [] if as_edited else edited

    def copy(source: str | Path, target: str | Path) -> None:
        shutil.copy2(source, target)
        name = Path(source).relative_to(project).as_posix()
        if name in committed:
            Path(target).write_bytes(_git(project, "cat-file", "blob", f"HEAD:./{name}"))
        if Path(target).suffix == ".ipynb":
            _mark(Path(target))

    files = output / "files"
    files.mkdir()
    for name in SHOWN:
        source = project / name
        if source.is_dir():
            shutil.copytree(
                source, files / name, copy_function=copy, ignore=shutil.ignore_patterns(*NOT_SHOWN)
            )
        else:
            copy(source, files / name)
    notebooks = {
        path.relative_to(files).as_posix(): json.loads(path.read_text("utf-8"))["metadata"][MARK]["version"]
        for path in sorted(files.rglob("*.ipynb"))
    }
    (output / VERSIONS).write_text(json.dumps(notebooks, indent=1), "utf-8")
    for folder in (files, *(path for path in files.rglob("*") if path.is_dir())):
        listing = output / "api/contents" / folder.relative_to(files) / LISTING
        listing.parent.mkdir(parents=True, exist_ok=True)
        content = [_model(path, files) for path in sorted(folder.iterdir())]
        listing.write_text(
            json.dumps(_model(folder, files) | {"format": "json", "content": content}), "utf-8"
        )
    edited, unknown = ([name for name in names if (files / name).exists()] for names in (edited, unknown))
    return _words(edited, unknown, as_edited=as_edited)


def _words(edited: list[str], unknown: list[str], *, as_edited: bool) -> list[str]:
    if as_edited:
        edited, unknown = [], [*edited, *unknown]
    said = []
    if edited:
        said += ["These were edited, and go into the site as they were committed:", *_indented(edited)]
        said += ['To have them as they are now: make lite ARGS="--edited"']
    if unknown:
        said += ["These go into the site with all that was written into them:", *_indented(unknown)]
    return said


def _indented(names: list[str]) -> list[str]:
    return [f"  {name}" for name in names]


def _named(project: Path, *command: str) -> list[str]:
    """The files of the site that git names; none where it cannot tell."""
    try:
        told = _git(project, *command, "-z", "--", *SHOWN)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [os.fsdecode(name) for name in told.split(b"\0") if name]


def _git(project: Path, *command: str) -> bytes:
    return subprocess.run(["git", "-C", str(project), *command], capture_output=True, check=True).stdout


def _mark(path: Path) -> None:
    """Mark a notebook with its version, and join the lines in its outputs, as a Jupyter server does when it
    reads one: in the browser nothing else would."""
    notebook = json.loads(path.read_text("utf-8"))
    for output in (each for cell in notebook["cells"] for each in cell.get("outputs", [])):
        for part in (output, output.get("data", {})):
            for name, lines in part.items():
                if name != "traceback" and isinstance(lines, list):
                    part[name] = "".join(lines)
    notebook["metadata"][MARK] = {"version": version(notebook)}
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), "utf-8")


def version(notebook: dict[str, Any]) -> str:
    """Another one for each other text or code of a notebook; outputs do not count."""
    cells = [[cell["cell_type"], "".join(cell["source"])] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:12]


def _model(path: Path, root: Path) -> dict[str, object]:
    """A file or folder, without its content, as Jupyter's contents API describes it."""
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat().replace("+00:00", "Z")
    return {
        "name": path.name if path != root else "",
        "path": path.relative_to(root).as_posix() if path != root else "",
        "type": "directory" if path.is_dir() else "notebook" if path.suffix == ".ipynb" else "file",
        "format": None,
        "mimetype": None,
        "size": None if path.is_dir() else path.stat().st_size,
        "created": modified,
        "last_modified": modified,
        "writable": True,
        "content": None,
    }
