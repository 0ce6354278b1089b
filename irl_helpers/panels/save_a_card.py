"""The panel of the exercise about saving a card: save it at the reader, charge it when its owner has left."""

from __future__ import annotations

from html import escape
from typing import ClassVar, NamedTuple

import ipywidgets as W
import stripe

from ..account import call, stripe_client
from ..cancel import cancel_reader_action
from ..collect import simulate_payment
from ..connect import ReaderInUse, find_by_id, is_online, is_simulated, list_readers
from ..money import format_amount, parse_amount
from ..recovery import is_over
from ..sale import NOT_TOLD, when
from ..save_a_card import (
    SETUP_STATES,
    card_generated_by,
    charge_saved_card,
    create_setup,
    own_customer,
    process_setup,
    saved_cards,
    setup_state,
)
from .action import REFRESH, Action
from .bank_answer import BankAnswer
from .customer import DOING, Customer
from .fields import on_enter
from .layout import facts, field, group, row
from .panel import Panel
from .reader_choice import ReaderChoice, moved_words

SAVED = ("saved", "charged", "not_saved")
"""States in which the bank has agreed."""


class SetupSeen(NamedTuple):
    """What the panel knows of the account; `cards` are the customer's, `generated` is the one just saved,
    `payment` what was charged with it."""

    readers: list[stripe.terminal.Reader]
    setup: stripe.SetupIntent | None = None
    generated: str | None = None
    cards: tuple[stripe.PaymentMethod, ...] = ()
    payment: stripe.PaymentIntent | None = None


class SaveCardPanel(Panel):
    """Save a customer's card at the reader, and charge it when she has left.

    Inputs: `reader`, `email` of the customer, `consent`, `amount` to charge later, and those of the
    `Customer`. Its buttons are its `ACTIONS` and those of the `Customer`.
    """

    STATES = SETUP_STATES
    TONES: ClassVar[dict[str, str]] = {
        "in_flight": "wait",
        "failed": "bad",
        "saved": "good",
        "charged": "good",
        "not_saved": "bad",
    }
    ACTIONS = (
        Action(
            "save",
            "Save a card",
            lambda panel: panel.ask(),
            when("ready", "failed", "open", need="online"),
            "primary",
        ),
        Action("cancel", "Cancel", lambda panel: panel.give_up(), when("in_flight", "failed", "open")),
        Action("charge", "Charge it", lambda panel: panel.charge_later(), when("saved"), "success"),
        Action(
            "restart",
            "Restart",
            lambda panel: panel.begin_anew(),
            when("saved", "charged", "not_saved", "canceled"),
        ),
        REFRESH,
    )

    def __init__(self, email: str = "jo@example.com") -> None:
        super().__init__()
        self.setup_intent_id: str | None = None
        self.customer_id: str | None = None
        self.payment_intent_id: str | None = None
        self._at = ReaderInUse()
        self.bank = BankAnswer(self.say)
        self.seen = SetupSeen([])
        moved = W.HTML()
        self.choice = ReaderChoice(self._choose, moved=moved)
        self.customer = Customer(self, self._present, self._draw, simulate="Simulate Card")
        self.email = field(W.Text, "Customer", keys="email", value=email, placeholder="jo@example.com")
        consents = [("for all later purchases (always)", "always"), ("for this purpose (limited)", "limited")]
        self.consent = field(W.Dropdown, "Consent", options=consents)
        self.amount = field(W.Text, "Amount", keys="decimal", value="9.00", placeholder="9.00")
        self.facts = W.HTML()
        self.adopt(reader=self.choice.dropdown, **self.customer.widgets)
        buttons, said = self.buttons, self.messages
        later = buttons["charge"].alert = said.another_alert()
        on_enter(self.email, buttons["save"])
        on_enter(self.amount, buttons["charge"])
        self.arrange(
            row(self.choice.dropdown, buttons["refresh"]),
            moved,
            self.email,
            self.consent,
            row(buttons["save"], buttons["cancel"], buttons["restart"]),
            said.alert,
            self.customer.view,
            group("Later, when the customer is gone", self.amount, row(buttons["charge"]), later),
            self.facts,
            alert=False,
        )

    @property
    def reader_id(self) -> str | None:
        """The reader at which cards are saved."""
        return self._at.id

    def read(self) -> SetupSeen:
        readers = list_readers()
        if self.setup_intent_id is None:
            return SetupSeen(readers)
        setup = stripe_client().v1.setup_intents.retrieve(
            self.setup_intent_id, params={"expand": ["latest_attempt"]}
        )
        cards = saved_cards(self.customer_id) if self.customer_id else []
        intents = stripe_client().v1.payment_intents
        payment = intents.retrieve(self.payment_intent_id) if self.payment_intent_id else None
        return SetupSeen(readers, setup, card_generated_by(setup), tuple(cards), payment)

    def show(self, seen: SetupSeen) -> None:
        self.seen = seen
        before = self.reader_id
        self._at.see(seen.readers, busy=self.setup_intent_id is not None)
        reader, setup = find_by_id(seen.readers, self.reader_id), seen.setup
        self.choice.say_moved(moved_words(before, reader, seen.readers), self.say)
        self.choice.fill(seen.readers, self.reader_id)
        self.state = setup_state(reader, setup, seen.generated, seen.payment)
        self.offer({"": True, "online": is_online(reader)})
        self.customer.view.layout.display = "" if reader is None or is_simulated(reader) else "none"
        self.choice.dropdown.disabled = self.state == "in_flight"
        self.email.disabled = self.consent.disabled = self.state not in ("no_reader", "ready")
        cards = [
            f"{each.card.brand} …{each.card.last4}: {each.allow_redisplay}"
            for each in seen.cards
            if each.card
        ]
        self.facts.value = facts(
            [
                ("SetupIntent", setup.id if setup else "none yet"),
                ("Its status", setup.status if setup else "none yet"),
                (
                    "Saved cards",
                    escape(", ".join(cards)) or ("none" if setup else "listed once one is asked for"),
                ),
            ]
        )
        self.bank.seen(reader)
        self.customer.serve(reader if self.state == "in_flight" and self.bank.asked is None else None)
        self.customer.form.serve(reader)
        self._draw()

    def shown_readers(self) -> list[stripe.terminal.Reader | None]:
        return [find_by_id(self.seen.readers, self.reader_id)]

    def meaning(self) -> str:
        if self.state == "in_flight" and self.bank.asked is not None:
            return DOING["authorizing"]
        not_told = NOT_TOLD.get(self._asked or "") if self.state in SAVED else None
        if not_told is not None:
            return f"{super().meaning()}; {not_told}"
        return (self.customer.doing if self.state == "in_flight" else "") or super().meaning()

    @property
    def _asked(self) -> str | None:
        """How the reader's action for this SetupIntent stands; None where it has none."""
        [reader] = self.shown_readers()
        action = reader.action if reader is not None else None
        asked = getattr(action, "process_setup_intent", None)
        ours = asked is not None and asked.setup_intent == self.setup_intent_id
        return action.status if action is not None and ours else None

    @property
    def _stage(self) -> str | None:
        """Of `screen.STAGES`: what the reader's action alone does not say."""
        [reader] = self.shown_readers()
        if self.seen.setup is None:
            return "splash" if reader is not None and is_over(reader) else None
        not_told = self.state in SAVED and self._asked == "in_progress"
        return "authorizing" if not_told or self.bank.asked is not None else None

    def _draw(self, stage: str | None = None) -> None:
        self.show_state()
        reader = find_by_id(self.seen.readers, self.reader_id)
        asks, stage = self.state == "in_flight", stage or self._stage
        picture = self.customer.picture(reader, asks=asks, stage=stage) if reader else None
        self.draw(picture, touchable=is_simulated(reader))

    def _choose(self, reader_id: str) -> None:
        self._at.id = reader_id or None
        self.watch.look_soon()

    def _reader(self) -> str:
        if self.reader_id is None:
            raise ValueError("Choose a reader first.")
        return self.reader_id

    # -- what the buttons do

    async def ask(self) -> None:
        """Ask at the reader for a card to save."""
        if self.setup_intent_id is None:
            email = self.email.value.strip()
            if "@" not in email:
                raise ValueError("Enter the customer's email address, such as jo@example.com.")
            customer = await call(own_customer, email.partition("@")[0].title(), email)
            setup = await call(create_setup, customer.id)
            self.customer_id, self.setup_intent_id = customer.id, setup.id
            self.say(f"Created {setup.id} for {customer.id}.")
        reader = await call(process_setup, self._reader(), self.setup_intent_id, self.consent.value)
        self.say(f"{reader.label} asks for a card to save.")

    async def _present(self, card: str, tip: int | None) -> None:
        reader = await call(simulate_payment, self._reader(), card)
        self.bank.presented(reader, f"The card was read for {self.setup_intent_id}.")

    async def give_up(self) -> None:
        """Stop the reader, and give up the SetupIntent."""
        if self.state != "open":
            reader = await call(cancel_reader_action, self._reader())
            self.say(f"{reader.label} is back at its splash screen.")
        if self.setup_intent_id is not None:
            await call(stripe_client().v1.setup_intents.cancel, self.setup_intent_id)
            self.say(f"Canceled {self.setup_intent_id}.")

    async def leave(self) -> None:
        if self.state in ("in_flight", "failed", "open"):
            await self.give_up()
        self.forget()

    def forget(self) -> None:
        self.setup_intent_id = self.customer_id = self.payment_intent_id = None
        self._at.id = None

    async def charge_later(self) -> None:
        """Charge the card that was saved."""
        amount = parse_amount(self.amount.value)
        if self.customer_id is None or self.seen.generated is None:
            raise ValueError("No card was saved yet.")
        payment = await call(charge_saved_card, self.customer_id, self.seen.generated, amount)
        self.payment_intent_id = payment.id
        self.say(
            f"Charged {format_amount(payment.amount, payment.currency)}: {payment.id}, {payment.status}."
        )

    async def begin_anew(self) -> None:
        """The next customer; a reader that still asks for the card of the last one stops."""
        if self._asked == "in_progress":
            await call(cancel_reader_action, self._reader())
        self.setup_intent_id = self.customer_id = self.payment_intent_id = None
