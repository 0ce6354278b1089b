"""`make bench`: what the simulator costs, as a table, and whether it stays within its targets.

Nothing here is a test: a time depends on the machine, and on what else it does.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import stripe

from irl_helpers.direct_http_client import DirectHTTPClient
from irl_helpers.opened_account import TIMEOUT
from tests.bench.accounts import answers, fill, floor, opened
from tests.bench.calls import CALLS, PAYMENT, first_sale, new_shop, shared
from tests.bench.canned_client import save
from tests.bench.connections import CONNECTIONS, POSSIBLE, Server, requests_per_second
from tests.bench.neighbour import NotRunning, localstripe
from tests.bench.presses import EMPTY, PRESS, TOUCH, milliseconds
from tests.bench.processes import memory_ratios, opening_milliseconds
from tests.bench.rounds import ROUNDS, Comparison, compare, seconds, spread
from tests.bench.taps import tap_milliseconds
from tests.bench.wire import WireHTTPClient
from tests.browser.chromium import NoChromium
from tests.simulator.serving import serve

STORED = 10_000
# What a press consists of was measured: its calls and the look take 5 to 13 ms of the kernel, and each of its
# 9 to 14 messages some more of kernel and page.
TRIED = (
    "tried: state, then picture, are sent before all other widgets, which took a third off; one look, not "
    "two; a spinner only after 0.1 s, which took nothing off"
)
Row = tuple[str, str, str, str]


def main() -> None:
    """Print the table, and how many of its targets were missed."""
    print(
        f"{time.strftime('%Y-%m-%d')}, {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, stripe {stripe.VERSION}, SQLite {sqlite3.sqlite_version}. "
        "Medians; half of all rounds lie between the numbers in brackets.\n",
    )
    missed = 0
    header = ("what", "against", "times as much", "target")
    with tempfile.TemporaryDirectory(prefix="irl-bench-") as folder:
        for row in chain([header, ("---",) * 4], rows(Path(folder))):
            print(f"| {' | '.join(row)} |", flush=True)
            missed += row[3].endswith("missed")
    print(f"\n{missed} of the targets missed." if missed else "\nEvery target reached.")


def rows(folder: Path) -> Iterator[Row]:
    yield from in_process(folder)
    taps = tap_milliseconds(folder)
    yield ("a tap in a test suite", "", f"{spread(taps)} ms", verdict(taps, 5))
    yield from over_http(folder)
    yield from processes(folder)
    yield from presses(folder)


def in_process(folder: Path) -> Iterator[Row]:
    with opened(folder / "empty.sqlite") as (simulator, shop), opened(folder / "full.sqlite") as (_, full):
        for call in CALLS:
            canned = floor(simulator, shop, call)
            made = compare(getattr(shop, call), getattr(canned, call))
            yield times(f"{call} in process", "the client alone", made, 2.0 if call == "sale" else None)
        durable = floor(simulator, shop, "sale", folder / "durable.sqlite")
        made = compare(durable.sale, canned.sale)
        yield times("a sale that is only kept: one transaction for each write", "the client alone", made)
        fill(full, STORED)
        made = compare(full.sale, shop.sale)
        yield times(f"sale with {STORED:,} payments stored", "with few", made, 1.15)


def over_http(folder: Path) -> Iterator[Row]:
    with serve("--account", str(folder / "served.sqlite")) as served:
        # What notebooks call a served simulator with, and what everybody else does.
        direct = DirectHTTPClient(TIMEOUT)
        ours = new_shop(served.client(http_client=direct))
        shop = new_shop(served.client())
        with opened(folder / "beside.sqlite") as (_, beside):
            for call in CALLS:
                made = compare(getattr(ours, call), getattr(beside, call))
                yield times(f"{call} over HTTP", "in process", made, 2.2 if call == "sale" else None)
                made = compare(getattr(shop, call), getattr(beside, call))
                yield times(f"{call} over HTTP, by the library's own transport", "in process", made)
        direct.close()
        try:
            yield from many_at_a_time(Server(served.url, served.process.pid))
            yield from beside_localstripe(served.url)
        except NotRunning as reason:
            yield ("over HTTP", "localstripe", str(reason), "not measured")


def many_at_a_time(server: Server) -> Iterator[Row]:
    """A payment that is looked at by eight at a time, as often as one processor can answer."""
    what = f"retrieve over HTTP, {CONNECTIONS} connections: requests a second per core"
    if not POSSIBLE:
        yield (what, "localstripe", "only on Linux", "not measured")
        return
    with localstripe() as neighbour:
        key = "sk_test_many"
        both = [
            (
                one,
                stripe.StripeClient(
                    key, base_addresses={"api": one.url, "files": one.url}
                ).v1.payment_intents,
            )
            for one in (server, neighbour)
        ]
        known = [(one, payments.create(PAYMENT).id) for one, payments in both]
        rounds = [[requests_per_second(one, id, key) for one, id in known] for _ in range(ROUNDS + 1)][1:]
    ratios = [mine / theirs for mine, theirs in rounds]
    medians = [statistics.median(each) for each in zip(*rounds, strict=True)]
    reached = "reached" if statistics.median(ratios) >= 1 else "missed"
    measured = f"{spread(ratios)}: {medians[0]:,.0f} to {medians[1]:,.0f}"
    yield (what, "localstripe", measured, f"at least 1: {reached}")


def beside_localstripe(url: str) -> Iterator[Row]:
    """Every call that both have: the answer alone, and with what the client then makes of it."""
    wire = WireHTTPClient()

    def waited(call: Callable[[], object]) -> float:
        before = wire.waited
        call()
        return wire.waited - before

    for key, http_client, what, measure in [
        ("sk_test_wire", wire, "{} over HTTP, the answer alone", waited),
        ("sk_test_whole", None, "{} over HTTP", seconds),
    ]:
        with localstripe() as neighbour:
            ours, theirs = (
                shared(
                    stripe.StripeClient(
                        key, base_addresses={"api": base, "files": base}, http_client=http_client
                    )
                )
                for base in (url, neighbour.url)
            )
            for call in ours:
                made = compare(ours[call], theirs[call], measure)
                yield times(what.format(call), "localstripe", made, 1.0)
    wire.close()


def processes(folder: Path) -> Iterator[Row]:
    more = opening_milliseconds(folder)
    yield (
        "import, and open an account",
        "import stripe, ipywidgets",
        f"{spread(more)} ms more",
        verdict(more, 60),
    )
    if not Path("/proc/self/smaps_rollup").exists():
        yield ("memory of a kernel after a sale", "with canned answers", "only on Linux", "not measured")
        return
    with opened(folder / "recorded.sqlite") as (simulator, _):
        save(answers(simulator, first_sale), folder / "answers.json")
    ratios = memory_ratios(folder, folder / "answers.json")
    yield ("memory of a kernel after a sale", "with canned answers", spread(ratios), verdict(ratios, 1.15))


def presses(folder: Path) -> Iterator[Row]:
    names = {PRESS: "a button's press", TOUCH: "a touch of the reader"}
    against = "a button that sets one text"
    try:
        took = milliseconds(folder)
    except NoChromium as reason:
        yield (names[PRESS], against, str(reason), "not measured")
        return
    floors = _median_and_p95(took[EMPTY])
    for kind, what in names.items():
        for name, one, floor_ms in zip(("median", "p95"), _median_and_p95(took[kind]), floors, strict=True):
            ratio = one / floor_ms
            measured = f"{name} {ratio:.2f}: {one:.0f} ms to {floor_ms:.0f} ms, {len(took[kind])} times"
            measured += f" ({TRIED})" if kind == PRESS else ""
            yield (what, against, measured, f"2: {'reached' if ratio <= 2 else 'missed'}")


def _median_and_p95(values: list[float]) -> tuple[float, float]:
    return statistics.median(values), statistics.quantiles(values, n=20)[-1]


def times(what: str, against: str, made: Comparison, target: float | None = None) -> Row:
    one, other = made.milliseconds
    measured = f"{spread(made.ratios)}: {one:.2f} ms to {other:.2f} ms"
    return (what, against, measured, verdict(made.ratios, target) if target else "")


def verdict(values: list[float], target: float) -> str:
    return f"{target:g}: {'reached' if statistics.median(values) <= target else 'missed'}"


if __name__ == "__main__":
    main()
