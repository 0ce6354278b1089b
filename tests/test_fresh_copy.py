"""A notebook to start over with: from git, or from the installed project; the edited one is never touched."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from irl_helpers import checkup, fresh_copy
from irl_helpers.fresh_copy import NoOriginal
from tests.notebooks.running import ROOT

NAME = "exercises/tips.ipynb"
ORIGINAL = (ROOT / "notebooks" / NAME).read_bytes()
EDITED = b'{"cells": [], "mine": "my own work"}'
GIT = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner's folder with an edited notebook."""
    (tmp_path / "mine/exercises").mkdir(parents=True)
    (tmp_path / "mine/01_setup.ipynb").write_bytes(b"{}")
    (tmp_path / "mine" / NAME).write_bytes(EDITED)
    return tmp_path / "mine"


@pytest.fixture
def cloned(folder: Path) -> Path:
    """The same folder, of which git knows another version."""
    if shutil.which("git") is None:
        pytest.skip("no git here")
    (folder / NAME).write_bytes(b"committed\r\n")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "As it was"]):
        subprocess.run([*GIT, *command], cwd=folder, check=True)
    (folder / NAME).write_bytes(EDITED)
    return folder


def test_in_a_learners_folder_it_comes_from_the_installed_project(folder):
    copies = [fresh_copy.fresh_copy(folder / NAME) for _ in range(3)]
    assert [copy.name for copy in copies] == ["tips-fresh.ipynb", "tips-fresh-2.ipynb", "tips-fresh-3.ipynb"]
    assert [copy.read_bytes() for copy in copies] == [ORIGINAL] * 3
    assert (folder / NAME).read_bytes() == EDITED
    copies[0].write_bytes(EDITED)
    again = fresh_copy.fresh_copy(copies[0])
    assert (again.name, copies[0].read_bytes()) == ("tips-fresh-4.ipynb", EDITED)


def test_in_a_clone_it_is_what_git_has(cloned):
    copy = fresh_copy.fresh_copy(cloned / NAME)
    assert copy.read_bytes() == b"committed\r\n"
    assert (cloned / NAME).read_bytes() == EDITED


def test_without_an_original_it_says_how_to_get_one(folder, monkeypatch):
    monkeypatch.setattr(fresh_copy, "ORIGINALS", folder)  # the project's folder is the edited one
    monkeypatch.setattr(fresh_copy.shutil, "which", lambda name: None)
    with pytest.raises(NoOriginal, match="download it again"):
        fresh_copy.fresh_copy(folder / NAME)
    assert len(list(folder.rglob("*.ipynb"))) == 2


def test_the_checkup_has_a_button_for_it(folder, monkeypatch):
    monkeypatch.chdir(folder)
    shown = checkup.ready()
    assert shown.notebook.options == ("01_setup.ipynb", NAME)
    shown.notebook.value = NAME
    shown.start_over.click()
    assert "tips-fresh.ipynb is there now" in shown.said.value
    assert (folder / "exercises/tips-fresh.ipynb").read_bytes() == ORIGINAL
    shown.start_over.click()  # the second of a double click
    assert len(list(folder.rglob("tips-fresh*"))) == 1
    monkeypatch.setattr(checkup, "DOUBLE_CLICK", 0)
    shown.start_over.click()
    assert len(list(folder.rglob("tips-fresh*"))) == 2
    assert checkup.ready().notebook.options == ("01_setup.ipynb", NAME)
    (folder / NAME).rename(folder / "exercises/<b>.ipynb")
    shown = checkup.ready()
    shown.notebook.value = "exercises/<b>.ipynb"
    shown.start_over.click()
    assert "no original of &lt;b&gt;.ipynb" in shown.said.value
