"""What the button did: every request of this kernel, newest first, each with the code that sends it again.

```python
RequestLogView()        # at the end of a cell
```
"""

from __future__ import annotations

import asyncio
import json
import time
from html import escape
from typing import Any
from urllib.parse import parse_qsl

import ipywidgets as W

from ..account import curl_target, request_log
from ..request_log import LoggedRequest, RequestLog
from ..request_log.code_samples import as_curl, as_python
from .json_text import pretty, without_keys
from .layout import close_tree, panel_view
from .one_per_cell import take_cell

# Opened lines stay open while lines are added; only when the oldest go are all drawn anew. So they go many
# at a time.
MOST, KEPT = 120, 60

# A page that is not on https and not on this machine has no `navigator.clipboard`.
_COPY = """
(function (button) {
  if (!button) return;
  var text = button.closest('.irl-sample').querySelector('pre').textContent;
  function say(text) { button.textContent = text; }
  function done() { say('Copied'); setTimeout(say, 1500, 'Copy'); }
  function old() {
    var box = document.createElement('textarea');
    box.value = text; box.style.position = 'fixed'; box.style.opacity = 0;
    document.body.appendChild(box); box.select();
    if (document.execCommand('copy')) done(); else say('Select it and press Ctrl+C');
    box.remove(); button.focus();
  }
  if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, old);
  else old();
})(event.target.closest('.irl-copy'))
"""


class RequestLogView:
    """The log of the account in use, followed while it is shown.

    Shown by itself at the end of a cell; a panel has its `rows` under a fold, and calls `follow` and `rest`.
    """

    def __init__(self) -> None:
        self.lines = W.VBox().add_class("irl-requests")
        self.rows = W.VBox([self.lines]).add_class("irl-scroll")
        self._view = panel_view(self.rows)
        self._nothing = W.HTML("Nothing was sent yet.")
        self._log: RequestLog | None = None
        self._stop: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._shown: list[LoggedRequest] = []
        self._made: list[W.HTML] = []

    def follow(self) -> None:
        """Show what was sent, and from now on what is sent."""
        self.rest()
        log = request_log()
        if self._log is not log:  # the first time, or another account is in use now
            close_tree(*self._made)
            self._log, self._shown, self._made = log, [], []
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        self._stop = log.listen(self._heard)
        self._update()

    def rest(self) -> None:
        """Stop following; what is shown stays."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def dispose(self) -> None:
        """Follow no longer, and let the widgets go."""
        self.rest()
        close_tree(self._view, self._nothing, *self._made)

    def _heard(self, request: LoggedRequest) -> None:
        """Called in any thread, in the middle of a request: the line is drawn when that is over."""
        if self._loop is None:
            self._update()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._update)

    def _update(self) -> None:
        sent = list(self._log or ())[-KEPT:]
        new = [each for each in sent if not any(each is known for known in self._shown)]
        # The oldest comes first, and the style sheet turns the order round: lines before a new one stay as
        # they are, those after it would be drawn again, and closed.
        made = [W.HTML(row_html(each)) for each in new]
        self._shown += new
        self._made += made
        gone = self._made[:-KEPT] if len(self._made) > MOST else []
        del self._shown[: len(gone)], self._made[: len(gone)]
        self.lines.children = self._made or [self._nothing]
        close_tree(*gone)

    def __repr__(self) -> str:
        return "<RequestLogView>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        take_cell(self)
        self.follow()
        bundle = dict(self._view._repr_mimebundle_(**kwargs) or {})
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = "<p>The requests that were sent appear when the notebook is run.</p>"
        return bundle


def row_html(request: LoggedRequest) -> str:
    """One request as html: a line, and under it what can be copied. All of it is escaped, no key is in it."""
    tone = "bad" if request.status is None or request.status >= 400 else "good"
    path, _, query = request.path.partition("?")
    target = curl_target()
    return (
        '<details class="irl-request"><summary>'
        f'<span class="irl-verb">{_shown(request.method)}</span>'
        f'<span class="irl-path">{_shown(path)}</span>'
        f'<span class="irl-outcome irl-{tone}">{_shown(_outcome(request))}</span>'
        f'<span class="irl-time">{round(request.seconds * 1000)} ms</span>'
        f'<span class="irl-params">{_shown(_params(query or request.form))}</span>'
        f'<span class="irl-from">{_shown(_origin(request))}</span></summary>'
        f'<div class="irl-samples" onclick="{escape(_COPY)}"><div class="irl-facts">{_facts(request)}</div>'
        + _sample("Python", as_python(request))
        + _sample("curl", as_curl(request, target.address, target.user), target.note)
        + _sample("Answer", pretty(request.body))
        + "</div></details>"
    )


def _origin(request: LoggedRequest) -> str:
    return " · ".join(filter(None, [request.button or "a cell", request.request_id]))


def _facts(request: LoggedRequest) -> str:
    began = time.strftime("%H:%M:%S", time.localtime(request.at))
    rows = [("Sent", f"{began} by {request.button or 'a cell'}")]
    if request.idempotency_key:
        rows.append(("Idempotency key", request.idempotency_key))
    return "".join(f"<div>{name}</div><div>{_shown(value)}</div>" for name, value in rows)


def _sample(title: str, text: str, note: str = "") -> str:
    head = f"<b>{title}</b><span>{note}</span>"
    copy = f'<button type="button" class="irl-copy" aria-label="Copy {title}">Copy</button>'
    return (
        f'<div class="irl-sample"><div class="irl-sample-head">{head}{copy}</div>'
        f'<pre tabindex="0">{_shown(text)}</pre></div>'
    )


def _outcome(request: LoggedRequest) -> str:
    if request.status is None:
        return "no answer"
    try:
        error = json.loads(request.body)["error"]
        code = error.get("code") or error.get("type")
    except (ValueError, TypeError, KeyError, AttributeError):
        code = ""
    return f"{request.status} {code}" if code else str(request.status)


def _params(form: str) -> str:
    """`amount=1250 currency=usd`, readable: not for copying."""
    return "  ".join(f"{name}={value}" for name, value in parse_qsl(form, keep_blank_values=True))


def _shown(text: str) -> str:
    """Escaped, and without anything that looks like a key."""
    return escape(without_keys(text))
