"""Two runs of the same notebook compare equal; a wrong status, amount, code or message does not.

All cases are cells of one notebook, compared by one real run of nbval with the project's own settings.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from irl_helpers.simulator.ids import PREFIXES
from tests.notebooks import generated
from tests.notebooks.running import ROOT

ID, OTHER_ID = "3TaB7kLmNoPqRsTuVwXyZ019", "3QzYxWvUtSrQpOnMlKjIhG82"
IDS = [
    "tmr",
    "tml",
    "tmc",
    "pi",
    "ch",
    "pyr",
    "pm",
    "card",
    "seti",
    "setatt",
    "re",
    "evt",
    "cus",
    "txn",
    "du",
]
IDS += ["req", "we", "file", "fault", "acct"]

# what, as it is stored, as it comes out in the next run
SAME = [
    *((f"id {prefix}", f"{prefix}_{ID} is new", f"{prefix}_{OTHER_ID} is new") for prefix in IDS),
    ("two ids in a link", f'<a href="x/pi_{ID}">pi_{ID}</a>', f'<a href="x/pi_{OTHER_ID}">pi_{OTHER_ID}</a>'),
    ("client secret", f"pi_{ID}_secret_{ID}", f"pi_{OTHER_ID}_secret_{OTHER_ID}"),
    (
        "network id",
        '"network_transaction_id": "FJk7OyEkllBPWbg"',
        '"network_transaction_id": "tr0RzoknC7zQaiO"',
    ),
    (
        "cryptogram",
        "'application_cryptogram': 'T25TSMPHG9IASR4G'",
        "'application_cryptogram': 'QC04NIEKU5WUSS4G'",
    ),
    ("seconds", '"created": 1795537812,', '"created": 1801000001,'),
    ("milliseconds", '"last_seen_at": 1795537812345,', '"last_seen_at": 1801000001999,'),
    ("date and time", "at 2026-11-24 16:02:11 UTC", "at 2027-01-09 06:59:00 UTC"),
    ("date and time, ISO", "2026-11-24T16:02:11.123456+00:00", "2027-01-09T06:59:00Z"),
    ("time of day", "16:02:11 processed", "06:59:00 processed"),
    ("uuid", "0b3e7a52-58ab-4d0e-9d53-0f3c7d8c2a11", "9f1c2d3e-0000-4aaa-8bbb-123456789abc"),
    (
        "account",
        "Account: offline account · Stripe API 2026-10-28.endive · stripe 16.1.0",
        "Account: Stripe test mode · Stripe API 2026-11-25.endive · stripe 16.2.1",
    ),
    ("key", "test mode (sk_test_…4kQ9)", "test mode (sk_test_…zz01)"),
]
WRONG = [
    ("status", "status: requires_capture", "status: canceled"),
    ("reader action", "action: in_progress", "action: succeeded"),
    ("reader status", "status: online", "status: offline"),
    ("amount", "amount 1250", "amount 1205"),
    ("amount in dollars", "$12.50", "$12.05"),
    ("amount, large", "$1,795,537.81", "$1,801,000.00"),
    ("amount in cents, large", "amount 99999999", "amount 99999998"),
    ("code", "terminal_reader_busy", "terminal_reader_timeout"),
    ("decline code", "insufficient_funds", "lost_card"),
    ("message", "No such terminal reader", "No such payment_intent"),
    ("kind of object", f"pi_{ID}", f"ch_{ID}"),
    ("no network id", '"network_transaction_id": "FJk7OyEkllBPWbg"', '"network_transaction_id": null'),
    ("no id at all", f"charge ch_{ID}", "charge None"),
    ("test card", "pm_card_visa", "pm_card_visa_chargeDeclined"),
    ("card number", "4000000000000002", "4000000000009995"),
    ("device type", "simulated_wisepos_e", "simulated_stripe_s700"),
    ("API version", "2026-09-30.endive", "2026-07-29.dahlia"),
    ("kind of key", "sk_test_…4kQ9", "sk_live_…4kQ9"),
    ("mode", "offline account", "test mode"),
    (
        "no account",
        "Account: offline account · Stripe API 2026-10-28.endive · stripe 16.1.0",
        "Account: none",
    ),
    ("words", "a hold of 2 days", "a hold of 7 days"),
    ("one more line", "approved", "approved\nand captured"),
    ("nothing", "approved", ""),
]
WAYS = {
    "print": (generated.stdout, "print({!r}, end='')"),
    "html": (generated.html, "display({{'text/html': {!r}, 'text/plain': '<html>'}}, raw=True)"),
    "error": (generated.error, "raise ValueError({!r})"),
}
CASES = [
    pytest.param(way, stored, now, verdict, id=f"{verdict}-{way}-{what}")
    for cases, verdict in ((SAME, "passed"), (WRONG, "failed"))
    for what, stored, now in cases
    for way in WAYS
]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], str]:
    """What nbval said of every case."""
    folder = tmp_path_factory.mktemp("masking")
    cases = [tuple(case.values[:3]) for case in CASES]
    cells = []
    for way, stored, now in cases:
        output, source = WAYS[way]
        outputs = [output(stored)] if stored else []
        cells.append(generated.code(source.format(now), *outputs, tags=["raises-exception"]))
    path, report = generated.write(folder / "cases.ipynb", *cells), folder / "report.xml"
    run = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        "pyproject.toml",
        "--tb=no",
        f"--junit-xml={report}",
        str(path),
    ]
    subprocess.run(run, cwd=ROOT, check=False, capture_output=True, timeout=300)
    found = ["failed" if list(case) else "passed" for case in ET.parse(report).iter("testcase")]
    return dict(zip(cases, found, strict=True))


@pytest.mark.parametrize(("way", "stored", "now", "verdict"), CASES)
def test_nbval_masks_what_differs_by_run_and_nothing_else(verdicts, way, stored, now, verdict):
    assert verdicts[way, stored, now] == verdict


def test_every_kind_of_id_is_masked_and_every_prefix_that_is_masked_was_tried():
    assert set(PREFIXES.values()) <= set(IDS)
    sanitize = Path(__file__).with_name("sanitize.cfg").read_text("utf-8")
    assert f"({'|'.join(IDS)})_" in sanitize
