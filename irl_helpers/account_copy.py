"""Moving the offline account: from a browser to a machine, from there to another one, and back.

from irl_helpers.account_copy import export_account, import_account
"""

from __future__ import annotations

import base64
import sqlite3
from pathlib import Path

from .account import AccountError, own_file
from .simulator.file_copy import NotACopy, copy_of, opened_copy, take_over
from .simulator.file_trouble import AccountFileError

NAME = "offline-account.sqlite"


class AccountCopy:
    """A copy of the offline account: `content` is a file. In a notebook it is a link that saves it."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def save(self, path: str | Path = NAME) -> Path:
        """Write it to `path`. Raises AccountError where there is a file already, or none can be."""
        try:
            with Path(path).open("xb") as file:
                file.write(self.content)
        except FileExistsError:
            raise AccountError(f"{path} is there already. Choose another name.") from None
        except OSError as problem:
            raise AccountError(f"{path} cannot be written ({problem.strerror}).") from problem
        return Path(path)

    def __repr__(self) -> str:
        return f"AccountCopy of {len(self.content):,} bytes: .save({NAME!r})"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.content).decode()
        return (
            f'<a download="{NAME}" href="data:application/vnd.sqlite3;base64,{data}">'
            f"Save the offline account as a file ({len(self.content) // 1024:,} KB)</a>"
        )


def export_account() -> AccountCopy:
    """A copy of the offline account, with all its objects and what your notebooks remember about it.

    Raises AccountError where the account is not in a file of this notebook's own, and where that cannot be
    used.
    """
    simulator = own_file("exported")
    try:
        return AccountCopy(simulator.read(copy_of))
    except AccountFileError as problem:
        raise AccountError(str(problem)) from problem


def import_account(copy: str | Path | bytes | AccountCopy) -> str:
    """Let the offline account be what `copy` holds: a file of `export_account`, or what is in one. Returns a
    sentence that says what is there now. What was in the account before is gone.

    Raises AccountError, and changes nothing, for a copy of a newer version of this package, a damaged one and
    what is no copy; also as `export_account` does.
    """
    simulator = own_file("replaced")
    name = str(copy) if isinstance(copy, str | Path) else "The copy"
    try:
        with opened_copy(_content(copy)) as db:
            simulator.write(take_over, db)
            [(readers, payments)] = db.execute(_COUNTED).fetchall()
    except NotACopy as problem:
        raise AccountError(f"{name} cannot be imported. {problem} Nothing was changed.") from problem
    except (AccountFileError, sqlite3.Error) as problem:
        raise AccountError(str(problem)) from problem
    return f"The offline account is that of the copy now: readers: {readers}, payments: {payments}."


_COUNTED = """
SELECT count(*) FILTER (WHERE kind = 'terminal.reader'), count(*) FILTER (WHERE kind = 'payment_intent')
FROM objects
"""


def _content(copy: str | Path | bytes | AccountCopy) -> bytes:
    if isinstance(copy, AccountCopy):
        return copy.content
    if isinstance(copy, bytes):
        return copy
    try:
        return Path(copy).read_bytes()
    except OSError as problem:
        raise AccountError(f"{copy} cannot be read ({problem.strerror}).") from problem
