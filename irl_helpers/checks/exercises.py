"""The tasks of `notebooks/exercises/`."""

from __future__ import annotations

import stripe

from ..money import format_amount
from ..request_log import unlogged
from ..tips import tip_of, tipping_rules
from .account_contents import AccountContents
from .payment_claims import captured, no_hold_left, payment_of
from .reached import check
from .result import Result, judge
from .totals import Total

_ABEL = Total(lines=((720, 2), (560, 1)), tax=95)
_BRANDT = Total(lines=((2140, 1),), tax=112)


@check
def cart(account: AccountContents) -> Result:
    """The bakery: $20.95 taken, and the next customer's cart on the screen.

    A cart leaves nothing behind once the reader shows something else. So the check looks at the cart that
    is still there, and not at whether the first customer saw his.
    """
    _, points = judge(
        "a reader labelled Bakery 1",
        lambda: (
            account.almost_labelled("Bakery 1")
            or "none has exactly this label: part 1 registers one, and own_reader finds or registers one"
        ),
        account.readers_labelled("Bakery 1"),
        [
            ("it shows a cart", lambda reader: "" if _cart(reader) else _no_cart(account, reader)),
            ("with a total of $22.52", lambda reader: _wrong_total(account, reader)),
            ("its lines and the tax add up to the total", lambda reader: _does_not_add_up(account, reader)),
        ],
    )

    def other_amount() -> str:
        charge = account.newest_charge_at("Bakery 1")
        return f"on Bakery 1 it was {_ABEL.instead_of(charge.amount)}" if charge else ""

    payment, more = payment_of(
        account,
        _ABEL.amount,
        [captured(_ABEL.amount)],
        "the customer pays a PaymentIntent for the cart's total",
        at_the_reader=other_amount,
    )
    hold = no_hold_left(account, payment, _ABEL.amount)
    return Result("Exercise, the cart at the bakery", [*points, *more, hold])


@check
def tips(account: AccountContents) -> Result:
    """The café's garden: a reader that suggests 12, 18 and 22 percent, and $42.00 paid with a tip."""

    def suggests_others(reader: stripe.terminal.Reader) -> str:
        with unlogged():
            rules = tipping_rules(reader, client=account.client)
        name = account.called(reader)
        if not rules:
            why = "neither its location nor the account has a configuration that says so"
            return f"{name} asks for no tip: {why}"
        if "fixed_amounts" in rules:
            return f"{name} suggests fixed amounts too: here it should suggest percentages only"
        found = sorted(rules["percentages"])
        return "" if found == [12, 18, 22] else f"{name} suggests {', '.join(map(str, found))} percent"

    def other_tip(payment: stripe.PaymentIntent) -> str:
        tip = tip_of(payment)
        if tip is None:
            return "no reader asked for a tip: the amount is for the meal, and the customer adds to it"
        shown = format_amount(tip, payment.currency)
        return "" if tip == 756 else f"the tip is {shown}: sell once more; what are 18 percent of the meal?"

    _, points = judge(
        "a reader labelled Garden 1",
        lambda: (
            account.almost_labelled("Garden 1")
            or "none has exactly this label: part 1 registers one, at a location"
        ),
        account.readers_labelled("Garden 1"),
        [("it suggests 12, 18 and 22 percent", suggests_others)],
    )

    hint = "once the customer has paid, the tip is part of the amount"

    def other_amount() -> str:
        charge = account.newest_charge_at("Garden 1")
        return f"on Garden 1 it was {format_amount(charge.amount, charge.currency)}: {hint}" if charge else ""

    payment, more = payment_of(
        account,
        4956,
        [("$42.00 of it for the meal, the rest a tip", other_tip), captured(4956)],
        hint,
        before=4200,
        at_the_reader=other_amount,
    )
    hold = no_hold_left(account, payment, 4956)
    return Result("Exercise, tips in the garden", [*points, *more, hold])


@check
def save_a_card(account: AccountContents) -> Result:
    """The bicycle hire: Mira's card is saved for all later purchases, and was never charged."""

    def nothing_saved(customer: stripe.Customer) -> str:
        found = {each.status for each in account.setups(customer)}
        if "succeeded" in found:
            return ""
        if not found:
            return "there is none for her: it saves a card as a PaymentIntent makes a sale"
        return f"it is {min(found)}: a reader asks for the card, and then one is presented"

    def no_card(customer: stripe.Customer) -> str:
        return "" if account.saved(customer) else "there is none: a reader saves it for a customer"

    def no_consent(customer: stripe.Customer) -> str | None:
        given = {card.allow_redisplay or "unspecified" for card in account.saved(customer)}
        if "always" in given:
            return ""
        return f"it is {min(given)}: see what allow_redisplay says, above" if given else None

    def was_charged(customer: stripe.Customer) -> str:
        if any(charge.status == "succeeded" for charge in account.charges(customer)):
            return (
                "money was taken or is held, and saving a card needs no payment. That cannot be undone: "
                "begin again with a new customer of this address, whom customers.create makes"
            )
        return ""

    _, points = judge(
        "a customer with the address mira@example.com",
        lambda: (
            account.almost_addressed("mira@example.com")
            or "there is none yet: a saved card belongs to a customer"
        ),
        account.customers("mira@example.com"),
        [
            ("a SetupIntent for her that succeeded", nothing_saved),
            ("a card from a reader that can be charged online", no_card),
            ("saved for all later purchases", no_consent),
            ("no money was taken from her card", was_charged),
        ],
    )
    return Result("Exercise, a card for the bicycle hire", points)


@check
def end_of_day(account: AccountContents) -> Result:
    """The flower stall: $68.40 taken, half of it given back, and what is left noted with the payment."""

    def not_half(payment: stripe.PaymentIntent) -> str:
        back = account.refunded(payment)
        if back == 3420:
            return ""
        return f"{format_amount(back, payment.currency)} went back" if back else "nothing went back yet"

    def other_net(payment: stripe.PaymentIntent) -> str:
        noted = payment.metadata.to_dict().get("net") if payment.metadata else None
        if noted is None:
            return "there is no net in it: what do the payment's balance transactions add up to?"
        net = account.net(payment)
        return "" if noted == str(net) else f"it says {noted}: add up the net of all its balance transactions"

    payment, points = payment_of(
        account,
        6840,
        [
            captured(6840),
            ("$34.20 of it given back", not_half),
            ("its metadata has what is left as net, in cents", other_net),
        ],
        "the customer pays for the wreath at the reader",
    )
    hold = no_hold_left(account, payment, 6840)
    return Result("Exercise, the flower stall's day", [*points, hold])


def _cart(reader: stripe.terminal.Reader) -> stripe.terminal.Reader.Action.SetReaderDisplay.Cart | None:
    """The cart that a reader shows, or was sent; None when its action is another."""
    if reader.action is None or reader.action.type != "set_reader_display":
        return None
    shown = reader.action.set_reader_display
    return shown.cart if shown else None


def _no_cart(account: AccountContents, reader: stripe.terminal.Reader) -> str:
    doing = reader.action.type if reader.action else "nothing"
    name = account.called(reader)
    return f"the action of {name} is {doing}: the call that shows something is set_reader_display"


def _wrong_total(account: AccountContents, reader: stripe.terminal.Reader) -> str | None:
    shown = _cart(reader)
    if shown is None:
        return None
    if shown.total == _BRANDT.amount:
        return ""
    return f"on {account.called(reader)} it is {_BRANDT.instead_of(shown.total)}"


def _does_not_add_up(account: AccountContents, reader: stripe.terminal.Reader) -> str | None:
    """Stripe does not say if a line's amount is for one item or for all, so either may be meant."""
    shown = _cart(reader)
    if shown is None:
        return None
    tax, lines, on = shown.tax or 0, shown.line_items, f"on {account.called(reader)}"
    if not all(isinstance(amount, int) for amount in (tax, *(line.amount for line in lines))):
        return f"{on} an amount is not an integer, so the customer sees no cart: look at Whole cents, above"
    if not shown.tax:
        return f"{on} there is no tax in it: the cart has its own place for that"
    sums = {sum(line.amount for line in lines), sum(line.amount * line.quantity for line in lines)}
    wrong = f"{on} they do not: the reader adds nothing up, so your code must"
    return "" if shown.total - tax in sums else wrong
