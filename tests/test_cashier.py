"""Whatever goes wrong: paid once or not at all, nothing held, the reader idle, the cashier told the truth.

`IRL_SOAK=100` plays a hundred times as many sales, and others each time.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
import stripe

from irl_helpers import cancel, collect
from irl_helpers.account import reset_account
from irl_helpers.setup import own_reader

from .cashier import Cashier, Shop, run

SOAK = int(os.environ.get("IRL_SOAK", "1"))
SALES = 5000 * SOAK
DAY = 50  # rounds


def test_the_cashier_survives(account_file: Path) -> None:
    first = 0 if SOAK == 1 else random.SystemRandom().randrange(10**9)
    ends: Counter[str] = Counter()
    while ends.total() < SALES:
        reset_account()
        with closing(Shop(account_file, own_reader("Till").id)) as shop:
            for seed in range(first, first + DAY):
                cashiers = run(shop, seed).cashiers
                ends.update("paid" if cashier.told != "canceled" else "canceled" for cashier in cashiers)
            shop.close_day()
        first += DAY
    # Sales that never come about would prove little.
    assert min(ends["paid"], ends["canceled"]) > SALES / 5, ends


# -- cashiers who do it as many programs do; that they fail shows that the property can


class StartsAnew(Cashier):
    """Makes another PaymentIntent whenever a call brought an error."""

    tries = 0

    def act(self) -> None:
        if self.wants_out:
            super().act()
            return
        try:
            if self.payment is None:
                self.tries += 1
                self.payment = collect.create_payment(self.amount, sale=f"{self.sale}, {self.tries}").id
                collect.process_payment(self.reader, self.payment)
            self.told = self.client.v1.payment_intents.capture(self.payment).amount_received
        except stripe.InvalidRequestError:
            pass  # nobody has paid yet
        except stripe.StripeError:
            self.payment = None


class BelievesTheReader(Cashier):
    """Takes the reader's "succeeded" for money."""

    def press(self) -> stripe.PaymentIntent | None:
        action = self.client.v1.terminal.readers.retrieve(self.reader).action
        if action and action.status == "succeeded":
            self.told = self.amount
            return None
        return super().press()


class OnlyStopsTheReader(Cashier):
    """Says "canceled" when the reader's screen is empty."""

    def act(self) -> None:
        if not self.payment:
            super().act()
            return
        try:
            cancel.cancel_reader_action(self.reader, client=self.client)
            self.told = "canceled"
        except stripe.StripeError:
            pass


class TakesNoAnswerForNo(Cashier):
    """Says "canceled" when the capture brought no answer."""

    def act(self) -> None:
        if self.payment and not self.wants_out:
            try:
                self.told = self.client.v1.payment_intents.capture(self.payment).amount_received
            except stripe.APIConnectionError:
                self.told = "canceled"
            except stripe.StripeError:
                pass  # nobody has paid yet
        if self.told == "wait":
            super().act()


NAIVE = {
    StartsAnew: "was paid 2 times|is held|the cashier was told canceled",
    BelievesTheReader: "the cashier was told",
    OnlyStopsTheReader: "the cashier was told canceled, and .* is held",
    TakesNoAnswerForNo: "the cashier was told canceled",
}


def play(shop: Shop, make: type[Cashier]) -> None:
    for seed in range(300):
        run(shop, seed, make)


@pytest.mark.parametrize(("naive", "what"), NAIVE.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_naive_cashier_is_caught(account_file: Path, naive: type[Cashier], what: str) -> None:
    with (
        closing(Shop(account_file, own_reader("Till").id)) as shop,
        pytest.raises(AssertionError, match=what),
    ):
        play(shop, naive)
