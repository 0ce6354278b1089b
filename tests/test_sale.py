"""A sale without a widget: its state from the two objects alone, what is possible then, and that a till which
does only what is possible never takes money twice, nor leaves any behind."""

from __future__ import annotations

import itertools

import pytest
import stripe
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from irl_helpers import faults, setup
from irl_helpers.account import reset_account, stripe_client
from irl_helpers.sale import POSSIBLE, STATES, Sale, Seen, state_of

MINE, OTHER = "pi_mine", "pi_other"
READERS = ("none", "offline", "online")
ACTIONS = (
    None,
    *itertools.product((MINE, OTHER), ("in_progress", "succeeded", "failed")),
    ("cart", "in_progress"),
)
PAYMENTS = (None, "requires_payment_method", "processing", "requires_capture", "succeeded", "canceled")


def a_reader(status, action):
    if status == "none":
        return None
    found = {
        "id": "tmr_1",
        "label": "Till",
        "status": status,
        "device_type": "simulated_s700",
        "action": None,
    }
    if action is not None:
        shown, how = action
        kind = "set_reader_display" if shown == "cart" else "process_payment_intent"
        found["action"] = {
            "type": kind,
            "status": how,
            kind: {} if shown == "cart" else {"payment_intent": shown},
            "failure_code": "card_declined" if how == "failed" else None,
        }
    return stripe.terminal.Reader.construct_from(found, None)


def a_payment(status, error=None):
    if status is None:
        return None
    last = {"code": error} if error else None
    found = {"id": MINE, "status": status, "amount": 1250, "currency": "usd", "last_payment_error": last}
    return stripe.PaymentIntent.construct_from(found, None)


def expected(status, action, payment, error):
    """What a person would say who sees both objects."""
    if payment is None:
        return "ready" if status == "online" else "no_reader"
    ended = {"succeeded": "succeeded", "canceled": "canceled", "requires_capture": "authorized"}
    if payment in ended:
        return ended[payment]
    if status == "none" or action is None or action[0] != MINE or action[1] == "succeeded":
        return "open"
    if action[1] == "in_progress":
        return "in_flight"
    return "declined" if error == "card_declined" else "failed"


EVERY = list(itertools.product(READERS, ACTIONS, PAYMENTS, (None, "card_declined", "processing_error")))


def the_sale(status, action, payment, error):
    reader = a_reader(status, action)
    sale = Sale("tmr_1")
    sale.payment_intent_id = MINE if payment else None
    sale.see(Seen([reader] if reader else [], a_payment(payment, error)))
    return sale


def test_the_state_follows_from_the_two_objects_in_every_case(account_file):
    reached = set()
    for case in EVERY:
        status, action, payment, error = case
        state = state_of(a_reader(status, action), a_payment(payment, error))
        assert state == expected(*case), case
        assert the_sale(*case).state == state, case
        reached.add(state)
    assert reached == set(STATES)


POSSIBLE_AT_AN_IDLE_ONLINE_READER = {
    "no_reader": set(),
    "ready": {"process"},
    "in_flight": {"present", "give_up"},
    "declined": {"process", "cancel_payment", "give_up"},
    "failed": {"process", "cancel_payment", "give_up"},
    "open": {"process", "cancel_payment", "give_up"},
    "authorized": {"capture", "cancel_payment", "give_up"},
    "succeeded": {"restart"},
    "canceled": {"restart"},
}


def test_what_is_possible_is_so_in_every_case(account_file):
    for status, action, payment, error in EVERY:
        sale = the_sale(status, action, payment, error)
        wanted = set(POSSIBLE_AT_AN_IDLE_ONLINE_READER[sale.state])
        if status != "online":
            wanted.discard("process")
        # What is over leaves nothing to cancel at a reader that is at rest.
        over = action is not None and action[0] != "cart" and action[1] != "in_progress"
        at_rest = payment in (None, "canceled")
        if status != "none" and action is not None and not (over and at_rest):
            wanted.add("cancel_reader_action")
            wanted |= {"give_up"} if sale.state == "ready" else set()
        asks_on = action == (MINE, "in_progress") and payment == "canceled"
        wanted |= {"give_up"} if status == "online" and asks_on else set()
        assert sale.possible == wanted, (status, action, payment, error)


def test_every_name_of_the_table_is_a_method_and_every_state_and_need_is_known():
    for name, needs in POSSIBLE.items():
        assert callable(getattr(Sale, name))
        assert set(needs) <= set(STATES)
        assert set(needs.values()) <= set(Sale().facts)
    assert all(meaning and not meaning.endswith(".") for meaning in STATES.values())


@pytest.mark.parametrize(
    ("status", "taken_up"),
    [
        ("requires_payment_method", True),
        ("requires_capture", True),
        ("succeeded", False),
        ("canceled", False),
    ],
)
def test_a_payment_of_another_program_is_taken_up_while_it_can_be_finished(account_file, status, taken_up):
    sale = Sale("tmr_1", currency="eur")
    assert sale.see(Seen([a_reader("online", (MINE, "in_progress"))], a_payment(status))) is taken_up
    assert (sale.payment_intent_id, sale.intent is not None) == ((MINE, True) if taken_up else (None, False))
    assert sale.currency == ("usd" if taken_up else "eur")
    sale.restart()
    assert (sale.payment_intent_id, sale.currency) == (None, "eur")


def test_a_sale_keeps_its_reader_while_it_goes_on_and_finds_another_afterwards(reader):
    other = setup.own_reader("Other")
    sale = Sale(reader.id)
    sale.see(sale.look())
    sale.process(1250)
    stripe_client().v1.terminal.readers.delete(reader.id)
    sale.see(sale.look())
    assert (sale.reader_id, sale.reader, sale.state) == (reader.id, None, "open")
    assert sale.give_up().status == "canceled"
    sale.restart()
    sale.see(sale.look())
    assert (sale.reader_id, sale.state) == (other.id, "ready")


def test_a_hold_whose_reader_was_deleted_is_released(reader):
    sale = Sale(reader.id)
    sale.process(1250)
    sale.present("visa")
    stripe_client().v1.terminal.readers.delete(reader.id)
    sale.see(sale.look())
    assert sale.state == "authorized"
    released = sale.give_up()
    assert (released.status, released.amount_capturable) == ("canceled", 0)


def test_a_hold_is_released_without_any_reader(account_file):
    payment = stripe_client().v1.payment_intents.create(
        params={
            "amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True,
            "allowed_payment_method_types": ["card"], "capture_method": "manual",
        }
    )  # fmt: skip
    sale = Sale()
    sale.payment_intent_id = payment.id
    sale.see(sale.look())
    assert (sale.reader_id, sale.state) == (None, "authorized")
    assert sale.give_up("requested_by_customer").status == "canceled"


@pytest.mark.parametrize("call", ["capture", "cancel_payment", "give_up"])
def test_without_a_payment_nothing_is_done_and_the_reason_is_said(account_file, call):
    with pytest.raises(ValueError, match="no payment yet"):
        getattr(Sale(), call)()


def test_without_a_reader_nothing_is_asked_and_the_reason_is_said(account_file):
    with pytest.raises(ValueError, match="Choose a reader first"):
        Sale().present("visa")


def test_the_description_and_the_amount_are_written_once(reader):
    sale = Sale(reader.id)
    assert sale.process(1250, description="1 × Latte")[0] == "created"
    sale.see(sale.look())
    assert sale.process(1250, description="1 × Latte")[0] == ""
    assert sale.process(1300, description="1 × Latte")[0] == "changed"
    sale.see(sale.look())
    assert sale.process(1300, description="2 × Latte")[0] == "changed"
    sale.see(sale.look())
    assert (sale.intent.amount, sale.intent.description) == (1300, "2 × Latte")


class TillThatDoesWhatIsPossible(RuleBasedStateMachine):
    """Presses anything that `possible` offers, in any order, while readers and answers get lost."""

    @initialize()
    def open(self):
        reset_account()
        self.reader = setup.own_reader("Till")
        self.sale = Sale(self.reader.id)
        self.sales = 0
        self.look()

    def look(self):
        self.sale.see(self.sale.look())
        assert self.sale.state == state_of(self.sale.reader, self.sale.intent)

    def does(self, name, *arguments):
        try:
            getattr(self.sale, name)(*arguments)
        except stripe.InvalidRequestError as problem:
            if problem.code not in ("terminal_reader_timeout", "terminal_reader_busy"):
                raise
        self.look()

    @precondition(lambda self: "process" in self.sale.possible)
    @rule(amount=st.sampled_from([1000, 1250, 2000]))
    def process(self, amount):
        before = self.sale.payment_intent_id
        self.does("process", amount)
        self.sales += before is None and self.sale.payment_intent_id is not None
        assert before in (None, self.sale.payment_intent_id)

    @precondition(lambda self: "present" in self.sale.possible)
    @rule(card=st.sampled_from(["visa", "charge_declined", "charge_declined_expired_card"]))
    def present(self, card):
        self.does("present", card)
        assert self.sale.state in ("authorized", "declined", "in_flight", "failed", "open")

    @precondition(lambda self: "capture" in self.sale.possible)
    @rule()
    def capture(self):
        self.does("capture")
        assert self.sale.state == "succeeded"

    @precondition(lambda self: "cancel_reader_action" in self.sale.possible)
    @rule()
    def cancel_reader_action(self):
        self.does("cancel_reader_action")
        assert self.sale.state != "in_flight"

    @precondition(lambda self: "give_up" in self.sale.possible and self.sale.payment_intent_id)
    @rule()
    def give_up(self):
        self.does("give_up")
        assert self.sale.state == "canceled"

    @precondition(lambda self: "cancel_payment" in self.sale.possible)
    @rule()
    def cancel_payment(self):
        self.does("cancel_payment")
        assert self.sale.state == "canceled"

    @precondition(lambda self: "restart" in self.sale.possible)
    @rule()
    def restart(self):
        self.does("restart")
        assert self.sale.state == "ready"

    @rule()
    def the_next_command_is_lost(self):
        faults.clear()
        faults.command_unconfirmed(call="process_payment_intent", count=1).start()

    @rule()
    def the_next_answer_is_lost(self):
        faults.clear()
        faults.answer_lost(call="payment_intents.capture", count=1).start()

    def teardown(self):
        if not hasattr(self, "sale"):
            return
        payments = stripe_client().v1.payment_intents.list(params={"limit": 100}).data
        assert len(payments) == self.sales
        for payment in payments:
            charges = stripe_client().v1.charges.list(params={"payment_intent": payment.id}).data
            assert sum(charge.captured for charge in charges) == (payment.status == "succeeded")
            if payment.id != self.sale.payment_intent_id:
                assert payment.status in ("succeeded", "canceled")


TestTillThatDoesWhatIsPossible = pytest.mark.usefixtures("account_file")(TillThatDoesWhatIsPossible.TestCase)
TestTillThatDoesWhatIsPossible.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
