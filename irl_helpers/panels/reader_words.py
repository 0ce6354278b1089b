"""What a reader does for whoever stands at it, in words, whichever program asked it to."""

from __future__ import annotations

import stripe

from ..screen import failure_words, no_card_passes, same_card_fails_again
from .form import ASKED

STATES = {
    "no_reader": "there is no reader yet: your application registers one, or you do, below",
    "idle": "the reader waits for your application",
    "cart": "the customer sees the cart",
    "waiting": "the reader asks for a card",
    "authorizing": "the card was read, and the bank is asked",
    "collecting_inputs": ASKED,
    "collected": "the card was read: your application confirms the payment, or cancels it",
    "busy": "the reader is busy",
    "succeeded": "the reader is done",
    "failed": "the reader could not finish",
    "offline": "the reader is offline",
}
"""The states of a reader, as `screen.reader_state` has them, and of none."""

TONES = {
    "waiting": "wait",
    "authorizing": "wait",
    "collecting_inputs": "wait",
    "succeeded": "good",
    "failed": "bad",
    "offline": "bad",
}
"""The colors of those that are not plain."""

PROMPTS = {
    "process_payment_intent": "the reader asks for a card",
    "collect_payment_method": "the reader asks for a card",
    "process_setup_intent": "the reader asks for a card to save",
    "refund_payment": "the reader asks for the card that gets its money back",
}
"""What a reader that waits for a card says, by the type of its action."""

DONE = {
    "process_payment_intent": "the card was approved",
    "confirm_payment_intent": "the card was approved",
    "process_setup_intent": "the card is saved",
    "refund_payment": "the money goes back to the card",
    "collect_inputs": "the form is filled in",
}
"""What has happened when an action of this type has succeeded."""

AND_THEN = {
    "requires_capture": ": the money is held, and waits to be captured",
    "succeeded": ", and the payment is captured",
    "canceled": ", and the payment is canceled",
}
"""What has become of the payment since, by its status."""


DECLINES_BY_AMOUNT = (
    "The last digits of the total decide that, with a tip in it, and not the card: another tip or another "
    "amount is approved."
)
"""What a test amount does to a card that is approved otherwise."""


def failure_said(reader: stripe.terminal.Reader | None, intent: stripe.PaymentIntent | None = None) -> str:
    """How the reader's action failed, as a sentence for the cashier without its capital letter: who canceled,
    why the card was declined, what kept the reader. What its screen says is for who holds the card."""
    action = reader.action if reader is not None else None
    if action is not None and action.failure_code == "customer_canceled":
        return "the customer canceled on the reader."
    error = intent.last_payment_error if intent is not None else None
    if action is not None and error is not None and error.code == action.failure_code:
        return _decline_words(reader, intent)
    why = failure_words(reader, intent)
    return f"the reader could not finish: {why[:1].lower()}{why[1:]}"


def _decline_words(reader: stripe.terminal.Reader | None, intent: stripe.PaymentIntent | None) -> str:
    """Why the card was declined, and what the same one and another would do."""
    why = failure_words(reader, intent)
    said = f"the card was declined: {why[:1].lower()}{why[1:]}"
    if no_card_passes(reader, intent):
        return f"{said} {DECLINES_BY_AMOUNT}"
    return f"{said} The same card will be declined again." if same_card_fails_again(reader, intent) else said


def reader_says(state: str, reader: stripe.terminal.Reader, intent: stripe.PaymentIntent | None) -> str:
    """The state of a reader whose action is about this payment; '' where `STATES` says it all."""
    action = reader.action
    if action is None:
        return ""
    if state == "waiting":
        return PROMPTS.get(action.type, "")
    if state == "failed":
        return failure_said(reader, intent)
    if state == "succeeded" and action.type in DONE:
        paid = intent is not None and "payment_intent" in action.type
        return DONE[action.type] + (AND_THEN.get(intent.status, "") if paid and intent is not None else "")
    return ""
