"""A sale, and a payment that is canceled in flight and changed, with an old client: `sale.py URL`.

Written as programs were written for it: module-level calls, `payment_method_types`, an old API version.
"""

import json
import sys

import stripe

stripe.api_key = "sk_test_python"
stripe.api_base = sys.argv[1]
stripe.enable_telemetry = False
if stripe.api_version is None:  # before 6.0 the client left the version to the account
    stripe.api_version = "2022-08-01"
# From 2026-09-30 on the API refuses payment_method_types, and the others stand in its place.
TYPES = "payment_method_types" if stripe.api_version < "2026-09-30" else "allowed_payment_method_types"
Reader = stripe.terminal.Reader

location = stripe.terminal.Location.create(
    display_name="Shop",
    address={
        "line1": "1 Main St",
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94111",
        "country": "US",
    },
)
reader = Reader.create(registration_code="simulated-wpe", location=location.id, label="Till")
done = {"readers": [one.label for one in Reader.list(location=location.id).data]}


def new_payment():
    types = {TYPES: ["card_present"]}
    return stripe.PaymentIntent.create(amount=1000, currency="usd", capture_method="manual", **types)


def pay(payment):
    Reader.process_payment_intent(reader.id, payment_intent=payment.id)
    presented = Reader.TestHelpers.present_payment_method(reader.id)
    captured = stripe.PaymentIntent.capture(payment.id, expand=["latest_charge"])
    return [presented.action.status, captured.status, captured.amount_received]


done["sale"] = pay(new_payment())

payment = new_payment()
Reader.process_payment_intent(reader.id, payment_intent=payment.id)
done["action"] = Reader.cancel_action(reader.id).action
stripe.PaymentIntent.modify(payment.id, amount=2500)
done["changed"] = pay(payment)

dropped = new_payment()
Reader.process_payment_intent(reader.id, payment_intent=dropped.id)
Reader.cancel_action(reader.id)
done["canceled"] = stripe.PaymentIntent.cancel(dropped.id).status

try:
    stripe.PaymentIntent.capture(dropped.id)
except stripe.error.InvalidRequestError as error:
    done["refused"] = [type(error).__name__, error.http_status, error.code]

done["version"] = [
    stripe.version.VERSION if hasattr(stripe, "version") else stripe.VERSION,
    stripe.api_version,
]
print(json.dumps(done))
