"""The exercise about saving cards: by call and by panel."""

from __future__ import annotations

from itertools import pairwise

import ipywidgets as W
import pytest
import stripe

from irl_helpers.account import stripe_client
from irl_helpers.cancel import cancel_reader_action
from irl_helpers.cards import card_number
from irl_helpers.collect import simulate_payment
from irl_helpers.connect import choose_reader
from irl_helpers.panels import SaveCardPanel
from irl_helpers.panels.layout import everything_in
from irl_helpers.save_a_card import (
    charge_saved_card,
    create_setup,
    generated_card,
    own_customer,
    process_setup,
    saved_cards,
)
from irl_helpers.setup import register_reader

EMAIL = "ada@example.com"


def save(client, till, card="visa", consent="always"):
    """(customer, SetupIntent, reader) after this card was presented."""
    customer = own_customer("Ada", EMAIL, client=client)
    intent = create_setup(customer.id, client=client)
    process_setup(till.id, intent.id, consent, client=client)
    return customer, intent, simulate_payment(till.id, card, client=client)


def charges():
    return stripe_client().v1.charges.list().data


# -- the calls


def test_a_customer_is_created_once(client):
    first = own_customer("Ada", EMAIL, client=client)
    assert (first.name, first.email) == ("Ada", EMAIL)
    assert own_customer("Ada", EMAIL, client=client).id == first.id
    assert own_customer("Jo", "jo@example.com", client=client).id != first.id


@pytest.mark.parametrize("consent", ["always", "limited"])
def test_a_card_is_saved_without_being_charged(client, till, consent):
    customer, intent, reader = save(client, till, consent=consent)
    assert reader.action.status == "succeeded"
    card = generated_card(intent.id, client=client)
    [saved] = saved_cards(customer.id, client=client)
    assert (saved.id, saved.type, saved.allow_redisplay) == (card, "card", consent)
    assert client.v1.charges.list(params={"customer": customer.id}).data == []


def test_a_saved_card_is_charged_later(client, till):
    customer, intent, _ = save(client, till)
    payment = charge_saved_card(customer.id, generated_card(intent.id, client=client), 900, client=client)
    assert (payment.status, payment.amount_received, payment.customer) == ("succeeded", 900, customer.id)


def test_the_card_at_the_reader_cannot_be_charged_online(client, till):
    customer, intent, _ = save(client, till)
    present = client.v1.setup_intents.retrieve(intent.id).payment_method
    assert present != generated_card(intent.id, client=client)
    with pytest.raises(stripe.InvalidRequestError):
        charge_saved_card(customer.id, present, 900, client=client)


@pytest.mark.parametrize(
    ("card", "action", "status"),
    [
        ("charge_declined", "failed", "requires_payment_method"),
        ("unionpay", "succeeded", "succeeded"),
    ],
)
def test_some_cards_generate_none(client, till, card, action, status):
    customer, intent, reader = save(client, till, card)
    assert reader.action.status == action
    assert client.v1.setup_intents.retrieve(intent.id).status == status
    assert generated_card(intent.id, client=client) is None
    assert saved_cards(customer.id, client=client) == []


def test_before_a_card_was_presented_there_is_none(client):
    intent = create_setup(own_customer("Ada", EMAIL, client=client).id, client=client)
    assert generated_card(intent.id, client=client) is None


# -- the panel


def test_a_card_is_saved_and_charged_by_buttons(reader):
    panel = SaveCardPanel()
    assert panel.state == "ready"
    panel.save.click()
    assert panel.state == "in_flight"
    assert "save a card" in panel.picture.alt
    panel.consent.value = "limited"  # too late: the customer has been asked
    panel.simulate.click()
    assert (panel.state, panel.error) == ("saved", "")
    assert "visa …4242: always" in panel.facts.value
    assert charges() == []
    panel.charge.click()
    [charge] = charges()
    assert (charge.amount, charge.customer) == (900, panel.customer_id)
    panel.restart.click()
    assert (panel.state, panel.setup_intent_id) == ("ready", None)


def test_a_refused_card_and_then_another(reader):
    panel = SaveCardPanel()
    panel.save.click()
    panel.card.value = "4000000000000002"
    panel.simulate.click()
    assert panel.state == "failed"
    assert "nothing was saved: the reader can ask again" in panel.messages.state_line.value
    assert panel.log[-1].startswith("The reader's action failed: ")
    panel.card.value = "4242424242424242"
    panel.save.click()
    panel.simulate.click()
    assert panel.state == "saved"
    assert len(stripe_client().v1.setup_intents.list().data) == 1


def test_a_card_that_cannot_be_charged_online_is_said_to_be_none(reader):
    panel = SaveCardPanel()
    panel.save.click()
    panel.card.value = next(number for label, number in panel.card.options if "UnionPay" in label)
    panel.simulate.click()
    assert (panel.state, panel.charge.disabled) == ("not_saved", True)
    assert "Saved cards" in panel.facts.value
    assert ">none<" in panel.facts.value


@pytest.mark.parametrize("elsewhere", [False, True])
def test_it_can_be_given_up(reader, elsewhere):
    panel = SaveCardPanel()
    panel.save.click()
    if elsewhere:
        cancel_reader_action(reader.id)
        panel.refresh.click()
        assert panel.state == "open"
    panel.cancel.click()
    assert (panel.state, panel.error) == ("canceled", "")
    assert "splash" in panel.picture.alt
    assert [each.status for each in stripe_client().v1.setup_intents.list().data] == ["canceled"]


@pytest.mark.parametrize(("box", "text", "says"), [("email", "", "email"), ("amount", "9,00", "point")])
def test_what_a_person_types_is_checked(reader, box, text, says):
    panel = SaveCardPanel()
    if box == "amount":
        panel.save.click()
        panel.simulate.click()
    getattr(panel, box).value = text
    button = panel.save if box == "email" else panel.charge
    button.click()
    assert says in panel.error
    # It is told right below the button's row.
    boxes = [each.children for each in everything_in(panel.view) if isinstance(each, W.Box)]
    [(above, _)] = [
        pair
        for children in boxes
        for pair in pairwise(children)
        if 'role="alert"' in str(getattr(pair[1], "value", ""))
    ]
    assert button in above.children
    assert charges() == []


def test_without_a_reader_nothing_can_be_saved():
    panel = SaveCardPanel()
    assert (panel.state, panel.save.disabled) == ("no_reader", True)


def test_an_address_is_shown_as_text(reader):
    panel = SaveCardPanel("<b>@example.com")
    panel.save.click()
    assert "<b>" not in panel.facts.value + panel.messages.log_view.value


ENABLED = {
    "ready": {"save", "refresh"},
    "in_flight": {"cancel", "refresh"},
    "failed": {"save", "cancel", "refresh"},
    "open": {"save", "cancel", "refresh"},
    "saved": {"charge", "restart", "refresh"},
    "charged": {"restart", "refresh"},
    "not_saved": {"restart", "refresh"},
    "canceled": {"restart", "refresh"},
}


def test_a_button_can_be_pressed_only_when_its_call_makes_sense(reader):
    panel = SaveCardPanel()
    seen = set()

    def check(state):
        assert panel.state == state
        seen.add(state)
        assert {action.name for action in panel.ACTIONS if not getattr(panel, action.name).disabled} == (
            ENABLED[state]
        )

    def save(card):
        panel.save.click()
        check("in_flight")
        panel.card.value = card
        panel.simulate.click()

    check("ready")
    save("4000000000000002")
    check("failed")
    panel.cancel.click()
    check("canceled")
    panel.restart.click()
    panel.save.click()
    stripe_client().v1.terminal.readers.cancel_action(reader.id)
    panel.refresh.click()
    check("open")
    save("4242424242424242")
    check("saved")
    panel.charge.click()
    check("charged")
    panel.charge.click()
    assert len(stripe_client().v1.payment_intents.list().data) == 1
    panel.restart.click()
    save(card_number("eftpos_au_debit"))
    check("not_saved")
    assert seen == set(ENABLED)


def test_the_panel_stays_with_its_reader_while_it_saves_and_says_at_rest_that_it_followed(reader):
    other = register_reader("simulated-s700", reader.location, "Other")
    choose_reader(reader.id)
    panel = SaveCardPanel()
    panel.save.click()
    choose_reader(other.id)  # in another notebook
    panel.simulate.click()
    assert (panel.state, panel.reader.value) == ("saved", reader.id)
    panel.restart.click()
    assert panel.reader.value == other.id
    words = "This panel works with Other now: it was chosen elsewhere."
    assert panel.log[-1] == words
    shown = [each.value for each in everything_in(panel.view) if isinstance(each, W.HTML)]
    assert f'<div class="irl-notice" role="status">{words}</div>' in shown
    said = len(panel.log)
    panel.reader.value = reader.id  # here, by hand
    panel.refresh.click()
    assert (panel.reader.value, len(panel.log)) == (reader.id, said)
