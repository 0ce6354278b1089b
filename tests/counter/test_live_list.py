"""A list by itself: what stays open, and what a page cannot do."""

from __future__ import annotations

import pytest

from irl_helpers.panels.live_list import MOST_OPEN, Detail, LiveList, Row
from tests.counter.at_counter import heard


def row(id: str) -> Row:
    return Row(id, "event", 0, "", "", id, "")


def test_a_list_keeps_open_what_was_opened_and_lets_go_what_is_gone():
    asked = []

    def detail(id):
        asked.append(id)
        return Detail([("Id", id)]) if id != "none" else None

    shown = LiveList("Lines", "none", detail)
    shown.show([row("a"), row("b"), row("none")])
    for id in ("a", "b", "none", "gone", "a"):
        heard(shown, open=id)
    assert set(shown.details) == {"a", "b"}
    assert "gone" not in asked
    shown.show([row("b"), row("c")])
    assert set(shown.details) == {"b"}
    heard(shown, close="b")
    assert shown.details == {}
    many = [row(str(number)) for number in range(MOST_OPEN + 5)]
    shown.show(many)
    for each in many:
        heard(shown, open=each.id)
    assert list(shown.details) == [each.id for each in many[5:]]


@pytest.mark.parametrize(
    "content", [None, [], "open", {"open": []}, {"press": "send", "of": {}}, {"open": None}]
)
def test_rubbish_from_the_page_does_nothing(content):
    pressed = []
    shown = LiveList("Lines", "none", lambda id: None, lambda name, id: pressed.append(name))
    shown.show([row("a")])
    shown.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})
    heard(shown, press="send", of="a")
    assert (dict(shown.details), pressed) == ({}, [])
