"""`make serve`: the account that the notebooks use, served over HTTP. What `.env` says holds here as well.

`python -m irl_helpers.serve [--port 12111] [--account FILE]`
"""

from __future__ import annotations

import sys

from .settings import SettingsError, settings
from .simulator.__main__ import main as serve


def main() -> int:
    """Serve until Ctrl-C; 0 then, 2 when it could not begin."""
    try:
        account = ["--account", str(settings().file)]
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 2
    # Of two account files the last one counts.
    return serve([*account, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
