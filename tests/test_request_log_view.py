"""What the button did, on the page: every request, newest first, escaped, and without keys."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from html import unescape

import pytest
import stripe

from irl_helpers import setup
from irl_helpers.account import request_log, stripe_client
from irl_helpers.panels import CollectPanel
from irl_helpers.panels import request_log_view as views
from irl_helpers.panels.request_log_view import RequestLogView, row_html
from irl_helpers.request_log import LoggedRequest

SENT = LoggedRequest(
    method="POST",
    path="/v1/terminal/readers/tmr_1/process_payment_intent",
    form="payment_intent=pi_1",
    status=200,
    body='{"id": "tmr_1", "action": null}',
    request_id="req_7",
    idempotency_key=None,
    at=1_795_537_812.0,
    seconds=0.0123,
    button="Process",
)


def text(html):
    """What a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def samples(html):
    return [unescape(found) for found in re.findall(r"<pre[^>]*>(.*?)</pre>", html, re.DOTALL)]


def lines(view):
    """The paths of the rows, from top to bottom of the page: the style sheet turns the order round."""
    paths = (re.search(r'irl-path">([^<]*)', row.value) for row in reversed(view.lines.children))
    return [found[1] for found in paths if found]


def test_a_line_says_what_was_sent_and_what_came_of_it():
    summary = text(row_html(SENT).partition("</summary>")[0])
    assert summary == (
        "POST /v1/terminal/readers/tmr_1/process_payment_intent 200 12 ms payment_intent=pi_1 Process · req_7"
    )


def test_a_line_says_whether_a_button_or_a_cell_has_sent_it():
    for button, sender in (("Process", "Process"), ("", "a cell")):
        summary = text(row_html(replace(SENT, button=button)).partition("</summary>")[0])
        assert summary.endswith(f" {sender} · req_7")


def test_an_opened_line_has_the_call_the_curl_line_and_the_answer():
    python, curl, answer = samples(row_html(SENT))
    assert python.startswith("client.v1.terminal.readers.process_payment_intent(")
    assert curl.startswith(
        "curl http://127.0.0.1:12111/v1/terminal/readers/tmr_1/process_payment_intent \\\n"
    )
    assert answer == '{\n  "id": "tmr_1",\n  "action": null\n}'
    assert row_html(SENT).count('class="irl-copy"') == 3


REFUSED = '{"error": {"code": "terminal_reader_busy", "type": "invalid_request_error", "message": "Busy"}}'
OUTCOMES = [
    ({"status": 400, "body": REFUSED}, "400 terminal_reader_busy", "irl-bad"),
    ({"status": 500, "body": '{"error": {"type": "api_error"}}'}, "500 api_error", "irl-bad"),
    ({"status": 502, "body": "<h1>Bad gateway</h1>"}, "502", "irl-bad"),
    ({"status": 400, "body": '{"error": "no object"}'}, "400", "irl-bad"),
    ({"status": None, "body": "Timed out"}, "no answer", "irl-bad"),
    ({"status": 200, "body": "[]"}, "200", "irl-good"),
]


@pytest.mark.parametrize(("answer", "said", "tone"), OUTCOMES)
def test_the_outcome_is_named(answer, said, tone):
    html = row_html(replace(SENT, **answer))
    assert f'<span class="irl-outcome {tone}">{said}</span>' in html


def test_everything_is_escaped():
    evil = "<img src=x onerror=alert(1)>\"'"
    html = row_html(
        LoggedRequest(
            evil,
            f"/v1/{evil}",
            f"name={evil}",
            400,
            f'{{"error": {{"code": "{evil[:5]}"}}}}',
            evil,
            evil,
            0,
            0,
            evil,
        )
    )
    assert "<img" not in html
    assert html.count("<details") == html.count("</details>") == 1
    assert evil in unescape(html)


def test_no_key_and_no_secret_is_shown():
    key, hook = "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc", "whsec_" + "1a2b3c4d5e6f"
    secrets = f'"client_secret": "pi_1_secret_xyz", "secret": "{hook}"'
    body = f'{{"message": "Invalid API Key provided: {key}", {secrets}}}'
    html = row_html(replace(SENT, form=f"name={key}", body=body))
    for hidden in (key, hook, "xyz"):
        assert hidden not in html
    assert "sk_test_…" in html
    # Not a secret, and needed by those who copy the line.
    assert "-u sk_test_offline:" in samples(html)[1]


def test_a_long_answer_is_cut_and_says_so():
    answer = samples(row_html(replace(SENT, body=f'"{"x" * 50_000}"')))[2]
    assert len(answer) < 21_000
    assert answer.endswith("… 50,002 characters in all")


def test_the_log_is_shown_newest_first_and_followed_until_it_rests():
    shop = setup.create_location("Shop", setup.ADDRESS)
    view = RequestLogView()
    assert lines(view) == []
    view.follow()
    assert lines(view) == ["/v1/terminal/locations"]
    setup.register_reader("simulated-wpe", shop.id)
    assert lines(view) == ["/v1/terminal/readers", "/v1/terminal/locations"]
    view.rest()
    stripe_client().v1.payment_intents.list()
    assert len(lines(view)) == 2
    view.follow()
    assert lines(view)[0] == "/v1/payment_intents"


def test_lines_that_are_there_stay_the_same_widgets():
    # What is drawn again is closed: the page keeps those at the front of the list.
    view = RequestLogView()
    view.follow()
    setup.create_location("Shop", setup.ADDRESS)
    first = view.lines.children
    stripe_client().v1.payment_intents.list()
    assert view.lines.children[: len(first)] == first


def test_a_long_log_stays_short(monkeypatch):
    monkeypatch.setattr(views, "MOST", 6)
    monkeypatch.setattr(views, "KEPT", 3)
    view = RequestLogView()
    view.follow()
    for number in range(10):
        request_log().add(replace(SENT, path=f"/v1/customers/{number}"))
        assert 1 <= len(lines(view)) <= 6
        assert lines(view)[0] == f"/v1/customers/{number}"


def test_another_account_has_a_log_of_its_own(monkeypatch, tmp_path):
    view = RequestLogView()
    view.follow()
    setup.create_location("Shop", setup.ADDRESS)
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(tmp_path / "another.sqlite"))
    view.follow()
    assert lines(view) == []
    assert "Nothing was sent yet" in view.lines.children[0].value


def test_what_a_thread_sends_is_shown_by_the_page_itself():
    async def follow():
        view = RequestLogView()
        view.follow()
        await asyncio.to_thread(request_log().add, SENT)
        await asyncio.sleep(0)
        assert lines(view) == [SENT.path]
        view.rest()

    asyncio.run(follow())


def test_a_panel_shows_what_its_button_did():
    setup.own_reader("Till")
    panel = CollectPanel()
    panel.folds[0].button.value = True
    panel.process.click()
    by_button = [request.button for request in request_log()]
    assert by_button[-2:] == ["Process", "Process"]
    assert "Process" not in by_button[:-2]
    assert lines(panel.requests)[:2] == [
        f"/v1/terminal/readers/{panel.reader.value}/process_payment_intent",
        "/v1/payment_intents",
    ]
    panel.folds[0].button.value = False
    panel.cancel.click()
    assert "cancel" not in lines(panel.requests)[0]


def test_it_is_shown_at_the_end_of_a_cell_and_stored_without_ids():
    view = RequestLogView()
    with pytest.raises(stripe.InvalidRequestError):
        stripe_client().v1.payment_intents.retrieve("pi_none")
    bundle = view._repr_mimebundle_()
    assert bundle["text/plain"] == "<RequestLogView>"
    assert "pi_none" not in bundle["text/html"]
    assert lines(view) == ["/v1/payment_intents/pi_none"]
