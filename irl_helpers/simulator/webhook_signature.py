"""How a webhook is signed. https://docs.stripe.com/webhooks/signature"""

from __future__ import annotations

import hmac
from hashlib import sha256


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header, as `stripe.Webhook.construct_event` checks it.

    As in Stripe's test mode, a second part follows that means nothing: whoever checks must pass over it.
    """
    signed = f"{timestamp}.".encode() + body
    right, fake = (hmac.new(key.encode(), signed, sha256).hexdigest() for key in (secret, secret[::-1]))
    return f"t={timestamp},v1={right},v0={fake}"
