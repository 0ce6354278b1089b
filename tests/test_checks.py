"""Each check passes on an account where its task is done, and fails at every one of its points.

The accounts are made as a learner makes them, with the calls of the notebooks.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from irl_helpers import checks, clock, faults
from irl_helpers.account import request_log, reset_account, revision, stripe_client
from irl_helpers.cancel import cancel_payment, cancel_reader_action, change_amount
from irl_helpers.cart import show_cart
from irl_helpers.checks import Point, Result
from irl_helpers.checks.result import judge
from irl_helpers.collect import capture_payment, create_payment, process_payment, simulate_payment
from irl_helpers.connect import choose_reader
from irl_helpers.point_of_sale import open_shop
from irl_helpers.point_of_sale.order import Order
from irl_helpers.refund import refund_payment
from irl_helpers.request_log import RequestLog
from irl_helpers.save_a_card import (
    charge_saved_card,
    create_setup,
    generated_card,
    own_customer,
    process_setup,
)
from irl_helpers.setup import ADDRESS, create_location, own_reader, register_reader
from irl_helpers.tips import own_configuration, use_configuration

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
BRITISH = {"line1": "221B Baker Street", "city": "London", "postal_code": "NW1 6XE", "country": "GB"}


def reader_id() -> str:
    return own_reader("Counter 1").id


# -- part 1


def baker_street(address=BRITISH, code="simulated-s700", name="Baker Street Shop", label="Baker Street 1"):
    register_reader(code, create_location(name, address).id, label)


def at_another_shop():
    create_location("Baker Street Shop", BRITISH)
    baker_street(name="Main Street Shop", address=ADDRESS)


# -- part 2


def harbour(location="Harbour Shop"):
    shop = create_location(location, ADDRESS)
    readers = [register_reader("simulated-wpe", shop.id, f"Harbour {n}") for n in (1, 2, 3)]
    choose_reader(readers[0].id)
    return SimpleNamespace(shop=shop, second=readers[1])


def rename(reader, label="Pier 2"):
    return stripe_client().v1.terminal.readers.update(reader.id, params={"label": label})


def pier(label="Pier 2"):
    here = harbour()
    choose_reader(rename(here.second, label).id)
    return here


def pier_on_a_used_account():
    """The notebook ran again, and found no Harbour 2."""
    register_reader("simulated-wpe", pier().shop.id, "Harbour 2")


def pier_is_a_new_reader():
    here = harbour()
    choose_reader(register_reader("simulated-wpe", here.shop.id, "Pier 2").id)


def pier_of_another_shop():
    choose_reader(rename(harbour("Main Street Shop").second).id)


def pier_not_chosen():
    rename(harbour().second)


# -- part 3


def pay(payment, card="mastercard_debit"):
    reader = reader_id()
    process_payment(reader, payment.id)
    simulate_payment(reader, card)
    return payment


def sale(amount=2730, card="mastercard_debit", capture: int | None = None):
    return capture_payment(pay(create_payment(amount), card).id, capture)


def sale_at_the_second_try():
    payment = pay(create_payment(2730), "charge_declined")
    capture_payment(pay(payment).id)


def sale_after_a_bad_start():
    cancel_payment(pay(create_payment(2730), "visa").id)
    sale()


def one_more_hold():
    pay(create_payment(2730))
    sale()


# -- part 4


def corrected(first=1540, capture=True):
    reader, payment = reader_id(), create_payment(first)
    process_payment(reader, payment.id)
    cancel_reader_action(reader)
    change_amount(payment.id, 1260)
    pay(payment, "visa")
    if capture:
        capture_payment(payment.id)
    return payment


def corrected_without_stopping(stopped=""):
    """The new prompt replaces the old one. What clears the screen at the end stops nothing."""
    reader, payment = reader_id(), create_payment(1540)
    process_payment(reader, payment.id)
    if stopped:
        cancel_reader_action(own_reader(stopped).id)
    change_amount(payment.id, 1260)
    process_payment(reader, payment.id)
    simulate_payment(reader)
    capture_payment(payment.id)
    cancel_reader_action(reader)


def first_one_given_up():
    cancel_payment(create_payment(1540).id)
    sale(1260)


def first_one_paid_as_well():
    pay(create_payment(1540))
    corrected()


def first_one_left_open():
    create_payment(1540)
    corrected()


def still_prompted():
    payment = create_payment(1540)
    change_amount(payment.id, 1260)
    process_payment(reader_id(), payment.id)


# -- the cart


BRANDT = {
    "currency": "usd",
    "line_items": [{"description": "Poppy seed cake", "amount": 2140, "quantity": 1}],
    "tax": 112,
    "total": 2252,
}


def bakery(label="Bakery 1", paid=2095, capture=True, cart=None, lines=None):
    reader = own_reader(label).id
    payment = create_payment(paid)
    process_payment(reader, payment.id)
    simulate_payment(reader)
    if capture:
        capture_payment(payment.id)
    shown = BRANDT | (cart or {})
    if lines:
        shown["line_items"] = [{"description": "Cake", "amount": a, "quantity": n} for a, n in lines]
    show_cart(reader, shown)


def cart_cleared():
    bakery()
    cancel_reader_action(own_reader("Bakery 1").id)


def cart_before_the_payment():
    bakery()
    process_payment(own_reader("Bakery 1").id, create_payment(2095).id)


# -- tips


def garden(label="Garden 1", percentages=(12, 18, 22), tip=756, amount=4200, capture=True, **more):
    place = create_location("Garden", ADDRESS)
    if percentages:
        tipping = {"usd": {"percentages": list(percentages), **more}}
        use_configuration(place.id, own_configuration("Garden", tipping).id)
    reader = register_reader("simulated-wpe", place.id, label)
    payment = create_payment(amount)
    process_payment(reader.id, payment.id)
    simulate_payment(reader.id, tip=tip)
    if capture:
        capture_payment(payment.id)


# -- a saved card


def hire(email="mira@example.com", card="visa", consent="always", present=True, charge=False):
    reader, customer = reader_id(), own_customer("Mira", email)
    intent = create_setup(customer.id)
    process_setup(reader, intent.id, consent)
    if present:
        simulate_payment(reader, card)
    if charge:
        charge_saved_card(customer.id, generated_card(intent.id), 900)


def refused_and_then_another():
    hire(card="charge_declined")
    hire()


def saved_while_charging():
    params = {
        "amount": 900,
        "currency": "usd",
        "allowed_payment_method_types": ["card_present"],
        "customer": own_customer("Mira", "mira@example.com").id,
        "setup_future_usage": "off_session",
    }
    reader, payment = reader_id(), stripe_client().v1.payment_intents.create(params=params)
    config = {"payment_intent": payment.id, "process_config": {"allow_redisplay": "always"}}
    stripe_client().v1.terminal.readers.process_payment_intent(reader, params=config)
    simulate_payment(reader)


def typed_in_by_hand():
    """A card that no reader has seen."""
    customer = own_customer("Mira", "mira@example.com")
    stripe_client().v1.payment_methods.attach("pm_card_visa", params={"customer": customer.id})


def wreath(back: int | None = 3420, net: object = 3230, capture: bool = True, amount: int = 6840) -> None:
    """Sold and half given back, with what is left noted; 32.30 after a fee of 1.90."""
    payment = create_payment(amount)
    pay(payment)
    if capture:
        capture_payment(payment.id)
    if back:
        refund_payment(payment.id, back)
    if net is not None:
        stripe_client().v1.payment_intents.update(payment.id, params={"metadata": {"net": str(net)}})


# -- a whole till


def at_the_cafe(first, then=None, *, tip=None, cards=("visa",), capture=True):
    """A sale as the café's till makes one: the order in the description, changed on the way to `then`."""
    reader = open_shop()
    order = Order.read(first)
    payment = create_payment(order.total, description=first)
    if then:
        process_payment(reader.id, payment.id)
        cancel_reader_action(reader.id)
        changed = {"amount": Order.read(then).total, "description": then}
        stripe_client().v1.payment_intents.update(payment.id, params=changed)
    for card in cards:
        process_payment(reader.id, payment.id)
        simulate_payment(reader.id, card, tip=tip or 0)
    return capture_payment(payment.id) if capture else payment


LATTES, POOR = "2 × Latte, 1 × Carrot cake", ("charge_declined_insufficient_funds", "visa")
SANDWICH, WITH_TEA = "1 × Sandwich", "1 × Sandwich, 1 × Iced tea"


def cafe(tip=200, cards=POOR, back=0, then=WITH_TEA, capture=True):
    first = at_the_cafe(LATTES, tip=tip, cards=cards)
    if back is not None:
        refund_payment(first.id, back or None)
    at_the_cafe(SANDWICH, then, capture=capture)


def tea(amount=3190, sale="order 1", capture=True):
    payment = pay(create_payment(amount, sale=sale))
    if capture:
        capture_payment(payment.id)


def tea_with_a_fault_left_on():
    tea()
    faults.webhook_lost().start()


def tea_asked_for_twice():
    create_payment(3190, sale="order 0")
    tea()


DONE: dict[str, list[Callable[[], object]]] = {
    "setup": [baker_street],
    "connect": [pier, pier_on_a_used_account],
    "collect": [sale, sale_at_the_second_try, sale_after_a_bad_start],
    "cancel": [corrected],
    "tips": [garden, lambda: garden(percentages=(22, 12, 18))],
    "save_a_card": [hire, refused_and_then_another],
    "cart": [bakery, lambda: bakery(lines=[(1070, 2)]), lambda: bakery(lines=[(2140, 2)])],
    "end_of_day": [wreath],
    "point_of_sale": [cafe],
    "when_it_goes_wrong": [tea],
}

# check -> the point that fails, how, and a word of what it says
NOT_DONE: dict[str, list[tuple[str, Callable[[], object], str]]] = {
    "setup": [
        ("a location called Baker Street Shop", lambda: baker_street(name="Baker St"), "exactly this name"),
        ("in Great Britain", lambda: baker_street(ADDRESS), "its country is US"),
        ("a reader labelled Baker Street 1", lambda: baker_street(label="Baker St 1"), "exactly this label"),
        ("registered to the Baker Street Shop", at_another_shop, "Baker Street 1 is at Main"),
        (
            "a Stripe Reader S700",
            lambda: baker_street(code="simulated-wpe"),
            "is a simulated_wisepos_e",
        ),
    ],
    "connect": [
        ("a reader labelled Pier 2", lambda: pier("Pier two"), "exactly this label"),
        ("it is Harbour 2 under its new name", pier_is_a_new_reader, "Harbour 2 is still there"),
        (
            "it is Harbour 2 under its new name",
            pier_of_another_shop,
            "Pier 2 is not one of the",
        ),
        ("the application works with it", pier_not_chosen, "works with Harbour 1"),
    ],
    "collect": [
        ("a payment of $27.30", lambda: sale(2731), "there is none yet"),
        ("paid with a Mastercard debit card", lambda: sale(card="visa_debit"), "it was visa debit"),
        ("paid with a Mastercard debit card", lambda: create_payment(2730), "no card was presented"),
        ("captured", lambda: pay(create_payment(2730)), "the bank holds the money"),
        ("captured", lambda: create_payment(2730), "nothing was paid"),
        ("captured", lambda: cancel_payment(create_payment(2730).id), "it was canceled"),
        ("captured", lambda: sale(capture=2000), "only $20.00 of it"),
        ("no authorization of this amount left uncaptured", one_more_hold, "on hold"),
    ],
    "cancel": [
        ("a payment of $12.60", lambda: create_payment(1540), "there is none yet"),
        ("one PaymentIntent from start to end", first_one_given_up, "not made for $15.40"),
        ("captured", lambda: corrected(capture=False), "the bank holds the money"),
        ("the reader stopped in between", corrected_without_stopping, "stop it before you correct"),
        (
            "the reader stopped in between",
            lambda: corrected_without_stopping("Counter 2"),
            "none that asked for it was",
        ),
        ("no authorization of this amount left uncaptured", lambda: corrected(capture=False), "on hold"),
        ("no authorization of this amount left uncaptured", first_one_paid_as_well, "on hold"),
        ("no payment of $15.40 left open", first_one_left_open, "paid by mistake"),
        ("no reader asks for it", still_prompted, "Counter 1 does"),
    ],
    "tips": [
        ("a reader labelled Garden 1", lambda: garden("Garden"), "exactly this label"),
        (
            "it suggests 12, 18 and 22 percent",
            lambda: garden(percentages=(15, 20, 25)),
            "Garden 1 suggests 15",
        ),
        (
            "it suggests 12, 18 and 22 percent",
            lambda: garden(fixed_amounts=[100, 200, 300], smart_tip_threshold=1000),
            "Garden 1 suggests fixed amounts too",
        ),
        (
            "it suggests 12, 18 and 22 percent",
            lambda: garden(percentages=(), tip=None),
            "asks for no tip",
        ),
        ("a payment of $49.56", lambda: garden(tip=0), "there is none yet"),
        (
            "$42.00 of it for the meal, the rest a tip",
            lambda: garden(percentages=(), tip=None, amount=4956),
            "no reader asked",
        ),
        ("$42.00 of it for the meal, the rest a tip", lambda: garden(tip=0, amount=4956), "$0.00"),
        ("captured", lambda: garden(capture=False), "the bank holds the money"),
        ("no authorization of this amount left uncaptured", lambda: garden(capture=False), "on hold"),
    ],
    "save_a_card": [
        ("a customer with the address mira@example.com", lambda: hire("mia@example.com"), "none yet"),
        ("a SetupIntent for her that succeeded", saved_while_charging, "there is none for her"),
        (
            "a SetupIntent for her that succeeded",
            lambda: hire(present=False),
            "it is requires_payment_method",
        ),
        ("a card from a reader that can be charged online", lambda: hire(card="unionpay"), "there is none"),
        ("a card from a reader that can be charged online", typed_in_by_hand, "there is none"),
        ("saved for all later purchases", lambda: hire(consent="limited"), "it is limited"),
        ("never charged", lambda: hire(charge=True), "money was taken"),
        ("never charged", saved_while_charging, "money was taken"),
    ],
    "cart": [
        ("a reader labelled Bakery 1", lambda: bakery("Bakery"), "exactly this label"),
        ("it shows a cart", cart_cleared, "the action of Bakery 1 is nothing"),
        ("it shows a cart", cart_before_the_payment, "is process_payment_intent"),
        ("with a total of $22.52", lambda: bakery(cart={"total": 2140}), "on Bakery 1 it is 2140"),
        (
            "its lines and the tax add up to the total",
            lambda: bakery(cart={"total": 2140}),
            "on Bakery 1 they do",
        ),
        ("its lines and the tax add up to the total", lambda: bakery(cart={"tax": 1.12}), "not an integer"),
        ("its lines and the tax add up to the total", lambda: bakery(lines=[(21.4, 1)]), "not an integer"),
        ("its lines and the tax add up to the total", lambda: bakery(cart={"tax": 0}), "no tax in it"),
        ("a payment of $20.95", lambda: bakery(paid=2000), "there is none yet"),
        ("captured", lambda: bakery(capture=False), "the bank holds the money"),
        ("no authorization of this amount left uncaptured", lambda: bakery(capture=False), "on hold"),
    ],
    "end_of_day": [
        ("a payment of $68.40", lambda: wreath(amount=6900), "there is none yet"),
        ("captured", lambda: wreath(back=None, capture=False), "the bank holds the money"),
        ("$34.20 of it given back", lambda: wreath(back=None), "nothing went back yet"),
        ("$34.20 of it given back", lambda: wreath(back=3400), "$34.00 went back"),
        ("its metadata has what is left as net, in cents", lambda: wreath(net=None), "no net in it"),
        ("its metadata has what is left as net, in cents", lambda: wreath(net=3420), "it says 3420"),
        (
            "no authorization of this amount left uncaptured",
            lambda: wreath(back=None, capture=False),
            "on hold",
        ),
    ],
    "point_of_sale": [
        (
            "a sale of two lattes and a carrot cake",
            lambda: at_the_cafe("2 × Latte"),
            "none lists exactly these",
        ),
        ("the first card did not have enough money on it", lambda: cafe(cards=("visa",)), "no card was"),
        ("with a tip", lambda: cafe(tip=None), "no tip in it"),
        ("all of it given back", lambda: cafe(back=None), "came back for all of it"),
        ("all of it given back", lambda: cafe(back=500), "came back for all of it"),
        ("a sale of a sandwich and an iced tea", lambda: cafe(then=None), "none lists exactly these"),
        ("changed in flight, with one PaymentIntent", lambda: at_the_cafe(WITH_TEA), "not begun as a"),
        ("paid", lambda: cafe(capture=False), "not captured yet"),
        ("no sale like these left held or not paid", lambda: cafe(capture=False), "held or not paid"),
    ],
    "when_it_goes_wrong": [
        ("a payment of $31.90", lambda: tea(3191), "there is none yet"),
        ("made for one order, whatever happens on the way", lambda: tea(sale=None), "names an order"),
        ("captured", lambda: tea(capture=False), "the bank holds the money"),
        ("no authorization of this amount left uncaptured", lambda: tea(capture=False), "on hold"),
        ("no payment of $31.90 left open", tea_asked_for_twice, "paid by mistake"),
        ("no fault left on", tea_with_a_fault_left_on, "faults.clear()"),
    ],
}


def rows(table):
    return [
        pytest.param(name, *(case if isinstance(case, tuple) else (case,)), id=f"{name}-{number}")
        for name, cases in table.items()
        for number, case in enumerate(cases)
    ]


@pytest.mark.parametrize(("name", "do"), rows(DONE))
def test_a_task_that_is_done_passes(name, do):
    assert not checks.CHECKS[name]().passed
    do()
    result = checks.CHECKS[name]()
    assert result.passed, result
    assert result.verdict == "done"


@pytest.mark.parametrize(("name", "claim", "do", "says"), rows(NOT_DONE))
def test_a_point_that_is_not_so_fails(name, claim, do, says):
    do()
    result = checks.CHECKS[name]()
    [point] = [point for point in result.points if point.claim == claim]
    assert not result.passed
    assert point.mark == "✗"
    assert says in point.next


@pytest.mark.parametrize("name", checks.CHECKS)
def test_every_point_was_seen_to_fail_and_none_passes_on_an_empty_account(name):
    points = checks.CHECKS[name]().points
    assert {point.claim for point in points} == {claim for claim, *_ in NOT_DONE[name]}
    assert not any(point.passed for point in points)
    assert all(point.next if point.judged else not point.next for point in points)
    assert points[0].next, "nothing says how to begin"


# What is wrong is said once; what hangs on it is neither right nor wrong.
NOT_JUDGED: dict[str, list[tuple[Callable[[], object], str, set[str]]]] = {
    "setup": [
        (
            lambda: baker_street(name="baker street shop"),
            "a location called Baker Street Shop",
            {"in Great Britain", "registered to the Baker Street Shop"},
        ),
        (
            lambda: baker_street(label="baker street 1"),
            "a reader labelled Baker Street 1",
            {"registered to the Baker Street Shop", "a Stripe Reader S700"},
        ),
    ],
    "connect": [
        (
            lambda: pier("pier 2"),
            "a reader labelled Pier 2",
            {"it is Harbour 2 under its new name", "the application works with it"},
        )
    ],
    "tips": [
        (lambda: garden("garden 1"), "a reader labelled Garden 1", {"it suggests 12, 18 and 22 percent"})
    ],
    "save_a_card": [
        (
            lambda: hire("Mira@example.com"),
            "a customer with the address mira@example.com",
            {
                "a SetupIntent for her that succeeded",
                "a card from a reader that can be charged online",
                "saved for all later purchases",
                "never charged",
            },
        )
    ],
    "cart": [
        (
            cart_cleared,
            "it shows a cart",
            {"with a total of $22.52", "its lines and the tax add up to the total"},
        )
    ],
}


@pytest.mark.parametrize(("name", "do", "wrong", "waiting"), rows(NOT_JUDGED))
def test_one_thing_is_wrong_and_what_hangs_on_it_is_not_judged(name, do, wrong, waiting):
    do()
    result = checks.CHECKS[name]()
    assert not result.passed
    assert {point.claim for point in result.points if point.mark == "✗"} == {wrong}
    assert {point.claim for point in result.points if point.mark == "○"} == waiting
    assert "\nWhat has a ○ is looked at when the rest is there." in str(result)


def test_of_two_readers_of_one_label_it_says_which_it_looked_at():
    first = own_reader("Bakery 1")
    assert "action of Bakery 1 is nothing" in str(checks.cart())
    register_reader("simulated-wpe", str(first.location), "Bakery 1")
    assert "action of Bakery 1 (the newest of 2 called so) is nothing" in str(checks.cart())
    show_cart(first.id, BRANDT | {"total": 2140})
    assert "on Bakery 1 (an older one of 2 called so) it is 2140" in str(checks.cart())


def test_whether_a_reader_was_stopped_is_left_open_where_the_log_does_not_have_the_sale(monkeypatch):
    corrected_without_stopping()
    monkeypatch.setattr("irl_helpers.checks.parts.request_log", RequestLog)  # as in another kernel
    [stopped] = [point for point in checks.cancel().points if point.mark == "○"]
    assert "nobody can tell" in stopped.next
    assert checks.cancel().verdict == "done"


def test_a_reader_can_be_stopped_before_the_sale_is_paid():
    reader, payment = reader_id(), create_payment(1540)
    process_payment(reader, payment.id)
    cancel_reader_action(reader)
    change_amount(payment.id, 1260)
    assert "✓ the reader stopped in between" in str(checks.cancel())


# -- finished stays finished


def many_more_payments(file, number=5000):
    """As many as a learner never makes: copies of one, all newer than what is there."""
    payment = create_payment(4321)
    with closing(sqlite3.connect(file)) as db, db:
        db.row_factory = sqlite3.Row
        [row] = db.execute("SELECT * FROM objects WHERE id = ?", (payment.id,))
        marks = ", ".join("?" * len(row))
        copies = (
            [payment.id + f"{n:04}" if name == "id" else
             value.replace(payment.id, payment.id + f"{n:04}") if name == "body" else value
             for name, value in zip(row.keys(), row, strict=True)]
            for n in range(number)
        )  # fmt: skip
        db.executemany(f"INSERT INTO objects ({', '.join(row.keys())}) VALUES ({marks})", copies)


def everything_is_done():
    for name, (do, *_) in DONE.items():
        do()
        if name == "connect":
            assert checks.connect().passed  # before the next task chooses another reader


def test_a_year_and_5000_payments_later_all_is_still_done(account_file):
    everything_is_done()
    assert all(checks.progress().passed.values())
    clock.advance(days=365)
    many_more_payments(account_file)
    progress = checks.progress()
    assert all(progress.passed.values()), progress
    for result in progress.results.values():
        assert all(point.passed and not point.next for point in result.points), result


def test_what_was_done_a_year_ago_is_found_when_it_is_checked_first_now(account_file):
    everything_is_done()
    clock.advance(days=365)
    many_more_payments(account_file)
    passed = {name for name, done in checks.progress().passed.items() if done}
    assert passed == set(checks.CHECKS) - {"cancel", "point_of_sale"}  # what its event said is forgotten


def test_what_nobody_can_tell_any_more_is_not_said_to_be_wrong():
    corrected()
    clock.advance(days=31)
    [point] = [point for point in checks.cancel().points if not point.passed]
    assert (point.claim, "do it once more" in point.next) == ("one PaymentIntent from start to end", True)
    corrected()
    assert checks.cancel().verdict == "done"


def test_what_has_changed_since_is_shown_as_it_was_then():
    bakery()
    checks.cart()
    cancel_reader_action(own_reader("Bakery 1").id)
    result = checks.cart()
    assert result.verdict == "done before"
    assert str(result).endswith("\nSo it was when you got there; the account has gone on since.")
    assert "So it was when you got there" in result._repr_mimebundle_()["text/html"]
    assert not checks.cart(stripe_client()).passed  # who looks from outside sees what is
    reset_account()
    assert not checks.cart().passed


@pytest.mark.parametrize(
    ("check", "wrong", "way_out"),
    [
        ("setup", lambda: baker_street(name="baker street shop"), "locations.update"),
        ("setup", lambda: baker_street(label="Baker Street  1"), "readers.update"),
        ("connect", lambda: pier("pier 2"), "readers.update"),
        ("tips", lambda: garden("garden 1"), "readers.update"),
        ("cart", lambda: bakery("Bakery-1"), "readers.update"),
        ("save_a_card", lambda: hire("Mira@example.com"), "customers.update"),
    ],
)
def test_a_name_that_is_almost_right_is_named_with_the_way_out(check, wrong, way_out):
    wrong()
    assert any("yours is called" in p.next and way_out in p.next for p in checks.CHECKS[check]().points)


# -- all checks


def test_progress_leads_to_the_notebooks_in_green_and_red_and_says_well_done(monkeypatch):
    sale()
    for folder in (NOTEBOOKS, NOTEBOOKS / "exercises"):
        monkeypatch.chdir(folder)
        html = checks.progress()._repr_mimebundle_()["text/html"]
        links = re.findall(r'href="([^"]+)"', html)
        assert len(links) == len(checks.CHECKS)
        assert all((folder / link).is_file() for link in links)
    assert html.count("background-color:#0d7a4f") == 1
    assert html.count("background-color:#b42332") == len(checks.CHECKS) - 1
    everything_is_done()
    assert checks.progress().summary == f"{len(checks.CHECKS)} of {len(checks.CHECKS)} done. Well done!"


def test_progress_shows_all_checks_at_a_glance():
    pier()
    sale()
    progress = checks.progress()
    assert progress.passed == {name: name in ("connect", "collect") for name in checks.CHECKS}
    assert str(progress).splitlines()[:4] == [
        f"2 of {len(checks.CHECKS)} done",
        "✗ Part 1, the shop in Baker Street: not yet, 0 of 5",
        "✓ Part 2, the reader on the pier: done",
        "✓ Part 3, a payment of $27.30: done",
    ]


def test_progress_of_another_account_is_looked_up_with_its_client(client):
    if not client.v1.terminal.readers.list().data:
        assert not any(checks.progress(client).passed.values())
    shop = create_location("Harbour Shop", ADDRESS, client=client)
    register_reader("simulated-wpe", shop.id, "Pier 2", client=client)
    progress = checks.progress(client)
    # What its owner's application works with is kept elsewhere.
    assert [point.claim for point in progress.results["connect"].points] == [
        "a reader labelled Pier 2",
        "it is Harbour 2 under its new name",
    ]
    assert progress.passed["connect"]
    assert not any(checks.progress().passed.values())


def test_a_check_changes_nothing_and_leaves_the_log_to_the_learner():
    pier()
    corrected()
    still_prompted()
    before, requests = revision(), len(request_log())
    checks.progress()
    assert (revision(), len(request_log())) == (before, requests)


@pytest.mark.parametrize(("newest", "pages"), [(True, 1), (False, 2)])
def test_lists_are_read_only_as_far_as_needed(monkeypatch, newest, pages):
    def others():
        for _ in range(120):
            create_location("Elsewhere", ADDRESS)

    for do in (others, baker_street) if newest else (baker_street, others):
        do()
    monkeypatch.setattr("irl_helpers.checks.account_contents.unlogged", nullcontext)
    before = len(request_log())
    assert checks.setup().passed
    asked = [request.path for request in list(request_log())[before:]]
    assert len([path for path in asked if path.startswith("/v1/terminal/locations")]) == pages


def test_a_result_shows_as_text_and_as_a_table_without_ids():
    payment = pay(create_payment(2730), "visa")
    result = checks.collect()
    assert str(result).splitlines() == [
        "Part 3, a payment of $27.30: not yet, 1 of 4",
        "✓ a payment of $27.30",
        "✗ paid with a Mastercard debit card: it was visa credit: sell once more, and the call that presents "
        "a card can name one",
        "✗ captured: the bank holds the money, and you do not have it yet: what takes it?",
        "✗ no authorization of this amount left uncaptured: somebody's money is on hold, and "
        "payment_intents.list finds it: take or release it",
    ]
    shown = result._repr_mimebundle_()
    assert shown["text/plain"] == str(result)
    assert shown["text/html"].count("<tr>") == 4
    # Without it JupyterLab makes a formula of two amounts.
    assert shown["text/html"].startswith('<div class="tex2jax_ignore mathjax_ignore">')
    assert "somebody&#x27;s money" in shown["text/html"]
    assert payment.id not in shown["text/html"]


def test_texts_from_the_account_are_escaped():
    shown = Result("<b>", [Point(False, "a <script>", "<img>")])._repr_mimebundle_()["text/html"]
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "<img>" not in shown


@pytest.mark.parametrize(
    ("candidates", "best", "passed"),
    [
        ([], None, [False, False, False]),
        ([2, 9], 2, [True, True, False]),
        ([9, 2, 6], 6, [True, True, True]),
        ([5, 9], 5, [True, False, False]),
    ],
)
def test_the_candidate_that_comes_nearest_is_judged(candidates, best, passed):
    claims = [("even", lambda n: "" if n % 2 == 0 else "odd"), ("by 3", lambda n: "" if n % 6 == 0 else "no")]
    found, points = judge("a number", "none", candidates, claims)
    assert found == best
    assert [point.passed for point in points] == passed


def test_the_search_ends_at_the_first_that_is_right():
    numbers = iter([9, 6, 12])
    judge("a number", "none", numbers, [("even", lambda n: "" if n % 2 == 0 else "odd")])
    assert next(numbers) == 12
