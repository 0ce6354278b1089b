"""Read what a served simulator was asked for, by any program; offline account only.

```python
for request in served_requests.latest(object="pi_…").requests:
    print(request.method, request.path, request.status, request.user_agent)
```

`simulator/traffic_log.py` writes them down as they come, and anyone on the same account file reads them, in
process too, within about a second. Keys are not in them; secrets, tokens and card numbers are masked.
"""

from __future__ import annotations

from typing import NamedTuple

from .account import offline_only
from .request_log import LoggedRequest


class ServedRequest(NamedTuple):
    """One request and its answer.

    `created` is Unix time in seconds, by the account's clock, with fractions `at`. A program that waits asks
    the same again and again: while nothing happens in the account that is one request, asked so many
    `times`, at `created` first and `last` in the end. `revision` is the account's as the request found it
    (its events have the same one in their ids, those before it a lower one), -1 for none.

    `form` is what was sent or stood after the question mark (in an `upload`, `@name` stands for a file),
    `seconds` how long it took, `answer` JSON as text, both of the last time. What is longer than 16 KB is
    `cut`, and ends in "… (cut)". `lost`: a fault let the request or its answer get lost on the way.
    """

    id: str
    created: int
    at: float
    times: int
    last: int
    revision: int
    method: str
    path: str
    form: str
    upload: bool
    status: int
    error_code: str | None
    seconds: float
    user_agent: str | None
    idempotency_key: str | None
    replayed: bool
    api_version: str | None
    stripe_account: str | None
    lost: bool
    answer: str
    cut: bool

    def as_logged(self) -> LoggedRequest:
        """The same as the request log has them, to be written as code."""
        return LoggedRequest(
            method=self.method,
            path=self.path,
            form=self.form,
            status=None if self.lost else self.status,
            body=self.answer,
            request_id=self.id,
            idempotency_key=self.idempotency_key,
            at=float(self.created),
            seconds=self.seconds,
            upload=self.upload,
        )


class Latest(NamedTuple):
    """The latest requests, the last one first; whether there are `more`, and the addresses at which the
    account is `served` at this moment."""

    requests: list[ServedRequest]
    more: bool
    served: list[str]


def latest(object: str | None = None, *, limit: int = 100, ending_before: str | None = None) -> Latest:
    """The latest requests to a served simulator on this account, at most `limit` (up to 500).

    Only those in whose path, form or answer the id `object` occurs; only those that came after the request
    with the id `ending_before`. Without a served simulator there are none. Raises AccountError in Stripe's
    test mode, and stripe.InvalidRequestError for a limit that is none.
    """
    controls = offline_only("list its requests: Stripe's are in the Dashboard, under Developers, Logs")
    asked = {"object": object, "ending_before": ending_before}
    given = {name: value for name, value in asked.items() if value}
    found = controls.request("get", "requests", limit=limit, **given)
    names = ServedRequest._fields
    requests = [ServedRequest(**{name: each[name] for name in names}) for each in found["data"]]
    return Latest(requests, found["has_more"], found["served"])
