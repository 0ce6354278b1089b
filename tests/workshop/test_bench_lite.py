"""The measurement of a room without kernels, with few learners: it counts what came, and what did not."""

from __future__ import annotations

import gzip

import pytest

pytest.importorskip("aiohttp")
pytest.importorskip("playwright")

from tests.workshop import bench_lite
from tests.workshop.first_visits import File


@pytest.fixture
def dist(tmp_path):
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    (tmp_path / "large.wasm").write_bytes(bytes(3_000_000))
    (tmp_path / "large.wasm.gz").write_bytes(gzip.compress(bytes(3_000_000)))
    for number in range(20):
        (tmp_path / f"{number}.js").write_bytes(b"x" * 1000 * number)
    return tmp_path


def test_visits_are_whole_or_counted(dist):
    paths = ["", "large.wasm", "gone.js", *(f"{number}.js" for number in range(20))]
    wanted = bench_lite.files(dist, paths)
    assert File("large.wasm", (dist / "large.wasm.gz").stat().st_size) in wanted
    assert len(wanted) == 22
    size = 15 + (dist / "large.wasm.gz").stat().st_size + 190_000
    with bench_lite.served(dist) as server:
        row, wrong = bench_lite.measure(server, wanted, 12)
        assert (row[:2], wrong) == (["12", "0"], [])
        assert row[3] == f"{size / 1e6:.1f}"
        assert float(row[5]) > 0
        longer = [*wanted, File("gone.js", 9), File("19.js", 18_999)]
        row, wrong = bench_lite.measure(server, longer, 3)
        assert row[1] == "6"
        assert set(wrong) == {"3 learners: 3 times status 404", "3 learners: 3 times wrong length"}


def test_what_never_ends_is_given_up(dist):
    with bench_lite.served(dist) as server:
        server.process.suspend()
        row, wrong = bench_lite.measure(server, [File("1.js", 1000)], 2, give_up=0.5)
        server.process.resume()
    assert row[1] == "2"
    assert wrong == ["2 learners: 2 times not in time"]


def test_the_readme_has_the_table_that_the_measurement_prints():
    readme = bench_lite.ROOT / "workshop/README.md"
    assert f"| {' | '.join(bench_lite.HEAD)} |" in readme.read_text("utf-8")
