"""The room's own pages, whoever serves them: who is where, and forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from irl_helpers import checks

REFRESH = 15  # seconds
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
}
STYLE = """body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #171b2e; background: #fff }
table { border-collapse: collapse } .done { background: #e3f5ea }
th, td { padding: .3rem 1rem; text-align: left; border-bottom: 1px solid #ccc }
label, button { display: block; margin: .8rem 0 } select, input, button { font: inherit }
main { max-width: 40rem }"""


def page(title: str, body: str, *, refresh: int = 0) -> str:
    """A whole page; `body` is html. With `refresh` it looks again after so many seconds."""
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{again}'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>\n{STYLE}\n</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )


def who_is_where(table: str, told: str, change: str) -> str:
    """The instructor's page around a table: how learners were told of it, and a link to the form."""
    words = f"✓ the task of the part is done. The page looks again every {REFRESH} seconds. {escape(told)}"
    link = f'<p><a href="?change">{escape(change)}</a></p>'
    return page("Who is where", f"{table}<p>{words}</p>{link}", refresh=REFRESH)


def table(seen: dict[str, tuple[float, dict[str, Any]]], now: float) -> str:
    """A row per learner, a column per part."""
    if not seen:
        return "<p>Nobody has come in yet.</p>"
    parts = list(checks.CHECKS)
    rows = []
    for name, (changed, said) in seen.items():
        done = [said.get("passed", {}).get(part, False) for part in parts]
        cells = "".join('<td class="done">✓</td>' if each else "<td></td>" for each in done)
        if "problem" in said:
            cells = f'<td colspan="{len(parts)}">{escape(str(said["problem"]))}</td>'
        last = ago(now - changed) if changed else ""
        rows.append(f"<tr><th>{escape(name)}</th>{cells}<td>{last}</td></tr>")
    head = ""
    for part in parts:
        count = sum(said.get("passed", {}).get(part, False) for _, said in seen.values())
        head += f"<th>{escape(part)}<br><small>{count} of {len(seen)}</small></th>"
    return f"<table><tr><th>{len(seen)} learners</th>{head}<th>last change</th></tr>{''.join(rows)}</table>"


def ago(seconds: float) -> str:
    """ "just now", "4 min ago", "2 h ago"."""
    if seconds < 60:
        return "just now"
    return f"{seconds / 60:.0f} min ago" if seconds < 5400 else f"{seconds / 3600:.0f} h ago"


def change_form(
    title: str, said: str, names: Iterable[str], actions: Mapping[str, str], hidden: str = ""
) -> str:
    """What can be done for a learner, each with a button, for whoever gives the password again. `hidden` is
    html."""
    options = "".join(f'<option value="{escape(name)}">{escape(name)}</option>' for name in names)
    buttons = "".join(
        f'<button name="do" value="{do}">{escape(says)}</button>' for do, says in actions.items()
    )
    return page(
        title,
        f"""<p role="status">{escape(said)}</p><form method="post">{hidden}
<label>Learner <select name="name" required>{options}</select></label>
<label>Your password <input name="password" type="password" autocomplete="off" required></label>
{buttons}</form><p><a href="?">Who is where</a></p>""",
    )
