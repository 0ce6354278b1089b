"""Start a Jupyter application whose kernels meet it at sockets with names, where the system has them.

`python -m irl_helpers.kernel_sockets jupyterlab --no-browser`

A TCP port may be taken after it was chosen and before the kernel listens at it, and each kernel would warn
that nothing is encrypted there.
"""

from __future__ import annotations

import atexit
import os
import runpy
import shutil
import sys
import tempfile

from .before_first_cell import explain_in_kernels

LONGEST = 103 if sys.platform == "darwin" else 107
"""Bytes in the name of a socket."""

_NAME = "/kernel-00000000-0000-0000-0000-000000000000-ipc-5"


def main(application: str, *arguments: str) -> None:
    """Run the module `application` as a program."""
    leave_out()
    explain_in_kernels()
    if sys.platform != "win32":
        from jupyter_core.paths import jupyter_runtime_dir

        arguments = ("--KernelManager.transport=ipc", *arguments)
        if len(os.fsencode(jupyter_runtime_dir() + _NAME)) > LONGEST:
            os.environ["JUPYTER_RUNTIME_DIR"] = private_folder()
    sys.argv = [application, *arguments]
    runpy.run_module(application, run_name="__main__", alter_sys=True)


def leave_out() -> None:
    """Before a server is imported: jsonschema can do without a check that nobody makes here, and that costs
    16 MB and a second of every start."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # how Python lets an import fail


def private_folder() -> str:
    """A folder with a short name that nobody else can enter; gone when this program ends."""
    folder = tempfile.mkdtemp(prefix="irl-", dir="/tmp")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


if __name__ == "__main__":
    main(*sys.argv[1:])
