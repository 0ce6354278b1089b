"""Onboarding links, with which a merchant accepts Apple's terms for Tap to Pay on iPhone.

https://docs.stripe.com/api/terminal/onboarding_links
"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..ids import random_text

KIND = "terminal.onboarding_link"
_OPTIONS = "link_options[apple_terms_and_conditions]"


def create(account: Account, params: Object) -> Object:
    """A link has no id and is not kept; nobody answers at its address."""
    terms = params["link_options"].get("apple_terms_and_conditions")
    if terms is None:
        raise errors.missing(_OPTIONS)
    return {
        "object": KIND,
        "link_options": {
            "apple_terms_and_conditions": {
                "allow_relinking": terms.get("allow_relinking", False),
                "merchant_display_name": terms["merchant_display_name"],
            }
        },
        "link_type": params["link_type"],
        "on_behalf_of": params.get("on_behalf_of"),
        "redirect_url": f"https://register.apple.com/tap-to-pay-on-iphone/{random_text(40)}",
    }
