"""Object ids as Stripe writes them: a prefix and letters and digits nobody can guess."""

from __future__ import annotations

import os

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TABLE = bytes(ord(_ALPHABET[value % len(_ALPHABET)]) for value in range(256))


def new_id(prefix: str, length: int = 24) -> str:
    """`new_id("pi")` -> `"pi_3…"`. The first character is a digit, so that no id reads like a word."""
    return f"{prefix}_3{random_text(length - 1)}"


def random_text(length: int) -> str:
    return os.urandom(length).translate(_TABLE).decode()
