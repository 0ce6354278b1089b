"""What the environment and `.env` say, whoever asks: notebooks, and `make serve`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from irl_helpers import settings as module
from irl_helpers.account import OFFLINE_KEY, stripe_client
from irl_helpers.settings import SettingsError, read, settings, sources
from irl_helpers.setup import own_reader
from tests.simulator.serving import ROOT, serve

KEY = "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with notebooks in it, where nothing is set; the working directory is theirs."""
    folder = tmp_path / "project"
    (folder / "notebooks" / "exercises").mkdir(parents=True)
    monkeypatch.chdir(folder / "notebooks" / "exercises")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in module.NAMES:
        monkeypatch.delenv(name, raising=False)
    return folder


# Lines of .env, the environment, and what is set then: key, base, and the file under the project's folder.
CASES = {
    "a line": ("STRIPE_SECRET_KEY=k", {}, ("k", "", None)),
    "quoted, with a comment": ('export IRL_API_BASE="b" # here', {}, ("", "b", None)),
    "Windows, with a mark": ("\ufeffSTRIPE_SECRET_KEY=k\r\nIRL_API_BASE=b\r\n", {}, ("k", "b", None)),
    "no value": ("STRIPE_SECRET_KEY\nIRL_API_BASE=", {}, ("", "", None)),
    "white space": ("STRIPE_SECRET_KEY=' k '", {"IRL_API_BASE": " b\n"}, ("k", "b", None)),
    "the environment wins": ("STRIPE_SECRET_KEY=k", {"STRIPE_SECRET_KEY": "e"}, ("e", "", None)),
    "empty in the environment": ("STRIPE_SECRET_KEY=k", {"STRIPE_SECRET_KEY": ""}, ("", "", None)),
    "both": ("STRIPE_SECRET_KEY=k", {"IRL_API_BASE": "b"}, ("k", "b", None)),
    "a file beside .env": ("IRL_ACCOUNT_FILE=my/a.sqlite", {}, ("", "", "my/a.sqlite")),
    "above it": ("IRL_ACCOUNT_FILE=my/../../a.sqlite", {}, ("", "", "../a.sqlite")),
    "the working directory": ("", {"IRL_ACCOUNT_FILE": "a"}, ("", "", "notebooks/exercises/a")),
    "a hidden file": ("IRL_ACCOUNT_FILE=a.sqlite", {"IRL_ACCOUNT_FILE": ""}, ("", "", None)),
    "another's setting": ("SHOP=ours", {"SHOP": "theirs"}, ("", "", None)),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "environment", "expected"), CASES.values(), ids=CASES)
def test_what_is_set(lines, environment, expected, project, tmp_path):
    (project / ".env").write_bytes(lines.encode())
    found = read(sources(environment, os.getcwd()))
    file = project / expected[2] if expected[2] else tmp_path / "data/get-paid-irl/account.sqlite"
    assert (found.key, found.base, found.file) == (*expected[:2], file.resolve())


def test_the_nearest_env_file_counts(project):
    (project / ".env").write_text("IRL_API_BASE=far\nSTRIPE_SECRET_KEY=k")
    (project / "notebooks" / ".env").write_text("IRL_API_BASE=near")
    (project / "notebooks" / "exercises" / ".env").mkdir()
    assert (settings().base, settings().key) == ("near", "")
    assert read(sources({}, str(project))).base == "far"


UNREADABLE = {
    "not UTF-8": (b"IRL_API_BASE=\xff\xfe", {}, "Save it again as UTF-8"),
    "nobody's home": (b"IRL_ACCOUNT_FILE=~nobody-of-that-name/a.sqlite", {}, "IRL_ACCOUNT_FILE"),
    "no name of a file": (b"", {"IRL_ACCOUNT_FILE": "a\0b"}, "IRL_ACCOUNT_FILE"),
}


@pytest.mark.parametrize(("lines", "environment", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_named(lines, environment, why, project):
    (project / ".env").write_bytes(lines)
    with pytest.raises(SettingsError, match=why):
        read(sources(environment, os.getcwd()))


def test_no_env_file_is_looked_for_where_none_counts(project):
    """In a browser tab each look is a request to another thread, and there is one with each call."""
    (project / ".env").write_text("STRIPE_SECRET_KEY=k")
    assert sources(dict.fromkeys(module.NAMES, ""), os.getcwd()).dotenv is None
    assert sources(dict.fromkeys(module.NAMES[1:], ""), os.getcwd()).dotenv is not None


def test_no_key_is_shown(project):
    (project / ".env").write_text(f"STRIPE_SECRET_KEY={KEY}")
    found = sources({"STRIPE_SECRET_KEY": KEY, "IRL_API_BASE": "http://user:hunter2@x"}, os.getcwd())
    shown = repr([settings(), found, read(found)])
    assert KEY not in shown
    assert "hunter2" not in shown


def test_env_is_read_again_only_when_something_changed(project, monkeypatch):
    reads = []
    monkeypatch.setattr(module, "_lines", lambda dotenv: reads.append(dotenv) or {})
    dotenv = project / ".env"

    def write(text, at):
        dotenv.write_text(text)
        os.utime(dotenv, ns=(at, at))

    write("IRL_API_BASE=a", 1)
    changes = [
        lambda: None,
        lambda: write("IRL_API_BASE=ab", 1),
        lambda: write("IRL_API_BASE=cd", 2),
        lambda: monkeypatch.setenv("STRIPE_SECRET_KEY", "k"),
        lambda: monkeypatch.chdir(".."),
        lambda: dotenv.rename(project / "notebooks" / ".env"),
    ]
    for number, change in enumerate(changes, 1):
        change()
        for _ in range(20):
            settings()
        assert len(reads) == number
    (project / "notebooks" / ".env").unlink()
    settings()
    assert len(reads) == len(changes)


def test_a_folder_that_is_gone_is_named(project, monkeypatch):
    if sys.platform == "win32":
        pytest.skip("Windows keeps a folder that somebody is in")
    gone = project / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SettingsError, match="is gone"):
        settings()


def make_serve() -> list[str]:
    """The command of `make serve`, as the Makefile has it."""
    recipe = re.search(r"^serve:.*\n\t(.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1]
    return [sys.executable if word == "$(BIN)/python" else word for word in recipe.split()[:-1]]


def test_make_serve_serves_the_file_of_the_notebooks(project, monkeypatch):
    (project / ".env").write_text("IRL_ACCOUNT_FILE=accounts/ours.sqlite\n")
    reader = own_reader("Till")
    assert (project / "accounts" / "ours.sqlite").exists()
    monkeypatch.chdir(project)  # where make runs
    with serve(command=make_serve(), folder=project) as served:
        assert served.client(OFFLINE_KEY).v1.terminal.readers.retrieve(reader.id).label == "Till"
    with serve("--account", str(project / "other.sqlite"), command=make_serve(), folder=project) as served:
        assert served.client(OFFLINE_KEY).v1.terminal.readers.list().data == []
    assert stripe_client().v1.terminal.readers.retrieve(reader.id).id == reader.id


def test_make_serve_says_what_is_wrong_with_env(project):
    (project / ".env").write_bytes(b"\xff\xfe")
    done = subprocess.run(
        make_serve(), cwd=project, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{project / '.env'} is not UTF-8 text")


# What a kernel does not need before somebody asks for it: each costs every learner at every start.
LATER = ["dotenv", "ipywidgets", "IPython", "irl_helpers.panels", "irl_helpers.request_log.code_samples"]
LATER += ["irl_helpers.simulator.server", "irl_helpers.simulator.webhook_sender", "uvicorn"]


def test_a_kernel_loads_no_more_for_its_account_than_it_needs(project):
    code = (
        "import sys; from irl_helpers.account import noted, stripe_client\n"
        "stripe_client().v1.terminal.readers.list(), noted('reader')\n"
        f"print([name for name in {LATER} if name in sys.modules])"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
