"""The test run is offline and away from the user's files, whatever the environment and `.env` say.

A small copy of the project is tested in another process, which is given everything it must not use.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from tests.notebooks import generated
from tests.notebooks.generated import code, stdout
from tests.notebooks.offline import OFFLINE_STEP, offline_only
from tests.notebooks.running import ROOT, name, notebooks

LIVE_KEY = "sk_" + "live_" + "Y0uWouldNotLikeThis"

# What a kernel under test sees: no key, no other address, no account yet, and no home of a person.
LOOK = """
import os
from pathlib import Path
account = Path(os.environ["IRL_ACCOUNT_FILE"])
home = (Path.home() / ".mine").exists()
print([os.environ["STRIPE_SECRET_KEY"], os.environ["IRL_API_BASE"], account.exists(), home])
account.touch()
"""
# Both notebooks find an empty account, so neither has the other's, nor the person's own.
SEEN = stdout("['', '', False, False]\n")
# Nobody has it any more, but it has itself: until somebody looks for such things it says nothing.
LOST_TASK = """
import asyncio
class Panel:
    def press(self):
        self.task = asyncio.create_task(self.lost())
    async def lost(self):
        1 / 0
Panel().press()
await asyncio.sleep(0)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two notebooks and a `.env` that names a live key."""
    for each in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / each, tmp_path)
    shutil.copytree(
        Path(__file__).parent, tmp_path / "tests/notebooks", ignore=shutil.ignore_patterns("test_*")
    )
    (tmp_path / ".env").write_text(f"STRIPE_SECRET_KEY={LIVE_KEY}\n")
    (tmp_path / "notebooks/exercises").mkdir(parents=True)
    for each in ("notebooks/sale.ipynb", "notebooks/exercises/sale.ipynb"):
        generated.write(tmp_path / each, code(LOOK.strip(), SEEN))
    return tmp_path


def run_pytest(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-m", "pytest", "--color=no", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(run, cwd=project, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_notebooks_see_neither_key_nor_account_nor_home(project):
    home = project / "home"
    home.mkdir()
    (home / ".mine").touch()
    own = home / "account.sqlite"
    own.write_text("the learner's own")
    environment = {"STRIPE_SECRET_KEY": LIVE_KEY, "IRL_API_BASE": "https://api.stripe.com", "HOME": str(home)}
    done = run_pytest(project, **environment, IRL_ACCOUNT_FILE=str(own))
    assert "2 passed" in done.stdout, done.stdout
    assert own.read_text() == "the learner's own"
    assert sorted(path.name for path in home.iterdir()) == [".mine", "account.sqlite"]


def test_an_error_that_nobody_awaits_fails_a_notebook(project):
    generated.write(project / "notebooks/sale.ipynb", code(LOST_TASK), code("x = 1"))
    done = run_pytest(project, "notebooks/sale.ipynb")
    assert "Unexpected output fields from running code: {'stderr'}" in done.stdout


@pytest.mark.parametrize("key", ["", LIVE_KEY])
def test_test_mode_asks_for_a_test_key(project, key):
    done = run_pytest(project, "--stripe=test-mode", STRIPE_SECRET_KEY=key)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "needs a STRIPE_SECRET_KEY that begins with sk_test_" in done.stderr
    assert not key or key not in done.stdout + done.stderr


@pytest.mark.parametrize(("top", "seen"), [("Sell something", "iner"), ("This is offline only.", "")])
def test_test_mode_gives_notebooks_the_key(project, top, seen):
    key = "sk_" + "test_" + "0fTheMaintainer"
    cell = code("import os\nprint(os.environ['STRIPE_SECRET_KEY'][-4:])", stdout(f"{seen}\n"))
    generated.write(project / "notebooks/sale.ipynb", new_markdown_cell(top), cell)
    done = run_pytest(project, "--stripe=test-mode", "notebooks/sale.ipynb", STRIPE_SECRET_KEY=key)
    assert "1 passed" in done.stdout, done.stdout


def test_test_mode_leaves_out_a_step_that_is_offline_only(project):
    key = "sk_" + "test_" + "0fTheMaintainer"
    cells = [code("print(1)", stdout("1\n")), code("print(1)", stdout("2\n"), tags=[OFFLINE_STEP])]
    generated.write(project / "notebooks/sale.ipynb", *cells)
    done = run_pytest(project, "--stripe=test-mode", "notebooks/sale.ipynb", STRIPE_SECRET_KEY=key)
    assert "1 passed, 1 skipped" in done.stdout, done.stdout
    assert "1 failed, 1 passed" in run_pytest(project, "notebooks/sale.ipynb").stdout


@pytest.mark.parametrize("path", notebooks(), ids=name)
def test_a_step_that_is_offline_only_asks_where_it_is(path):
    for cell in nbformat.read(path, 4).cells:
        tagged = OFFLINE_STEP in cell.metadata.get("tags", [])
        assert tagged == cell.source.startswith("if offline_controls():"), cell.source


@pytest.mark.parametrize("path", notebooks(), ids=name)
def test_a_notebook_that_only_works_offline_says_so_at_its_top(path):
    # A step that asks where it is does something else in test mode, and ending what somebody left on nothing.
    cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    source = "\n".join(cell for cell in cells if "\nif offline_controls():" not in cell)
    assert bool(re.search(r"\b(faults(?!\.clear_for)|clock|webhooks)\.", source)) == offline_only(path)
