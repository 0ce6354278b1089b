"""`python -m tests.simulator.till FILE THREADS SALES`: tills that sell, each in a thread, and write down what
they were answered: one line of JSON per answer, written when it is there and not before.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading
from typing import Any
from urllib.parse import urlencode

from irl_helpers.simulator import Simulator

from .sale import ADDRESS

KEY = "sk_test_till"
READERS, HELPERS = "/v1/terminal/readers", "/v1/test_helpers/terminal/readers"
TYPED = {"allowed_payment_method_types[]": "card_present", "capture_method": "manual"}
DECLINED = {"type": "card_present", "card_present[number]": "4000000000000002"}


class Till:
    def __init__(self, simulator: Simulator, name: str) -> None:
        self._simulator, self._name = simulator, name
        self._numbers = itertools.count()

    def post(self, path: str, **params: Any) -> dict[str, Any]:
        key = f"{self._name}-{next(self._numbers)}"
        headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": key}
        form = urlencode(params)
        response = self._simulator.handle("POST", path, headers, form)
        line = json.dumps([key, path, form, response.status, response.body])
        # One write, so that a line is there as a whole or not at all.
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        return json.loads(response.body)

    def sell(self, sales: int) -> None:
        """Sales of all kinds: captured, canceled, declined, refunded."""
        address = {f"address[{name}]": value for name, value in ADDRESS.items()}
        location = self.post("/v1/terminal/locations", display_name=self._name, **address)["id"]
        reader = self.post(READERS, registration_code="simulated-wpe", location=location)["id"]
        for number in range(sales):
            payment = self.post("/v1/payment_intents", amount=1000 + 100 * number, currency="usd", **TYPED)[
                "id"
            ]
            self.post(f"{READERS}/{reader}/process_payment_intent", payment_intent=payment)
            if number % 4 == 1:
                self.post(f"{HELPERS}/{reader}/present_payment_method", **DECLINED)
                self.post(f"{READERS}/{reader}/process_payment_intent", payment_intent=payment)
            self.post(f"{HELPERS}/{reader}/present_payment_method")
            if number % 4 == 2:
                self.post(f"/v1/payment_intents/{payment}/cancel")
            else:
                self.post(f"/v1/payment_intents/{payment}/capture")
            if number % 4 == 3:
                self.post("/v1/refunds", payment_intent=payment, amount=100)
            self.post(f"{READERS}/{reader}/cancel_action")


def main(path: str, name: str, threads: int, sales: int) -> None:
    simulator = Simulator(path)
    tills = [Till(simulator, f"{name}-{number}") for number in range(threads)]
    running = [threading.Thread(target=till.sell, args=[sales]) for till in tills]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    simulator.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
