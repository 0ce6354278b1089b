"""What the buttons and cells asked of Stripe: kept in `log`, as code in `code_samples`."""

from __future__ import annotations

from .log import LoggedHTTPClient, LoggedRequest, RequestLog, unlogged, work_of

__all__ = ["LoggedHTTPClient", "LoggedRequest", "RequestLog", "unlogged", "work_of"]
