"""The learner's files: the README and the notebooks, as they are in the repository, and lists of them.

A notebook's own metadata says its version, which it keeps while it is edited: where the site's is another
one, the page offers that (`page.js`).
"""

from __future__ import annotations

import hashlib
import json
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
NOT_SHOWN = ("conftest.py", "__pycache__", ".*")


def write(output: Path) -> None:
    """Put the files below `files/`, and what a Jupyter server would answer about its folders below `api/`."""
    files = output / "files"
    files.mkdir()
    for name in SHOWN:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(
                source, files / name, copy_function=_copy, ignore=shutil.ignore_patterns(*NOT_SHOWN)
            )
        else:
            _copy(source, files / name)
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


def edited(project: Path) -> list[str]:
    """The files of the site that are not as they were committed, a learner's own work perhaps; none where git
    cannot tell."""
    asked = ["git", "-C", str(project), "status", "--porcelain", "--no-renames", "--", *SHOWN]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [line[3:] for line in told.splitlines()]


def _copy(source: str | Path, target: str | Path) -> None:
    """A file as it is; a notebook is marked with its version, and in its outputs lines are joined, as a
    Jupyter server does when it reads one: in the browser nothing else would."""
    shutil.copy2(source, target)
    if Path(source).suffix == ".ipynb":
        notebook = json.loads(Path(source).read_text("utf-8"))
        for output in (each for cell in notebook["cells"] for each in cell.get("outputs", [])):
            for part in (output, output.get("data", {})):
                for name, lines in part.items():
                    if name != "traceback" and isinstance(lines, list):
                        part[name] = "".join(lines)
        notebook["metadata"][MARK] = {"version": version(notebook)}
        Path(target).write_text(json.dumps(notebook, ensure_ascii=False, indent=1), "utf-8")


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
