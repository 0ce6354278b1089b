"""What is in an account: its lists, newest first, read only as far as a check needs and only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from itertools import islice
from typing import Any, Generic, TypeVar

import stripe

from ..account import stripe_client
from ..request_log import unlogged

T = TypeVar("T", bound=stripe.StripeObject)

MOST = 1000
"""Only so many of the newest payments are looked at one by one: an account may hold any number, and those
that are older are searched for. A search alone would not do: Stripe's finds nothing of the last minute."""


class Newest(Generic[T]):
    """A list of the account, newest first: a page is asked for when somebody gets that far."""

    def __init__(
        self, listing: Callable[..., stripe.ListObject[T] | stripe.SearchResultObject[T]], **params: Any
    ) -> None:
        self._seen: list[T] = []
        self._rest = iter(self._read(listing, params))

    @staticmethod
    def _read(
        listing: Callable[..., stripe.ListObject[T] | stripe.SearchResultObject[T]], params: dict[str, Any]
    ) -> Iterator[T]:
        yield from listing(params={"limit": 100, **params}).auto_paging_iter()

    def __iter__(self) -> Iterator[T]:
        place = 0
        while True:
            if place == len(self._seen):
                # Not while the caller works with what was found: its own requests belong in the log.
                with unlogged():
                    self._seen.extend(islice(self._rest, 1))
                if place == len(self._seen):
                    return
            yield self._seen[place]
            place += 1


class AccountContents:
    """What is in an account, for several checks to judge. It changes nothing there.

    Without a client it is the learner's own account, and `own` is True: a check can also look at what the
    notebooks remember about it.
    """

    def __init__(self, client: stripe.StripeClient | None = None) -> None:
        self.own = client is None
        self.client = client or stripe_client()

    @classmethod
    def of(cls, client: stripe.StripeClient | AccountContents | None) -> AccountContents:
        """What is in this client's account; what was read already is not read again."""
        return client if isinstance(client, AccountContents) else cls(client)

    @cached_property
    def readers(self) -> Newest[stripe.terminal.Reader]:
        """Every reader, newest first."""
        return Newest(self.client.v1.terminal.readers.list)

    @cached_property
    def locations(self) -> Newest[stripe.terminal.Location]:
        """Every location, newest first."""
        return Newest(self.client.v1.terminal.locations.list)

    @cached_property
    def _payments(self) -> Newest[stripe.PaymentIntent]:
        return Newest(self.client.v1.payment_intents.list)

    @cached_property
    def _charges(self) -> Newest[stripe.Charge]:
        return Newest(self.client.v1.charges.list)

    def readers_labelled(self, label: str) -> Iterator[stripe.terminal.Reader]:
        """The readers with exactly this label."""
        return (reader for reader in self.readers if reader.label == label)

    def called(self, reader: stripe.terminal.Reader) -> str:
        """The reader's label, and where several have it, which of them this is."""
        same = [each.id for each in self.readers_labelled(reader.label)]
        which = "the newest" if same[:1] == [reader.id] else "an older one"
        return f"{reader.label} ({which} of {len(same)} called so)" if len(same) > 1 else reader.label

    def almost_labelled(self, label: str) -> str:
        """What is wrong with a reader that has nearly this label, and the way out; '' when there is none."""
        return almost(label, (reader.label for reader in self.readers), "readers")

    @property
    def newest_payments(self) -> Iterator[stripe.PaymentIntent]:
        """The newest PaymentIntents, as they are now; at most `MOST`."""
        return islice(self._payments, MOST)

    def tries(self, payment: stripe.PaymentIntent) -> Newest[stripe.Charge]:
        """The payment's charges, whether they succeeded or not."""
        return Newest(self.client.v1.charges.list, payment_intent=payment.id)

    def payments(self, amount: int, currency: str = "usd") -> Iterator[stripe.PaymentIntent]:
        """The PaymentIntents of this amount, as they are now."""
        seen = set()
        for each in self.newest_payments:
            seen.add(each.id)
            if (each.amount, each.currency) == (amount, currency):
                yield each
        if len(seen) == MOST:
            yield from (each for each in self._older(amount, currency) if each.id not in seen)

    @cache  # noqa: B019  both live as long as one look at all tasks
    def _older(self, amount: int, currency: str) -> Newest[stripe.PaymentIntent]:
        query = f"amount:{amount} AND currency:'{currency}'"
        return Newest(self.client.v1.payment_intents.search, query=query)

    def newest_charge_at(self, label: str) -> stripe.Charge | None:
        """The newest charge, whether it succeeded or not, that a reader with this label made."""
        readers = {reader.id for reader in self.readers_labelled(label)}
        for charge in islice(self._charges, MOST):
            # One that was paid online has no such part.
            card = getattr(charge.payment_method_details, "card_present", None)
            if getattr(card, "reader", None) in readers:
                return charge
        return None

    def location(self, reader: stripe.terminal.Reader) -> stripe.terminal.Location | None:
        """The reader's location."""
        return next((each for each in self.locations if each.id == reader.location), None)

    def card(self, payment: stripe.PaymentIntent) -> stripe.Charge.PaymentMethodDetails.CardPresent | None:
        """How the payment's latest charge was paid at a reader: `brand`, `funding`, …; None if it was not."""
        charge = payment.latest_charge
        if charge is None:
            return None
        if isinstance(charge, str):
            with unlogged():
                charge = self.client.v1.charges.retrieve(charge)
        return getattr(charge.payment_method_details, "card_present", None)

    def refunded(self, payment: stripe.PaymentIntent) -> int:
        """What went back of the payment, in the smallest unit."""
        charge = self._charge(payment)
        return charge.amount_refunded if charge else 0

    def net(self, payment: stripe.PaymentIntent) -> int:
        """What the shop keeps of the payment, after fees and refunds, of which some may have failed and come
        back, in the smallest unit."""
        charge = self._charge(payment)
        refunds = charge.refunds.data if charge and charge.refunds else []
        moved = [one.balance_transaction for one in (charge, *refunds) if one]
        moved += [getattr(one, "failure_balance_transaction", None) for one in refunds]
        return sum(one.net for one in moved if isinstance(one, stripe.BalanceTransaction))

    def _charge(self, payment: stripe.PaymentIntent) -> stripe.Charge | None:
        """The payment's latest charge, with its refunds and what each moved."""
        if payment.latest_charge is None:
            return None
        expand = [
            "balance_transaction",
            "refunds.data.balance_transaction",
            "refunds.data.failure_balance_transaction",
        ]
        with unlogged():
            return self.client.v1.charges.retrieve(str(payment.latest_charge), params={"expand": expand})

    def first_amount(self, payment: stripe.PaymentIntent) -> int | None:
        """The amount with which the PaymentIntent was created, from its event; events last 30 days."""
        created = {"gte": payment.created - 60, "lte": payment.created + 60}
        events = Newest(self.client.v1.events.list, type="payment_intent.created", created=created)
        return next((each.data.object.amount for each in events if each.data.object.id == payment.id), None)

    def almost_addressed(self, email: str) -> str:
        """The same for the address of a customer."""
        customers = Newest(self.client.v1.customers.list)
        return almost(email, (each.email for each in islice(customers, MOST) if each.email), "customers")

    def customers(self, email: str) -> Newest[stripe.Customer]:
        """The customers with exactly this email address."""
        return Newest(self.client.v1.customers.list, email=email)

    def setups(self, customer: stripe.Customer) -> Newest[stripe.SetupIntent]:
        """The customer's SetupIntents."""
        return Newest(self.client.v1.setup_intents.list, customer=customer.id)

    def charges(self, customer: stripe.Customer) -> Newest[stripe.Charge]:
        """The customer's charges, whether they succeeded or not."""
        return Newest(self.client.v1.charges.list, customer=customer.id)

    def saved(self, customer: stripe.Customer) -> list[stripe.PaymentMethod]:
        """The customer's cards that were generated from one at a reader, and can be charged online."""
        with unlogged():
            found = self.client.v1.customers.payment_methods.list(customer.id, params={"type": "card"}).data
        return [method for method in found if method.card and method.card.generated_from]


def almost(name: str, names: Iterable[str], calls: str) -> str:
    """What is wrong where one of the names differs only in its case, spaces or signs; '' when none does."""
    meant = _letters(name)
    found = next((each for each in names if each != name and _letters(each) == meant), None)
    return f"yours is called {found!r}, and {calls}.update can make it exactly this" if found else ""


def make_way(calls: str) -> str:
    """What to do with a reader or a location that has the name which the task needs, and cannot become right.

    A location can only be deleted when no reader is registered to it.
    """
    delete = ", or delete it with readers.delete" if calls == "readers" else ""
    return f"first give it another name with {calls}.update{delete}"


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
