"""Files: splash screens, signatures, evidence; kept in the account file. https://docs.stripe.com/api/files"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import NamedTuple

from .. import errors
from ..account import Account, Object
from ..errors import StripeError
from ..paging import list_object, page
from ..uploads import Upload

KIND = "file"
MOST_BYTES = 512 * 1024
_DAY = 24 * 60 * 60


class Purpose(NamedTuple):
    """What a file may be for: of which types (any, if none is named), for how many days (None: for ever), and
    whether it can be had back."""

    types: tuple[str, ...] = ()
    days: int | None = None
    downloadable: bool = False


_PICTURE = ("jpg", "png", "gif")
_PAPER = ("pdf", "jpg", "png")
PURPOSES = {
    "account_requirement": Purpose(_PAPER),
    "additional_verification": Purpose(_PAPER),
    "business_icon": Purpose(_PICTURE, downloadable=True),
    "business_logo": Purpose(_PICTURE, downloadable=True),
    "customer_signature": Purpose(("jpg", "png", "svg"), days=7, downloadable=True),
    "dispute_evidence": Purpose(_PAPER, days=270, downloadable=True),
    "identity_document": Purpose(_PAPER),
    "pci_document": Purpose(("pdf",), downloadable=True),
    "tax_document_user_upload": Purpose(downloadable=True),
    "terminal_reader_splashscreen": Purpose(_PICTURE, downloadable=True),
}
# How the content of a file begins.
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"%PDF-": "pdf",
}
# What a simulated customer writes on a reader, and what one draws: strokes of straight lines.
_SIGNATURE = "M20 70c20-60 40-60 30-10s20 30 30-5 20-20 15 5 25 15 30-5 30-25 25 5 20 10 35-15 40 5 75-10"
STROKES = re.compile(r"(M\d{1,3} \d{1,3}(L\d{1,3} \d{1,3})*)+")


def create(account: Account, params: Object) -> Object:
    upload = params["file"]
    if not isinstance(upload, Upload):
        raise errors.invalid("Invalid file: send it as a part of multipart/form-data.", "file")
    if len(upload.content) > MOST_BYTES:
        raise StripeError(
            f"The file you uploaded was too large. Please upload a file smaller than {MOST_BYTES // 1024} KB."
        )
    purpose = PURPOSES.get(params["purpose"], Purpose())
    type = type_of(upload)
    if not upload.content or (purpose.types and type not in purpose.types):
        raise StripeError("The file you uploaded is not supported")
    return add(account, params["purpose"], upload, type)


def add(account: Account, purpose: str, upload: Upload, type: str | None) -> Object:
    """Keep a file."""
    known = PURPOSES.get(purpose, Purpose())
    id = account.new_id("file")
    made = account.add_named(
        {
            "id": id,
            "object": KIND,
            "created": account.now,
            "expires_at": None if known.days is None else account.now + known.days * _DAY,
            "filename": upload.filename or None,
            "links": list_object(f"/v1/file_links?file={id}", []),
            "purpose": purpose,
            "size": len(upload.content),
            "title": None,
            "type": type,
            "url": f"{account.address}/v1/files/{id}/contents" if known.downloadable else None,
        }
    )
    account.keep_content(id, upload.content)
    return made


def sign(account: Account, strokes: str = _SIGNATURE) -> Object:
    """What the customer of a simulated reader signs with: the path of a drawing, 300 units wide."""
    heights = [int(y) for y in re.findall(r"[ML]\d+ (\d+)", strokes)]
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 {max(100, *heights)}"><path fill="none" '
        f'stroke="#000" stroke-width="3" d="{strokes}"/></svg>'
    )
    return add(account, "customer_signature", Upload("signature.svg", drawing.encode()), "svg")


def type_of(upload: Upload) -> str | None:
    """By its content, or else by its name."""
    for beginning, type in _BEGINNINGS.items():
        if upload.content.startswith(beginning):
            return type
    if b"<svg" in upload.content[:1000]:
        return "svg"
    ending = PurePosixPath(upload.filename).suffix[1:].lower()
    return ending if ending.isascii() and ending.isalnum() and ending not in _BEGINNINGS.values() else None


def fingerprint(upload: Upload) -> str:
    """What tells an upload from another one of the same name."""
    return hashlib.sha256(upload.content).hexdigest()


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "file", in_path=True)


def list(account: Account, params: Object) -> Object:
    return page(account, KIND, "/v1/files", params, ("purpose",))
