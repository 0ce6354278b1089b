"""Names of any alphabet are kept; two that people would take for one another are not."""

from __future__ import annotations

import unicodedata

import pytest

from workshop.names import LOOKALIKES, looks, normal_name
from workshop.room import unix_user


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ana", "ana"),
        (" Ana ", "ana"),
        ("Zoë K.", "zoë-k"),
        ("Zoe\u0308", "zoë"),  # the same in two letters
        ("JEAN_LUC", "jean-luc"),
        ("a" * 20, "a" * 20),
        ("a" * 21, ""),
        ("9lives", ""),
        ("", ""),
        ("李小龙", "李小龙"),
        ("ΓΙΏΡΓΟΣ", "γιώργος"),
        ("Ольга-2", "ольга-2"),
        ("हिन्दी", "हिन्दी"),
        ("สมชาย", "สมชาย"),
        ("محمد", "محمد"),
        ("さくら子", "さくら子"),
        ("김민준", "김민준"),
        ("\uff21\uff2e\uff21", "ana"),  # of full width
        ("\ufb01n", "fin"),  # one letter for two
        ("../../etc", ""),
        ("ana/ben", ""),
        ("ana\nben", "ana-ben"),
        ("ana\0", ""),
        ("-", ""),
        ("a\u200bna", ""),  # a space of no width
        ("a\u202ena", ""),  # from here on from right to left
        ("a\u3164", ""),  # a letter that shows nothing
        ("an\u0430", ""),  # the last letter is Cyrillic
        ("<b>ana</b>", ""),
        ("ana\U0001f600", ""),
    ],
)
def test_a_name_is_kept_in_one_form_wherever_it_is_typed(typed, name):
    assert normal_name(typed) == name
    assert normal_name(name) == name
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jose", "josé"),
        ("oca", "\u043e\u0441\u0430"),  # Cyrillic
        ("vova", "\u03bd\u03bf\u03bd\u03b1"),  # Greek
        ("leo1", "leol"),
        ("bob0", "bobo"),
        ("ernie", "emie"),
        ("wanda", "vvanda"),
        ("strasse", "straße"),
        ("lukasz", "łukasz"),
        ("isik", "\u0131\u015f\u0131k"),
        ("口口", "ロロ"),
        ("ana5", "ana\u0665"),  # an Arabic five
    ],
)
def test_names_that_look_alike_are_known(one, other):
    assert one != other
    assert looks(normal_name(one)) == looks(normal_name(other)) != ""


def test_names_that_do_not_look_alike_stay_apart():
    names = [
        "ana",
        "anna",
        "ben",
        "李",
        "季",
        "कि",
        "की",
        "か",
        "が",
        "ольга",
        "олег",
        "zoe",
        "zoey",
        "김",
        "긴",
    ]
    assert len({looks(normal_name(name)) for name in names}) == len(names)


def test_each_letter_that_is_taken_for_another_can_be_typed():
    for letter in map(chr, LOOKALIKES):
        assert normal_name(f"{letter}" if letter.isalpha() else f"a{letter}").endswith(letter), letter


def test_a_unix_user_has_plain_letters_and_is_one_learners():
    assert unix_user("ana") == "irl-ana"
    users = [unix_user(name) for name in ("ana", "zoë", "李", "季")]
    assert len(set(users)) == 4
    for user in users:
        assert user.isascii()
        assert len(user) <= 32
