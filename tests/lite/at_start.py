"""`python -m tests.lite.at_start` writes lite/at_start.txt anew: what all notebooks together import of other
packages in a browser tab, and what showing a first mistake takes. It is due when a package's version changes,
or a notebook asks for more."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.browser.chromium import chromium
from tests.lite.site import Lab, build, served
from tests.notebooks.running import ROOT, name, notebooks

LIST = ROOT / "lite/at_start.txt"
OURS = ("irl_helpers", "irl_start", "piplite", "pyodide_kernel", "ipykernel")
ASK = """import sys
found = {name: str(getattr(module, "__file__", "")) for name, module in sys.modules.items()}
print(*(name for name, file in found.items() if "/site-packages/" in file))
"""


def main() -> None:
    """Run every notebook on a build of this tree, and ask each kernel what it has imported."""
    found: set[str] = set()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(build(Path(folder) / "dist")) as site,
        chromium() as browser,
    ):
        lab = Lab(browser.new_page(), site)
        for path in notebooks():
            lab.run(name(path), then=lambda: found.update(_imported(lab)))
    modules = sorted(module for module in found if not module.startswith(OURS))
    head = LIST.read_text("utf-8").splitlines()[0]
    LIST.write_text("\n".join([head, *modules, ""]), "utf-8")


def _imported(lab: Lab) -> list[str]:
    lab.printed("1 / 0")
    return lab.printed(ASK).split()


if __name__ == "__main__":
    main()
