"""The reader's screen: what is said, what is shown, and that it stays in its place."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import pytest
import stripe

from irl_helpers.screen import STAGES, reader_screen
from tests.screen.cases import CASES, Case
from tests.screen.picture_checks import check, texts
from tests.screen.stripe_objects import MODELS, action, cart, intent, pay, reader


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_screen_says_and_shows_it(case: Case) -> None:
    picture = reader_screen(case.reader, **case.calls)
    model = "Card reader" if case.name == "deleted" else "WisePOS E"
    assert picture.alt == f"{model}: {case.alt}"
    shown = texts(picture)
    assert [text for text in case.shows if text not in shown] == []


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_screen_keeps_to_its_glass(case: Case, model: str) -> None:
    picture = case.picture(model)
    check(picture)
    assert MODELS[model] in texts(picture)


def test_models_differ_in_shape() -> None:
    shapes = {reader_screen(reader(model=model)).svg.split("Welcome")[-1] for model in MODELS}
    assert len(shapes) == len(MODELS)
    for model in ("wisepos_e", "stripe_s700", "stripe_s710", "verifone_v660p"):
        real = {"wisepos_e": "bbpos_wisepos_e"}.get(model, model)
        simulated = reader_screen(reader(model=f"simulated_{model}"))
        assert simulated.svg == reader_screen(reader(model=real)).svg


def test_a_model_from_the_future_is_a_card_reader() -> None:
    assert reader_screen(reader(model="hologram_9000")).alt == "Card reader: idle, splash screen"


def test_stripe_objects_and_dicts_give_the_same_picture() -> None:
    fields, payment = reader(pay()), intent()
    objects = (
        stripe.terminal.Reader.construct_from(fields, "k"),
        stripe.PaymentIntent.construct_from(payment, "k"),
    )
    assert reader_screen(*objects).svg == reader_screen(fields, payment).svg
    mixed = {**fields, "action": objects[0].action}
    assert reader_screen(mixed, payment).svg == reader_screen(fields, payment).svg


@pytest.mark.parametrize(
    ("error", "message", "alt"),
    [
        ({"code": "card_declined", "decline_code": "stolen_card"}, None, "the bank declined this card"),
        ({"code": "card_declined", "decline_code": "brand_new"}, "No luck.", "no luck"),
        ({"code": "card_declined", "decline_code": None}, None, "the bank declined this card"),
        ({"code": "card_declined", "decline_code": "pin_try_exceeded"}, "x", "too many wrong pins"),
    ],
)
def test_a_decline_is_told_in_plain_words(error: dict, message: str | None, alt: str) -> None:
    failed = pay("failed", "card_declined") | {"failure_message": message}
    by_payment = reader_screen(reader(failed), intent(last_payment_error=error))
    by_action = reader_screen(reader(failed | {"api_error": error}))
    assert by_payment.alt == by_action.alt == f"WisePOS E: declined, {alt}"


def test_an_unknown_failure_shows_stripes_message_without_its_ids() -> None:
    failed = pay("failed", "brand_new") | {"failure_message": "No such thing: 'pi_3PxYz0AbCdEf12'"}
    picture = reader_screen(reader(failed))
    assert picture.alt == "WisePOS E: not completed, no such thing: '…'"
    assert "pi_3PxYz0AbCdEf12" not in picture.svg


def test_text_from_the_api_is_shown_not_run() -> None:
    picture = reader_screen(reader(cart((1, "<script>x</script>", 100))))
    assert "<script" not in picture.svg
    assert "<script>x</script>" in "".join(texts(picture))
    assert "<script" not in reader_screen(reader(action('"><script>'))).img()


@pytest.mark.parametrize("amount", [6.5, 6.0, "650", None, True, [650]])
@pytest.mark.parametrize("place", ["line", "tax", "total"])
def test_a_cart_with_anything_but_integers_shows_the_splash(amount: object, place: str) -> None:
    shown = cart((1, "Tea", 650))
    fields = shown["set_reader_display"]["cart"]
    if place == "line":
        fields["line_items"][0]["amount"] = amount
    else:
        fields[place] = amount
    picture = reader_screen(reader(shown))
    no_tax = place == "tax" and amount is None
    assert ("Welcome" in texts(picture)) == (not no_tax)
    assert ("not an integer" in picture.alt) == (not no_tax)


def test_an_offline_reader_shows_no_stage() -> None:
    drawn = reader_screen(reader(pay(), status="offline"), intent(), stage="authorizing")
    assert drawn.alt == "WisePOS E: offline, no connection"


def test_only_known_stages() -> None:
    with pytest.raises(ValueError, match="tip, tip_amount, pin, wrong_pin, insert, authorizing, remove_card"):
        reader_screen(reader(), stage="dancing")
    assert set(STAGES) == {
        "tip", "tip_amount", "pin", "wrong_pin", "insert", "authorizing", "remove_card", "canceled",
        "updating", "splash",
    }  # fmt: skip


class _Images(HTMLParser):
    found: list[dict[str, str | None]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = [*getattr(self, "found", []), {"tag": tag, **dict(attrs)}]


def test_a_notebook_gets_an_image_that_needs_no_trust() -> None:
    picture = reader_screen(reader(pay()), intent(), size=200)
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"] == "<WisePOS E: $12.50, tap, insert or swipe>"
    parser = _Images()
    parser.feed(bundle["text/html"])
    (image,) = parser.found
    assert (image["tag"], image["alt"], image["width"]) == ("img", picture.alt, "200")
    assert base64.b64decode(image["src"].removeprefix("data:image/svg+xml;base64,")).decode() == picture.svg
    assert set(bundle) == {"text/plain", "text/html"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_pictures_hold_no_ids_no_links_and_nothing_from_outside(case: Case) -> None:
    svg = case.picture().svg
    assert "Fake" not in svg
    assert not re.search(r"\s(id|href|xlink:href|class)=|url\(|<style|<script", svg)
    assert set(re.findall(r'https?://[^"\s]+', svg)) == {"http://www.w3.org/2000/svg"}


def test_size_is_the_width_in_pixels() -> None:
    small, large = (reader_screen(reader(), size=size) for size in (200, 600))
    assert (small.width, large.width) == (200, 600)
    assert abs(large.height - 3 * small.height) <= 3
    assert 'width="600"' in large.svg
