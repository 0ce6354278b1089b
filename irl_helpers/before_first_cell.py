"""A name that no cell has made yet, in a kernel that has not imported anything of this project: the error is
explained there, too."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from .missing_names import SHOWN_AT_FIRST


def explain_in_kernels() -> None:
    """In all kernels that this program will start. Somebody's own `PYTHONSTARTUP` stays."""
    os.environ.setdefault("PYTHONSTARTUP", str(Path(__file__).with_name("kernel_startup.py")))


def explain_in_ipython() -> None:
    """In the kernel that this runs in, if it does."""
    ipython = sys.modules.get("IPython")
    explain_in(ipython.get_ipython() if ipython else None)


def explain_in(shell: Any) -> None:
    """In this IPython shell, if there is one and it has no handler yet."""
    if shell is not None and shell.custom_exceptions == ():
        shell.set_custom_exc(SHOWN_AT_FIRST, _show)


def _show(
    shell: Any,
    kind: type[Exception],
    problem: Exception,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> list[str]:
    from .error_display import show_python_error  # it imports stripe, and a new kernel must not wait for that

    return show_python_error(shell, kind, problem, trace)
