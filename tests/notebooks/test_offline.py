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
from types import SimpleNamespace

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


KEY = "sk_" + "test_" + "0fTheMaintainer"
SHOW_KEY = "import os\nprint(os.environ['STRIPE_SECRET_KEY'][-4:])"
STEPS = [code("print(1)", stdout("1\n")), code("print(1)", stdout("2\n"), tags=[OFFLINE_STEP])]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a few notebooks and a `.env` that names a live key."""
    for each in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / each, tmp_path)
    shutil.copytree(
        Path(__file__).parent, tmp_path / "tests/notebooks", ignore=shutil.ignore_patterns("test_*")
    )
    (tmp_path / ".env").write_text(f"STRIPE_SECRET_KEY={LIVE_KEY}\n")
    (tmp_path / "notebooks/exercises").mkdir(parents=True)
    return tmp_path


def run_pytest(project: Path, *arguments: str, **environment: str) -> tuple[dict[str, list[str]], str]:
    """What became of the cells of each notebook, by its path, and all that was said."""
    run = [sys.executable, "-m", "pytest", "--color=no", "-v", *arguments]
    env = {**os.environ, **environment}
    said = subprocess.run(
        run, cwd=project, env=env, capture_output=True, text=True, timeout=120, check=False
    ).stdout
    found: dict[str, list[str]] = {}
    for path, verdict in re.findall(r"^notebooks/(\S+)::ipynb::Cell \d+ ([A-Z]+)", said, re.MULTILINE):
        found.setdefault(path, []).append(verdict)
    return found, said


def test_notebooks_see_neither_key_nor_account_nor_home_and_a_lost_error_fails_them(project):
    for each in ("sale", "exercises/sale"):
        generated.write(project / f"notebooks/{each}.ipynb", code(LOOK.strip(), SEEN))
    generated.write(project / "notebooks/lost.ipynb", code(LOST_TASK), code("x = 1"))
    generated.write(project / "notebooks/steps.ipynb", *STEPS)
    home = project / "home"
    home.mkdir()
    (home / ".mine").touch()
    own = home / "account.sqlite"
    own.write_text("the learner's own")
    environment = {"STRIPE_SECRET_KEY": LIVE_KEY, "IRL_API_BASE": "https://api.stripe.com", "HOME": str(home)}
    found, said = run_pytest(project, **environment, IRL_ACCOUNT_FILE=str(own))
    assert found == {
        "sale": ["PASSED"],
        "exercises/sale": ["PASSED"],
        "lost": ["FAILED", "PASSED"],
        "steps": ["PASSED", "FAILED"],
    }, said
    assert "Unexpected output fields from running code: {'stderr'}" in said
    assert own.read_text() == "the learner's own"
    assert sorted(path.name for path in home.iterdir()) == [".mine", "account.sqlite"]


@pytest.mark.parametrize("key", ["", LIVE_KEY])
def test_test_mode_asks_for_a_test_key(key, pytestconfig, monkeypatch):
    conftest = pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    asked = SimpleNamespace(getoption={"stripe": "test-mode"}.get, stash=pytest.Stash())
    monkeypatch.setenv("STRIPE_SECRET_KEY", key)
    with pytest.raises(pytest.UsageError) as said:
        conftest.pytest_configure(asked)
    assert "needs a STRIPE_SECRET_KEY that begins with sk_test_" in str(said.value)
    assert not key or key not in str(said.value)


def test_test_mode_gives_notebooks_the_key_and_leaves_out_what_is_offline_only(project):
    for each, top, seen in (("sale", "Sell something", "iner"), ("faults", "This is offline only.", "")):
        cell = code(SHOW_KEY, stdout(f"{seen}\n"))
        generated.write(project / f"notebooks/{each}.ipynb", new_markdown_cell(top), cell)
    generated.write(project / "notebooks/steps.ipynb", *STEPS)
    found, said = run_pytest(project, "--stripe=test-mode", STRIPE_SECRET_KEY=KEY)
    assert found == {"sale": ["PASSED"], "faults": ["PASSED"], "steps": ["PASSED", "SKIPPED"]}, said


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
