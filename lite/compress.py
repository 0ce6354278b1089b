"""Beside each file that gets much smaller, the same as `.br` and `.gz`: no server need compress anything."""

from __future__ import annotations

import gzip
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import brotli

# An archive is compressed, and so is a picture; fonts of the kinds named here are not.
SUFFIXES = (
    *(".css", ".html", ".ipynb", ".js", ".json", ".map", ".md", ".mjs", ".svg", ".txt", ".wasm"),
    *(".webmanifest", ".eot", ".ttf"),
)
QUALITY = 9  # of both; Brotli has two more, which take most of a minute for some percent
SAVED = 0.9  # of a file's size, which is not worth two more files


def compress(folder: Path) -> None:
    """Compress every file of a folder that is worth it, on all of this machine's cores."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES and path.is_file()]
    with ProcessPoolExecutor() as workers:
        list(workers.map(_compress, files, chunksize=16))


def _compress(path: Path) -> None:
    data = path.read_bytes()
    small: bytes = brotli.compress(data, quality=QUALITY)
    if len(small) < SAVED * len(data):
        path.with_name(f"{path.name}.br").write_bytes(small)
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(data, QUALITY, mtime=0))
