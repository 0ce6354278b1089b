"""Every call of the simulator, with its main outcomes: a day in a shop that uses everything."""

from __future__ import annotations

import contextlib
import io
import itertools
from typing import Any

import stripe

from irl_helpers.simulator.later_cards import LATER
from tests.simulator.sale import ADDRESS, new_payment, new_reader, pay

from .params import (
    AT_READER,
    CANADIAN,
    CART,
    DECLINED,
    HELD,
    INTERAC,
    ITEMIZED,
    ONLINE,
    QUESTIONS,
    REFUND_FAILS,
    UNCHECKED,
)


def payments_of(token: str, v1: Any) -> stripe.PaymentIntent:
    """A payment with this card, without a reader."""
    return v1.payment_intents.create({**ONLINE, "payment_method": token, "confirm": True})


def payments_of_inquiries(v1: Any) -> list[stripe.Dispute]:
    """An inquiry for each kind of evidence."""
    for _ in range(3):
        payments_of("pm_card_createDisputeInquiry", v1)
    return v1.disputes.list({"limit": 3}).data


class Day:
    """One client, on an account of its own; everything is written so that it can be read."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self.v1 = client.v1
        self.raw = client.raw_request
        self.readers = client.v1.terminal.readers
        self.helpers = client.v1.test_helpers.terminal.readers
        self.reader = new_reader(client)
        self.client = client

    def run(self) -> None:
        self.shop()
        self.sales()
        self.two_steps()
        self.refunds()
        self.interac()
        self.forms()
        self.customers()
        self.saved_at_the_reader()
        self.online()
        self.asked_by_the_bank()
        self.disputes()
        self.balance()
        self.charges()
        self.connected_accounts()
        self.files()
        self.webhooks()
        self.what_goes_wrong()
        self.events()

    def present(self, card: dict[str, Any] | None = None) -> stripe.terminal.Reader:
        return self.helpers.present_payment_method(self.reader.id, card or {})

    def process(self, payment: str, **config: Any) -> stripe.terminal.Reader:
        return self.readers.process_payment_intent(self.reader.id, {"payment_intent": payment, **config})

    def refused(self, call: Any, *arguments: Any) -> None:
        """A call whose answer is an error."""
        with contextlib.suppress(stripe.StripeError):
            call(*arguments)
            raise AssertionError(f"{call} was not refused")

    # -- a shop, its readers and what they are told

    def shop(self) -> None:
        terminal = self.v1.terminal
        configuration = terminal.configurations.create(
            {
                "name": "Tips",
                "tipping": {"usd": {"percentages": [15, 20, 25]}},
                "offline": {"enabled": True},
                "reboot_window": {"start_hour": 2, "end_hour": 4},
            }
        )
        terminal.configurations.retrieve(configuration.id)
        terminal.configurations.update(configuration.id, {"name": "Tip"})
        terminal.configurations.list({"is_account_default": True})
        location = terminal.locations.create(
            {"display_name": "Bar", "address": ADDRESS, "metadata": {"a": "b"}, "phone": "+15555550100"}
        )
        terminal.locations.update(location.id, {"configuration_overrides": configuration.id})
        terminal.locations.retrieve(location.id)
        terminal.locations.list()
        terminal.connection_tokens.create()
        terms = {"apple_terms_and_conditions": {"merchant_display_name": "Shop"}}
        terminal.onboarding_links.create({"link_type": "apple_terms_and_conditions", "link_options": terms})
        terminal.connection_tokens.create({"location": location.id})
        other = self.readers.create({"registration_code": "simulated-s700", "location": location.id})
        self.readers.update(other.id, {"label": "Bar", "metadata": {"floor": "2"}})
        self.readers.retrieve(other.id, {"expand": ["location"]})
        self.readers.list({"status": "online", "expand": ["data.location"]})
        self.readers.process_payment_intent(
            other.id,
            {"payment_intent": new_payment(self.client).id, "process_config": {"skip_tipping": True}},
        )
        self.readers.cancel_action(other.id)
        tipped = new_payment(self.client).id
        self.readers.process_payment_intent(other.id, {"payment_intent": tipped})
        self.helpers.present_payment_method(other.id, {"amount_tip": 150})
        self.v1.payment_intents.retrieve(tipped, {"expand": ["latest_charge"]})
        self.readers.set_reader_display(self.reader.id, {"type": "cart", "cart": CART})
        self.readers.cancel_action(self.reader.id)
        self.readers.delete(other.id)
        self.readers.retrieve(other.id)
        terminal.configurations.delete(configuration.id)
        terminal.locations.delete(location.id)

    # -- payments

    def sales(self) -> None:
        payments = self.v1.payment_intents
        paid = pay(self.client, self.reader.id, new_payment(self.client).id)
        for path in ("latest_charge.payment_intent", "payment_method", "latest_charge.refunds"):
            payments.retrieve(paid.id, {"expand": [path]})
        declined = payments.create(
            {
                **AT_READER,
                "amount": 1000,
                "currency": "usd",
                "description": "Lunch",
                "metadata": {"order": "7"},
                "receipt_email": "ada@example.com",
                "statement_descriptor_suffix": "LUNCH",
                "payment_method_options": {
                    "card_present": {
                        "capture_method": "manual_preferred",
                        "request_incremental_authorization_support": True,
                    }
                },
            }
        )
        payments.update(declined.id, {"amount": 1200, "metadata": {"order": ""}, "amount_details": ITEMIZED})
        payments.retrieve(declined.id, {"expand": ["amount_details.line_items"]})
        payments.amount_details_line_items.list(declined.id)
        payments.update(declined.id, {"amount_details": {**ITEMIZED, "discount_amount": 1, **UNCHECKED}})
        config = {"enable_customer_cancellation": True, "tipping": {"amount_eligible": 1200}}
        self.process(declined.id, process_config=config)
        self.raw("post", f"/_simulator/readers/{self.reader.id}/press_cancel")
        self.readers.retrieve(self.reader.id)
        self.process(declined.id)
        self.present(DECLINED)
        payments.retrieve(declined.id, {"expand": ["latest_charge"]})
        self.process(declined.id)
        self.present({"type": "card_present", "card_present": {"number": "4001007020000002"}})
        payments.capture(declined.id, {"amount_to_capture": 1000, "expand": ["latest_charge"]})
        canceled = new_payment(self.client)
        self.process(canceled.id)
        payments.cancel(canceled.id, {"cancellation_reason": "abandoned"})
        self.present()
        raising = {"card_present": {"request_incremental_authorization_support": True}}
        held = payments.create({**HELD, "payment_method_options": raising}).id
        self.process(held)
        self.present()
        payments.increment_authorization(held, {"amount": 1500, "expand": ["latest_charge"]})
        self.refused(payments.increment_authorization, held, {"amount": 2001})
        self.refused(payments.capture, held, {"amount_to_capture": 99_999_999})
        self.raw("post", "/_simulator/clock", advance=2 * 86_400 + 60)
        payments.retrieve(held, {"expand": ["latest_charge"]})
        payments.list({"limit": 3, "expand": ["data.latest_charge"]})
        payments.search({"query": "status:'canceled'", "limit": 1})

    def two_steps(self) -> None:
        payment = new_payment(self.client).id
        config = {"skip_tipping": True, "enable_customer_cancellation": True}
        self.readers.collect_payment_method(
            self.reader.id, {"payment_intent": payment, "collect_config": config}
        )
        self.present()
        self.v1.payment_intents.retrieve(payment)
        self.readers.confirm_payment_intent(self.reader.id, {"payment_intent": payment})
        self.present()
        self.readers.retrieve(self.reader.id)

    # -- money back

    def refunds(self) -> None:
        refunds = self.v1.refunds
        paid = pay(self.client, self.reader.id, new_payment(self.client).id)
        one = refunds.create({"payment_intent": paid.id, "amount": 300, "reason": "requested_by_customer"})
        refunds.update(one.id, {"metadata": {"why": "cold"}})
        refunds.retrieve(one.id, {"expand": ["charge", "payment_intent"]})
        refunds.create({"charge": paid.latest_charge})
        refunds.list({"charge": paid.latest_charge})
        self.refused(refunds.cancel, one.id)
        self.refused(refunds.create, {"charge": paid.latest_charge})
        payment = new_payment(self.client).id
        self.process(payment)
        self.present(REFUND_FAILS)
        self.v1.payment_intents.capture(payment)
        failing = refunds.create({"payment_intent": payment})
        self.raw("post", "/_simulator/clock", advance=60)
        refunds.retrieve(failing.id)
        self.refused(self.v1.test_helpers.refunds.expire, failing.id)
        waiting = payments_of("pm_card_pendingRefund", self.v1)
        refunds.create({"payment_intent": waiting.id})
        self.raw("post", "/_simulator/clock", advance=60)

    def interac(self) -> None:
        payment = self.v1.payment_intents.create(CANADIAN).id
        self.process(payment)
        self.present(INTERAC)
        self.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge", "payment_method"]})
        config = {"enable_customer_cancellation": True}
        self.readers.refund_payment(
            self.reader.id,
            {
                "payment_intent": payment,
                "amount": 400,
                "metadata": {"a": "b"},
                "refund_payment_config": config,
            },
        )
        done = self.present()
        self.v1.refunds.retrieve(done.action.refund_payment.refund)

    def forms(self) -> None:
        form = {"inputs": QUESTIONS, "metadata": {"table": "4"}}
        self.readers.collect_inputs(self.reader.id, form)
        self.helpers.succeed_input_collection(self.reader.id, {"skip_non_required_inputs": "none"})
        self.readers.collect_inputs(self.reader.id, form)
        self.helpers.succeed_input_collection(self.reader.id, {"skip_non_required_inputs": "all"})
        self.readers.collect_inputs(self.reader.id, form)
        self.helpers.timeout_input_collection(self.reader.id)
        self.readers.collect_inputs(self.reader.id, form)
        answer = f"/_simulator/readers/{self.reader.id}/answer_input"
        self.raw("post", answer, value="a", toggles=["enabled"])
        for text in ("ada@example.com", "12", "+12015550123"):
            self.readers.retrieve(self.reader.id)
            self.raw("post", answer, value=text)
        self.raw("post", answer, skip="true")
        self.readers.retrieve(self.reader.id)
        self.readers.cancel_action(self.reader.id)

    # -- customers, and cards that are kept

    def customers(self) -> None:
        customers, methods = self.v1.customers, self.v1.payment_methods
        ada = customers.create(
            {
                "name": "Ada",
                "email": "ada@example.com",
                "phone": "+15555550100",
                "address": ADDRESS,
                "shipping": {"name": "Ada", "address": ADDRESS},
                "metadata": {"a": "b"},
            }
        )
        customers.update(ada.id, {"description": "A regular"})
        customers.retrieve(ada.id)
        customers.list({"email": "ada@example.com"})
        customers.search({"query": "name:'Ada'", "limit": 1})
        card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2034, "cvc": "123"}
        method = methods.create({"type": "card", "card": card, "billing_details": {"name": "Ada"}})
        methods.attach(method.id, {"customer": ada.id})
        methods.update(method.id, {"allow_redisplay": "always", "card": {"exp_year": 2035}})
        methods.retrieve(method.id, {"expand": ["customer"]})
        methods.list({"customer": ada.id, "type": "card"})
        customers.payment_methods.list(ada.id)
        customers.payment_methods.retrieve(ada.id, method.id)
        self.refused(methods.attach, "pm_card_visa_chargeDeclined", {"customer": ada.id})
        methods.detach(method.id)
        customers.delete(ada.id)
        customers.retrieve(ada.id)

    def saved_at_the_reader(self) -> None:
        setups = self.v1.setup_intents
        customer = self.v1.customers.create({"name": "Grace"}).id
        for card in ({}, DECLINED):
            setup = setups.create({**AT_READER, "customer": customer, "usage": "off_session"})
            self.readers.process_setup_intent(
                self.reader.id,
                {
                    "setup_intent": setup.id,
                    "allow_redisplay": "always",
                    "process_config": {"enable_customer_cancellation": True},
                },
            )
            self.present(card)
            setups.retrieve(setup.id, {"expand": ["latest_attempt", "payment_method", "customer"]})
            self.v1.setup_attempts.list({"setup_intent": setup.id})
        payment = new_payment(self.client).id
        self.v1.payment_intents.update(payment, {"customer": customer, "setup_future_usage": "off_session"})
        self.process(payment, process_config={"allow_redisplay": "limited"})
        self.present()
        self.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge", "customer"]})
        self.v1.customers.payment_methods.list(customer, {"expand": ["data.customer"]})

    # -- without a reader

    def online(self) -> None:
        setups, payments = self.v1.setup_intents, self.v1.payment_intents
        customer = self.v1.customers.create({}).id
        setup = setups.create({"allowed_payment_method_types": ["card"], "customer": customer})
        setups.update(setup.id, {"description": "Card on file", "metadata": {"a": "b"}})
        self.refused(setups.confirm, setup.id, {"payment_method": "pm_card_visa_chargeDeclined"})
        setups.retrieve(setup.id, {"expand": ["latest_attempt"]})
        done = setups.confirm(setup.id, {"payment_method": "pm_card_visa"})
        setups.cancel(setups.create(AT_READER).id, {"cancellation_reason": "abandoned"})
        setups.list({"customer": customer, "expand": ["data.latest_attempt"]})
        self.v1.setup_attempts.list({"setup_intent": setup.id})
        paying = {**ONLINE, "customer": customer, "off_session": True, "confirm": True}
        payments.create({**paying, "payment_method": done.payment_method, "expand": ["latest_charge"]})
        self.refused(payments.create, {**paying, "payment_method": "pm_card_chargeCustomerFail"})
        payment = payments.create({**ONLINE, "capture_method": "manual"})
        payments.confirm(payment.id, {"payment_method": "pm_card_mastercard"})

    # -- disputes, and the balance

    def disputes(self) -> None:
        disputes = self.v1.disputes
        for card in LATER.values():
            payments_of(f"pm_card_{card.name}", self.v1)
        first, second, *more = disputes.list({"limit": 100}).data
        disputes.retrieve(first.id, {"expand": ["charge", "payment_intent"]})
        disputes.update(first.id, {"metadata": {"a": "b"}, "intended_submission_method": "manual"})
        disputes.update(first.id, {"evidence": {"uncategorized_text": "a letter"}, "submit": False})
        disputes.close(second.id)
        self.refused(disputes.close, second.id)
        self.refused(self.v1.refunds.create, {"charge": first.charge})
        texts = ("winning_evidence", "losing_evidence", "escalate_inquiry_evidence")
        for one, text in zip([*more, *payments_of_inquiries(self.v1)], itertools.cycle(texts)):
            disputes.update(one.id, {"evidence": {"uncategorized_text": text}})
        self.raw("post", "/_simulator/clock", advance=60)
        disputes.list({"limit": 100})

    def balance(self) -> None:
        self.v1.balance.retrieve()
        found = self.v1.balance_transactions.list({"limit": 100, "expand": ["data.source"]}).data
        self.v1.balance_transactions.retrieve(found[0].id)
        self.raw("post", "/_simulator/clock", advance=10 * 86_400)
        self.v1.balance_transactions.list({"limit": 100})
        self.v1.balance.retrieve()

    def asked_by_the_bank(self) -> None:
        asking = {
            "allowed_payment_method_types": ["card"],
            "payment_method": "pm_card_authenticationRequired",
        }
        for more in ({}, {"return_url": "https://shop.example/"}):
            for result in ("succeed", "fail"):
                confirmed = {**asking, "confirm": True, **more}
                payment = self.v1.payment_intents.create({"amount": 900, "currency": "usd", **confirmed}).id
                self.raw("post", f"/_simulator/payment_intents/{payment}/authenticate", result=result)
                self.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
                setup = self.v1.setup_intents.create({**confirmed, "expand": ["latest_attempt"]}).id
                self.raw("post", f"/_simulator/setup_intents/{setup}/authenticate", result=result)
                self.v1.setup_intents.retrieve(setup, {"expand": ["latest_attempt"]})
        alone = {"amount": 900, "currency": "usd", **asking, "confirm": True}
        self.refused(self.v1.payment_intents.create, {**alone, "off_session": True})
        self.refused(self.v1.payment_intents.create, {**alone, "error_on_requires_action": True})

    # -- looking back

    def charges(self) -> None:
        charges = self.v1.charges
        charge = charges.list({"limit": 1}).data[0]
        charges.update(charge.id, {"description": "Lunch", "metadata": {"a": "b"}})
        charges.search({"query": "amount>100", "expand": ["data.customer"]})
        charges.retrieve(charge.id, {"expand": ["customer", "payment_intent", "refunds"]})
        refunded = next(one for one in charges.list().auto_paging_iter() if one.amount_refunded)
        self.raw("get", f"/v1/charges/{refunded.id}/refunds")

    def connected_accounts(self) -> None:
        accounts, payments = self.v1.accounts, self.v1.payment_intents
        self.raw("post", "/_simulator/account", country="US", name="Shop")
        accounts.retrieve_current()
        for type in ("standard", "express", "custom"):
            capabilities = {"transfers": {"requested": True}, "card_payments": {"requested": True}}
            shop = accounts.create({"type": type, "country": "AU", "capabilities": capabilities}).id
        accounts.create({"controller": {"stripe_dashboard": {"type": "none"}}})
        accounts.update(shop, {"business_profile": {"name": "Bakery"}, "email": "b@example.com"})
        accounts.retrieve(shop)
        accounts.list()
        to = {"transfer_data": {"destination": shop, "amount": 900}, "on_behalf_of": shop}
        paying = {**ONLINE, "payment_method": "pm_card_visa", "confirm": True, "expand": ["latest_charge"]}
        payments.create({**paying, **to})
        under: stripe.RequestOptions = {"stripe_account": shop}
        payments.create({**paying, "application_fee_amount": 10}, options=under)
        self.v1.events.list({"limit": 3}, options=under)
        self.v1.setup_intents.create({**AT_READER}, options=under)
        accounts.retrieve_current(options=under)
        accounts.delete(shop)
        self.refused(accounts.retrieve, shop)

    def files(self) -> None:
        files = self.v1.files
        for purpose in ("terminal_reader_splashscreen", "dispute_evidence", "customer_signature"):
            picture = io.BytesIO(b"\x89PNG\r\n\x1a\n")
            file = files.create({"purpose": purpose, "file": picture}).id
        files.retrieve(file)
        files.list({"purpose": "dispute_evidence"})
        text = io.BytesIO(b"text")
        self.refused(files.create, {"purpose": "dispute_evidence", "file": text})

    def webhooks(self) -> None:
        endpoints = self.v1.webhook_endpoints
        hook = endpoints.create(
            {
                "url": "http://127.0.0.1:4242/",
                "enabled_events": ["*"],
                "description": "Till",
                "metadata": {"a": "b"},
            }
        )
        new_payment(self.client)
        listed = self.raw("get", "/_simulator/deliveries")
        self.raw("post", f"/_simulator/deliveries/{listed.data['data'][0]['id']}/send")
        self.raw("get", "/_simulator/requests")
        self.raw("post", "/_simulator/deliveries")
        endpoints.update(hook.id, {"disabled": True})
        endpoints.retrieve(hook.id)
        endpoints.list()
        endpoints.delete(hook.id)

    def what_goes_wrong(self) -> None:
        self.refused(self.v1.payment_intents.retrieve, "pi_nobody")
        self.refused(self.v1.payment_intents.create, {"amount": 1, "currency": "usd"})
        self.refused(self.v1.payment_intents.create, {"amount": 1000, "currency": "usd", "colour": "red"})
        self.refused(self.process, "pi_nobody")
        for kind in ("reader_offline", "reader_busy", "reader_unplugged", "reader_driven_by_app"):
            self.raw("post", "/_simulator/faults", kind=kind)
            self.readers.retrieve(self.reader.id)
            self.refused(self.readers.cancel_action, self.reader.id)
            self.raw("delete", "/_simulator/faults")
        for kind in ("slow_bank", "connection_lost", "action_stuck"):
            fault = self.raw("post", "/_simulator/faults", kind=kind)
            self.process(new_payment(self.client).id)
            self.present()
            self.readers.retrieve(self.reader.id)
            self.raw("get", "/_simulator/faults")
            if kind == "slow_bank":
                self.raw("delete", f"/_simulator/faults/{fault.data['id']}")
            self.readers.cancel_action(self.reader.id)

    def events(self) -> None:
        events = self.v1.events
        for event in events.list({"limit": 100}).auto_paging_iter():
            last = event.id
        events.retrieve(last)
        self.raw("get", "/_simulator/clock")
        self.raw("get", "/_simulator/api_version")
        self.raw("post", "/_simulator/api_version", version="")
        self.raw("get", "/_simulator/changes")
        self.raw("get", "/_simulator/api_version")
        self.raw("post", "/_simulator/api_version", version="")
        self.raw("post", "/_simulator/reset")
