"""Part 3 as a panel: a till that takes one payment after another."""

from __future__ import annotations

import stripe

from ..account import call
from ..cancel import cancel_payment, cancel_reader_action, change_amount, give_up_sale
from ..collect import capture_payment, create_payment, process_payment, simulate_payment
from ..money import format_amount, parse_amount
from ..recovery import payment_shown
from ..simulator.money import MINIMUM
from .till import Till

SMALLEST = 100
"""The series asks for 1.00 at least. Stripe's own minimum is lower: 0.50 in usd."""
STRIPE_SMALLEST = MINIMUM["usd"]


class CollectPanel(Till):
    """A till: choose a reader, enter an amount, take the payment.

    Its inputs and buttons are those of `Till`. `cancel` gives the sale up: the reader stops asking, and a
    hold is released.
    """

    async def _process(self) -> None:
        amount = self._checked_amount()
        if self.payment_intent_id is None:
            intent = await call(create_payment, amount, self.currency, sale=self._sale)
            self.payment_intent_id = intent.id
            self.say(f"Created {intent.id} for {format_amount(intent.amount, intent.currency)}.")
        else:
            if self._seen.intent is None or self._seen.intent.amount != amount:
                await call(change_amount, self.payment_intent_id, amount)
                shown = format_amount(amount, self.currency)
                self.say(f"Changed the amount of {self.payment_intent_id} to {shown}.")
        reader = await call(
            process_payment,
            self.reader.value,
            self.payment_intent_id,
            customer_can_cancel=self.customer_can_cancel.value,
        )
        self.say(f"{reader.label} asks for {self.payment_intent_id}: {reader.action.status}.")

    def _checked_amount(self) -> int:
        """The amount in the smallest unit. Raises ValueError for what no sale can be made of; below Stripe's
        own minimum Stripe says it."""
        amount = parse_amount(self.amount.value, self.currency)
        if STRIPE_SMALLEST <= amount < SMALLEST and self.currency == "usd":
            raise ValueError(f"The series sells from {format_amount(SMALLEST, self.currency)} on.")
        return amount

    async def present(self, card: str, tip: int | None) -> None:
        reader = await call(simulate_payment, self.reader.value, card, tip=tip)
        action = reader.action
        if action.status == "failed":
            self.say(f"Payment failed: {action.failure_message} ({action.failure_code})")
        elif action.status == "in_progress":
            self._stage = "authorizing"
            self.say("The card was read, and the bank has not answered yet.")
        else:
            self.say(f"Approved: {self.payment_intent_id}.")

    async def _capture(self) -> None:
        intent = await call(capture_payment, self.payment_intent_id)
        self.say(f"Captured {format_amount(intent.amount_received, intent.currency)}: {intent.id}.")

    async def _cancel(self) -> None:
        reader, payment = self.current_reader, self.payment_intent_id
        if payment is None:
            self.say(said_after_cancel(await call(cancel_reader_action, reader.id)))
            return
        if reader is None:
            await call(cancel_payment, payment)
        else:
            if payment_shown(reader) not in (None, payment):
                self.say(said_after_cancel(reader))
            intent = await call(give_up_sale, reader.id, payment)
            if intent.status != "canceled":
                raise ValueError(f"{payment} was captured before, and only a refund can undo that.")
        self.say(f"Canceled {payment}.")


def said_after_cancel(reader: stripe.terminal.Reader) -> str:
    """What came of `cancel_reader_action`, in a sentence."""
    if reader.action is None:
        return f"{reader.label} is back at its splash screen."
    return f"{reader.label} shows another till's payment, which was left alone: {payment_shown(reader)}."
