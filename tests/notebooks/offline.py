"""The environment in which everything is tested: offline, on temporary files, away from the user's home."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

# Empty means "not set", and the environment wins over `.env`: what a learner keeps there stays unused.
NO_STRIPE = {"STRIPE_SECRET_KEY": "", "IRL_API_BASE": "", "IRL_API_VERSION": ""}

# The tag of a step that does nothing with a Stripe key, in a notebook that works with one.
OFFLINE_STEP = "offline-only"

# Where programs keep what belongs to a user, on Linux, macOS and Windows; and Jupyter's own places.
HOMES = (
    *("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_CONFIG_HOME"),
    *("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"),
)
JUPYTER = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")


def offline_environment(folder: Path) -> dict[str, str]:
    """Variables that keep a process off Stripe and inside `folder`, with an account there."""
    home = folder / "home"
    homes = {name: str(home) for name in HOMES}
    jupyter = {name: str(home / name.lower()) for name in JUPYTER}
    for place in (home, *map(Path, jupyter.values())):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    startup = Path(jupyter["IPYTHONDIR"]) / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name("kernel_startup.py"), startup)
    return homes | jupyter | NO_STRIPE | {"IRL_ACCOUNT_FILE": str(folder / "account.sqlite")}


@cache
def offline_only(path: Path) -> bool:
    """Whether a notebook says at its top that it needs the offline account, whatever `--stripe` says."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return bool(cells) and "offline only" in "".join(cells[0]["source"])
