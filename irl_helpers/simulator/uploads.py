"""Files in a request: `multipart/form-data`, as browsers and Stripe's libraries send them (RFC 7578)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from .errors import StripeError
from .forms import MAX_FIELDS

MULTIPART = "multipart/form-data"
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_DISPOSITION = re.compile(rb"^content-disposition:\s*form-data\s*;(.*)$", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(rb'(?:^|;)\s*(name|filename)="((?:\\.|[^"\\])*)"', re.IGNORECASE)


class Upload(NamedTuple):
    """A file that came with a request."""

    filename: str
    content: bytes


def read(content_type: str, body: bytes) -> tuple[str, dict[str, Upload]]:
    """(the other fields as a form, the files by their fields' names); a file's field is `@` and its name.

    Raises StripeError for a body that cannot be read.
    """
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise _unreadable("its Content-Type names no boundary")
    boundary = b"\r\n--" + (found[1] or found[2]).encode("latin-1", "replace")
    _, *parts = (b"\r\n" + body).split(boundary, MAX_FIELDS + 1)
    if not parts or not parts[-1].startswith(b"--"):
        raise _unreadable("it does not end with its boundary")
    pairs: list[str] = []
    uploads: dict[str, Upload] = {}
    for part in parts[:-1]:
        name, filename, content = _part(part)
        if filename is None:
            value = _text(content)
        else:
            uploads[name] = Upload(filename, content)
            value = f"@{filename}"
        pairs.append(f"{quote_plus(name, safe='[]')}={quote_plus(value)}")
    return "&".join(pairs), uploads


def put(tree: dict[str, Any], uploads: dict[str, Upload]) -> dict[str, Any]:
    """The parsed form with the files themselves in their places."""
    return tree | {name: upload for name, upload in uploads.items() if name in tree}


def _part(part: bytes) -> tuple[str, str | None, bytes]:
    """(the field's name, the file's name if it is one, the content)."""
    head, separator, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    found = _DISPOSITION.search(head.replace(b"\r\n", b"\n")) if separator else None
    names = {key.lower(): value for key, value in _NAME.findall(found[1])} if found else {}
    if b"name" not in names:
        raise _unreadable("a part of it has no name")
    filename = names.get(b"filename")
    return _text(names[b"name"]), None if filename is None else _text(filename), content


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise StripeError("The request body is not valid UTF-8.") from None


def _unreadable(why: str) -> StripeError:
    return StripeError(f"The request could not be read: {why}.")
