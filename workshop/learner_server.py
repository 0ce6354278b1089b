"""What a learner's server does first, as the learner: lay out the notebooks. Then it is the server.

`python learner_server.py NOTEBOOKS [arguments of jupyterhub-singleuser]`. It is run by its path and knows
nothing of the room, so that nothing in a learner's home is ever touched by somebody with more rights.
"""

from __future__ import annotations

import os
import pwd
import resource
import shutil
import sys
from pathlib import Path

from irl_helpers.before_first_cell import explain_in_kernels
from irl_helpers.kernel_sockets import leave_out, private_folder

PROCESSES = 256  # and threads, of one learner
SKIP = {".ipynb_checkpoints", "__pycache__", ".ruff.toml"}


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


def become(user: str, memory: int) -> None:
    """Give up all rights but this Unix user's, and the right to more memory for one process than so many
    bytes. '' is whoever we are, with no limit that could be trusted."""
    os.umask(0o077)
    if not user:
        return
    entry = pwd.getpwnam(user)
    resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    os.setgroups([entry.pw_gid])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def main(source: str, *arguments: str) -> None:
    """Lay out the notebooks in the learner's home and serve them."""
    home = Path.home()
    os.chdir(home)
    lay_out(Path(source), home / "notebooks")
    os.environ["JUPYTER_RUNTIME_DIR"] = private_folder()
    leave_out()
    explain_in_kernels()
    sys.argv[1:] = arguments
    from jupyterhub.singleuser import main as serve

    serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
