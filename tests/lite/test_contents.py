"""The site's files: how they are listed, and which of them are taken from git."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager

from lite.contents import LISTING, MARK, VERSIONS, version, write


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


def notebook(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": [text]}], "metadata": {}})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project somewhere in a repository, in which a learner has worked since."""
    project = tmp_path / "courses/irl"
    (project / "notebooks").mkdir(parents=True)
    for name in (
        "README.md",
        "LICENSE",
        "notebooks/one.ipynb",
        "notebooks/zwei ä.ipynb",
        "notebooks/conftest.py",
    ):
        (project / name).write_text(notebook("as committed"), "utf-8")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.example"]
    for step in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *step], check=True)
    return project


def written(project: Path, output: Path, **options: bool) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """What was said, the code of each notebook in the site, and its version there."""
    output.mkdir()
    said = write(output, project, **options)
    notebooks = {
        path.name: json.loads(path.read_text("utf-8")) for path in (output / "files").rglob("*.ipynb")
    }
    code = {name: each["cells"][0]["source"][0] for name, each in notebooks.items()}
    versions = json.loads((output / VERSIONS).read_text("utf-8"))
    assert versions == {f"notebooks/{name}": version(each) for name, each in notebooks.items()}
    assert versions == {
        f"notebooks/{name}": each["metadata"][MARK]["version"] for name, each in notebooks.items()
    }
    return said, code, versions


def test_what_a_learner_wrote_stays_out_of_the_site_unless_it_is_asked_for(project, tmp_path):
    said, code, before = written(project, tmp_path / "before")
    assert (said, set(code.values())) == ([], {"as committed"})

    names = ("zwei ä.ipynb", "mine.ipynb", "one-fresh.ipynb", "one-fresh-2.ipynb", "conftest.py")
    for name in ("README.md", *(f"notebooks/{each}" for each in names)):
        (project / name).write_text(notebook("my answer"), "utf-8")
    said, code, after = written(project, tmp_path / "after")
    assert code == {"one.ipynb": "as committed", "zwei ä.ipynb": "as committed", "mine.ipynb": "my answer"}
    assert "my answer" not in (tmp_path / "after/files/README.md").read_text("utf-8")
    assert {name: after[name] for name in before} == before
    assert said == [
        "These were edited, and go into the site as they were committed:",
        "  README.md",
        "  notebooks/zwei ä.ipynb",
        'To have them as they are now: make lite ARGS="--edited"',
        "These go into the site with all that was written into them:",
        "  notebooks/mine.ipynb",
    ]

    said, code, _ = written(project, tmp_path / "edited", as_edited=True)
    assert code == {"one.ipynb": "as committed", "zwei ä.ipynb": "my answer", "mine.ipynb": "my answer"}
    assert said == [
        "These go into the site with all that was written into them:",
        "  README.md",
        "  notebooks/zwei ä.ipynb",
        "  notebooks/mine.ipynb",
    ]


def test_a_learner_has_spoiled_a_notebook_and_the_site_has_it_whole(project, tmp_path):
    (project / "notebooks/one.ipynb").write_text("{", "utf-8")
    _, code, _ = written(project, tmp_path / "site")
    assert code["one.ipynb"] == "as committed"


def test_without_git_everything_goes_in_as_it_is(project, tmp_path):
    (project / "notebooks/one.ipynb").write_text(notebook("my answer"), "utf-8")
    shutil.rmtree(tmp_path / ".git")
    said, code, _ = written(project, tmp_path / "site")
    assert (said, code["one.ipynb"]) == ([], "my answer")
