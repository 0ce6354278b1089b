"""Every point of the checkup, as it should be and broken on purpose; the fix is named."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import IPython
import jupyter_core.paths
import pytest

from irl_helpers import checkup, clock, faults, requirements
from irl_helpers.simulator import store

ROOT = Path(__file__).resolve().parent.parent
LIVE_KEY = "sk_" + "live_" + "Y0uWouldNotLikeThis"


class Machine:
    """What a row of the table may break; all of it is put right again after the test."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path, stack: ExitStack) -> None:
        self.patch, self.folder, self.stack = patch, folder, stack

    def version(self, package: str, version: str | None) -> None:
        """A package in another version, or not there."""
        real = metadata.version

        def pretend(name: str) -> str:
            if name != package:
                return real(name)
            if version is None:
                raise metadata.PackageNotFoundError(name)
            return version

        self.patch.setattr(requirements.metadata, "version", pretend)

    def no_module(self, name: str) -> None:
        self.patch.setitem(sys.modules, name, None)

    def kernelspec(self, *argv: str) -> None:
        """A kernel called python3 that the user once installed; it comes before the environment's own."""
        folder = self.folder / "kernels" / "python3"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(
            json.dumps({"argv": list(argv), "display_name": "Mine", "language": "python"})
        )
        self.patch.setenv("JUPYTER_PATH", str(self.folder))

    def page_config(self, **settings: object) -> None:
        folder = self.folder / "labconfig"
        folder.mkdir()
        (folder / "page_config.json").write_text(json.dumps(settings))
        self.patch.setenv("JUPYTER_CONFIG_PATH", str(self.folder))

    def no_labextensions(self) -> None:
        self.patch.setattr(jupyter_core.paths, "jupyter_path", lambda *parts: [str(self.folder)])

    def account(self, content: bytes, *, version: int | None = None) -> Path:
        path = self.folder / "account.sqlite"
        path.write_bytes(content)
        if version is not None:
            store.sqlite3.connect(path).execute(f"PRAGMA user_version = {version}").connection.close()
        self.setenv("IRL_ACCOUNT_FILE", path)
        return path

    def setenv(self, name: str, value: object) -> None:
        self.patch.setenv(name, str(value))

    def env_file(self, content: bytes) -> None:
        (self.folder / ".env").write_bytes(content)
        self.patch.chdir(self.folder)
        self.patch.delenv("STRIPE_SECRET_KEY", raising=False)

    def take_lab_ports(self) -> None:
        holder = self.stack.enter_context(socket.socket())
        holder.bind(("127.0.0.1", 0))
        self.patch.setattr(checkup, "LAB_PORTS", [holder.getsockname()[1]])

    def full_disk(self) -> None:
        def no_space(*arguments: object) -> None:
            raise OSError(28, "No space left on device")

        self.patch.setattr(tempfile, "TemporaryDirectory", no_space)

    def in_a_kernel(self) -> None:
        self.patch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel="this one"))


@pytest.fixture
def machine(monkeypatch, tmp_path):
    folder = tmp_path / "machine"
    folder.mkdir()
    with ExitStack() as stack:
        yield Machine(monkeypatch, folder, stack)


def too_old(machine: Machine) -> None:
    machine.patch.setattr(sys, "version_info", (3, 10, 13))


def under_a_file(machine: Machine) -> None:
    (machine.folder / "plain").touch()
    machine.setenv("IRL_ACCOUNT_FILE", machine.folder / "plain" / "account.sqlite")


BROKEN: list[tuple[str, str, Callable[[Machine], object], list[str]]] = [
    ("Python", "too old", too_old, ["3.10.13 is too old", ">=3.11", "python.org"]),
    (
        "packages",
        "too old",
        lambda machine: machine.version("ipykernel", "7.3.9"),
        ["ipykernel is 7.3.9", ">=7.4", "make lab"],
    ),
    (
        "packages",
        "too new",
        lambda machine: machine.version("stripe", "17.0.0"),
        ["stripe is 17.0.0", "<17", "make lab"],
    ),
    (
        "packages",
        "missing",
        lambda machine: machine.version("uvicorn", None),
        ["uvicorn is missing", "make lab"],
    ),
    (
        "packages",
        "ours is missing",
        lambda machine: machine.version("get-paid-irl-notebooks", None),
        ["not installed in this Python", sys.executable, "make lab"],
    ),
    (
        "kernel",
        "no jupyter",
        lambda machine: machine.no_module("jupyter_client.manager"),
        ["jupyter_client.manager is not installed", "make lab"],
    ),
    (
        "kernel",
        "dies",
        lambda machine: machine.kernelspec(sys.executable, "-c", "raise SystemExit(3)"),
        ["does not start", "firewall"],
    ),
    (
        "kernel",
        "without our package",
        lambda machine: machine.kernelspec(
            sys.executable,
            "-c",
            "import sys; sys.modules['irl_helpers'] = None\n"
            "from ipykernel.kernelapp import launch_new_instance as run; run()",
            "-f",
            "{connection_file}",
        ),
        ["ModuleNotFoundError", "irl_helpers", "jupyter kernelspec remove python3"],
    ),
    (
        "kernel",
        "another Python",
        lambda machine: machine.kernelspec(
            sys.executable,
            "-c",
            "import sys; sys.prefix = '/another'\n"
            "from ipykernel.kernelapp import launch_new_instance as run; run()",
            "-f",
            "{connection_file}",
        ),
        ["another Python (/another)", "jupyter kernelspec remove python3"],
    ),
    ("widgets", "missing", Machine.no_labextensions, ["nothing that draws buttons", "jupyterlab_widgets"]),
    (
        "widgets",
        "switched off",
        lambda machine: machine.page_config(disabledExtensions={checkup.WIDGETS: True}),
        ["switched off", f"jupyter labextension enable {checkup.WIDGETS}"],
    ),
    (
        "widgets",
        "one plugin switched off",
        lambda machine: machine.page_config(disabledExtensions={f"{checkup.WIDGETS}:plugin": True}),
        ["switched off"],
    ),
    ("account", "its folder is a file", under_a_file, ["cannot be written", "IRL_ACCOUNT_FILE"]),
    (
        "account",
        "is a folder",
        lambda machine: machine.setenv("IRL_ACCOUNT_FILE", machine.folder),
        ["cannot be written", "IRL_ACCOUNT_FILE"],
    ),
    (
        "account",
        "is something else",
        lambda machine: machine.account(b"a letter to the bank, and no database at all"),
        ["is damaged", "IRL_ACCOUNT_FILE"],
    ),
    (
        "account",
        "is newer",
        lambda machine: machine.account(b"", version=store.VERSION + 1),
        ["newer version", "Update the package"],
    ),
    (
        "account",
        "live key",
        lambda machine: machine.setenv("STRIPE_SECRET_KEY", LIVE_KEY),
        ["live key", "sk_test_"],
    ),
    (
        "account",
        "another machine",
        lambda machine: machine.setenv("IRL_API_BASE", "https://api.stripe.com"),
        ["another machine", "python -m irl_helpers.serve"],
    ),
    (
        "account",
        ".env is no text",
        lambda machine: machine.env_file(b"STRIPE_SECRET_KEY=\xff\xfe"),
        ["not UTF-8"],
    ),
    ("port", "all taken", Machine.take_lab_ports, ["no port", 'make lab ARGS="--port']),
    (
        "sale",
        "no stripe",
        lambda machine: machine.no_module("stripe"),
        ["stripe is not installed", "make lab"],
    ),
    ("sale", "no room", Machine.full_disk, ["No space left on device"]),
]


@pytest.mark.parametrize(
    ("name", "break_it", "words"),
    [pytest.param(name, break_it, words, id=f"{name}: {how}") for name, how, break_it, words in BROKEN],
)
def test_what_is_wrong_is_said_with_its_fix(machine, name, break_it, words):
    break_it(machine)
    [point] = checkup.examine([name])
    assert not point.ok
    assert [word for word in words if word not in point.text] == []
    assert "Traceback" not in point.text
    assert LIVE_KEY not in point.text
    assert str(point).startswith(f"NO  {name}")


def test_every_point_can_break():
    assert {name for name, *_ in BROKEN} == set(checkup.POINTS)


def run_checkup(**environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "irl_helpers.checkup"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_a_machine_that_is_ready(account_file):
    done = run_checkup(STRIPE_SECRET_KEY="", IRL_API_BASE="")
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[:2] for line in lines[:-1]] == [["ok", name] for name in checkup.POINTS]
    assert lines[-1].startswith("Ready")
    assert str(account_file) in done.stdout
    assert not account_file.exists(), "looking must leave nothing behind"
    assert done.stderr == ""


def test_a_machine_that_is_not(tmp_path):
    done = run_checkup(STRIPE_SECRET_KEY=LIVE_KEY, JUPYTER_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("NO")] == ["account"]
    assert done.stdout.endswith("1 of 7 points to mend.\n")
    assert LIVE_KEY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("version", "needed", "fits"),
    [
        ("7.4", ">=7.4,<8", True),
        ("7.4.0", "<8,>=7.4", True),
        ("7.10.1", ">=7.4,<8", True),
        ("7.3.9", ">=7.4,<8", False),
        ("8.0.0", ">=7.4,<8", False),
        ("8.0.0rc1", ">=7.4,<8", False),
        ("84.2.1.post1", ">=77,<90", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version, needed, fits):
    assert requirements.fits(version, needed) is fits


def test_the_requirements_are_those_of_pyproject():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"]]
    for extra in requirements.EXTRAS:
        lines += project["optional-dependencies"][extra]
    found = {
        name + ",".join(sorted(versions.split(","))) for name, versions, _ in requirements.requirements()
    }
    split = (line.partition(">=") for line in lines)
    assert found == {name + ",".join(sorted((sign + rest).split(","))) for name, sign, rest in split}


def test_a_notebook_sees_one_line_and_a_button_that_works(account_file):
    shown = checkup.ready()
    assert repr(shown) == "Ready: Python, packages, account, sale are as they should be."
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == repr(shown)
    assert "A button appears here when the notebook is run" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert shown.button.description == "You can see buttons: press one"
    shown.button.click()
    assert shown.button.description == "Buttons work here"


def test_a_notebook_is_told_what_is_wrong_and_never_as_markup(machine):
    machine.setenv("IRL_ACCOUNT_FILE", machine.account(b"no database, but more than a few bytes <b>"))
    shown = checkup.ready()
    assert repr(shown).startswith("Not ready. account: ")
    machine.patch.setattr(checkup, "examine", lambda names: [checkup.Point("account", False, "<img src=x>")])
    assert "<img" not in checkup.ready()._repr_mimebundle_()["text/html"]


def test_in_a_kernel_the_page_may_live_elsewhere_but_not_be_the_wrong_one(machine):
    machine.in_a_kernel()
    machine.version("jupyterlab", None)
    assert checkup.examine(["packages"])[0].ok
    machine.version("jupyterlab", "3.6.0")
    assert "jupyterlab is 3.6.0" in checkup.examine(["packages"])[0].text
    machine.version("ipywidgets", None)
    assert "ipywidgets is missing" in checkup.examine(["packages"])[0].text


def test_what_was_left_on_in_the_account_is_said():
    faults.reader_busy().start()
    clock.advance(days=3)
    [account] = checkup.examine(["account"])
    assert (account.ok, account.text.endswith(" (1 fault on · clock 3 days ahead)")) == (True, True)
    assert repr(checkup.ready()).endswith("be. Still on in your account: 1 fault on · clock 3 days ahead.")


def test_a_simulator_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv("IRL_API_BASE", "http://127.0.0.1:9")
    monkeypatch.setattr("stripe.HTTPClient._sleep_time_seconds", lambda *_: 0)
    [account] = checkup.examine(["account"])
    assert (account.ok, "python -m irl_helpers.serve" in account.text) == (False, True)
