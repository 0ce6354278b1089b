"""The notebooks are laid out for a learner, and what she has is never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.learner_server import lay_out


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    for path in ("01.ipynb", "exercises/cart.ipynb", ".ipynb_checkpoints/01-checkpoint.ipynb", "README.md"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"ours: {path}")
    return folder


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_she_gets_everything_but_what_jupyter_keeps_for_itself(source, tmp_path):
    lay_out(source, tmp_path / "hers")
    assert files(tmp_path / "hers") == ["01.ipynb", "README.md", "exercises/cart.ipynb"]


def test_what_is_there_stays_and_what_is_missing_comes(source, tmp_path):
    hers = tmp_path / "hers"
    lay_out(source, hers)
    (hers / "01.ipynb").write_text("hers")
    (hers / "exercises/cart.ipynb").unlink()
    (hers / "own.ipynb").write_text("hers too")
    lay_out(source, hers)
    assert (hers / "01.ipynb").read_text() == "hers"
    assert (hers / "exercises/cart.ipynb").read_text() == "ours: exercises/cart.ipynb"
    assert files(hers) == ["01.ipynb", "README.md", "exercises/cart.ipynb", "own.ipynb"]


def test_a_link_is_not_followed_even_if_it_leads_nowhere(source, tmp_path):
    hers = tmp_path / "hers"
    hers.mkdir()
    (hers / "01.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    lay_out(source, hers)
    assert (hers / "01.ipynb").is_symlink()
    assert not (tmp_path / "elsewhere.ipynb").exists()
