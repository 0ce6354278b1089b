"""Packages as two archives of bytecode: a kernel starts in half the time when it has nothing to compile.

`at_start.zip` has what the notebooks import, `later.zip` the rest, for a learner who asks for more. Python
3.14 in the browser reads them, so they have to be made there: `compile.mjs` does.
"""

from __future__ import annotations

import importlib.util
import py_compile
import re
import tempfile
import zipfile
from pathlib import Path

SITE = "/lib/python3.14/site-packages"
AT_START = Path(__file__).with_name("at_start.txt")
# Learners read ours, and an error shows its lines; the samples of code are made from the library's services.
WITH_SOURCE = re.compile(r"irl_helpers/|stripe/(.+/)?_\w+_services?\.py")
# In no list of modules: ours, all of it, and what the kernel is made of.
OURS = re.compile(r"(irl_helpers|irl_start|piplite|pyodide_kernel|ipykernel)\b|[^/]+\.dist-info/METADATA")
# Except for what only serves other programs or tells about it: a tab can do neither.
SERVING = re.compile(
    r"irl_helpers/(.+\.(md|yaml)|simulator/Dockerfile|simulator/testing/.+|simulator/(server|command_line|seed|"
    r"http_protocol|authentication_page|downloads|example_application|__main__)\.py|"
    r"(counter_server|page_server|page_opening|kernel_sockets|serve|notebook_files)\.py)"
)
# Small files that packages read when they are imported or used.
DATA = re.compile(r"IPython/.+\.(json|css)$|anywidget/[^/]+$|ipywidgets/.+\.json$")


def pack(packages: str, folder: str) -> None:
    """Write both archives into a folder, from one that is laid out as `site-packages`."""
    at_start = {line for line in AT_START.read_text("utf-8").splitlines() if not line.startswith("#")}
    later: list[str] = []
    with (
        zipfile.ZipFile(f"{folder}/at_start.zip", "w") as first,
        zipfile.ZipFile(f"{folder}/later.zip", "w") as second,
    ):
        for path in sorted(Path(packages).rglob("*")):
            name = path.relative_to(packages).as_posix()
            module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            needed = module in at_start if path.suffix == ".py" else bool(DATA.match(name))
            needed = (needed or bool(OURS.match(name))) and not SERVING.fullmatch(name)
            if path.is_file():
                _add(first if needed else second, path, name)
            if path.suffix == ".py" and not needed:
                later.append(module)
        _write(first, "later.txt", "\n".join(later).encode())


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    kept = path.suffix != ".py" or bool(WITH_SOURCE.match(name))
    if kept:
        _write(archive, name, path.read_bytes())
    if path.suffix == ".py":
        beside = importlib.util.cache_from_source(name) if kept else f"{name}c"
        _write(archive, beside, _bytecode(path, f"{SITE}/{name}"))


def _bytecode(path: Path, shown: str) -> bytes:
    """What Python reads in place of a source file, and does not compare with it."""
    with tempfile.TemporaryDirectory() as folder:
        made = f"{folder}/made.pyc"
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(path), made, shown, doraise=True, invalidation_mode=unchecked)
        return Path(made).read_bytes()


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    # Without a time, so that the same packages always make the same archive.
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
