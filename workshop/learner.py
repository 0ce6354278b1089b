"""What a learner's server does first, as the learner: lay out the notebooks. Then it is the server.

`python learner.py NOTEBOOKS [arguments of jupyterhub-singleuser]`. It is run by its path and knows nothing
of the room, so that nothing in a learner's home is ever touched by somebody with more rights.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

SKIP = {".ipynb_checkpoints", "__pycache__"}


def lay_out(source: Path, target: Path) -> None:
    """Copy what is not there yet. A notebook that somebody wrote in is never touched; one that she renamed or
    deleted is there again next time."""
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        if SKIP & set(path.parts) or not path.is_file() or os.path.lexists(copy):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        part = copy.with_name(f".{copy.name}.part")
        shutil.copyfile(path, part)
        part.rename(copy)


def main(source: str, *arguments: str) -> None:
    home = Path.home()
    os.chdir(home)
    lay_out(Path(source), home / "notebooks")
    # jsonschema can do without: a check that nobody makes here, for 16 MB and a second of every learner.
    sys.modules["rfc3987_syntax"] = None
    sys.argv[1:] = arguments
    from jupyterhub.singleuser import main as serve

    serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
