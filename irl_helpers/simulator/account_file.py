"""Where the offline account is kept: notebooks and the served simulator find the same file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dotenv import dotenv_values, find_dotenv

NAME = "get-paid-irl"


def setting(name: str) -> str:
    """A setting from the environment, else from the nearest `.env`, from the working directory upwards.

    Empty means "not set"; set but empty in the environment, it also hides what `.env` says.
    """
    if name in os.environ:
        return os.environ[name].strip()
    found = find_dotenv(usecwd=True)
    return ((dotenv_values(found).get(name) if found else None) or "").strip()


def data_directory() -> Path:
    """The user's data directory for this project, as each system has it; not made here."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / NAME


def account_file() -> Path:
    """The file that `IRL_ACCOUNT_FILE` names, or `account.sqlite` in the user's data directory."""
    named = setting("IRL_ACCOUNT_FILE")
    return Path(named).expanduser() if named else data_directory() / "account.sqlite"
