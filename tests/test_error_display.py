"""One mistake in a learner's own call is three lines, and stops a notebook as any error does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import stripe
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook, new_output

from irl_helpers import faults
from irl_helpers.account import request_log, stripe_client
from irl_helpers.cancel import cancel_payment
from irl_helpers.collect import capture_payment, create_payment, process_payment, simulate_payment
from irl_helpers.error_display import three_lines
from irl_helpers.ids_of_objects import KINDS
from irl_helpers.refund import refund_payment
from irl_helpers.save_a_card import create_setup, own_customer, process_setup
from irl_helpers.setup import ADDRESS, create_location, own_location, own_reader, register_reader

ROOT = Path(__file__).resolve().parents[1]
BEGIN = "from irl_helpers.account import stripe_client\nclient = stripe_client()"
MISTAKE = (
    "client.v1.terminal.readers.create(\n"
    "    params={'registration_code': 'simulated-wpe', 'location': 'tml_nowhere'}\n"
    ")"
)
SAID = "No such location: 'tml_nowhere'"


def nowhere():
    params = {"registration_code": "simulated-wpe", "location": "tml_nowhere"}
    stripe_client().v1.terminal.readers.create(params=params)


def busy():
    reader = own_reader("Till")
    with faults.reader_busy(reader.id):
        params = {"payment_intent": create_payment(1250).id}
        stripe_client().v1.terminal.readers.process_payment_intent(reader.id, params=params)


def lost():
    with faults.request_lost():
        stripe_client().v1.terminal.readers.list(params={"limit": 3})


def unknown():
    stripe_client().v1.payment_intents.create(params={"amount": 1250, "currency": "usd", "colour": "red"})


@pytest.mark.parametrize(
    ("mistake", "first", "sent", "do"),
    [
        (
            nowhere,
            f"InvalidRequestError: {SAID} (code: resource_missing, param: location)",
            "Sent: POST /v1/terminal/readers with registration_code=simulated-wpe, location=tml_nowhere. "
            "Answer: 400.",
            "Look at the id",
        ),
        (
            busy,
            "InvalidRequestError: Reader is currently busy",
            "/process_payment_intent with pay",
            "Look at",
        ),
        (
            lost,
            "APIConnectionError: ",
            "Sent: GET /v1/terminal/readers?limit=3. No answer came.",
            "Look before",
        ),
        (
            unknown,
            "InvalidRequestError: Received unknown parameter: colour",
            "colour=red. Answer: 400.",
            "Look",
        ),
    ],
)
def test_an_error_is_what_it_says_what_was_sent_and_what_to_do(mistake, first, sent, do):
    with pytest.raises(stripe.StripeError) as caught:
        mistake()
    lines = three_lines(caught.value, request_log())
    assert len(lines) == 3
    assert not any("\n" in line for line in lines)
    assert lines[0].startswith(first)
    assert sent in lines[1]
    assert lines[2].startswith(do)
    assert "https://" in lines[2]


def paid():
    reader, payment = own_reader("Till"), create_payment(1250)
    process_payment(reader.id, payment.id)
    simulate_payment(reader.id)
    return reader, payment


def process_again():
    reader, payment = paid()
    process_payment(reader.id, payment.id)


def present_again_after_a_decline():
    reader = own_reader("Till")
    process_payment(reader.id, create_payment(1250).id)
    simulate_payment(reader.id, "charge_declined")
    simulate_payment(reader.id, "charge_declined")


def refund_uncaptured():
    refund_payment(paid()[1].id)


def tip_of(amount):
    reader = own_reader("Till")
    process_payment(reader.id, create_payment(1250).id)
    stripe_client().v1.test_helpers.terminal.readers.present_payment_method(
        reader.id, params={"amount_tip": amount}
    )


def capture(card=None, *, cancel=False, twice=False):
    """Capture a payment that this card was presented for."""
    reader, payment = own_reader("Till"), create_payment(1250)
    if card:
        process_payment(reader.id, payment.id)
        simulate_payment(reader.id, card)
    if cancel:
        cancel_payment(payment.id)
    if twice:
        capture_payment(payment.id)
    capture_payment(payment.id)


def cancel_paid():
    payment = paid()[1]
    capture_payment(payment.id)
    cancel_payment(payment.id)


def refund_too_much():
    payment = paid()[1]
    capture_payment(payment.id)
    refund_payment(payment.id, 9900)


def wrong_consent():
    setup = create_setup(own_customer("Ada", "ada@example.com").id)
    process_setup(own_reader("Till").id, setup.id, "sometimes")


def wrong_country():
    create_location("Pier", {**ADDRESS, "country": "USA"})


def object_as_dict():
    place = own_location("Pier").to_dict()
    params = {"registration_code": "simulated-wpe", "location": place}
    stripe_client().v1.terminal.readers.create(params=params)


def misspelled():
    stripe_client().v1.payment_intents.create(params={"amount": 1250, "currency": "usd", "descripton": "tea"})


def card_by_raw_name():
    reader = own_reader("Till")
    process_payment(reader.id, create_payment(1250).id)
    stripe_client().v1.test_helpers.terminal.readers.present_payment_method(
        reader.id, params={"type": "card_present", "card_present": {"number": "mastercard-debit"}}
    )


@pytest.mark.parametrize(
    ("mistake", "do"),
    [
        (process_again, "run the cell that creates it, for a new one"),
        (present_again_after_a_decline, "The same card would be declined again, so present another."),
        (refund_uncaptured, "Cancel the PaymentIntent instead"),
        (lambda: tip_of(100), "Give the reader's location a Configuration with tipping"),
        (lambda: tip_of(7.56), "Give a whole number"),
        (lambda: tip_of("seven"), "Give a whole number"),
        (lambda: create_payment(1250, "dollars"), "usd, not dollars"),
        (capture, "Nobody has paid yet"),
        (lambda: capture("charge_declined"), "Its card was declined (generic_decline)"),
        (lambda: capture("visa", twice=True), "It was captured already"),
        (lambda: capture("visa", cancel=True), "It was canceled"),
        (cancel_paid, "A refund gives it back"),
        (refund_too_much, "Give back what is left at most"),
        (lambda: register_reader("nonsense", own_location("Pier").id), "the words that the reader shows"),
        (lambda: own_customer("Ada", "nonsense"), "with an @"),
        (
            lambda: stripe_client().v1.terminal.readers.list(params={"status": "asleep"}),
            "See https://docs.stripe.com/error-handling",
        ),
        (
            lambda: stripe_client().v1.terminal.locations.delete(own_reader("Till").location),
            "readers.list takes a location, and shows them.",
        ),
        (wrong_consent, "Say what the customer agreed to. https://"),
        (wrong_country, "See https://stripe.com/docs/error-codes/country-code-invalid"),
        (object_as_dict, "Give a text, such as an object's id"),
        (misspelled, "See https://stripe.com/docs/error-codes/parameter-unknown"),
        (card_by_raw_name, "Give the number of a test card"),
        (lambda: stripe_client().v1.payment_intents.retrieve(""), "Give an id"),
        (lambda: stripe_client().v1.payment_intents.retrieve("pi_gone"), "the account has no such object"),
    ],
)
def test_what_to_do_is_said_in_words_of_its_own(mistake, do):
    """Where the message says it already, only the page follows."""
    with pytest.raises(stripe.StripeError) as caught:
        mistake()
    last = three_lines(caught.value, request_log())[2]
    assert last.startswith(do) if do.startswith("See ") else do in last


SERVICES = {
    "Reader": lambda v1: v1.terminal.readers,
    "Location": lambda v1: v1.terminal.locations,
    "Configuration": lambda v1: v1.terminal.configurations,
    "PaymentIntent": lambda v1: v1.payment_intents,
    "SetupIntent": lambda v1: v1.setup_intents,
    "Customer": lambda v1: v1.customers,
    "PaymentMethod": lambda v1: v1.payment_methods,
    "Charge": lambda v1: v1.charges,
    "Refund": lambda v1: v1.refunds,
}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_label_and_an_id_of_another_kind_are_known_for_what_they_are(kind):
    other = next(each for each in KINDS if each != kind)
    for given, begin in (
        ("Pier 2", "This looks like a label or a name"),
        (f"{other.prefix}30001", f"This is a {other.name}'s id"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            SERVICES[kind.name](stripe_client().v1).retrieve(given)
        first, _, do = three_lines(caught.value, request_log())
        assert f"'{given}'" in first, "as it was typed"
        assert do.startswith(f"{begin}: a {kind.name}'s id begins with {kind.prefix};")


@pytest.mark.parametrize(
    ("given", "meant", "listed"),
    [
        ("mastercard-debit", "test cards. Did you mean mastercard_debit?", False),
        ("Visa Debit", "test cards. Did you mean visa_debit?", False),
        ("zzz", "test cards. Their names: ", True),
    ],
)
def test_a_wrong_name_of_a_card_is_answered_with_the_nearest_or_all(given, meant, listed):
    with pytest.raises(ValueError, match="test cards") as caught:
        simulate_payment("tmr_30001", given)
    assert meant in str(caught.value)
    assert ("charge_declined, " in str(caught.value)) is listed


def test_what_was_not_logged_is_not_made_up():
    with pytest.raises(stripe.StripeError) as caught:
        nowhere()
    assert three_lines(caught.value, type(request_log())())[1].startswith("Sent: nothing that the log")


def executed(*sources: str) -> nbformat.NotebookNode:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    with pytest.raises(CellExecutionError, match="No such location"):
        NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return notebook


def test_nbclient_stops_there_and_stores_three_lines_and_a_fold():
    notebook = executed(BEGIN, MISTAKE, "print('never')", "%tb")
    error, fold = notebook.cells[1].outputs
    assert (error.output_type, error.ename) == ("error", "InvalidRequestError")
    assert error.evalue.endswith(SAID)
    assert len(error.traceback) == 3
    assert error.traceback[0].startswith("InvalidRequestError: No such location")
    assert "<details><summary>The whole traceback" in fold.data["text/html"]
    assert "in request" in fold.data["text/html"]
    assert "interactiveshell.py" not in fold.data["text/html"], "IPython's own steps say nothing"
    assert notebook.cells[2].outputs == []


def test_run_all_stops_there_and_other_errors_are_as_ever():
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(ROOT))
    try:
        client.execute_interactive(BEGIN, timeout=60, output_hook=lambda _: None)
        sent = [client.execute(source, stop_on_error=True) for source in (MISTAKE, "print('never')")]
        replies = {}
        while len(replies) < 2:
            reply = client.get_shell_msg(timeout=60)
            replies[reply["parent_header"]["msg_id"]] = reply["content"]
        first, second = (replies[each] for each in sent)
        assert (first["status"], first["ename"]) == ("error", "InvalidRequestError")
        assert len(first["traceback"]) == 3
        assert second["status"] == "aborted"
        other = client.execute_interactive("%tb\n1/0", timeout=60, output_hook=lambda _: None)["content"]
        assert other["ename"] == "ZeroDivisionError"
        assert len("".join(other["traceback"]).splitlines()) > 3
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_nbval_compares_its_name_and_value(tmp_path):
    errors = [
        new_output("error", ename="InvalidRequestError", evalue=f"Request req_12345678: {said}")
        for said in (SAID, "something else")
    ]
    # The fold has paths of this machine.
    unfolded = "get_ipython().display_pub.publish = lambda *_, **__: None"
    tags = {"tags": ["raises-exception"]}
    cells = [
        new_code_cell(f"{BEGIN}\n{unfolded}", execution_count=1),
        *(new_code_cell(MISTAKE, execution_count=2, outputs=[error], metadata=tags) for error in errors),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "mistake.ipynb")
    command = ["pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "mistake.ipynb"]
    masks = f"--nbval-sanitize-with={ROOT / 'tests/notebooks/sanitize.cfg'}"
    done = subprocess.run(
        [sys.executable, "-m", *command, masks, "--rootdir", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 2 passed" in done.stdout, done.stdout
    assert "FAILED mistake.ipynb::Cell 2" in done.stdout
