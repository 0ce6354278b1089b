"""What uvicorn's HTTP protocol does not do by itself: refuse rubbish in Stripe's words, and hang up."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from .errors import StripeError
from .simulator import Response


class StripeHTTPProtocol(HttpToolsProtocol):
    """Gives the application `scope["state"]["hang_up"]()`, which ends the connection without an answer."""

    def on_message_begin(self) -> None:
        """Give each request a way to hang up."""
        super().on_message_begin()
        self.scope["state"]["hang_up"] = self.transport.close

    def send_400_response(self, msg: str) -> None:
        """The answer to what is not HTTP."""
        if self.transport.is_closing():
            return
        response = Response.refusal(StripeError("The request is not valid HTTP."))
        body = response.body.encode()
        headers = {**response.headers, "Content-Length": str(len(body)), "Connection": "close"}
        lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
        self.transport.write(STATUS_LINE[response.status] + lines + b"\r\n" + body)
        self.transport.close()
