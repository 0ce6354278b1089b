"""Digits of other alphabets, which Python takes for numbers: no amount is written with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from irl_helpers.money import parse_amount
from irl_helpers.simulator import Simulator

# "1000" as Japanese, Arabs and Indians may write it, and mixed with ours.
ALPHABETS = {"full width": 0xFF10, "Arabic": 0x0660, "Devanagari": 0x0966}
DIGITS = [
    each.translate({48 + n: zero + n for n in range(10)})
    for each in ("1000", "10.5")
    for zero in ALPHABETS.values()
]
DIGITS += [f"1{chr(0xFF10)}00", f"1{chr(0xFF10)}.5"]
READER = "/v1/terminal/readers/tmr_1"
FORMS = [
    ("/v1/payment_intents", "currency=usd&amount={}"),
    ("/v1/payment_intents", "currency=jpy&amount={}"),
    ("/v1/payment_intents/pi_1/capture", "amount_to_capture={}"),
    ("/v1/refunds", "payment_intent=pi_1&amount={}"),
    ("/v1/terminal/configurations", "tipping[usd][fixed_amounts][0]={}"),
    ("/v1/terminal/configurations", "tipping[usd][fixed_amounts][{}]=100"),
    (f"{READER}/set_reader_display", "type=cart&cart[currency]=usd&cart[total]={}&cart[line_items]="),
    (f"/v1/test_helpers{READER[3:]}/present_payment_method", "amount_tip={}"),
    ("/_simulator/clock", "advance={}"),
]


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize(("path", "form"), FORMS)
def test_api(tmp_path: Path, path: str, form: str, digits: str):
    simulator = Simulator(tmp_path / "account.sqlite")
    answer = simulator.handle("POST", path, {"Authorization": "Bearer sk_test_digits"}, form.format(digits))
    simulator.close()
    error = json.loads(answer.body)["error"]
    assert answer.status == 400
    assert error["message"].startswith(("Invalid integer", "Invalid decimal", "Invalid array")), error


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("currency", ["usd", "jpy", "kwd"])
def test_typed(digits: str, currency: str):
    with pytest.raises(ValueError, match="That is not an amount"):
        parse_amount(digits, currency)
