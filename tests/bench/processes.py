"""What the simulator costs a process: time to import it and open an account, and memory in a kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

ROOT = Path(__file__).parents[2]
RUNS = 21
KERNELS = 5

IMPORTS = "import stripe, ipywidgets"
OPENING = """
import os
os.environ.update(IRL_ACCOUNT_FILE={path!r}, STRIPE_SECRET_KEY="", IRL_API_BASE="")
from irl_helpers.account import stripe_client
client = stripe_client()
"""
ONE_SALE = """
from tests.bench.calls import first_sale
first_sale(client)
"""
CANNED = """
from pathlib import Path
from tests.bench.canned_client import CannedHTTPClient, load
client = stripe.StripeClient("sk_test_bench", http_client=CannedHTTPClient(load(Path({path!r}))))
"""


def opening_milliseconds(folder: Path) -> list[float]:
    """How much importing irl_helpers and opening an account adds to `import stripe, ipywidgets`.

    With compiled modules, as every kernel has them but the first.
    """
    differences = []
    for number in range(RUNS + 1):
        path = str(folder / f"opened-{number}.sqlite")
        plain = _timed(IMPORTS, folder)
        more = _timed(IMPORTS + OPENING.format(path=path), folder)
        if number:
            differences.append(more - plain)
    return differences


def memory_ratios(folder: Path, answers: Path) -> list[float]:
    """PSS of a kernel after one sale, by that of a kernel that got the same answers canned."""
    ratios = []
    for number in range(KERNELS):
        path = str(folder / f"kernel-{number}.sqlite")
        simulated = _pss(IMPORTS + OPENING.format(path=path) + ONE_SALE)
        canned = _pss(IMPORTS + CANNED.format(path=str(answers)) + ONE_SALE)
        ratios.append(simulated / canned)
    return ratios


def _timed(code: str, folder: Path) -> float:
    program = f"import time; start = time.perf_counter()\n{code}\nprint(time.perf_counter() - start)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout) * 1000


def _pss(code: str) -> int:
    """Kilobytes of memory of a kernel that has run `code`, its share of what is shared included."""
    manager, client = start_new_kernel(
        cwd=str(ROOT),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        reply = client.execute_interactive(code, timeout=60)
        assert reply["content"]["status"] == "ok", reply["content"]
        assert isinstance(manager.provisioner, LocalProvisioner)
        rollup = Path(f"/proc/{manager.provisioner.pid}/smaps_rollup").read_text("utf-8")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
