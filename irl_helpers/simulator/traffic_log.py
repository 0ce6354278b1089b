"""What a served simulator notes of each request and of each try to send a webhook: at first in memory, and in
batches in the file beside the account file, which is where any process reads it.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .auth import api_key
from .errors import StripeError
from .masking import mask_form, mask_json, mask_text
from .store import key_hash
from .traffic_file import KEPT, SAID_EVERY, Kept, TrafficFile, Try
from .uploads import MULTIPART, read

UNRECORDED = "simulator-unrecorded"
"""The header, whatever its value, of a request that is not to be written down: that of a page which looks."""

EVERY = 1.0
"""Seconds between two batches."""

# Of a record, in bytes: the whole of it, and of that at most its form.
MAX_RECORD, _MAX_FORM = 16_000, 6_000
_CUT = "… (cut)"
# What is remembered of a text until then: enough for a record, whatever is masked in it.
_RAW, _RAW_HEADER = 20_000, 255
# A number or a secret that was cut in two is not known any more.
_EDGE = 100
# Bytes that are remembered at most; then the oldest go.
_TOO_MUCH = 12_000_000


@dataclass(slots=True)
class _Noted:
    """A request as it came, and its answer as it went: nothing is read in it before it is written down."""

    account: str
    came: float
    created: float
    revision: int
    method: str
    path: str
    query: str
    body: bytes
    status: int
    answer: str
    seconds: float
    lost: bool
    upload: bool
    asked: list[str]
    answered: list[str]
    times: int = 1
    last: float = 0

    @property
    def repeats(self) -> tuple[object, ...] | None:
        """What another look has that saw the same; None if it is no look."""
        if self.method != "GET" or self.revision < 0:
            return None
        version = self.answered[1]
        return (
            self.account, self.revision, self.path, self.query, self.body, self.status, *self.asked, version,
            self.lost,
        )  # fmt: skip

    @property
    def size(self) -> int:
        return len(self.body) + len(self.answer) + len(self.query) + 1000


class TrafficLog:
    """The log of the account file at `path`.

    `note` and `sent` only remember; from `begin` to `end`, `flush` writes it down.
    """

    def __init__(self, path: Path) -> None:
        self.file = TrafficFile(path)
        self._noted: deque[_Noted] = deque()
        self._size = 0
        self._tries: deque[Try] = deque(maxlen=KEPT)
        # Where it is served, '' as long as it is not; and when that was last written down.
        self._address = ""
        self._said = 0.0
        self._remembering, self._writing = threading.Lock(), threading.Lock()

    def begin(self, address: str) -> None:
        """From now on the account file is served at this address."""
        self._address = address
        self.flush()

    def end(self) -> None:
        """Write down what is left: nobody serves here any more."""
        self.flush()
        self.file.ends(self._address)
        self._address = ""

    def note(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        status: int,
        answer: str,
        answered: Mapping[str, str],
        created: float,
        revision: int,
        seconds: float,
        lost: bool,
    ) -> None:
        """Remember a request and its answer; not the page's own looks, nor what came with no key.

        Names of `headers` are in lower case; `created` is the account's time, 0 if nobody knows it,
        and `revision` its revision as the request found it, -1 if it found none.
        """
        if UNRECORDED in headers or path.startswith("/_simulator/"):
            return
        try:
            account = key_hash(api_key(headers))
        except StripeError:
            return
        upload = headers.get("content-type", "").startswith(MULTIPART)
        if upload:
            try:
                body = read(headers["content-type"], body)[0].encode()
            except StripeError:
                body = b""
        came = time.time()
        noted = _Noted(
            account, came, created or came, revision, method, path[:1000], query[:_RAW], body[:_RAW], status,
            answer[:_RAW], seconds, lost, upload,
            [headers.get(name, "")[:_RAW_HEADER] for name in _ASKED],
            [answered.get(name, "") for name in _ANSWERED],
        )  # fmt: skip
        with self._remembering:
            self._noted.append(noted)
            self._size += noted.size
            while self._size > _TOO_MUCH:
                self._size -= self._noted.popleft().size

    def sent(self, one: Try) -> None:
        """Remember a try to send a webhook."""
        with self._remembering:
            self._tries.append(one)

    def flush(self) -> None:
        """Write down what is remembered, if somebody serves."""
        if not self._address:
            return
        with self._writing:
            with self._remembering:
                noted, self._noted, self._size = self._noted, deque(), 0
                tries, self._tries = self._tries, deque(maxlen=KEPT)
            if not noted and not tries and time.monotonic() - self._said < SAID_EVERY:
                return
            self._said = time.monotonic()
            kept: deque[Kept] = deque()
            seen: Counter[str] = Counter()
            for one in reversed(_once_each(noted)):
                seen[one.account] += 1
                if seen[one.account] <= KEPT:
                    kept.appendleft(_kept(one))
            self.file.write(kept, tries, self._address)


def _once_each(noted: Iterable[_Noted]) -> list[_Noted]:
    """Of the same look the last one, with how often and since when: before masking, which takes longer."""
    found: dict[object, _Noted] = {}
    for number, one in enumerate(noted):
        same = one.repeats or number
        earlier = found.pop(same, None)
        if earlier is not None:
            one.times, one.last = earlier.times + 1, one.created
            one.came, one.created, one.answered[0] = earlier.came, earlier.created, earlier.answered[0]
        found[same] = one
    return list(found.values())


_ASKED = ("user-agent", "idempotency-key", "stripe-account")
_ANSWERED = ("Request-Id", "Stripe-Version", "Idempotent-Replayed")


def _kept(one: _Noted) -> Kept:
    raw = "&".join(part for part in (one.query, one.body.decode("utf-8", "replace")) if part)
    form, form_cut = _fit(mask_form(raw), _MAX_FORM, max(len(one.query), len(one.body)) < _RAW)
    path = mask_text(_encodable(one.path))
    # The rest is short.
    left = MAX_RECORD - 1000 - len(form.encode()) - len(path.encode())
    answer, answer_cut = _fit(mask_json(one.answer), left, len(one.answer) < _RAW)
    user_agent, key, stripe_account = (mask_text(_encodable(value)) or None for value in one.asked)
    id, version, replayed = one.answered
    return Kept(
        account=one.account,
        came=one.came,
        id=id,
        created=int(one.created),
        at=one.created,
        times=one.times,
        last=int(one.last or one.created),
        revision=one.revision,
        method=one.method,
        path=path,
        form=form,
        upload=one.upload,
        status=one.status,
        error_code=_error_code(one) if one.status >= 400 else None,
        seconds=round(one.seconds, 6),
        user_agent=user_agent,
        idempotency_key=key,
        replayed=bool(replayed),
        api_version=version or None,
        stripe_account=stripe_account,
        lost=one.lost,
        answer=answer,
        cut=form_cut or answer_cut,
    )


def _encodable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _fit(text: str, most: int, whole: bool) -> tuple[str, bool]:
    """(the text in at most so many bytes, whether it was cut); it is not `whole` if it was cut before."""
    encoded = text.encode(errors="replace")
    if whole and len(encoded) <= most:
        return encoded.decode(), False
    if not whole:
        encoded = encoded[:-_EDGE]
    return encoded[: most - len(_CUT.encode())].decode(errors="ignore") + _CUT, True


def _error_code(one: _Noted) -> str | None:
    try:
        code = json.loads(one.answer)["error"].get("code")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return code if isinstance(code, str) else None
