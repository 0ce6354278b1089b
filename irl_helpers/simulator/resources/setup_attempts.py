"""SetupAttempts: one attempt to save a card. https://docs.stripe.com/api/setup_attempts"""

from __future__ import annotations

from ..account import Account, Object
from ..paging import page

KIND = "setup_attempt"


def add(
    account: Account,
    intent: Object,
    method: Object,
    details: Object,
    error: Object | None,
    status: str = "succeeded",
) -> Object:
    """One attempt at `intent`; `details` is `payment_method_details` for this type of PaymentMethod, `status`
    how it stands where there is no error."""
    return account.add(
        "setatt",
        KIND,
        application=intent["application"],
        created=account.now,
        customer=intent["customer"],
        customer_account=None,
        flow_directions=None,
        livemode=False,
        on_behalf_of=None,
        payment_method=method["id"],
        payment_method_details={"type": method["type"], method["type"]: details},
        setup_error=error,
        setup_intent=intent["id"],
        status="failed" if error else status,
        usage=intent["usage"],
    )


def card_details(method: Object, moto: bool = False) -> Object:
    """`payment_method_details.card` of an attempt with a card that no reader read."""
    card = method["card"]
    names = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    details = {name: card[name] for name in names}
    return {
        **details,
        "network": card["networks"]["available"][0],
        "three_d_secure": None,
        "wallet": None,
        **({"moto": True} if moto else {}),
    }


def list(account: Account, params: Object) -> Object:
    account.get(params["setup_intent"], "setup_intent", "setup_intent")
    return page(account, KIND, "/v1/setup_attempts", params, ("setup_intent",))
