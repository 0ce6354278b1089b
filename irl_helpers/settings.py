"""What the environment and `.env` say: read once, and again only when one of them has changed.

The nearest `.env` counts, from the working directory upwards. A variable in the environment wins over its
line there, even when it is empty: empty means "not set".
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .simulator.account_file import IN_BROWSER, data_directory

NAMES = ("STRIPE_SECRET_KEY", "IRL_API_BASE", "IRL_ACCOUNT_FILE", "IRL_API_VERSION")


class SettingsError(ValueError):
    """A setting that cannot be read. The message says which one and what to do, and never contains a key."""


class Settings(NamedTuple):
    """What is set. All but `file`, which is absolute, are as somebody wrote them, '' for none."""

    key: str
    base: str
    file: Path
    api_version: str = ""

    def __repr__(self) -> str:
        """Without the key, and without what an address may carry."""
        return f"Settings(file={str(self.file)!r}, api_version={self.api_version!r})"


class DotEnv(NamedTuple):
    """A `.env` file as it was at a time: one of another size or time is read again."""

    path: str
    modified: int
    size: int


class Sources(NamedTuple):
    """What settings are made from. The same sources always make the same settings."""

    environment: tuple[str | None, ...]
    dotenv: DotEnv | None
    folder: str
    data: Path

    def __repr__(self) -> str:
        """Without what the environment says."""
        return f"Sources(dotenv={self.dotenv}, folder={self.folder!r}, data={str(self.data)!r})"


def settings() -> Settings:
    """What is set now, in this process. Raises SettingsError."""
    return _read_once(sources(os.environ, _working_directory()))


def programs_can_run() -> bool:
    """Whether other programs can run beside this Python, and reach it: curl, a server, another kernel. There
    are none in a browser tab, which is also no place for a key."""
    return not IN_BROWSER


def sources(environment: Mapping[str, str], folder: str) -> Sources:
    """Where the settings of a program with this environment, in this working directory, come from."""
    named = tuple(map(environment.get, NAMES))
    # Where the environment names them all, no line of a `.env` counts.
    return Sources(named, _find_dotenv(folder) if None in named else None, folder, data_directory())


def read(found: Sources) -> Settings:
    """The settings that these sources make.

    A relative account file belongs next to the `.env` that names it, so that all notebooks and `make serve`
    share it; one that the environment names belongs in the working directory.
    Raises SettingsError for a `.env` that cannot be read as text, and for a file that no system can have.
    """
    lines = _lines(found.dotenv) if found.dotenv and None in found.environment else {}
    environment = dict(zip(NAMES, found.environment, strict=True))
    key, base, file, api_version = (
        (lines.get(name) if value is None else value) or "" for name, value in environment.items()
    )
    in_environment = environment["IRL_ACCOUNT_FILE"] is not None
    folder = found.folder if in_environment or not found.dotenv else os.path.dirname(found.dotenv.path)
    try:
        named = Path(file.strip()).expanduser() if file.strip() else found.data / "account.sqlite"
        return Settings(key.strip(), base.strip(), Path(folder, named).resolve(), api_version.strip())
    except (OSError, RuntimeError, ValueError):
        raise SettingsError("IRL_ACCOUNT_FILE names no file that this system can have.") from None


_read_once = lru_cache(maxsize=1)(read)


def _working_directory() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        raise SettingsError(
            "The folder that this notebook runs in is gone. Open the notebook from where it is now."
        ) from None


def _find_dotenv(folder: str) -> DotEnv | None:
    while True:
        path = os.path.join(folder, ".env")
        try:
            found = os.stat(path)
        except OSError:
            pass
        else:
            # Some password managers hand it out through a pipe.
            if stat.S_ISREG(found.st_mode) or stat.S_ISFIFO(found.st_mode):
                return DotEnv(path, found.st_mtime_ns, found.st_size)
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _lines(dotenv: DotEnv) -> dict[str, str | None]:
    # Only now: most learners have no such file.
    from dotenv import dotenv_values

    try:
        # Editors on Windows put a mark before the first name.
        return dotenv_values(dotenv.path, encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{dotenv.path} is not UTF-8 text. Save it again as UTF-8.") from None
    except OSError as problem:
        raise SettingsError(f"{dotenv.path} cannot be read ({problem.strerror}).") from None
