"""What learners do for a task, right and wrong, with the calls of the notebooks."""

from __future__ import annotations

from types import SimpleNamespace

from irl_helpers import faults
from irl_helpers.account import stripe_client
from irl_helpers.cancel import cancel_payment, cancel_reader_action, change_amount
from irl_helpers.cart import cart_of, show_cart
from irl_helpers.collect import capture_payment, create_payment, process_payment, simulate_payment
from irl_helpers.connect import choose_reader
from irl_helpers.point_of_sale import open_shop
from irl_helpers.point_of_sale.order import Order
from irl_helpers.refund import refund_payment
from irl_helpers.save_a_card import (
    charge_saved_card,
    create_setup,
    generated_card,
    own_customer,
    process_setup,
)
from irl_helpers.setup import ADDRESS, create_location, own_reader, register_reader
from irl_helpers.tips import own_configuration, use_configuration

BRITISH = {"line1": "221B Baker Street", "city": "London", "postal_code": "NW1 6XE", "country": "GB"}


def reader_id() -> str:
    return own_reader("Counter 1").id


def baker_street(address=BRITISH, code="simulated-s700", name="Baker Street Shop", label="Baker Street 1"):
    register_reader(code, create_location(name, address).id, label)


def at_another_shop():
    create_location("Baker Street Shop", BRITISH)
    baker_street(name="Main Street Shop", address=ADDRESS)


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


def pay(payment, card="mastercard_debit"):
    reader = reader_id()
    process_payment(reader, payment.id)
    simulate_payment(reader, card)
    return payment


def sale(amount=2730, card="mastercard_debit", capture: int | None = None):
    return capture_payment(pay(create_payment(amount), card).id, capture)


def replaced_at_the_reader():
    reader = own_reader("Counter 1").id
    process_payment(reader, create_payment(2730).id)
    pay(create_payment(500), "mastercard_debit")


def sale_at_the_second_try():
    payment = pay(create_payment(2730), "charge_declined")
    capture_payment(pay(payment).id)


def sale_after_a_bad_start():
    cancel_payment(pay(create_payment(2730), "visa").id)
    sale()


def one_more_hold():
    pay(create_payment(2730))
    sale()


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


def changed_in_python_only():
    """An attribute is set on the object, and nothing is sent."""
    reader, payment = reader_id(), create_payment(1540)
    process_payment(reader, payment.id)
    cancel_reader_action(reader)
    payment.amount = 1260
    pay(payment, "visa")


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


def loaf_by_loaf():
    """A price stands in the cart where the amount of the whole line belongs; the bank declines the sum."""
    reader = own_reader("Bakery 1").id
    cart = cart_of([("Sourdough loaf", 720, 2), ("Plum jam", 560, 1)], tax=95)
    process_payment(reader, create_payment(cart["total"]).id)
    simulate_payment(reader)
    show_cart(reader, BRANDT)


def cart_cleared():
    bakery()
    cancel_reader_action(own_reader("Bakery 1").id)


def cart_before_the_payment():
    bakery()
    process_payment(own_reader("Bakery 1").id, create_payment(2095).id)


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


def cafe(tip=200, cards=POOR, back=0, then=WITH_TEA, capture=True, also_back=0):
    first = at_the_cafe(LATTES, tip=tip, cards=cards)
    if back is not None:
        refund_payment(first.id, back or None)
    second = at_the_cafe(SANDWICH, then, capture=capture)
    if also_back:
        refund_payment(second.id, also_back)


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
