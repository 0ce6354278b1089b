"""The README's link to the published site: put in by whoever publishes it, and by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lite.link import MARK, linked

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")


def test_the_link_is_put_in_once_and_follows_the_address():
    first = linked(README, "https://somebody.github.io/get-paid-irl/")
    assert "[Open them in your browser](https://somebody.github.io/get-paid-irl/)" in first
    assert linked(first, "https://somebody.github.io/get-paid-irl/") == first
    moved = linked(first, "https://notebooks.example/")
    assert "somebody" not in moved
    assert first.partition(MARK)[0] == README.partition(MARK)[0]
    assert first.rpartition(MARK)[2] == README.rpartition(MARK)[2]


@pytest.mark.parametrize("address", ["", "http://somebody.github.io/", "https://a.b/) [x](", "javascript:1"])
def test_only_an_address_of_a_site_is_put_in(address):
    with pytest.raises(ValueError, match="no address"):
        linked(README, address)


def test_there_is_one_place_for_it():
    with pytest.raises(ValueError, match="there are 0"):
        linked("# A page", "https://notebooks.example/")
