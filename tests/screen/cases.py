"""Every screen of a reader: the objects it is drawn from, its sentence, and the words that must be on it.

`test_reader_screen.py` compares them, `gallery.py` puts them on a page to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from irl_helpers.screen import Picture, reader_screen
from tests.screen.stripe_objects import (
    CANCEL_BUTTON,
    CHOICES,
    NO_MONEY,
    PAY,
    TIPS,
    TOGGLES,
    VISA,
    WISEPOS,
    Fields,
    action,
    cart,
    inputs,
    intent,
    pay,
    question,
    reader,
)


@dataclass(frozen=True)
class Case:
    """`alt` is the sentence after the model's name; `shows` are texts on the screen."""

    name: str
    reader: Fields
    alt: str
    shows: tuple[str, ...] = ()
    calls: Fields = field(default_factory=dict)

    def picture(self, model: str = WISEPOS, size: int = 260) -> Picture:
        return reader_screen({**self.reader, "device_type": model}, size=size, **self.calls)


def _case(name: str, action: Fields | None, alt: str, *shows: str, **calls: Any) -> Case:
    return Case(name, reader(action), alt, shows, calls)


CASES = [
    _case("idle", None, "idle, splash screen", "Welcome"),
    _case(
        "cart",
        cart((1, "Caffè latte", 659), (2, "Doughnut", 1239)),
        "cart with 2 lines, total $19.98",
        *("Caffè latte", "$6.59", "2 \u00d7", "Doughnut", "$12.39", "Tax", "$1.00", "Total", "$19.98"),
    ),
    _case(
        "one line",
        cart((1, "Tea", 650), currency="jpy", tax=None),
        "cart with 1 line, total ¥650",
        *("Tea", "¥650", "Total"),
    ),
    _case(
        "long cart",
        cart(*[(n, f"Thing number {n} with quite a long name", 199 * n) for n in range(1, 13)]),
        "cart with 12 lines, total $156.22, 5 not shown",
        *("+ 5 more lines", "$156.22"),
    ),
    _case(
        "foreign cart",
        cart(
            (1, "抹茶ラテ アイスのとても大きいサイズ", 650),
            (2, "قهوة عربية بالهيل", 1239),
            (1, "👨‍👩‍👧‍👦 Family ticket 🇯🇵🇩🇪", 9900),
            (1, "<script>alert(1)</script>", 1),
            (1, "Donaudampfschifffahrtsgesellschaft", 5),
            currency="jpy",
        ),
        "cart with 5 lines, total ¥11,895",
        *("¥9,900", "¥11,895"),
    ),
    _case("no cart", action("set_reader_display", type="cart", cart=None), "idle, splash screen", "Welcome"),
    _case(
        "cart of floats",
        cart((1, "Tea", 6.5)),
        "splash screen: the cart has an amount that is not an integer",
        "Welcome",
    ),
    _case(
        "tip",
        pay(),
        "choose a tip on $12.50: 15% is $1.88, 20% is $2.50, 25% is $3.13",
        *("Add a tip?", "15%", "$1.88", "20%", "$2.50", "25%", "$3.13", "Custom", "No tip"),
        payment_intent=intent(),
        stage="tip",
        tips=TIPS,
    ),
    _case(
        "fixed tip",
        pay(),
        "choose a tip on $6.50: $1.00, $2.00, $3.00",
        *("$1.00", "$2.00", "$3.00", "No tip"),
        payment_intent=intent(650),
        stage="tip",
        tips=TIPS,
    ),
    _case(
        "tip on a part",
        pay(process_config={"tipping": {"amount_eligible": 1000}}),
        "choose a tip on $12.50: 10% is $1.00",
        "$1.00",
        payment_intent=intent(),
        stage="tip",
        tips={"percentages": [10]},
    ),
    _case(
        "free tip",
        pay(),
        "choose a tip on $12.50",
        *("Enter a tip", "No tip"),
        payment_intent=intent(),
        stage="tip",
    ),
    _case(
        "amount",
        pay(),
        "$12.50, tap, insert or swipe",
        *("Total", "$12.50", "Tap, insert or swipe"),
        payment_intent=intent(),
    ),
    _case(
        "amount with cancel",
        pay(process_config=CANCEL_BUTTON),
        "$999,999.99, tap, insert or swipe, with a cancel button",
        *("$999,999.99", "Cancel"),
        payment_intent=intent(99_999_999),
    ),
    _case("yen", pay(), "¥1,250, tap, insert or swipe", "¥1,250", payment_intent=intent(1250, "jpy")),
    _case("dinar", pay(), "KWD 1.250, tap, insert or swipe", "KWD 1.250", payment_intent=intent(1250, "kwd")),
    _case("no amount", pay(), "payment, tap, insert or swipe", "Tap, insert or swipe"),
    _case(
        "other payment",
        pay(),
        "payment, tap, insert or swipe",
        payment_intent=intent(9900, id="pi_FakeOther00001"),
    ),
    _case(
        "expanded payment",
        action(PAY, payment_intent=intent(700)),
        "$7.00, tap, insert or swipe",
        "$7.00",
    ),
    _case(
        "insert",
        pay(),
        "insert card, the bank asks for chip and pin, $12.50",
        "Insert card",
        payment_intent=intent(),
        stage="insert",
    ),
    _case("pin", pay(), "enter PIN for $12.50", "Enter your PIN", "5", payment_intent=intent(), stage="pin"),
    _case(
        "wrong pin",
        pay(),
        "wrong pin, try again for $12.50",
        "Wrong PIN, try again",
        payment_intent=intent(),
        stage="wrong_pin",
        typed="12",
    ),
    _case(
        "own tip",
        pay(),
        "type a tip: $2.50 on $12.50",
        "Your tip",
        "$2.50",
        payment_intent=intent(),
        stage="tip_amount",
        typed="250",
    ),
    _case(
        "authorizing",
        pay(),
        "processing, asking the bank, $12.50",
        *("Processing…", "Asking the bank"),
        payment_intent=intent(),
        stage="authorizing",
    ),
    _case(
        "remove card",
        pay(),
        "remove card, $12.50",
        "Remove card",
        payment_intent=intent(),
        stage="remove_card",
    ),
    _case(
        "approved",
        pay("succeeded"),
        "approved, $12.50",
        *("Approved", "$12.50", "Thank you"),
        payment_intent=intent(),
    ),
    _case(
        "approved with tip",
        pay("succeeded"),
        "approved, $14.38, tip of $1.88 included",
        *("Approved", "$14.38", "Tip of $1.88 included"),
        payment_intent=intent(1438, amount_details={"tip": {"amount": 188}}),
    ),
    _case(
        "declined",
        pay("failed", "card_declined"),
        "declined, not enough money on this card",
        *("Declined", "Not enough money on", "Another card may work"),
        payment_intent=intent(last_payment_error=NO_MONEY),
    ),
    _case(
        "no connection",
        pay("failed", "connection_error"),
        "no answer, stripe could not be reached",
        "No answer",
        payment_intent=intent(last_payment_error=NO_MONEY),
    ),
    _case(
        "customer canceled",
        pay("failed", "customer_canceled"),
        "canceled, you pressed cancel",
        *("Canceled", "You pressed cancel."),
    ),
    _case("canceled", None, "canceled, the shop has canceled this", "Canceled", stage="canceled"),
    _case(
        "save card",
        action("process_setup_intent", setup_intent="seti_FakeSetup00001", process_config=CANCEL_BUTTON),
        "save a card for later, nothing is charged, tap, insert or swipe, with a cancel button",
        *("Save your card", "Nothing is charged today", "Tap, insert or swipe", "Cancel"),
    ),
    _case(
        "card saved",
        action("process_setup_intent", "succeeded"),
        "card saved, nothing was charged",
        "Card saved",
    ),
    _case(
        "collecting",
        action("collect_payment_method", payment_intent="pi_FakePayment0001", collect_config=CANCEL_BUTTON),
        "$12.50, tap, insert or swipe, with a cancel button",
        payment_intent=intent(),
    ),
    _case(
        "card read",
        action("collect_payment_method", payment_intent="pi_FakePayment0001", payment_method=VISA),
        "card read, waiting for the shop to confirm",
        *("Card read", "Visa •••• 4242", "One moment, please"),
        payment_intent=intent(),
    ),
    _case(
        "confirming",
        action("confirm_payment_intent", payment_intent="pi_FakePayment0001"),
        "processing, asking the bank, $12.50",
        "Processing…",
        payment_intent=intent(),
    ),
    _case(
        "refund",
        action("refund_payment", amount=500, payment_intent="pi_FakePayment0001"),
        "refund of CA$5.00, tap or insert",
        *("Refund", "CA$5.00", "Tap or insert"),
        payment_intent=intent(currency="cad"),
    ),
    _case(
        "refunded",
        action("refund_payment", "succeeded", amount=500),
        "refunded, CA$5.00",
        "Refunded",
        payment_intent=intent(currency="cad"),
    ),
    _case(
        "email",
        inputs(question("email", "Where to?", required=True), question("text", "Name")),
        "asking for an email address: Where to?, 1 of 2",
        *("1 of 2", "Where to?", "name@example.com", "q", "Submit"),
    ),
    _case(
        "second input",
        inputs(
            question("text", "Name", text={"value": "Ada"}),
            question("numeric", "Table", skipped=True),
            question("phone", "Your phone number", "We only call when the order is ready."),
        ),
        "asking for a phone number: Your phone number, 3 of 3",
        *("3 of 3", "+", "Skip", "Submit"),
    ),
    _case(
        "numeric", inputs(question("numeric", "Table")), "asking for a number: Table", "7", "Skip", "Submit"
    ),
    _case("text", inputs(question("text", "A name for the cup")), "asking for a text: A name for the cup"),
    _case(
        "selection",
        inputs(question("selection", "How was it?", required=True, selection={"choices": CHOICES})),
        "asking for a choice: How was it?",
        *("Very good", "Not so good"),
    ),
    _case(
        "signature",
        inputs(question("signature", "Sign for the rental", "I return the bicycle before eight.")),
        "asking for a signature: Sign for the rental",
        "Sign here",
    ),
    _case(
        "toggles",
        inputs(question("email", "Join our club", toggles=TOGGLES)),
        "asking for an email address: Join our club",
        *("Send me offers", "I am over 18"),
    ),
    _case(
        "new input", inputs(question("drawing", "Draw a cat")), "asking for drawing: Draw a cat", "drawing"
    ),
    _case("answered", inputs(status="succeeded"), "answers received, thank you", "Thank you"),
    _case(
        "timed out",
        inputs(status="failed", code="collect_inputs_timeout"),
        "timed out, nobody answered in time",
        "Timed out",
    ),
    _case("printing", action("print_content", type="image"), "printing", "Printing"),
    Case("offline", reader(pay(), status="offline"), "offline, no connection", ("Offline",)),
    _case("updating", None, "installing an update, please wait", "Updating", stage="updating"),
    Case(
        "deleted",
        {"id": "tmr_FakeReader0001", "deleted": True},
        "deleted, no longer registered",
        ("Deleted",),
    ),
    _case(
        "unknown",
        action("fold_the_receipt"),
        "busy with fold_the_receipt, in progress",
        *("Busy", "fold_the_receipt", "in progress"),
    ),
]
