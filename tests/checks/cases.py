"""When a task is done, and how each of its points fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from irl_helpers import checks
from irl_helpers.cancel import cancel_payment
from irl_helpers.collect import create_payment
from irl_helpers.setup import ADDRESS
from tests.checks.learners import (
    WITH_TEA,
    at_another_shop,
    at_the_cafe,
    baker_street,
    bakery,
    cafe,
    cart_before_the_payment,
    cart_cleared,
    changed_in_python_only,
    corrected,
    corrected_without_stopping,
    first_one_given_up,
    first_one_left_open,
    first_one_paid_as_well,
    garden,
    hire,
    loaf_by_loaf,
    one_more_hold,
    pay,
    pier,
    pier_is_a_new_reader,
    pier_not_chosen,
    pier_of_another_shop,
    pier_on_a_used_account,
    refused_and_then_another,
    replaced_at_the_reader,
    sale,
    sale_after_a_bad_start,
    sale_at_the_second_try,
    saved_while_charging,
    still_prompted,
    tea,
    tea_asked_for_twice,
    tea_with_a_fault_left_on,
    typed_in_by_hand,
    wreath,
)

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
        ("a payment of $27.30", lambda: create_payment(2703), "there is one of $27.03, not paid yet: "),
        ("a payment of $27.30", lambda: create_payment(273000), "there is one of $2,730.00, "),
        ("a payment of $27.30", lambda: create_payment(2730, "eur"), "there is one of €27.30, "),
        ("paid with a Mastercard debit card", lambda: sale(card="visa_debit"), "it was visa debit"),
        ("paid with a Mastercard debit card", lambda: create_payment(2730), "no card was presented"),
        ("paid with a Mastercard debit card", replaced_at_the_reader, "given another payment before a card"),
        ("captured", replaced_at_the_reader, "nothing was paid"),
        ("captured", lambda: pay(create_payment(2730)), "the bank holds the money"),
        ("captured", lambda: create_payment(2730), "nothing was paid"),
        ("captured", lambda: cancel_payment(create_payment(2730).id), "it was canceled"),
        ("captured", lambda: sale(capture=2000), "only $20.00 of it"),
        ("no authorization of $27.30 left uncaptured", one_more_hold, "on hold"),
    ],
    "cancel": [
        ("a payment of $12.60", lambda: create_payment(1550), "there is none yet: prompt for $15.40"),
        ("a payment of $12.60", lambda: create_payment(1540), "there is one of $15.40, not paid yet: "),
        ("a payment of $12.60", changed_in_python_only, "copy. For this one it is too late: begin again"),
        ("a payment of $12.60", changed_in_python_only, "there is one of $15.40, held"),
        (
            "a payment of $12.60",
            changed_in_python_only,
            "payment_intents.update changes it, and setting an attribute",
        ),
        ("a payment of $12.60", lambda: sale(1540), "there is one of $15.40, captured"),
        ("a payment of $12.60", lambda: sale(1206), "there is one of $12.06, captured"),
        ("a payment of $12.60", lambda: cancel_payment(create_payment(1540).id), "there is none yet"),
        ("one PaymentIntent from start to end", first_one_given_up, "not made for $15.40"),
        ("captured", lambda: corrected(capture=False), "the bank holds the money"),
        ("the reader stopped in between", corrected_without_stopping, "stop it before you correct"),
        (
            "the reader stopped in between",
            lambda: corrected_without_stopping("Counter 2"),
            "none that asked for it was",
        ),
        ("no authorization of $12.60 or $15.40 left uncaptured", lambda: corrected(capture=False), "on hold"),
        ("no authorization of $12.60 or $15.40 left uncaptured", first_one_paid_as_well, "on hold"),
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
        ("a payment of $49.56", lambda: sale(4400), "there is none yet"),
        ("a payment of $49.56", lambda: sale(4200), "there is one of $42.00, captured: once the"),
        ("a payment of $49.56", lambda: create_payment(4965), "there is one of $49.65, not paid yet: "),
        ("a payment of $49.56", lambda: garden(tip=0), "on Garden 1 it was $42.00: once the customer"),
        (
            "$42.00 of it for the meal, the rest a tip",
            lambda: garden(percentages=(), tip=None, amount=4956),
            "no reader asked",
        ),
        ("$42.00 of it for the meal, the rest a tip", lambda: garden(tip=0, amount=4956), "$0.00"),
        ("captured", lambda: garden(capture=False), "the bank holds the money"),
        ("no authorization of $49.56 left uncaptured", lambda: garden(capture=False), "on hold"),
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
        ("no money was taken from her card", lambda: hire(charge=True), "money was taken"),
        ("no money was taken from her card", saved_while_charging, "money was taken"),
    ],
    "cart": [
        ("a reader labelled Bakery 1", lambda: bakery("Bakery"), "exactly this label"),
        ("it shows a cart", cart_cleared, "the action of Bakery 1 is nothing"),
        ("it shows a cart", cart_before_the_payment, "is process_payment_intent"),
        ("with a total of $22.52", lambda: bakery(cart={"total": 2140}), "$21.40, with the tax left out"),
        ("with a total of $22.52", lambda: bakery(cart={"total": 22}), "with dollars taken for cents"),
        ("with a total of $22.52", lambda: bakery(cart={"total": 22.52}), "with dollars taken for cents"),
        ("with a total of $22.52", lambda: bakery(cart={"total": 2095}), "made of $21.40 and $1.12 of tax"),
        (
            "its lines and the tax add up to the total",
            lambda: bakery(cart={"total": 2140}),
            "on Bakery 1 they do",
        ),
        ("its lines and the tax add up to the total", lambda: bakery(cart={"tax": 1.12}), "not an integer"),
        ("its lines and the tax add up to the total", lambda: bakery(lines=[(21.4, 1)]), "not an integer"),
        ("its lines and the tax add up to the total", lambda: bakery(cart={"tax": 0}), "no tax in it"),
        ("a payment of $20.95", lambda: sale(2095 - 1), "there is none yet"),
        ("a payment of $20.95", lambda: sale(2059), "there is one of $20.59, captured"),
        (
            "a payment of $20.95",
            lambda: bakery(paid=2000),
            "on Bakery 1 it was $20.00, with the tax left out",
        ),
        ("a payment of $20.95", lambda: (bakery(paid=2094), hire(charge=True)), "it was $20.94. It is made"),
        ("a payment of $20.95", loaf_by_loaf, "$13.75, with each price counted once"),
        ("a payment of $20.95", lambda: bakery(paid=1280), "counted once, whatever the quantity and the tax"),
        ("a payment of $20.95", lambda: bakery(paid=2094), "it was $20.94. It is made of 2 × $7.20, $5.60"),
        ("captured", lambda: bakery(capture=False), "the bank holds the money"),
        ("no authorization of $20.95 left uncaptured", lambda: bakery(capture=False), "on hold"),
    ],
    "end_of_day": [
        ("a payment of $68.40", lambda: wreath(amount=6900), "there is none yet"),
        ("a payment of $68.40", lambda: pay(create_payment(8640)), "there is one of $86.40, held"),
        ("captured", lambda: wreath(back=None, capture=False), "the bank holds the money"),
        ("$34.20 of it given back", lambda: wreath(back=None), "nothing went back yet"),
        ("$34.20 of it given back", lambda: wreath(back=3400), "$34.00 went back"),
        ("its metadata has what is left as net, in cents", lambda: wreath(net=None), "no net in it"),
        ("its metadata has what is left as net, in cents", lambda: wreath(net=3420), "it says 3420"),
        (
            "no authorization of $68.40 left uncaptured",
            lambda: wreath(back=None, capture=False),
            "on hold",
        ),
    ],
    "point_of_sale": [
        (
            "a sale of two lattes and a carrot cake",
            lambda: at_the_cafe("2 × Latte"),
            "none lists exactly these, and one lists 2 × Latte: tap the products",
        ),
        ("a sale of two lattes and a carrot cake", lambda: sale(1960), "none lists exactly these: tap"),
        ("the first card did not have enough money on it", lambda: cafe(cards=("visa",)), "no card was"),
        ("with a tip", lambda: cafe(tip=None), "no tip in it"),
        ("all of it given back", lambda: cafe(back=None), "came back for all of it"),
        ("all of it given back", lambda: cafe(back=500), "came back for all of it"),
        (
            "a sale of a sandwich and an iced tea",
            lambda: cafe(then=None),
            "none lists exactly these, and one lists 1 × Sandwich: the tea comes",
        ),
        ("changed in flight, with one PaymentIntent", lambda: at_the_cafe(WITH_TEA), "not begun as a"),
        ("paid", lambda: cafe(capture=False), "not captured yet"),
        ("paid", lambda: cafe(also_back=1430), "another customer came for hers"),
        ("paid", lambda: cafe(also_back=100), "another customer came for hers"),
        ("no sale like these left held or not paid", lambda: cafe(capture=False), "held or not paid"),
    ],
    "when_it_goes_wrong": [
        ("a payment of $31.90", lambda: tea(3191), "there is none yet"),
        ("a payment of $31.90", lambda: tea(3109), "there is one of $31.09, captured"),
        ("made for one order, whatever happens on the way", lambda: tea(sale=None), "names an order"),
        ("captured", lambda: tea(capture=False), "the bank holds the money"),
        ("no authorization of $31.90 left uncaptured", lambda: tea(capture=False), "on hold"),
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


def everything_is_done():
    for name, (do, *_) in DONE.items():
        do()
        if name == "connect":
            assert checks.connect().passed  # before the next task chooses another reader
