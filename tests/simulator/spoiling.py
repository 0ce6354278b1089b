"""What can happen to an account file, before it is opened or while somebody works with it."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Spoil = Callable[[Path], None]


def log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def delete(path: Path) -> None:
    path.unlink()


def delete_all(path: Path) -> None:
    for each in path.parent.glob(path.name + "*"):
        each.unlink()


def delete_the_log(path: Path) -> None:
    log_of(path).unlink()


def replace(path: Path) -> None:
    """By an older copy, as from a backup."""
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    copy.replace(path)


def replace_the_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.mkdir()


def empty(path: Path) -> None:
    os.truncate(path, 0)


def shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def scribble(path: Path) -> None:
    """Random bytes, all over it."""
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def no_database(path: Path) -> None:
    path.write_text("Dear diary\n" * 1000)


# What is done to a file that is in use -> what is said then.
IN_USE: dict[str, tuple[Spoil, str]] = {
    "deleted": (delete, "was deleted or replaced"),
    "deleted with its log": (delete_all, "was deleted or replaced"),
    "without its log": (delete_the_log, "was deleted or replaced"),
    "replaced": (replace, "was deleted or replaced"),
    "its folder moved": (replace_the_folder, "was deleted or replaced"),
    "emptied": (empty, "is damaged"),
    "shortened": (shorten, "is damaged"),
}
# What is done to one that nobody uses -> what is said when it is opened.
BEFORE: dict[str, tuple[Spoil, str]] = {
    "shortened": (shorten, "is damaged"),
    "scribbled on": (scribble, "is damaged"),
    "a text": (no_database, "is damaged"),
}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a megabyte, at `folder`; skips the test where only an administrator could make one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"no small disk can be made here: {made.stderr.strip()[:80]}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def write_protected(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


@contextmanager
def no_longer_files(than: int, process: int = 0) -> Iterator[None]:
    """Files of a process (0: this one) can only get so long, as where a quota is used up."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (than, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process, resource.RLIMIT_FSIZE, before)
