"""Packages as one archive of bytecode: a kernel starts in half the time when it has nothing to compile.

Python 3.14 in the browser reads it, so it has to be made there: `compile.mjs` does.
"""

from __future__ import annotations

import importlib.util
import py_compile
import re
import tempfile
import zipfile
from pathlib import Path

SITE = "/lib/python3.14/site-packages"
# Learners read ours, and an error shows its lines; the samples of code are made from the library's services.
WITH_SOURCE = re.compile(r"irl_helpers/|stripe/(.+/)?_\w+_service\.py")


def pack(folder: str, archive: str) -> None:
    """Write the archive of a folder that is laid out as `site-packages`."""
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(Path(folder).rglob("*")):
            name = path.relative_to(folder).as_posix()
            source, kept = path.suffix == ".py", bool(WITH_SOURCE.match(name))
            if path.is_file() and (kept or not source):
                _add(packed, name, path.read_bytes())
            if source:
                beside = importlib.util.cache_from_source(name) if kept else f"{name}c"
                _add(packed, beside, _bytecode(path, f"{SITE}/{name}"))


def _bytecode(path: Path, shown: str) -> bytes:
    """What Python reads in place of a source file, and does not compare with it."""
    with tempfile.TemporaryDirectory() as folder:
        made = f"{folder}/made.pyc"
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(path), made, shown, doraise=True, invalidation_mode=unchecked)
        return Path(made).read_bytes()


def _add(packed: zipfile.ZipFile, name: str, data: bytes) -> None:
    # Without a time, so that the same packages always make the same archive.
    packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
