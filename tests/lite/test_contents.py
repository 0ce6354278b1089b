"""What goes into the site that was not committed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lite.contents import edited


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
