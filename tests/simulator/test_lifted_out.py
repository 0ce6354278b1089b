"""The simulator is a package of its own: copied out of this project under another name, it takes a sale."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import irl_helpers.simulator

# -P: what lies in the folder the tests are run from is not to be found.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import stripe
from terminal import Simulator, SimulatorHTTPClient
http_client = SimulatorHTTPClient(Simulator(sys.argv[1] + "/account.sqlite"))
client = stripe.StripeClient("sk_test_lifted", http_client=http_client)
address = {"line1": "1 Main St", "city": "Reno", "state": "NV", "postal_code": "89501", "country": "US"}
shop = client.v1.terminal.locations.create({"display_name": "Shop", "address": address})
reader = client.v1.terminal.readers.create({"registration_code": "simulated-wpe", "location": shop.id})
card_present = {"allowed_payment_method_types": ["card_present"], "capture_method": "manual"}
payment = client.v1.payment_intents.create({"amount": 1000, "currency": "usd", **card_present})
client.v1.terminal.readers.process_payment_intent(reader.id, {"payment_intent": payment.id})
client.v1.test_helpers.terminal.readers.present_payment_method(reader.id)
print(client.v1.payment_intents.capture(payment.id).amount_received)
print(*(name for name in sys.modules if name.partition(".")[0] in ("irl_helpers", "ipywidgets", "dotenv")))
"""


def test_the_simulator_can_be_lifted_out(tmp_path):
    shutil.copytree(Path(irl_helpers.simulator.__file__).parent, tmp_path / "terminal")
    run = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.split() == ["1000"], run.stderr
