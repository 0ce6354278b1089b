"""Stripe Terminal, offline: the server-driven API, with its state in one SQLite file.

Not Stripe, and not affiliated with it. README.md says what it does, what it does not do, and what it guesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .file_trouble import AccountFileError
    from .http_client import SimulatorHTTPClient
    from .response import Response
    from .simulator import Simulator

__all__ = ["AccountFileError", "Response", "Simulator", "SimulatorHTTPClient"]

_HOMES = {
    "AccountFileError": "file_trouble",
    "Response": "response",
    "Simulator": "simulator",
    "SimulatorHTTPClient": "http_client",
}


def __getattr__(name: str) -> Any:
    """Loaded when first asked for, so that an amount's minimum or a test card costs no loading time."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
