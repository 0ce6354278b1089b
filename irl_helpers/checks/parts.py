"""The "your turn" of each part of the series."""

from __future__ import annotations

import stripe

from ..account import noted, request_log
from ..recovery import payment_shown
from .account_contents import AccountContents, almost, make_way
from .payment_claims import captured, no_hold_left, payment_of
from .reached import check
from .result import Claim, Point, Result, free_of, judge


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

    def elsewhere(reader: stripe.terminal.Reader) -> str | None:
        if shop is None:
            return None
        place = account.location(reader)
        name = place.display_name if place else "no location"
        if place and (name, place.address.country) == (shop.display_name, shop.address.country):
            return ""
        where = f"{account.called(reader)} is at {name}"
        return f"{where}, and cannot move: {make_way('readers')}, then register one where it belongs"

    _, more = judge(
        "a reader labelled Baker Street 1",
        lambda: (
            account.almost_labelled("Baker Street 1")
            or "none has exactly this label: a reader is registered by readers.create"
        ),
        account.readers_labelled("Baker Street 1"),
        [
            ("registered to the Baker Street Shop", elsewhere),
            ("a Stripe Reader S700", lambda reader: _not_an_s700(account, reader)),
        ],
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
        claims.append(("the application works with it", lambda pier: _not_chosen(account, pier)))
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
    payment, points = payment_of(
        account,
        2730,
        [
            ("paid with a Mastercard debit card", lambda payment: _not_mastercard_debit(account, payment)),
            captured(2730),
        ],
        "a sale begins with a PaymentIntent, and its amount is in cents",
    )
    return Result("Part 3, a payment of $27.30", [*points, no_hold_left(account, payment, 2730)])


@check
def cancel(account: AccountContents) -> Result:
    """Part 4: $15.40 corrected to $12.60, with one PaymentIntent, and the reader stopped in between.

    That it was $15.40 first is read from the event of its creation, which lasts 30 days. Prompting a customer
    and stopping the reader leave nothing in an account, neither an event nor a field. What this kernel sent
    is in its log, as long as the sale is; where it is not, nobody can tell, and nobody is told off.
    """

    def made_anew(payment: stripe.PaymentIntent) -> str:
        first = account.first_amount(payment)
        if first == 1540:
            return ""
        if first is None:
            return "Stripe forgets after 30 days what it was made for, so nobody can tell: do it once more"
        return "this one was not made for $15.40: begin again, and correct the one that is"

    payment, points = payment_of(
        account,
        1260,
        [("one PaymentIntent from start to end", made_anew), captured(1260)],
        "prompt for $15.40, and then change the amount",
        before=1540,
        change="its amount was not changed at Stripe. payment_intents.update changes it, and setting an "
        "attribute changes only Python's copy",
    )
    opened = any(each.status == "requires_payment_method" for each in account.payments(1540))
    asking = [account.called(reader) for reader in account.readers if payment and _asks_for(reader, payment)]
    points += [
        *([_stopped(payment)] if account.own else []),
        no_hold_left(account, payment, 1260, 1540),
        free_of(
            "no payment of $15.40 left open",
            payment,
            "one can still be paid by mistake, and payment_intents.list finds it: correct it, or give it up"
            if opened
            else "",
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
    if country == "GB":
        return ""
    return f"its country is {country}, which cannot be changed: {make_way('locations')}, then make another"


def _not_an_s700(account: AccountContents, reader: stripe.terminal.Reader) -> str:
    if reader.device_type in ("simulated_stripe_s700", "stripe_s700"):
        return ""
    model = f"{account.called(reader)} is a {reader.device_type}"
    return f"{model}: {make_way('readers')}, then register another; its code says which model it is"


_RENAME = "rename the one that moves, with readers.update"


def _not_harbour_2(account: AccountContents, pier: stripe.terminal.Reader) -> str:
    """Lists have the newest first. A Harbour 2 that is newer than Pier 2 was registered after the move, when
    the notebook ran again; one that is older should have been renamed."""
    place = account.location(pier)
    if place is None or place.display_name != "Harbour Shop":
        return f"{account.called(pier)} is not one of the Harbour Shop's: {_RENAME}"
    readers = iter(account.readers)
    any(reader.id == pier.id for reader in readers)
    if any(reader.label == "Harbour 2" for reader in readers):
        return f"Harbour 2 is still there, and Pier 2 is another reader: {_RENAME}"
    return ""


def _not_chosen(account: AccountContents, pier: stripe.terminal.Reader) -> str:
    chosen = next((reader for reader in account.readers if reader.id == noted("chosen_reader")), None)
    if chosen is not None and chosen.id == pier.id:
        return ""
    other = account.called(chosen) if chosen else "none that is there"
    return f"it works with {other}: look at Choose one, above"


def _not_mastercard_debit(account: AccountContents, payment: stripe.PaymentIntent) -> str:
    card = account.card(payment)
    if card is None:
        if _replaced(payment):
            return "the reader was given another payment before a card came for it: process this one again"
        return "no card was presented for it: what simulates that?"
    used = f"{card.brand} {card.funding}"
    if used == "mastercard debit":
        return ""
    return f"it was {used}: sell once more, and the call that presents a card can name one"


def _replaced(payment: stripe.PaymentIntent) -> bool:
    """Whether a reader that asked for the payment last was given another one since, as the log has it."""
    last: dict[str, bool] = {}  # for each reader, whether it was this payment
    asked: set[str] = set()
    for each in request_log():
        *_, reader, call = each.path.split("/")
        if call in _PROMPTS and each.status == 200:
            last[reader] = payment.id in each.form
            asked |= {reader} if last[reader] else set()
    return any(not last[reader] for reader in asked)


def _stopped(payment: stripe.PaymentIntent | None) -> Point:
    """Whether a reader that asked for the payment was stopped before one asked again, as the log has it."""
    claim = "the reader stopped in between"
    sent = [each for each in request_log() if (each.method, each.status) == ("POST", 200)]
    if payment and not any(each.path == "/v1/payment_intents" and payment.id in each.body for each in sent):
        return Point(True, claim, "it was begun elsewhere or long ago, so nobody can tell", judged=False)
    prompts, stops = [], []
    for place, each in enumerate(sent):
        *_, reader, call = each.path.split("/")
        if payment and call in _PROMPTS and payment.id in each.form:
            prompts.append((place, reader))
        elif call == "cancel_action":
            stops.append((place, reader))
    # What clears the screen after the sale stops nothing.
    unpaid = payment is not None and payment.status == "requires_payment_method"
    end = len(sent) if unpaid or not prompts else prompts[-1][0]
    stopped = any(
        begin < place < end and reader == asked for begin, asked in prompts for place, reader in stops
    )
    trouble = "" if stopped else "none that asked for it was: begin again, and stop it before you correct"
    return free_of(claim, payment, trouble)


_PROMPTS = ("process_payment_intent", "collect_payment_method")


def _asks_for(reader: stripe.terminal.Reader, payment: stripe.PaymentIntent) -> bool:
    asked = payment_shown(reader) == payment.id
    return asked and reader.action is not None and reader.action.status == "in_progress"
