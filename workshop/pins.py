"""Names and the PINs that keep them: who comes first with a name has it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import threading
import unicodedata
from pathlib import Path

from .room import private

NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
SHORTEST = 4


class Pins:
    """A JSON file, `{"ana": {"salt": …, "hash": …}}`. No PIN is written down."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """Every learner who has been here."""
        return sorted(self._read())

    def check(self, name: str, pin: str) -> bool:
        """Whether the PIN keeps this name; a name that is still free is given to it."""
        kept = self._read().get(name)
        if kept is None:
            with self._lock:
                pins = self._read()
                kept = pins.get(name)
                if kept is None:
                    salt = secrets.token_bytes(16)
                    pins[name] = {"salt": salt.hex(), "hash": _hash(pin, salt).hex()}
                    self._write(pins)
                    return True
        return hmac.compare_digest(bytes.fromhex(kept["hash"]), _hash(pin, bytes.fromhex(kept["salt"])))

    def forget(self, name: str) -> bool:
        """Let somebody else take the name, with what is in its home; False if nobody had it."""
        with self._lock:
            pins = self._read()
            if pins.pop(name, None) is None:
                return False
            self._write(pins)
            return True

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            return dict(json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return {}

    def _write(self, pins: dict[str, dict[str, str]]) -> None:
        new = self.path.with_suffix(".new")
        with open(new, "w", opener=private) as file:
            json.dump(pins, file)
        os.replace(new, self.path)


def normal_name(text: str) -> str:
    """ "Zoë K" is "zoe-k"; what cannot be a name becomes ''."""
    plain = unicodedata.normalize("NFKD", text.strip()).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[\s._-]+", "-", plain).strip("-")
    return name if NAME.fullmatch(name) else ""


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1)
