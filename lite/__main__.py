"""`python -m lite OUTPUT`: build the site. `make lite` does, with the Python of `lite/.python`."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from irl_helpers.settings import NAMES

from . import contents, packages, start_page
from .compress import compress

HERE = Path(__file__).parent
PYODIDE = HERE / "node_modules/pyodide"
INSTALLED = HERE / ".packages"
# Of Pyodide's own files. It has more, for other ways to load it.
PARTS = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# What the kernel asks for by name when it starts.
THERE = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]

# What JupyterLab is told of page.js.
EXTENSION = {"name": "get-paid-irl", "load": "page.js", "extension": "./extension"}


def main(output: Path, *, as_edited: bool = False) -> None:
    """Build the site in `output`, a folder that is emptied first: files that were edited since they were
    committed go into it as they were, or `as_edited`."""
    shutil.rmtree(output, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        # A new one each time: what JupyterLite remembers of the last build it takes for done.
        _lab(Path(temporary), output.resolve())
        _python(Path(temporary) / "packages", output / "static/pyodide")
    for line in contents.write(output, as_edited=as_edited):
        print(line)
    start_page.write(output)
    _page(output)
    compress(output)
    (output / "room.json").write_text("{}\n", "utf-8")  # this is no room; a room's server says otherwise
    (output / ".nojekyll").touch()  # GitHub's Pages would leave out some files


def _lab(folder: Path, output: Path) -> None:
    (folder / "jupyter-lite.json").write_text(json.dumps(settings()), "utf-8")
    lite = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps", "--output-dir", str(output)]
    made = subprocess.run(lite, cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode:
        sys.exit(made.stdout + made.stderr)


def _python(folder: Path, pyodide: Path) -> None:
    pyodide.mkdir(parents=True)
    for name in PARTS:
        shutil.copy(PYODIDE / name, pyodide)
    shutil.copy(HERE / "load_pyodide.mjs", pyodide)
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text("utf-8"))
    (pyodide / "pyodide-lock.json").write_text(json.dumps(lock | {"packages": {}}), "utf-8")
    packages.gather(folder, INSTALLED)
    subprocess.run(["node", "compile.mjs", str(folder), str(pyodide.resolve())], cwd=HERE, check=True)


def _page(output: Path) -> None:
    """Our own extension of the pages, and the icons that the page of one notebook asks for."""
    (output / "extensions" / EXTENSION["name"]).mkdir()
    shutil.copy(HERE / EXTENSION["load"], output / "extensions" / EXTENSION["name"])
    (output / "static/favicons").mkdir()
    for name in ("favicon-notebook.ico", "favicon-busy-1.ico"):
        shutil.copy(output / "notebooks/favicon.ico", output / "static/favicons" / name)


def settings() -> dict[str, object]:
    """What JupyterLite reads when a page opens."""
    environment = {"HOME": "/home/pyodide"} | dict.fromkeys(NAMES, "")  # empty: no `.env` is looked for
    kernel = {
        "pyodideUrl": "./static/pyodide/load_pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": THERE, "env": environment},
    }
    config = {
        "appName": "Get Paid IRL",
        "contentsAllJsonFile": contents.LISTING,
        "exposeAppInBrowser": True,
        "federated_extensions": [EXTENSION],
        "litePluginSettings": {f"{packages.KERNEL}:kernel": kernel},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m lite", description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--edited", action="store_true", help="put in what was edited as it is now")
    options = parser.parse_args()
    main(options.output, as_edited=options.edited)
