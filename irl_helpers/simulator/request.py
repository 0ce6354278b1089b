"""A request that has been read: who asks, for which call, with which parameters."""

from __future__ import annotations

from collections.abc import Mapping

from . import controls, faults, idempotency
from .account import Account, Object
from .errors import StripeError
from .expand import check, expand
from .forms import MAX_BYTES, parse_form
from .resources import files
from .routes import match
from .schema import decode
from .uploads import MULTIPART, Upload, put, read

FORM = "application/x-www-form-urlencoded"


class Request:
    """A request that has been read: who, which call, with which parameters."""

    def __init__(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: str | bytes,
        request_id: str,
        key: str,
        version: str,
        connected: str,
    ) -> None:
        self.id = request_id
        self.method = method
        self.key = key
        self.shown_key = ""
        self.version = version
        self.path, _, query = target.partition("?")
        self.route, self.ids = match(method, self.path)
        self.writes = self.route.writes(self.ids)
        form, uploads = _form(headers, body)
        self.form = query + ("&" if query and form else "") + form
        self.mark = self.form + "".join(map(files.fingerprint, uploads.values()))
        self.idempotency_key = idempotency.check(headers.get("idempotency-key")) if method == "POST" else None
        self.connected = "" if self.path in controls.OF_THE_PLATFORM else connected
        self.hold = (f"{self.key}/{self.connected}", self.idempotency_key)
        self.params: Object = {}
        # What is wrong with the parameters; said when the request is run.
        self.refusal: StripeError | None = None
        try:
            tree = put(parse_form(self.form), uploads)
            # A path that cannot be expanded is refused before anything else is looked at.
            if self.route.kind and isinstance(paths := tree.get("expand"), dict):
                given = [path for path in paths.values() if isinstance(path, str)]
                check(self.route.kind, self.route.listed, given, version)
            self.params = decode(self.route.schema(), tree, version)
        except StripeError as error:
            if not self.route.intent:
                raise
            self.refusal = error
        self.expand = self.params.pop("expand", None)
        # What faults do to the answer; see `Response`.
        self.delay = 0.0
        self.drop = False
        # The account's time and revision.
        self.at, self.revision = 0.0, -1

    def may_fail(self, account: Account) -> bool:
        """The simulator's own controls never do: they are what ends a fault."""
        return bool(account.faults) and not self.path.startswith("/_simulator/")

    def run(self, account: Account) -> Object:
        """Call the handler."""
        account.version = self.version
        account.wants_total = "total_count" in (self.expand or ())
        account.request = {"id": self.id, "idempotency_key": self.idempotency_key}
        if self.may_fail(account):
            faults.before(account, self)
        if self.refusal:
            raise self.refusal
        answer = account.view(self.route.handler(account, self.params, *self.ids))
        if self.may_fail(account):
            faults.after(account, self)
        if self.expand:
            answer = expand(account, answer, self.expand)
        return answer


def _form(headers: Mapping[str, str], body: str | bytes) -> tuple[str, dict[str, Upload]]:
    """(the body as a form, the files that came with it)."""
    if not body:
        return "", {}
    content_type = headers.get("content-type", FORM)
    kind = content_type.partition(";")[0].strip().lower()
    if kind == MULTIPART:
        if len(body) > MAX_BYTES:
            raise StripeError("The request body is too large.", status=413)
        return read(content_type, body if isinstance(body, bytes) else body.encode(errors="replace"))
    return _text(kind, body), {}


def _text(content_type: str, body: str | bytes) -> str:
    if content_type != FORM:
        raise StripeError(
            f"Invalid request (check that your POST content type is {FORM}). If you have any questions, we "
            "can help at https://support.stripe.com/."
        )
    try:
        if isinstance(body, bytes):
            return body.decode()
        if not body.isascii():
            body.encode()
        return body
    except UnicodeError:
        raise StripeError("The request body is not valid UTF-8.") from None
