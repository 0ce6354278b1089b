"""The site's first page: the reader's picture, and how much has been fetched of what a notebook needs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Template

HERE = Path(__file__).parent
# A picture that part 1 shows.
PICTURE = re.compile(r'<img alt=\\"WisePOS E: [^>]+>')
# The largest files, in a learner's words.
FETCHED = {
    "static/pyodide/pyodide.asm.wasm": "Python",
    "static/pyodide/pyodide.asm.mjs": "Python",
    "static/pyodide/python_stdlib.zip": "Python's library",
    "static/pyodide/at_start.zip": "the notebooks' packages",
    "build/jlab_core.*.js": "JupyterLab",
}


def write(output: Path) -> None:
    """Write `index.html`, in place of JupyterLite's own."""
    notebook = (output / "files/notebooks/01_setup.ipynb").read_text("utf-8")
    picture = PICTURE.search(notebook)
    assert picture, "part 1 stores no picture of its reader"
    files = [
        [what, path.relative_to(output).as_posix(), path.stat().st_size]
        for pattern, what in FETCHED.items()
        for path in sorted(output.glob(pattern))
    ]
    page = Template((HERE / "start.html").read_text("utf-8"))
    filled = page.substitute(picture=json.loads(f'"{picture[0]}"'), files=json.dumps(files))
    (output / "index.html").write_text(filled, "utf-8")
