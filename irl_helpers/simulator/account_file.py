"""Where the offline account is kept, unless somebody names a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

NAME = "get-paid-irl"
IN_BROWSER: bool = sys.platform == "emscripten"
"""Whether this Python runs in a browser tab: then the browser keeps the file."""


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
    """The file that the environment's `IRL_ACCOUNT_FILE` names, or `account.sqlite` in the data directory."""
    named = os.environ.get("IRL_ACCOUNT_FILE", "").strip()
    return Path(named).expanduser() if named else data_directory() / "account.sqlite"
