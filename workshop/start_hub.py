"""JupyterHub as a program, which a room runs by this file's path, without what it can do without."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from irl_helpers.kernel_sockets import leave_out  # noqa: E402  only now can it be found

if __name__ == "__main__":
    leave_out()
    from jupyterhub.app import main

    main()
