"""The room's folder: its passwords, its ports and a home for each learner. It outlives every restart."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTRUCTOR = "instructor"
USER_PREFIXES = ("irl-", "irl_")  # of learners' Unix users
WORDS = (
    *("amber", "bagel", "cedar", "daisy", "ember", "fennel", "ginger", "hazel", "indigo", "juniper", "kiwi"),
    *(
        "lemon",
        "maple",
        "nutmeg",
        "olive",
        "pepper",
        "quince",
        "river",
        "saffron",
        "thyme",
        "umber",
        "velvet",
    ),
)


@dataclass(frozen=True)
class Keys:
    """What `room.json` holds, readable for whoever runs the room. Both passwords may be changed there."""

    learner_password: str
    instructor_password: str
    proxy_token: str

    @classmethod
    def new(cls) -> Keys:
        """New keys; the password is made of words, so that it can be said aloud."""
        words = [secrets.choice(WORDS) for _ in range(3)]
        password = "-".join([*words, str(secrets.randbelow(90) + 10)])
        return cls(password, secrets.token_urlsafe(12), secrets.token_hex(32))


@dataclass(frozen=True)
class Doors:
    """Where a room was last opened: its ports, and the domain whose names lead to this machine, or ''."""

    public: int
    proxy: int
    hub: int
    progress: int
    domain: str = ""

    def address(self, host: str = "") -> str:
        """`http://room.test:8000`; without a domain, of a host that the caller knows."""
        return f"http://{self.domain or host}:{self.public}"

    def table(self, host: str = "") -> str:
        """The address of the instructor's table; without a domain and a host, its path."""
        path = "/services/progress/"
        if self.domain:
            return f"http://progress--service.{self.domain}:{self.public}{path}"
        return f"{self.address(host)}{path}" if host else path


class Room:
    """A folder, made with its keys when it is first named.

    Raises RoomError when it cannot be made or read.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).resolve()
        self.database = self.folder / "jupyterhub.sqlite"
        self.cookie_secret = self.folder / "cookie_secret"
        self.pins = self.folder / "pins.sqlite"
        self.learners = self.folder / "learners.sqlite"
        self.homes = self.folder / "homes"
        self.ports_file = self.folder / "ports.json"
        self.cgroup_file = self.folder / "cgroup"
        try:
            # Learners' Unix users pass through to their homes, and cannot look around.
            for folder in (self.folder, self.homes):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o711)
        except OSError as problem:
            raise RoomError(f"{self.folder} cannot be the room's folder: {problem.strerror}.") from None

    @cached_property
    def keys(self) -> Keys:
        """The room's keys, kept in its folder."""
        path = self.folder / "room.json"
        try:
            with open(path, "x", opener=private) as file:
                json.dump(asdict(Keys.new()), file, indent=2)
        except FileExistsError:
            pass
        try:
            kept = json.loads(path.read_text("utf-8"))
            return Keys(*(kept[field.name] for field in fields(Keys)))
        except (ValueError, LookupError, TypeError) as problem:
            raise RoomError(f"{path} cannot be read ({problem!r}). Move it away for new passwords.") from None

    def doors(self) -> Doors:
        """Those of the room as it was last started. Raises RoomError if it never was."""
        try:
            return Doors(**json.loads(self.ports_file.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            raise RoomError(f"No room was started in {self.folder}: make workshop") from None

    def choose_doors(self, public: int, domain: str = "") -> Doors:
        """The same inner ports as last time, since learners' servers know them, or free ones."""
        try:
            doors = replace(self.doors(), public=public, domain=domain)
        except RoomError:
            doors = Doors(public, free_port(), free_port(), free_port(), domain)
        self.ports_file.unlink(missing_ok=True)
        with open(self.ports_file, "x", opener=private) as file:
            json.dump(asdict(doors), file)
        return doors

    def home(self, name: str) -> Path:
        """A learner's home; what is written there is hers."""
        return self.homes / name

    def account_file(self, name: str) -> Path:
        """A learner's offline account: one file, in her home."""
        return self.home(name) / ".local" / "share" / "get-paid-irl" / "account.sqlite"

    def settings(self, name: str) -> dict[str, str]:
        """A learner's environment says all there is to set, so that no `.env` above her home is even looked
        at: keys stay out of the room, and accounts apart."""
        # Only here: what servers are copies of knows rooms, and has no use for our helpers.
        from irl_helpers.settings import NAMES

        return dict.fromkeys(NAMES, "") | {"IRL_ACCOUNT_FILE": str(self.account_file(name))}


class RoomError(Exception):
    """The room cannot be run like this; the message says what to do."""


def private(path: str, flags: int) -> int:
    """An opener for files that nobody else may read."""
    return os.open(path, flags, 0o600)


def free_port() -> int:
    """A port of this machine that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def network_address() -> str:
    """This machine's address in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that is nobody's
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def as_root() -> bool:
    """Whether every learner gets a Unix user of her own."""
    return os.geteuid() == 0


def unix_user(name: str) -> str:
    """The Unix user of a learner; the prefix keeps it apart from the machine's own. Unix wants plain letters:
    a name of others becomes a number."""
    plain, other = USER_PREFIXES
    return f"{plain}{name}" if name.isascii() else other + hashlib.sha256(name.encode()).hexdigest()[:16]
