"""Several kernels that do the same thing at the same moment."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack

from tests.simulator.serving import ROOT

READY = "import sys; print('ready', flush=True); sys.stdin.readline(); number = int(sys.argv[1])\n"


def at_once(imports: str, code: str, kernels: int) -> list[str]:
    """What each printed. `code` finds its kernel's `number`; what it needs is imported before all begin."""
    with ExitStack() as stack:
        started = []
        for number in range(kernels):
            kernel = stack.enter_context(_kernel(f"{imports}\n{READY}{code}", number))
            stack.callback(kernel.kill)
            started.append(kernel)
        assert [kernel.stdout.readline() for kernel in started] == ["ready\n"] * kernels
        for kernel in started:
            kernel.stdin.write("\n")
            kernel.stdin.flush()
        ended = [(*kernel.communicate(timeout=60), kernel.returncode) for kernel in started]
    assert [(err, code) for _, err, code in ended] == [("", 0)] * kernels
    return [out for out, _, _ in ended]


def _kernel(code: str, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
