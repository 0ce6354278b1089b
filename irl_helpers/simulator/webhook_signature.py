"""How a webhook is signed. https://docs.stripe.com/webhooks/signature"""

from __future__ import annotations

import hmac
from hashlib import sha256


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header, as `stripe.Webhook.construct_event` checks it."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
