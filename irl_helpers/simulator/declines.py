"""Where the bank decides: the card's number first, then the amount's last two digits.

https://docs.stripe.com/terminal/references/testing
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .cards import SAVED_AND_DECLINED, Card
from .errors import StripeError

# last two digits of the amount -> decline code
AMOUNT_ENDINGS = {
    1: "call_issuer",
    2: "offline_pin_required",
    3: "online_or_offline_pin_required",
    5: "generic_decline",
    55: "incorrect_pin",
    65: "withdrawal_count_limit_exceeded",
    75: "pin_try_exceeded",
}
# Declines after which the reader asks for a PIN: the next attempt at the same payment is approved with it.
PIN_REQUIRED = {"offline_pin_required": "offline_pin", "online_or_offline_pin_required": "online_pin"}

# What test mode adds to the bank's sentence where the amount decided.
BY_AMOUNT = (
    " In testmode, using a physical test card with designated amount ending values produce specific decline "
    "responses. See https://stripe.com/docs/terminal/references/testing#physical-test-cards for details."
)


class Reason(NamedTuple):
    """Why a bank says no: its sentence, Stripe's code, and what else stands in the error.

    `network` is the code that the card's network gave, `param` the parameter that is to blame.
    """

    message: str = "Your card was declined."
    code: str = "card_declined"
    advice: str | None = None
    network: str | None = None
    network_advice: str | None = None
    param: str | None = None


_AGAIN, _NEVER, _CONFIRM = "try_again_later", "do_not_try_again", "confirm_card_data"
_TOO_OFTEN = (
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."
)
_PIN = "This transaction requires a PIN."
REASONS = {
    "generic_decline": Reason(advice=_AGAIN, network="01"),
    "insufficient_funds": Reason(
        "Your card has insufficient funds.", advice=_AGAIN, network="51", network_advice="02"
    ),
    "lost_card": Reason(advice=_NEVER, network="41", network_advice="01"),
    "stolen_card": Reason(advice=_NEVER, network="43", network_advice="01"),
    "card_velocity_exceeded": Reason(_TOO_OFTEN, advice=_AGAIN, network="61", network_advice="02"),
    "expired_card": Reason("Your card has expired.", "expired_card", _CONFIRM, "54", "03", "exp_month"),
    "incorrect_cvc": Reason(
        "Your card's security code is incorrect.", "incorrect_cvc", _CONFIRM, "N7", "03", "cvc"
    ),
    "processing_error": Reason(
        "An error occurred while processing your card. Try again in a little bit.",
        "processing_error",
        _AGAIN,
        "06",
    ),
    "incorrect_zip": Reason(
        "Your card could not be authorized using the postal code provided. Please update the postal code, or "
        "contact your card issuer for further details.",
        "incorrect_zip",
        param="address_zip",
    ),
    # Stripe's own no, which the bank never hears of.
    "fraudulent": Reason(),
    "call_issuer": Reason("Your card was declined. You can call your bank for details.", network="01"),
    "offline_pin_required": Reason(_PIN, "offline_pin_required"),
    "online_or_offline_pin_required": Reason(_PIN, "online_or_offline_pin_required"),
    "incorrect_pin": Reason("Your PIN is incorrect.", network="55"),
    "withdrawal_count_limit_exceeded": Reason(_TOO_OFTEN, network="65"),
    "pin_try_exceeded": Reason("Allowable number of PIN tries exceeded.", network="75"),
}


class Decline(NamedTuple):
    """A bank's no, as it stands in errors and charges."""

    code: str
    decline_code: str | None
    message: str
    advice_code: str | None = None
    network_decline_code: str | None = None
    network_advice_code: str | None = None
    param: str | None = None

    def fields(self) -> dict[str, Any]:
        """What stands in an error beside code, message and param."""
        return {
            "advice_code": self.advice_code,
            "decline_code": self.decline_code,
            "network_advice_code": self.network_advice_code,
            "network_decline_code": self.network_decline_code,
        }


class Verdict(NamedTuple):
    """What the bank says: `decline` is None when it approved; `cvm` is how the cardholder was verified.

    `risk` is what Stripe thinks of the payment, one of `charge_outcome.RISKS`.
    """

    decline: Decline | None
    cvm: str = "approval"
    risk: str = "not_assessed"


def decline(reason: str, network: str | None = None, more: str = "") -> Decline:
    """The decline for this reason; `network` is the network's code if not the usual one, `more` is added to
    the message."""
    found = REASONS[reason]
    # Where no bank was asked for its reason, the code says it all.
    decline_code = None if reason == "incorrect_zip" else reason
    return Decline(
        found.code,
        decline_code,
        found.message + more,
        found.advice,
        network or found.network,
        found.network_advice,
        found.param,
    )


def declined_for_amount(card: Card, amount: int) -> str | None:
    """The decline code that the amount's last two digits stand for. Stripe documents them for its standard
    test cards: a card that always fails keeps its own reason, a PIN card is verified by its PIN."""
    standard = card.outcome == "approved" and card.cvm == "approval"
    return AMOUNT_ENDINGS.get(amount % 100) if standard else None


def decide_at_reader(card: Card, amount: int, last_decline: str | None = None) -> Verdict:
    """Whether this card may pay this amount: the card's number decides, then `declined_for_amount`.

    `last_decline` is the decline code of the same payment's last try.
    """
    if card.outcome != "approved":
        return Verdict(decline(card.outcome))
    reason = declined_for_amount(card, amount)
    if reason is None:
        return Verdict(None, card.cvm)
    if reason in PIN_REQUIRED and last_decline == reason:
        return Verdict(None, PIN_REQUIRED[reason])
    return Verdict(_by_amount(amount, reason))


def _by_amount(amount: int, reason: str) -> Decline:
    """The amount's last two digits are the network's code, except where a PIN is asked for."""
    return decline(reason, None if reason in PIN_REQUIRED else f"{amount % 100:02}", BY_AMOUNT)


def decide_refund(amount: int) -> Decline | None:
    """What an Interac card's bank says to a refund of this amount: its last two digits decide."""
    reason = AMOUNT_ENDINGS.get(amount % 100)
    return _by_amount(amount, reason) if reason and reason not in PIN_REQUIRED else None


def decide_online(card: Card, checks: dict[str, str | None]) -> Verdict:
    """What the bank says without a reader: the card's number decides, the amount never.

    `checks` are those of the PaymentMethod. As an account is set up at first, Stripe refuses a card whose
    security code or postal code is wrong.
    """
    reason = card.outcome
    if reason == "approved" and checks["cvc_check"] == "fail":
        reason = "incorrect_cvc"
    elif reason == "approved" and checks["address_postal_code_check"] == "fail":
        reason = "incorrect_zip"
    return Verdict(None if reason == "approved" else decline(reason), risk=card.risk)


def decide_saving(card: Card) -> Decline | None:
    """What the bank says when the card is to be kept: declining cards cannot be, one excepted. Stripe blocks
    payments only."""
    if card.outcome == "approved" or card.number == SAVED_AND_DECLINED or card.risk == "blocked":
        return None
    return decline(card.outcome)


def card_error(reason: Decline, param: str | None = None, **fields: Any) -> StripeError:
    """The 402 of a card that is refused; `param` is another one than the reason's own."""
    return StripeError(
        reason.message,
        code=reason.code,
        param=reason.param if param is None else param,
        status=402,
        type="card_error",
        **reason.fields(),
        **fields,
    )
