"""Real rooms for tests: a hub, its proxy and learners' servers, started as `make workshop` starts them.

As root a room has a Unix user for each learner, and needs a Python and a copy of the project that they can
read; the environment and the temporary folder of a test are often root's alone.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.workshop.visitor import Visitor
from workshop.room import free_port, unix_user

ROOT = Path(__file__).resolve().parents[2]
PIN = "2468"
PATIENCE = 180  # seconds; a machine may be busy with other things


class Unavailable(Exception):
    """Such a room cannot be made on this machine; the message says why."""


class Room:
    """A running room, at `address`. `restart` is a hub that ends and comes again; the rest goes on."""

    def __init__(self, command: list[str], folder: Path, user: int, environment: dict[str, str]) -> None:
        self.command, self.folder, self.user, self.environment = command, folder, user, environment
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.said = ""
        self.options: tuple[str, ...] = ()
        self._names: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python -m workshop …`, to its end."""
        return subprocess.run(
            [*self.command, *arguments], **self._how(), capture_output=True, timeout=PATIENCE, check=False
        )

    def reopen(self) -> None:
        """With no options, and its hub running."""
        if self.options or self._process is None or self._process.stdout.closed:
            self.end()
            self.start()

    def start(self, *options: str) -> None:
        self.options = options
        self._process = subprocess.Popen(
            [*self.command, "start", f"--port={self.port}", "--ip=127.0.0.1", *options],
            **self._how(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = ""
        for line in self._process.stdout:
            self.said += line
            if line.startswith("Ctrl-C"):
                return
        raise AssertionError(f"{self.said}\n{self.log()}")

    def interrupt(self) -> str:
        """Ctrl-C; what it says then."""
        self._process.send_signal(signal.SIGINT)
        return self.rest()

    def kill_hub(self) -> str:
        """As if it ran out of memory; what `start` says then."""
        for process in psutil.process_iter():
            try:
                environment = process.environ()
            except psutil.Error:
                continue
            if (environment.get("IRL_ROOM"), environment.get("IRL_ROLE")) == (str(self.folder), "hub"):
                process.kill()
        return self.rest()

    def rest(self) -> str:
        """What `start` still says, until it ends."""
        said, _ = self._process.communicate(timeout=PATIENCE)
        return said

    def end(self) -> subprocess.CompletedProcess[str]:
        """`make workshop-stop`."""
        done = self.run("stop")
        if self._process is not None and not self._process.stdout.closed:
            self.rest()
        return done

    def stop(self) -> None:
        self.end()
        for name in self._names if self.user == 0 else []:
            subprocess.run(["userdel", unix_user(name)], capture_output=True, check=False)

    def name(self, beginning: str) -> str:
        """A learner's name that is nobody's: Unix users outlive a test that is killed."""
        self._names.append(f"{beginning}-{secrets.token_hex(3)}")
        return self._names[-1]

    def keys(self) -> dict[str, str]:
        return json.loads((self.folder / "room.json").read_text("utf-8"))

    def learner(self, name: str) -> Visitor:
        """Logged in, and in her own server."""
        visitor = Visitor(self.address)
        visitor.log_in(name, PIN, self.keys()["learner_password"])
        visitor.enter(timeout=PATIENCE)
        return visitor

    def instructor(self) -> Visitor:
        visitor = Visitor(self.address)
        visitor.log_in("instructor", "", self.keys()["instructor_password"])
        return visitor

    def home(self, name: str) -> Path:
        return self.folder / "homes" / name

    def log(self) -> str:
        path = self.folder / "hub.log"
        return path.read_text("utf-8")[-4000:] if path.exists() else ""

    def _how(self) -> dict:
        who = {"user": self.user, "group": self.user, "extra_groups": []} if os.geteuid() == 0 else {}
        return {"cwd": self.folder.parent, "env": self.environment, "text": True, **who}


@contextmanager
def room(*, as_root: bool, settings: str = "") -> Iterator[Room]:
    """A room that runs, of root's or of a plain user's; `settings` are lines for the hub's configuration.
    Raises Unavailable where this cannot be."""
    if as_root and os.geteuid() != 0:
        raise Unavailable("only root can give each learner a Unix user")
    user = 0 if as_root or os.geteuid() else pwd.getpwnam("nobody").pw_uid
    folder = Path(tempfile.mkdtemp(prefix="irl-room-"))
    try:
        folder.chmod(0o755)
        project = _copy_project(folder / "project")
        with (project / "workshop/jupyterhub_config.py").open("a", encoding="utf-8") as config:
            config.write(settings)
        python = _readable_python(folder) if os.geteuid() == 0 else sys.executable
        # What must not reach a learner.
        for place in (project, folder):
            (place / ".env").write_text("STRIPE_SECRET_KEY=sk_" + "live_" + "of-the-project")
            (place / ".env").chmod(0o600)
            os.chown(place / ".env", user, -1)
        mine = folder / "mine"
        mine.mkdir()
        if os.geteuid() == 0:
            os.chown(mine, user, -1)
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(project),
            "HOME": str(mine),
            "LANG": "C.UTF-8",
        }
        # What must not reach a learner: the key of whoever runs the room, and her account.
        environment |= {
            "STRIPE_SECRET_KEY": "sk_" + "live_" + "instructor",
            "IRL_ACCOUNT_FILE": str(mine / "own"),
        }
        running = Room(
            [python, "-m", "workshop", "--room", str(mine / "room")], mine / "room", user, environment
        )
        try:
            running.start()
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_project(target: Path) -> Path:
    """What a room needs of the project, and a `.env` that nobody in it may use."""
    skip = shutil.ignore_patterns("__pycache__", ".room", ".ipynb_checkpoints")
    for part in ("irl_helpers", "workshop", "notebooks"):
        shutil.copytree(ROOT / part, target / part, ignore=skip, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(target)], check=True)
    return target


def _readable_python(folder: Path) -> str:
    """A Python with our packages that every Unix user can run: ours, or the system's on our packages."""
    packages = sysconfig.get_path("purelib")
    nobody = pwd.getpwnam("nobody").pw_uid
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        if python == sys.executable:
            ours = python
        elif Path(python).exists():
            thin = folder / "python"
            subprocess.run([python, "-m", "venv", "--without-pip", str(thin)], check=True)
            (thin / "lib" / version / "site-packages" / "ours.pth").write_text(f"{packages}\n")
            for part in ("share", "etc"):
                (thin / part).symlink_to(Path(sys.prefix) / part)
            ours = str(thin / "bin" / "python")
        else:
            continue
        try:
            look = [ours, "-c", "import jupyterhub, jupyterlab, stripe"]
            done = subprocess.run(
                look, cwd="/", user=nobody, extra_groups=[], capture_output=True, check=False
            )
        except PermissionError:
            continue
        if done.returncode == 0:
            return ours
    raise Unavailable(f"no other Unix user can run Python {version[6:]} with the packages of {sys.prefix}")
