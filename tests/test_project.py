"""The files around the code: what is installed, what is packaged, what is kept out of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from setuptools import build_meta

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]


def git(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("this copy has no git")
    # The tests have a home of their own, without the settings that let git trust another user's clone.
    run = ["git", "-c", "safe.directory=*", *arguments]
    return subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=check)


def tracked() -> list[str]:
    """The files in git, and those that `git add` would take."""
    listing = git("ls-files", "--cached", "--others", "--exclude-standard").stdout
    return [path for path in listing.splitlines() if (ROOT / path).exists()]


def test_the_package_needs_four_packages_and_no_more():
    names = {re.match(r"[\w-]+", line)[0] for line in PROJECT["dependencies"]}
    assert names == {"stripe", "ipywidgets", "anywidget", "python-dotenv"}


@pytest.mark.parametrize("extra", ["dependencies", *PROJECT["optional-dependencies"]])
def test_every_requirement_has_a_floor_and_a_cap(extra):
    for line in (
        PROJECT["dependencies"] if extra == "dependencies" else PROJECT["optional-dependencies"][extra]
    ):
        assert re.fullmatch(r"[\w-]+>=[\d.]+,<[\d.]+", line), line


def test_conda_installs_what_make_lab_installs():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    extras = re.search(
        r"^\.venv/\.lab: EXTRAS := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )[1]
    assert conda == [f"python{PROJECT['requires-python']}", "pip", {"pip": [f"-e .[{extras}]"]}]
    assert set(extras.split(",")) < set(PROJECT["optional-dependencies"])


def test_ruff_mypy_and_the_makefile_know_the_oldest_python():
    oldest = re.fullmatch(r">=3\.(\d+)", PROJECT["requires-python"])[1]
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py3{oldest}"
    assert PYPROJECT["tool"]["mypy"]["python_version"] == f"3.{oldest}"
    assert f"sys.version_info >= (3, {oldest})" in (ROOT / "Makefile").read_text("utf-8")


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path, monkeypatch):
    for path in tracked():
        target = tmp_path / "source" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, target)
    monkeypatch.chdir(tmp_path / "source")
    wheel = zipfile.ZipFile(tmp_path / build_meta.build_wheel(str(tmp_path)))
    packaged = {path for path in wheel.namelist() if ".dist-info/" not in path}
    assert packaged == {path for path in tracked() if path.startswith("irl_helpers/")}
    [licence] = [path for path in wheel.namelist() if path.endswith("LICENSE")]
    assert b"MIT License" in wheel.read(licence)
    [entry_points] = [path for path in wheel.namelist() if path.endswith("entry_points.txt")]
    plugin = "irl_helpers.simulator.testing"
    assert wheel.read(entry_points).decode().split() == ["[pytest11]", plugin, "=", plugin]


@pytest.mark.parametrize("pattern", PYPROJECT["tool"]["setuptools"]["package-data"]["*"])
def test_each_kind_of_file_that_is_packaged_exists(pattern):
    assert [path for path in (ROOT / "irl_helpers").rglob(pattern) if path.is_file()]


IGNORED = [
    ".env",
    ".env.local",
    "account.sqlite",
    "notebooks/account.sqlite-wal",
    "account.sqlite-traffic-journal",
    "uv.lock",
    ".venv/bin/python",
]
IGNORED += [
    "tests/clients/node_modules/stripe/package.json",
    "tests/clients/.python/stripe-10/stripe/version.py",
    "tests/bench/.python/localstripe/localstripe/server.py",
    "tests/browser/shots/till.png",
]
IGNORED += ["workshop/.room/room.json", "workshop/node_modules/configurable-http-proxy/package.json"]
IGNORED += ["dist/index.html", "lite/.python/bin/python", "lite/.packages/stripe/version.py"]
IGNORED += ["lite/node_modules/pyodide/package.json"]
IGNORED += ["notebooks/.ipynb_checkpoints/01_setup-checkpoint.ipynb", "irl_helpers/__pycache__/a.pyc"]


@pytest.mark.parametrize("path", IGNORED)
def test_what_is_a_persons_own_stays_out_of_git(path, tmp_path):
    assert path not in tracked()
    # In a repository without any files: in this one a folder may be a link, and git looks behind none.
    shutil.copy(ROOT / ".gitignore", tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    asked = subprocess.run(["git", "check-ignore", "-q", "--no-index", path], cwd=tmp_path, check=False)
    assert asked.returncode == 0


def test_the_example_of_a_env_file_sets_nothing_and_names_every_variable():
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    named = {match[1] for line in lines if (match := re.match(r"# ([A-Z_]+)=", line))}
    used = set()
    # What the pytest plugin sets is read by whatever is tested with it, such as the example.
    simulator = ROOT / "irl_helpers" / "simulator"
    others = {*(simulator / "testing").rglob("*.py"), simulator / "example_application.py"}
    for path in {*(ROOT / "irl_helpers").rglob("*.py")} - others:
        used |= set(re.findall(r'"(STRIPE_[A-Z_]+|IRL_[A-Z_]+)"', path.read_text("utf-8")))
    assert named == used


# In two parts, so that this file is not found by its own test.
KEYS = re.compile(r"\b[rs]k_(live|test)_" + r"[A-Za-z0-9]{24,}")
HOSTS = re.compile("|".join(["pythonhost" + r"ed\.org", r"registry\.npm" + r"js", r"pypi\.org/" + "simple"]))
PATHS = re.compile("/" + r"(root|home|Users)/[a-z]+/")


@pytest.mark.parametrize(("what", "pattern"), [("a key", KEYS), ("a package host", HOSTS), ("a home", PATHS)])
def test_no_file_names(what, pattern):
    found = {}
    for path in tracked():
        data = (ROOT / path).read_bytes()
        if b"\0" not in data and (match := pattern.search(data.decode("utf-8"))):
            found[path] = match[0]
    assert found == {}, f"{what} in a file"


def test_no_settings_of_a_person_are_committed():
    names = git("ls-files").stdout.splitlines()
    assert [name for name in names if re.fullmatch(r"(.*/)?\.env(\.(?!example$).*)?", name)] == []


def test_the_ci_script_can_be_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def jobs() -> dict[str, dict]:
    return {
        name: job
        for path in WORKFLOWS
        for name, job in yaml.safe_load(path.read_text("utf-8"))["jobs"].items()
    }


def commands() -> list[str]:
    """The lines that the workflows run, of all jobs."""
    steps = [step for job in jobs().values() for step in job["steps"]]
    return [line.strip() for step in steps for line in step.get("run", "").splitlines()]


def test_the_workflows_try_every_python_that_the_makefile_looks_for():
    oldest = re.fullmatch(r">=(.+)", PROJECT["requires-python"])[1]
    tried = {name: job["strategy"]["matrix"]["python"] for name, job in jobs().items() if "strategy" in job}
    assert set(tried) == {"test", "windows"}
    for name, versions in tried.items():
        assert versions[0] == oldest, name
        assert set(versions) == set(re.findall(r"\bpython(3\.\d+)", MAKEFILE.partition("UV :=")[0])), name
    assert f"Python {oldest} or newer" in (ROOT / "README.md").read_text("utf-8")


def test_the_workflows_call_targets_that_exist():
    called = {match[1] for line in commands() for match in re.finditer(r"\bmake ([a-z-]+)", line)}
    assert called == {"lint", "lite", "test"}
    assert called <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_the_workflows_name_files_and_extras_that_exist():
    lines = "\n".join(commands())
    files = set(re.findall(r"[\w/]+\.md\b|\btests/[\w/]+", lines))
    files |= {f"{module.replace('.', '/')}.py" for module in re.findall(r"-m ([a-z]+\.[a-z.]+)", lines)}
    assert files == {"README.md", "tests/lite", "lite/link.py"}
    assert [file for file in files if not (ROOT / file).exists()] == []
    assert set(re.findall(r"--extra ([a-z]+)", lines)) <= set(PROJECT["optional-dependencies"])
    [published] = [
        step["with"]["path"] for step in jobs()["build"]["steps"] if "path" in step.get("with", {})
    ]
    assert f"DIST := {published}\n" in MAKEFILE


@pytest.mark.parametrize("name", ["STARTERS", "NOTEBOOKS", "SOAK", "SOAK_TOO"])
def test_what_the_makefile_sorts_tests_by_exists(name):
    """A folder that was moved would otherwise run in both halves, or in none."""
    [line] = re.findall(rf"^{name} := ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    paths = line.replace("\\", " ").split()
    assert len(paths) > 1
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_windows_runs_what_the_readme_says():
    lab, test = re.findall(r"^ +(uv run .+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert [line for line in commands() if line.startswith("uv ")] == [
        re.sub(r" --Lab.+", " --version", lab),
        test,
    ]


def test_the_actions_of_the_workflows_are_pinned():
    for path in WORKFLOWS:
        used = re.findall(r"uses: (\S+)", path.read_text("utf-8"))
        assert used
        assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action)] == []


PAGES = ["README.md", "CONTRIBUTING.md", "notebooks/README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_that_are_there(page):
    text = (ROOT / page).read_text("utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", text)
    assert links
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


YOURS = "irl_helpers/simulator/your-own-application.md"


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", YOURS, "workshop/README.md", "workshop/GUIDE.md"]
)
def test_pages_name_targets_and_tests_that_exist(page):
    text = (ROOT / page).read_text("utf-8")
    targets = set(re.findall(r"(?:^|`)(?:sudo )?make ([a-z][a-z-]*)", text, re.MULTILINE))
    assert targets <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert [path for path in re.findall(r"\b(tests/[\w./]+)", text) if not (ROOT / path).exists()] == []


def test_what_contributing_finds_is_there():
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Where is …")[2]
    rows = table.strip().splitlines()[2:]
    assert len(rows) == 10
    for row in rows:
        found = re.findall(r"\]\(([^)]+)\): `(\w+)`", row)
        assert found, row
        for path, name in found:
            defined = rf"^(def {name}\(|{name}\b.* = )"
            assert re.search(defined, (ROOT / path).read_text("utf-8"), re.MULTILINE), f"{path}: {name}"


def test_the_browser_build_has_the_versions_that_are_asked_for():
    """Its pins, among them those of what we need, are within the bounds of pyproject.toml."""
    from irl_helpers.requirements import fits

    lines = (ROOT / "lite/packages.txt").read_text("utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    for needed in PROJECT["dependencies"]:
        name, bounds = re.fullmatch(r"([\w-]+)(.+)", needed).groups()
        assert fits(pinned[name], bounds), needed
