"""Saving a card as a panel: saved at the reader, and charged when the customer has left."""

from __future__ import annotations

from html import escape
from typing import ClassVar, NamedTuple

import ipywidgets as W
import stripe

from ..account import call, noted, stripe_client
from ..cancel import cancel_reader_action
from ..collect import simulate_payment
from ..connect import CHOSEN, list_readers
from ..money import format_amount, parse_amount
from ..save_a_card import (
    charge_saved_card,
    create_setup,
    generated_card,
    own_customer,
    process_setup,
    saved_cards,
)
from ..screen import reader_screen
from .customer import CustomerPanel
from .layout import facts, field, group, row


class Seen(NamedTuple):
    """What the panel knows of the account; `cards` are the customer's."""

    readers: list[stripe.terminal.Reader]
    setup: stripe.SetupIntent | None
    generated: str | None
    cards: list[stripe.PaymentMethod]


class SaveCardPanel(CustomerPanel):
    """Save a customer's card at the reader, and charge it when she has left.

    Inputs: `reader`, `email` of the customer, `consent`, `amount` to charge later, and those of
    `CustomerPanel`. Buttons: `save`, `cancel`, `charge`, `restart`, `refresh`, and those of `CustomerPanel`.
    """

    STATES: ClassVar[dict[str, str]] = {
        "no_reader": "no online reader is chosen",
        "ready": "no card is being saved",
        "in_flight": "the reader asks for a card to save",
        "failed": "the card was refused, and another can be presented",
        "open": "the reader does not ask any more, and nothing was saved",
        "saved": "the card is saved, and can be charged later",
        "not_saved": "the card was read, but one of its network cannot be charged online",
        "canceled": "nothing was saved",
    }
    TONES: ClassVar[dict[str, str]] = {
        "in_flight": "wait", "failed": "bad", "saved": "good", "not_saved": "bad",
    }  # fmt: skip

    def __init__(self, email: str = "jo@example.com") -> None:
        super().__init__()
        self.setup_intent_id: str | None = None
        self.customer_id: str | None = None
        self._generated: str | None = None
        self.email = field(W.Text, "Customer", value=email, placeholder="jo@example.com")
        consents = [("for all later purchases (always)", "always"), ("for this purpose (limited)", "limited")]
        self.consent = field(W.Dropdown, "Consent", options=consents)
        self.amount = field(W.Text, "Amount", value="9.00", placeholder="9.00")
        self._facts = W.HTML()
        self.save = self.button("Save a card", self._save, style="primary")
        self.simulate.description = "Simulate Card"
        self.cancel = self.button("Cancel", self._cancel)
        self.charge = self.button("Charge it", self._charge, style="success")
        self.restart = self.button("Restart", self._restart)
        self.arrange(
            row(self.reader, self.refresh),
            self.email,
            self.consent,
            row(self.save, self.cancel, self.restart),
            self.customer,
            group("Later, when the customer is gone", self.amount, row(self.charge)),
            self._facts,
        )

    @property
    def current_reader(self) -> stripe.terminal.Reader | None:
        return self._readers.get(self.reader.value)

    def in_flight(self) -> bool:
        return self.state == "in_flight"

    def read(self) -> Seen:
        client = stripe_client()
        setup = self.setup_intent_id and client.v1.setup_intents.retrieve(self.setup_intent_id)
        saved = setup and setup.status == "succeeded"
        return Seen(
            list_readers(),
            setup or None,
            generated_card(setup.id) if saved else None,
            saved_cards(self.customer_id) if self.customer_id else [],
        )

    def show(self, seen: Seen) -> None:
        online = (each.id for each in seen.readers if each.status != "offline")
        self.fill(seen.readers, noted(CHOSEN) or next(online, None))
        self._generated = seen.generated
        reader, setup = self.current_reader, seen.setup
        self.state = _state_of(reader, setup, seen.generated)
        unsaved = self.state in ("failed", "open")
        self.enable(
            refresh=True,
            save=reader is not None and (self.state == "ready" or unsaved),
            cancel=self.state == "in_flight" or unsaved,
            charge=self.state == "saved",
            restart=self.state in ("saved", "not_saved", "canceled"),
        )
        physical = reader is not None and not reader.device_type.startswith("simulated_")
        self.customer.layout.display = "none" if physical else ""
        self.reader.disabled = self.state == "in_flight"
        self.email.disabled = self.consent.disabled = self.state not in ("no_reader", "ready")
        cards = [f"{each.card.brand} …{each.card.last4}: {each.allow_redisplay}" for each in seen.cards]
        self._facts.value = facts(
            [
                ("SetupIntent", setup.id if setup else "none yet"),
                ("Its status", setup.status if setup else "none yet"),
                ("Saved cards", escape(", ".join(cards)) or "none"),
            ]
        )
        self.serve(reader if self.state == "in_flight" else None, None)
        self.show_stage(None)

    def show_stage(self, stage: str | None) -> None:
        reader = self.current_reader
        self.draw(reader_screen(reader, stage=stage) if reader else None)

    # -- what the buttons do

    async def _save(self) -> None:
        if self.setup_intent_id is None:
            email = self.email.value.strip()
            if "@" not in email:
                raise ValueError("Enter the customer's email address, such as jo@example.com.")
            customer = await call(own_customer, email.partition("@")[0].title(), email)
            setup = await call(create_setup, customer.id)
            self.customer_id, self.setup_intent_id = customer.id, setup.id
            self.say(f"Created {setup.id} for {customer.id}.")
        reader = await call(process_setup, self.reader.value, self.setup_intent_id, self.consent.value)
        self.say(f"{reader.label} asks for a card to save.")

    async def present(self, card: str, tip: int | None) -> None:
        reader = await call(simulate_payment, self.reader.value, card)
        action = reader.action
        if action.status == "failed":
            self.say(f"Not saved: {action.failure_message} ({action.failure_code})")

    async def _cancel(self) -> None:
        if self.state != "open":
            reader = await call(cancel_reader_action, self.reader.value)
            self.say(f"{reader.label} is back at its splash screen.")
        await call(stripe_client().v1.setup_intents.cancel, self.setup_intent_id)
        self.say(f"Canceled {self.setup_intent_id}.")

    async def _charge(self) -> None:
        amount = parse_amount(self.amount.value)
        payment = await call(charge_saved_card, self.customer_id, self._generated, amount)
        self.say(
            f"Charged {format_amount(payment.amount, payment.currency)}: {payment.id}, {payment.status}."
        )

    async def _restart(self) -> None:
        self.setup_intent_id = self.customer_id = None


def _state_of(
    reader: stripe.terminal.Reader | None, setup: stripe.SetupIntent | None, generated: str | None
) -> str:
    """One of `SaveCardPanel.STATES`, from the account alone."""
    if setup is None:
        return "no_reader" if reader is None else "ready"
    if setup.status == "canceled":
        return "canceled"
    if setup.status == "succeeded":
        return "saved" if generated else "not_saved"
    action = reader.action if reader is not None else None
    details = getattr(action, "process_setup_intent", None)
    if details is None or details.setup_intent != setup.id:
        return "open"
    return {"in_progress": "in_flight", "failed": "failed"}.get(action.status, "open")
