"""The "your turn" of each part of the series."""

from __future__ import annotations

import stripe

from ..account import noted
from ..recovery import payment_shown
from .account_contents import AccountContents, almost
from .payment_claims import captured, no_hold_left
from .reached import check
from .result import Claim, Result, free_of, judge


@check
def setup(account: AccountContents) -> Result:
    """Part 1: the shop in Baker Street, and its reader."""
    shop, points = judge(
        "a location called Baker Street Shop",
        lambda: (
            almost("Baker Street Shop", (place.display_name for place in account.locations), "locations")
            or "none has exactly this name: a location is made by locations.create"
        ),
        (place for place in account.locations if place.display_name == "Baker Street Shop"),
        [("in Great Britain", _not_british)],
    )

    def elsewhere(reader: stripe.terminal.Reader) -> str:
        place = account.location(reader)
        name = place.display_name if place else "no location"
        if shop and place and (name, place.address.country) == (shop.display_name, shop.address.country):
            return ""
        return f"it is at {name}: a reader cannot move, so register one where it belongs"

    _, more = judge(
        "a reader labelled Baker Street 1",
        lambda: (
            account.almost_labelled("Baker Street 1")
            or "none has exactly this label: a reader is registered by readers.create"
        ),
        account.readers_labelled("Baker Street 1"),
        [("registered to the Baker Street Shop", elsewhere), ("a Stripe Reader S700", _not_an_s700)],
    )
    return Result("Part 1, the shop in Baker Street", [*points, *more])


@check
def connect(account: AccountContents) -> Result:
    """Part 2: Harbour 2 has another name, and is the reader that the application works with.

    The choice is not kept in the account. So with a `client`, whose account may be somebody else's, that
    point is left out.
    """
    claims: list[Claim[stripe.terminal.Reader]] = [
        ("it is Harbour 2 under its new name", lambda pier: _not_harbour_2(account, pier))
    ]
    if account.own:
        claims.append(("the application works with it", _not_chosen))
    _, points = judge(
        "a reader labelled Pier 2",
        lambda: (
            account.almost_labelled("Pier 2")
            or "none has exactly this label: part 1 has the call that renames a reader"
        ),
        account.readers_labelled("Pier 2"),
        claims,
    )
    return Result("Part 2, the reader on the pier", points)


@check
def collect(account: AccountContents) -> Result:
    """Part 3: $27.30 from a Mastercard debit card, and no hold on anybody's money left."""
    payment, points = judge(
        "a payment of $27.30",
        "there is none yet: a sale begins with a PaymentIntent, and its amount is in cents",
        account.payments(2730),
        [
            ("paid with a Mastercard debit card", lambda payment: _not_mastercard_debit(account, payment)),
            captured(2730),
        ],
    )
    return Result("Part 3, a payment of $27.30", [*points, no_hold_left(account, payment, 2730)])


@check
def cancel(account: AccountContents) -> Result:
    """Part 4: $15.40 corrected to $12.60, with one PaymentIntent.

    That it was $15.40 first is read from the event of its creation, which lasts 30 days. Prompting a
    customer and stopping the reader leave nothing in an account, so that the reader was stopped in between
    is not looked at; only that none asks for the payment any more.
    """

    def made_anew(payment: stripe.PaymentIntent) -> str:
        first = account.first_amount(payment)
        if first == 1540:
            return ""
        if first is None:
            return "Stripe forgets after 30 days what it was made for, so nobody can tell: do it once more"
        return "this one was not made for $15.40: begin again, and correct the one that is"

    payment, points = judge(
        "a payment of $12.60",
        "there is none yet: prompt for $15.40, and then change the amount",
        account.payments(1260),
        [("one PaymentIntent from start to end", made_anew), captured(1260)],
    )
    opened = any(each.status == "requires_payment_method" for each in account.payments(1540))
    asking = [reader.label for reader in account.readers if payment and _asks_for(reader, payment)]
    points += [
        no_hold_left(account, payment, 1260, 1540),
        free_of(
            "no payment of $15.40 left open",
            payment,
            "one can still be paid by mistake: correct it, or give it up" if opened else "",
        ),
        free_of(
            "no reader asks for it",
            payment,
            f"{asking[0]} does: present a card to it, or stop it" if asking else "",
        ),
    ]
    return Result("Part 4, $15.40 corrected to $12.60", points)


def _not_british(location: stripe.terminal.Location) -> str:
    country = location.address.country
    return "" if country == "GB" else f"its country is {country}, which cannot be changed: make another"


def _not_an_s700(reader: stripe.terminal.Reader) -> str:
    if reader.device_type in ("simulated_stripe_s700", "stripe_s700"):
        return ""
    return f"it is a {reader.device_type}: register another, the registration code says which model it is"


def _not_harbour_2(account: AccountContents, pier: stripe.terminal.Reader) -> str:
    """Lists have the newest first. A Harbour 2 that is newer than Pier 2 was registered after the move, when
    the notebook ran again; one that is older should have been renamed."""
    place = account.location(pier)
    if place is None or place.display_name != "Harbour Shop":
        return "it is not one of the Harbour Shop's: rename the one that moves"
    readers = iter(account.readers)
    any(reader.id == pier.id for reader in readers)
    if any(reader.label == "Harbour 2" for reader in readers):
        return "Harbour 2 is still there, and Pier 2 is another reader: rename the one that moves"
    return ""


def _not_chosen(reader: stripe.terminal.Reader) -> str:
    if noted("chosen_reader") == reader.id:
        return ""
    return "it works with another reader, or with none: look at Choose one, above"


def _not_mastercard_debit(account: AccountContents, payment: stripe.PaymentIntent) -> str:
    card = account.card(payment)
    if card is None:
        return "no card was presented for it: what simulates that?"
    used = f"{card.brand} {card.funding}"
    if used == "mastercard debit":
        return ""
    return f"it was {used}: sell once more, and the call that presents a card can name one"


def _asks_for(reader: stripe.terminal.Reader, payment: stripe.PaymentIntent) -> bool:
    asked = payment_shown(reader) == payment.id
    return asked and reader.action is not None and reader.action.status == "in_progress"
