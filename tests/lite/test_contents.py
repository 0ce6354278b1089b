"""The site's files: how they are listed, and which of them were not committed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from jupyter_server.services.contents.filemanager import FileContentsManager

from lite.contents import LISTING, edited, write


def test_folders_are_listed_as_a_jupyter_server_lists_them(tmp_path: Path) -> None:
    write(tmp_path)
    server = FileContentsManager(root_dir=str(tmp_path / "files"))
    listings = sorted((tmp_path / "api/contents").rglob(LISTING))
    assert len(listings) > 3
    for listing in listings:
        folder = listing.parent.relative_to(tmp_path / "api/contents").as_posix().removeprefix(".")
        told, asked = json.loads(listing.read_text("utf-8")), server.get(folder)
        for name in ("name", "path", "type", "format", "size", "writable"):
            by_path = [{each["path"]: each[name] for each in of["content"]} for of in (told, asked)]
            assert by_path[0] == by_path[1], (folder, name)
            assert told[name] == asked[name], (folder, name)


def test_a_notebook_that_somebody_wrote_in_is_named(tmp_path: Path) -> None:
    assert edited(tmp_path) == [], "no repository"
    (tmp_path / "notebooks").mkdir()
    for name in ("README.md", "notebooks/one.ipynb", "notebooks/two.ipynb", "other.py"):
        (tmp_path / name).write_text("as committed", "utf-8")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.example"]
    for step in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *step], check=True)
    assert edited(tmp_path) == []
    for name in ("notebooks/two.ipynb", "notebooks/mine.ipynb", "other.py"):
        (tmp_path / name).write_text("my answer", "utf-8")
    assert edited(tmp_path) == ["notebooks/two.ipynb", "notebooks/mine.ipynb"]
