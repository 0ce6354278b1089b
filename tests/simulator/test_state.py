"""The whole surface in any order: after each request the account is one that Stripe could have.

`IRL_SOAK=100` asks a hundred times as much, and other things each time.
"""

from __future__ import annotations

import itertools
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from irl_helpers.simulator.cards import CARDS, INTERAC
from irl_helpers.simulator.routes import ROUTES, Route
from irl_helpers.simulator.stripe_calls import RETIRED_CALLS

from .sale import ADDRESS
from .standing_clock import stop_the_clock
from .surface import Surface, reached

SOAK = int(os.environ.get("IRL_SOAK", "1"))
READERS, HELPERS = "/v1/terminal/readers", "/v1/test_helpers/terminal/readers"
# Those that leave answers as they are; the ones on the way are tested elsewhere.
FAULTS = [
    "reader_offline", "reader_unplugged", "reader_busy", "reader_driven_by_app", "command_lost",
    "command_unconfirmed",
    "customer_cancels", "slow_bank", "connection_lost", "action_stuck",
]  # fmt: skip
TOKENS = [
    "pm_card_visa", "pm_card_visa_chargeDeclined", "pm_card_chargeCustomerFail", "pm_card_pendingRefund",
    "pm_card_refundFail",
]  # fmt: skip
# Their banks want to hear from the cardholder.
ASKING = [
    "pm_card_authenticationRequired", "pm_card_authenticationRequiredOnSetup",
    "pm_card_threeDSecureRequiredChargeDeclined",
]  # fmt: skip
DISPUTED = ["pm_card_createDispute", "pm_card_createDisputeInquiry"]
# What the shop does: "" is to accept.
ANSWERS = ["winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "a letter"]
amounts = st.sampled_from([1000, 1001, 1002, 1003, 1005, 1055, 2000, 50, 4999, 5000, 99_999_999])
numbers = st.sampled_from([*CARDS])
some = st.integers(0, 5)
may = st.booleans()
_stripe = [route for route in ROUTES if route.path.startswith("/v1/") and route not in RETIRED_CALLS]
looks = [route for route in _stripe if route.method == "GET"]
updates = [route for route in _stripe if route.call.endswith(".update")]
deletions = [route for route in _stripe if route.method == "DELETE"]


class AnyDay(Surface):
    """Rules that know what a sensible request looks like, and time and faults."""

    # -- the shop

    @initialize()
    def open(self) -> None:
        """One of everything, so that any rule finds something to work on."""
        self.new_location(may=False)
        self.new_reader(0)
        self.ask("POST", "/v1/customers", name="Ada")
        self.ask("POST", "/v1/accounts", capabilities={"transfers": {"requested": True}})
        self.ask("POST", "/v1/webhook_endpoints", url="http://127.0.0.1/", enabled_events=["*"])
        self.attach(0, "pm_card_visa")
        self.set_up(1)
        self.configuration(0, [15, 20, 25])
        for _ in range(2):
            self.new_payment(1000, "manual", 0, False, False)
            self.hand_over(0, 0, False, "process")
            self.present_any(0)
        self.capture(1, None)
        self.refund(1, 50, False, 0)
        self.new_canadian_payment(5000)
        self.hand_over(0, 0, False, "process")
        self.present(0, INTERAC, None)

    @rule(may=may)
    def new_location(self, may: bool) -> None:
        overrides = self.pick("tmc", 0) if may else None
        self.ask(
            "POST",
            "/v1/terminal/locations",
            display_name="Shop",
            address=ADDRESS,
            configuration_overrides=overrides,
        )

    @rule(which=some)
    def new_reader(self, which: int) -> None:
        location = self.pick("tml", which)
        self.ask("POST", READERS, registration_code="simulated-wpe", location=location, label=f"Till {which}")

    @rule(which=some, percentages=st.lists(st.integers(0, 101), max_size=4))
    def configuration(self, which: int, percentages: list[int]) -> None:
        tipping = {"tipping": {"usd": {"percentages": percentages}}}
        self.ask("POST", "/v1/terminal/configurations", name="Tips", **tipping)
        self.ask("POST", f"/v1/terminal/configurations/{self.pick('tmc', which)}", **tipping)

    # -- payments

    @rule(
        amount=amounts,
        method=st.sampled_from(["manual", "automatic", "automatic_async"]),
        which=some,
        customer=may,
        saved=may,
    )
    def new_payment(self, amount: int, method: str, which: int, customer: bool, saved: bool) -> None:
        self.ask(
            "POST",
            "/v1/payment_intents",
            amount=amount,
            currency="usd",
            allowed_payment_method_types=["card_present"],
            capture_method=method,
            customer=self.pick("cus", which) if customer else None,
            setup_future_usage="off_session" if saved else None,
            payment_method_options={"card_present": {"request_incremental_authorization_support": True}},
        )

    @rule(amount=amounts)
    def new_canadian_payment(self, amount: int) -> None:
        types = ["card_present", "interac_present"]
        self.ask(
            "POST", "/v1/payment_intents", amount=amount, currency="cad", allowed_payment_method_types=types
        )

    @rule(reader=some, payment=some, config=may, call=st.sampled_from(["process", "collect", "confirm"]))
    def hand_over(self, reader: int, payment: int, config: bool, call: str) -> None:
        name = {"process": "process_payment_intent", "collect": "collect_payment_method"}.get(call)
        extra = {"enable_customer_cancellation": True, "skip_tipping": True}
        if call != "collect":
            extra["allow_redisplay"] = "always"
        self.ask(
            "POST",
            f"{READERS}/{self.pick('tmr', reader)}/{name or 'confirm_payment_intent'}",
            payment_intent=self.pick("pi", payment, "requires_payment_method"),
            **({f"{call}_config": extra} if config and name else {}),
        )

    @rule(reader=some, number=numbers, tip=st.sampled_from([None, None, 0, 150]))
    def present(self, reader: int, number: str, tip: int | None) -> None:
        type = "interac_present" if number == INTERAC else "card_present"
        params = {"type": type, type: {"number": number}, "amount_tip": tip}
        self.ask("POST", f"{HELPERS}/{self.pick('tmr', reader)}/present_payment_method", **params)

    @rule(amount=amounts, method=st.sampled_from(["manual", "automatic"]), number=numbers, reader=some)
    def pay(self, amount: int, method: str, number: str, reader: int) -> None:
        self.new_payment(amount, method, 0, False, False)
        self.hand_over(reader, 0, True, "process")
        self.present(reader, number, None)

    @rule(reader=some, number=numbers, then=st.sampled_from(["", "confirm", "cancel_action", "press_cancel"]))
    def pay_in_two_steps(self, reader: int, number: str, then: str) -> None:
        self.new_payment(1000, "manual", 0, False, False)
        self.hand_over(reader, 0, True, "collect")
        if then == "press_cancel":
            self.stop(reader, then)
        self.present(reader, number, None)
        if then == "confirm":
            self.hand_over(reader, 0, False, then)
        elif then:
            self.stop(reader, then)

    @rule(reader=some)
    def present_any(self, reader: int) -> None:
        self.ask("POST", f"{HELPERS}/{self.pick('tmr', reader)}/present_payment_method")

    @rule(reader=some, call=st.sampled_from(["cancel_action", "press_cancel"]))
    def stop(self, reader: int, call: str) -> None:
        path = READERS if call == "cancel_action" else "/_simulator/readers"
        self.ask("POST", f"{path}/{self.pick('tmr', reader)}/{call}")

    @rule(payment=some, amount=st.one_of(st.none(), amounts))
    def capture(self, payment: int, amount: int | None) -> None:
        path = f"/v1/payment_intents/{self.pick('pi', payment, 'requires_capture')}"
        self.ask("POST", f"{path}/capture", amount_to_capture=amount)

    @rule(payment=some, amount=amounts)
    def increment(self, payment: int, amount: int) -> None:
        path = f"/v1/payment_intents/{self.pick('pi', payment, 'requires_capture')}"
        self.ask("POST", f"{path}/increment_authorization", amount=amount)

    @rule(payment=some)
    def cancel(self, payment: int) -> None:
        self.ask("POST", f"/v1/payment_intents/{self.pick('pi', payment, 'requires_capture')}/cancel")

    @rule(payment=some, amount=st.one_of(st.none(), amounts), customer=st.one_of(st.none(), some))
    def change(self, payment: int, amount: int | None, customer: int | None) -> None:
        customer = None if customer is None else self.pick("cus", customer)
        path = f"/v1/payment_intents/{self.pick('pi', payment)}"
        self.ask("POST", path, amount=amount, customer=customer, metadata={"a": "b"})

    # -- money back

    @rule(payment=some, amount=st.one_of(st.none(), amounts), at_reader=may, reader=some)
    def refund(self, payment: int, amount: int | None, at_reader: bool, reader: int) -> None:
        path = f"{READERS}/{self.pick('tmr', reader)}/refund_payment" if at_reader else "/v1/refunds"
        self.ask("POST", path, payment_intent=self.pick("pi", payment, "succeeded"), amount=amount)

    @rule(amount=amounts, token=st.sampled_from(TOKENS[-2:]), part=may)
    def refund_later(self, amount: int, token: str, part: bool) -> None:
        self.pay_online(amount, 0, token, False, True)
        self.refund(0, 50 if part else None, False, 0)
        self.wait(11)

    @rule(amount=amounts, manual=may)
    def pay_and_dispute(self, amount: int, manual: bool) -> None:
        for token, text in itertools.product(DISPUTED, [*ANSWERS, ""]):
            self.pay_online(amount, 0, token, manual, True)
            if manual:
                self.capture(0, None)
            if text:
                self.answer(0, text, True)
            else:
                self.accept(0)
            self.wait(11)

    @rule(which=some, text=st.sampled_from(ANSWERS), submit=may)
    def answer(self, which: int, text: str, submit: bool) -> None:
        evidence = {"uncategorized_text": text}
        self.ask("POST", f"/v1/disputes/{self.pick('du', which)}", evidence=evidence, submit=submit)

    @rule(which=some)
    def accept(self, which: int) -> None:
        self.ask("POST", f"/v1/disputes/{self.pick('du', which)}/close")

    # -- cards that are kept

    @rule(customer=some, token=st.sampled_from(TOKENS))
    def attach(self, customer: int, token: str) -> None:
        self.ask("POST", f"/v1/payment_methods/{token}/attach", customer=self.pick("cus", customer))

    @rule(customer=some)
    def set_up(self, customer: int) -> None:
        types = ["card_present"] if customer % 2 else ["card"]
        kept = self.pick("cus", customer) if customer else None
        self.ask("POST", "/v1/setup_intents", allowed_payment_method_types=types, customer=kept)

    @rule(reader=some, setup=some)
    def save_at_reader(self, reader: int, setup: int) -> None:
        path = f"{READERS}/{self.pick('tmr', reader)}/process_setup_intent"
        self.ask("POST", path, setup_intent=self.pick("seti", setup), allow_redisplay="always")

    @rule(customer=some, reader=some, number=numbers)
    def save(self, customer: int, reader: int, number: str) -> None:
        self.set_up(2 * customer + 1)
        self.save_at_reader(reader, 0)
        self.present(reader, number, None)

    @rule(setup=some, token=st.sampled_from(TOKENS), call=st.sampled_from(["confirm", "confirm", "cancel"]))
    def finish_set_up(self, setup: int, token: str, call: str) -> None:
        method = token if call == "confirm" else None
        self.ask("POST", f"/v1/setup_intents/{self.pick('seti', setup)}/{call}", payment_method=method)

    @rule(amount=amounts, method=some, token=st.sampled_from(TOKENS), manual=may, at_once=may)
    def pay_online(self, amount: int, method: int, token: str, manual: bool, at_once: bool) -> None:
        kept = self.objects.get(self.pick("pm", method), {}) if method else {}
        payer = {"payment_method": kept["id"], "customer": kept["customer"]} if kept.get("customer") else {}
        made = self.ask(
            "POST",
            "/v1/payment_intents",
            amount=amount,
            currency="usd",
            allowed_payment_method_types=["card"],
            capture_method="manual" if manual else "automatic_async" if amount % 2 else "automatic",
            confirm=at_once,
            **(payer or {"payment_method": token}),
        )
        if made and not at_once:
            self.ask("POST", f"/v1/payment_intents/{made['id']}/confirm")

    # -- forms

    @rule(reader=some, required=may, call=st.sampled_from(["", "succeed", "timeout"]))
    def ask_customer(self, reader: int, required: bool, call: str) -> None:
        question = {"type": "email", "custom_text": {"title": "Yours"}, "required": required}
        self.ask("POST", f"{READERS}/{self.pick('tmr', reader)}/collect_inputs", inputs=[question])
        if call:
            self.ask("POST", f"{HELPERS}/{self.pick('tmr', reader)}/{call}_input_collection")

    @rule(reader=some)
    def show_cart(self, reader: int) -> None:
        cart = {
            "currency": "usd",
            "total": 659,
            "line_items": [{"amount": 659, "description": "Latte", "quantity": 1}],
        }
        self.ask("POST", f"{READERS}/{self.pick('tmr', reader)}/set_reader_display", type="cart", cart=cart)

    # -- everything, time and faults

    @rule(which=some)
    def look(self, which: int) -> None:
        for route in looks:
            path = self.path(route.path, which)
            query = {
                "/v1/payment_intents/search": {"query": "amount>100"},
                "/v1/charges/search": {"query": "amount>100"},
                "/v1/payment_methods": {"type": "card"},
                "/v1/setup_attempts": {"setup_intent": self.pick("seti", which)},
            }
            self.ask("GET", path, **query.get(path, {}))

    @rule(which=some, text=st.sampled_from(["", "b"]))
    def update(self, which: int, text: str) -> None:
        for route in updates:
            named = {"name": text} if "configurations" in route.path else {"metadata": {"a": text}}
            self.ask("POST", self.path(route.path, which), **named)

    @rule(route=st.sampled_from(deletions), which=some)
    def delete(self, route: Route, which: int) -> None:
        path = self.path(route.path, which)
        if len(self.ids(path.split("/")[-1].partition("_")[0])) > 1:
            self.ask("DELETE", path)

    @rule(amount=amounts, token=st.sampled_from(ASKING), manual=may, passes=may, save=may)
    def ask_the_cardholder(self, amount: int, token: str, manual: bool, passes: bool, save: bool) -> None:
        if save:
            saved = {"allowed_payment_method_types": ["card"], "payment_method": token, "confirm": True}
            self.ask("POST", "/v1/setup_intents", **saved)
        else:
            self.pay_online(amount, 0, token, manual, True)
        kind = "setup_intent" if save else "payment_intent"
        intent = self.pick("seti" if save else "pi", 0, "requires_action")
        result = "succeed" if passes else "fail"
        self.ask("POST", f"/_simulator/{kind}s/{intent}/authenticate", result=result)
        to = {"destination": self.pick("acct", 0)}
        online = {"allowed_payment_method_types": ["card"], "payment_method": token, "confirm": True}
        fees = {"application_fee_amount": 100, "transfer_data": to}
        self.ask("POST", "/v1/payment_intents", amount=amount, currency="usd", **online, **fees)

    @rule(method=some)
    def detach(self, method: int) -> None:
        self.ask("POST", f"/v1/payment_methods/{self.pick('pm', method)}/detach")

    @rule(seconds=st.sampled_from([11, 31, 121, 2 * 86_400 + 1]))
    def wait(self, seconds: int) -> None:
        self.ask("POST", "/_simulator/clock", advance=seconds)

    @rule(kind=st.sampled_from(FAULTS), lasts=st.sampled_from([False, False, True]))
    def break_something(self, kind: str, lasts: bool) -> None:
        """A payment during which something goes wrong, and sometimes what comes after it."""
        self.ask("POST", "/_simulator/faults", kind=kind)
        self.new_payment(1000, "manual", 0, False, False)
        self.hand_over(0, 0, True, "process")
        self.present_any(0)
        self.stop(0, "cancel_action")
        if not lasts:
            self.ask("DELETE", "/_simulator/faults")

    @rule()
    def mend(self) -> None:
        self.ask("DELETE", "/_simulator/faults")


# What must have come about: a search that reaches little proves little.
MOVES = {
    ("requires_payment_method", "requires_confirmation"),
    ("requires_payment_method", "requires_capture"),
    ("requires_payment_method", "succeeded"),
    ("requires_payment_method", "canceled"),
    ("requires_confirmation", "requires_payment_method"),
    ("requires_capture", "succeeded"),
    ("requires_capture", "canceled"),
    ("requires_action", "succeeded"),
    ("requires_action", "requires_payment_method"),
    ("pending", "succeeded"),
    ("succeeded", "failed"),
    ("needs_response", "under_review"),
    ("needs_response", "lost"),
    ("under_review", "won"),
    ("under_review", "lost"),
    ("warning_needs_response", "warning_under_review"),
    ("warning_under_review", "warning_closed"),
    ("warning_under_review", "needs_response"),
}


def test_any_order(monkeypatch):
    stop_the_clock(monkeypatch)
    reached.clear()
    run_state_machine_as_test(
        AnyDay,
        settings=settings(
            max_examples=60 * SOAK,
            stateful_step_count=40,
            derandomize=SOAK == 1,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {move for move in MOVES if not reached[move]} == set()
    assert min(reached[status] for status in (200, 400, 402, 404)) > 5, reached
    unmade = [route.call for route in _stripe if not reached[route]]
    assert len(unmade) < len(_stripe) / 5, unmade
