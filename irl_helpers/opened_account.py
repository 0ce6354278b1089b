"""An account that is open: its client, the log of what is asked of it, and its notes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import stripe

from . import notes
from .allowed_settings import AccountError, check_key, check_tab, checked_base, checked_version
from .browser_kernel import let_handlers_wait
from .direct_http_client import DirectHTTPClient
from .request_log import LoggedHTTPClient, RequestLog
from .settings import Settings, programs_can_run
from .simulator.account_file import IN_BROWSER, data_directory
from .simulator.auth import OFFLINE_KEY
from .simulator.file_trouble import AccountFileError
from .simulator.store import key_hash
from .simulator.traffic_log import UNRECORDED

if TYPE_CHECKING:
    from .simulator import Simulator

P = ParamSpec("P")
T = TypeVar("T")

# Seconds until a call over the network is given up, and how often the client itself tries again.
TIMEOUT = 20
RETRIES = 2


class OpenedAccount:
    """What is kept of an account: `base` is '' for Stripe and in process, `file` and `simulator` None over
    the network."""

    def __init__(self, settings: Settings) -> None:
        if not programs_can_run():
            check_tab(settings)
        if settings.key:
            check_key(settings.key)
        self.key = settings.key or OFFLINE_KEY
        self.base = checked_base(settings.base) if settings.base else ""
        self.file = None if settings.key or settings.base else settings.file
        self.in_process = self.file is not None
        self.offline = self.in_process or bool(self.base)
        self.log = RequestLog()
        self._api_version = checked_version(settings.api_version) if settings.api_version else ""
        self.simulator: Simulator | None = None
        base = self.base
        self.client = stripe.StripeClient(
            self.key,
            http_client=LoggedHTTPClient(self._transport(), self.log, UNRECORDED if base else ""),
            # All of them: some calls would go to another address, and the key with them.
            base_addresses={"api": base, "connect": base, "files": base, "meter_events": base}
            if base
            else {},
            max_network_retries=RETRIES,
        )
        if self.offline:
            # It would leave a file in the user's home, and report on requests that Stripe never saw.
            stripe.enable_telemetry = False
        self._id = key_hash(f"{base} {self.key}" if self.file is None else self.key)
        old = self.file or data_directory() / self._id[:16]
        if found := notes.claim(old.with_suffix(".notes.json")):
            self.with_notes(notes.adopt, found)

    def _transport(self) -> stripe.HTTPClient:
        if self.base:
            return DirectHTTPClient(TIMEOUT)
        if self.file is None:
            # The client's own choice for its `…_async` methods; the library has no public name for it.
            from stripe._http_client import new_http_client_async_fallback

            return stripe.RequestsClient(
                timeout=TIMEOUT, async_fallback_client=new_http_client_async_fallback()
            )
        # Only now: a served simulator, or Stripe itself, needs none of it.
        from .simulator import Simulator, SimulatorHTTPClient

        if IN_BROWSER:
            let_handlers_wait()
        try:
            self.simulator = Simulator(self.file, self._api_version)
        except AccountFileError as problem:
            raise AccountError(str(problem)) from problem
        return SimulatorHTTPClient(self.simulator, AccountError)

    def with_notes(
        self,
        function: Callable[Concatenate[sqlite3.Connection, str, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """`function(db, id, …)`, one of those in `notes`, where the notes about this account are.

        Raises AccountError when their file cannot be used.
        """
        try:
            if self.simulator is None:
                with notes.opened(data_directory() / "notes.sqlite") as db:
                    return function(db, self._id, *args, **kwargs)
            run = self.simulator.read if function is notes.find else self.simulator.write
            return run(function, self._id, *args, **kwargs)
        except AccountFileError as problem:
            raise AccountError(str(problem)) from problem
