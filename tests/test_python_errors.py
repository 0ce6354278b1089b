"""Python's own errors of a learner's cell are three lines where it is known what to give, else as ever."""

from __future__ import annotations

import json
import linecache
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from irl_helpers.error_display import names_in
from irl_helpers.python_errors import three_lines_of_python

ROOT = Path(__file__).resolve().parents[1]
BEGIN = """
from irl_helpers.account import stripe_client
from irl_helpers.cancel import *
from irl_helpers.cart import cart_of, show_cart
from irl_helpers.collect import *
from irl_helpers.connect import choose_reader, list_readers
from irl_helpers.refund import refund_payment
from irl_helpers.save_a_card import *
from irl_helpers.setup import *
from irl_helpers.tips import *
from irl_helpers import clock, faults
from irl_helpers.sale import state_of
from irl_helpers.screen import reader_screen
client = stripe_client()
harbour = own_reader("Harbour 3")
reader = own_reader("Till")
shop = own_location("Main Street Shop")
payment = create_payment(1250)
customer = own_customer("Ada", "ada@example.com")
setup = create_setup(customer.id)
"""
READER, PAYMENT = "Give reader.id, not the Reader.", "Give payment.id, not the PaymentIntent."
NOTHING = "Look at what gave None"
# What a learner types, and what it is answered with.
MISTAKES = [
    ("process_payment(reader, payment)", READER),
    ("process_payment(None, payment.id)", NOTHING),
    ("simulate_payment(reader)", READER),
    ("capture_payment(payment)", PAYMENT),
    ("capture_payment(None)", NOTHING),
    ("cancel_reader_action(reader)", READER),
    ("change_amount(payment, 900)", PAYMENT),
    ("cancel_payment(payment)", PAYMENT),
    ("cancel_payment(None)", NOTHING),
    ("show_cart(reader, cart_of([('Tea', 300, 1)]))", READER),
    ("choose_reader(reader)", READER),
    ("choose_reader(own_reader('Till'))", "Give its id (….id), not the Reader."),
    ("choose_reader(find_reader('Pier 2'))", NOTHING),
    ("choose_reader(payment)", "Give an id that begins with tmr_"),
    ("use_configuration(shop, 'tmc_1')", "Give shop.id, not the Location."),
    ("process_setup(reader, setup.id, 'always')", READER),
    ("generated_card(setup)", "Give setup.id, not the SetupIntent."),
    ("saved_cards(customer)", "Give customer.id, not the Customer."),
    ("tipping_rules(reader.id)", "Give the Reader, not its id: it is reader."),
    ("tipping_rules(None)", NOTHING),
    ("client.v1.payment_intents.retrieve(payment)", PAYMENT),
    ("client.v1.payment_intents.retrieve(None)", NOTHING),
    ("client.v1.payment_intents.retrieve([payment.id])", "Give an id that begins with pi_"),
    ("client.v1.terminal.readers.retrieve(reader)", READER),
    ("client.v1.customers.payment_methods.list(customer)", "Give customer.id, not the Customer."),
    ("client.v1.terminal.locations.create(display_name='Pier')", 'create(params={"display_name": …})'),
    ("client.v1.payment_intents.retrieve()", "A call takes its ids first"),
    ("simulate_payment(reader.id, 'mastercard-debit')", "help(simulate_payment) says more."),
    ("create_setup(None)", "Needed is an id that begins with cus_; own_customer gives it"),
    ("create_setup(customer)", "Give customer.id, not the Customer."),
    ("register_reader('simulated-wpe', None)", "Needed is an id that begins with tml_"),
    ("register_reader('simulated-wpe', shop)", "Give shop.id, not the Location."),
    ("use_configuration(shop.id, None)", "Needed is an id that begins with tmc_"),
    ("use_configuration(shop.id, shop)", "Give an id that begins with tmc_"),
    ("show_cart(reader.id, None)", "Needed is a dict as cart; help(show_cart) says more."),
    ("show_cart(reader.id, [])", "Give a dict as cart"),
    ("own_configuration('Garden', None)", "Needed is a dict as tipping"),
    ("cart_of(None)", "Needed is a list as lines"),
    ("tip_of(payment.id)", "Give the PaymentIntent, not its id: it is payment."),
    ("tip_of(None)", "Needed is the PaymentIntent itself; create_payment gives it."),
    ("tip_of('order 1')", "Give the PaymentIntent itself; create_payment gives it."),
    ("offered_tips(None, 'usd')", "Needed is the Reader itself; find_reader gives it for a label."),
    ("offered_tips('tmr_1', 'usd')", "Give the Reader, not its id: retrieve it by its id."),
    ("state_of(reader, payment.id)", "it is payment."),
    ("find_reader(reader)", "Give reader.label, not the Reader."),
    ("find_location(shop)", "Give shop.display_name, not the Location."),
    ("find_location(None)", "Needed is a string as display_name; help(find_location) says more."),
    ("own_customer(None, None)", "Needed is a string as name"),
    ("list_readers(location=shop)", "Give shop.id, not the Location."),
    ("simulate_payment(reader.id, None)", "Needed is a string as card"),
    ("refund_payment(None)", "Needed is an id that begins with pi_"),
    ("refund_payment(payment)", PAYMENT),
    ("charge_saved_card(customer.id, None, 500)", "Needed is an id that begins with pm_"),
    (
        "change_amount(payment.id, None)",
        "Needed is an integer as amount, in the smallest unit: 1250 is 12.50.",
    ),
    ("create_payment('12.50')", "Give an integer as amount, in the smallest unit: 1250 is 12.50."),
    ("create_payment(payment)", "Give payment.amount, not the PaymentIntent."),
    ("faults.slow_bank(reader)", READER),
    ("reader_screen(None)", "Needed is the Reader itself; find_reader gives it for a label."),
    ("reader_screen(reader.id)", "Give the Reader, not its id: it is reader."),
    ("reader_screen(reader, payment.id)", "Give the PaymentIntent, not its id: it is payment."),
    ("choose_reader()", "help(choose_reader)"),
    ("def sell():\n    process_payment(reader, payment.id)\nsell()", READER),
    ("find_reader('till').id", "Did you mean 'Till'? Capitals and blanks count."),
    ("x = find_reader('till')\nprint(\n    x\n    .id)", "Did you mean 'Till'?"),
    ("label = 'till'; find_reader(label).label", "Did you mean 'Till'?"),
    ("x = find_reader('till')\nx = client.v1.terminal.readers.update(x.id)", "Did you mean 'Till'?"),
    ("find_location('Main street shop').id", "Did you mean 'Main Street Shop'?"),
    ("find_reader('harbour  3').id", "Did you mean 'Harbour 3'?"),
    ("find_reader('Harbour 2').id", "Give one that is there, exactly as it is written"),
    ("find_reader('zzzzzz').id", "exactly as it is written; help(find_reader)"),
    ("tip_of(payment).amount", "help(tip_of) says more."),
    ("payment.last_payment_error.code", "print(payment)"),
    ("reader.action.status", "print(reader)"),
    ("payment.amout", "Did you mean amount"),
    ("client.v1.payment_intent.create(params={})", "Did you mean payment_intents"),
    ("client.v1.terminal.reader.list()", "Did you mean readers?"),
    ("client.v1.test_helpers.terminal.reader", "Did you mean readers?"),
    ("client.v1.payment_intents.creat()", "Did you mean create"),
    ("last_seen(reader)", "Write above it: from irl_helpers.connect import last_seen"),
    ("create_paymnt(1000)", "Did you mean create_payment?"),
    ("CartPanel()", "from irl_helpers.panels import CartPanel"),
    ("reader_screens = checks.collect()", "from irl_helpers import checks"),
]


@pytest.fixture(scope="module")
def cell():
    """The names of a notebook that has begun."""
    namespace = {"__name__": "__main__"}
    exec(BEGIN, namespace)
    return namespace


def lines_of(source, namespace):
    """As a kernel runs a cell, with its source where Python looks for it."""
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    with pytest.raises((TypeError, ValueError, AttributeError, NameError)) as caught:
        exec(compile(source, "<cell>", "exec"), namespace)
    names = names_in(namespace["client"])
    return three_lines_of_python(caught.value, caught.value.__traceback__, namespace, names)


@pytest.mark.parametrize(("source", "do"), MISTAKES, ids=[source for source, _ in MISTAKES])
def test_what_was_given_and_what_to_give(cell, source, do):
    lines = lines_of(source, cell)
    assert lines is not None
    assert len(lines) == 3
    assert not any("\n" in line for line in lines)
    assert do in lines[2]
    assert "quote_from_bytes" not in lines[0]


@pytest.mark.parametrize(
    "source",
    [
        "int('x')",
        "import json; json.loads('{')",
        "nobody_made_this",
        "len(1)",
        "'x'.location",
        "None.location",
        "x = None\nx.location",
        "import re; re.match('a', 'b').group",
        "sorted([reader, 1], key=lambda each: each.id)",
    ],
)
def test_other_errors_are_left_to_python(cell, source):
    assert lines_of(source, cell) is None


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (
            "simulate_payment(reader.id, 'mastercard debit')",
            [
                "ValueError: That is not one of Stripe's test cards. Did you mean mastercard_debit?",
                "Given: card='mastercard debit'.",
                "help(simulate_payment) says more.",
            ],
        ),
        (
            "clock.advance(hours=-1)",
            [
                "ValueError: time never runs backwards",
                "Given: hours=-1.",
                "help(advance) says more.",
            ],
        ),
        (
            "capture_payment()",
            [
                "TypeError: capture_payment() missing 1 required positional argument: 'payment_intent_id'",
                "Given: nothing.",
                "help(capture_payment) says more.",
            ],
        ),
        (
            "capture_payment('pi_1', amout=500)",
            [
                "TypeError: capture_payment() got an unexpected keyword argument 'amout'",
                "Given: payment_intent_id='pi_1', amout=500.",
                "help(capture_payment) says more.",
            ],
        ),
        (
            "capture_payment(99 * 'x', option={'api_key': 'sk_' + 'live_51abcdef'})",
            [
                "TypeError: capture_payment() got an unexpected keyword argument 'option'",
                f"Given: payment_intent_id='{59 * 'x'}…, option={{'api_key': 'sk_live_****'}}.",
                "help(capture_payment) says more.",
            ],
        ),
    ],
)
def test_what_a_call_says_itself_is_said_once_and_what_it_was_given_is_shown(cell, source, lines):
    assert lines_of(source, cell) == lines


def test_none_that_an_earlier_cell_has_stored_leads_to_its_call(cell):
    earlier = {**cell, "In": ["%time\npier = find_reader('TILL')", "pier.id"], "pier": None}
    said, given, do = lines_of("pier.id", earlier)
    assert said == "AttributeError: find_reader('TILL') gave None, and None has no id."
    assert "There are: 'Till'" in given
    assert do.startswith("Did you mean 'Till'?")


def test_what_no_cell_has_raised_is_left_to_python(cell):
    assert lines_of("choose_reader(reader)", dict(cell)) is not None
    with pytest.raises(TypeError) as caught:
        exec("choose_reader(reader)", dict(cell))
    assert three_lines_of_python(caught.value, caught.value.__traceback__, cell) is None


def test_a_name_that_another_cell_makes(cell, tmp_path, monkeypatch):
    sources = ["%matplotlib inline\nfrom x import takings", "# The sale.\nsale = 1", "print('sale', later)"]
    cells = [{"cell_type": "code", "source": [source]} for source in sources]
    path = tmp_path / "sale.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    for name, begin in (("sale", "# The sale."), ("takings", "%matplotlib inline")):
        lines = lines_of(name, cell)
        assert lines is not None
        assert begin in lines[1]
        assert lines[2].startswith("Run the cells above first")
    assert lines_of("later", cell) is None
    without = {name: value for name, value in cell.items() if name != "stripe"}
    assert lines_of("stripe.api_version", without)[2] == "Write above it: import stripe"
    path.write_text("no notebook", encoding="utf-8")
    assert lines_of("sale", cell) is None


def test_a_kernel_stops_there_with_three_lines_and_shows_others_as_ever():
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(ROOT))
    try:
        client.execute_interactive(BEGIN, timeout=60, output_hook=lambda _: None)
        mistakes = ["process_payment(reader, payment)", "print('never')"]
        sent = [client.execute(source, stop_on_error=True) for source in mistakes]
        replies = {}
        while len(replies) < 2:
            reply = client.get_shell_msg(timeout=60)
            replies[reply["parent_header"]["msg_id"]] = reply["content"]
        first, second = (replies[each] for each in sent)
        assert (first["status"], first["ename"]) == ("error", "WrongArgument")
        assert len(first["traceback"]) == 3
        assert second["status"] == "aborted"
        other = client.execute_interactive("int('x')", timeout=60, output_hook=lambda _: None)["content"]
        assert (other["status"], other["ename"]) == ("error", "ValueError")
        assert "-" * 75 in other["traceback"][0], "IPython's own rule above it"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
