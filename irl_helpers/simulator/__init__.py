"""Stripe Terminal, offline: the server-driven API, with its state in one SQLite file.

Not Stripe, and not affiliated with it. README.md says what it does, what it does not do, and what it guesses.
"""

from .http_client import SimulatorHTTPClient
from .simulator import Response, Simulator
from .store import AccountFileError

__all__ = ["AccountFileError", "Response", "Simulator", "SimulatorHTTPClient"]
