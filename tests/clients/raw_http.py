"""A sale as a point of sale with no Stripe library makes it, without any version: `raw_http.py URL`.

Written as Odoo's Stripe terminal is: forms over HTTP, and `charges` of the PaymentIntent for the receipt.
"""

import base64
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

BASE = sys.argv[1]
KEY = base64.b64encode(b"sk_test_raw:").decode()


def call(method, path, **form):
    """(status, answer)"""
    request = urllib.request.Request(
        f"{BASE}/v1/{path}",
        data=urllib.parse.urlencode(form).encode() if method == "POST" else None,
        headers={"Authorization": f"Basic {KEY}"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


token = call("POST", "terminal/connection_tokens")[1]
_, reader = call("POST", "terminal/readers", registration_code="simulated-wpe")
status, payment = call(
    "POST",
    "payment_intents",
    amount=1000,
    currency="usd",
    capture_method="manual",
    **{"payment_method_types[]": "card_present"},
)
done = {"token": token["secret"][:8], "status": status}
if status != 200:
    done["code"] = payment["error"]["code"]
else:
    call("POST", f"terminal/readers/{reader['id']}/process_payment_intent", payment_intent=payment["id"])
    call("POST", f"test_helpers/terminal/readers/{reader['id']}/present_payment_method")
    _, captured = call("POST", f"payment_intents/{payment['id']}/capture")
    charge = captured["charges"]["data"][0]
    details = charge["payment_method_details"]
    card = details[details["type"]]
    done["receipt"] = [captured["status"], charge["captured"], card["brand"], card["last4"]]
    done["refund"] = call("POST", "refunds", charge=charge["id"])[1]["status"]
    done["refunds"] = call("GET", f"charges/{charge['id']}")[1]["refunds"]["total_count"]
print(json.dumps(done))
