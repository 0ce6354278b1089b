"""`make serve`: the account that the notebooks use, served over HTTP. What `.env` says holds here as well.

`python -m irl_helpers.serve [--port 12111] [--account FILE] [--seed FILE] [--api-version VERSION]`
"""

from __future__ import annotations

import sys

from .settings import SettingsError, settings
from .simulator.__main__ import main as serve


def main() -> int:
    """Serve until Ctrl-C; 0 then, 2 when it could not begin."""
    try:
        found = settings()
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 2
    # Of two options of one name the last one counts.
    set_ones = ["--account", str(found.file), "--api-version", found.api_version]
    return serve([*set_ones, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
