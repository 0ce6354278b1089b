"""Does an answer fit the types of the npm package `stripe`? `tsc --strict` reads it as a literal of its type.

That finds a field that Stripe does not have, and one that is missing although Stripe always sends it
(`x: T | null`, where `x?: T` may be absent). A list of words that the package leaves open is closed here.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PACKAGE = HERE / "node_modules" / "stripe"
TSC = HERE / "node_modules" / ".bin" / "tsc"
_OPEN = "export type OtherString = string & Record<never, never>;"
_CLOSED = "export type OtherString = never;"


def missing() -> str:
    """What is missing to check anything; empty when nothing is."""
    if shutil.which("node") is None:
        return "Node is not installed"
    if not PACKAGE.is_dir() or not TSC.exists():
        return "its packages are not installed: run `make test` where npm is"
    return ""


def problems(answers: list[dict[str, Any]], folder: Path) -> list[str]:
    """What the compiler says, each with the answer that it is about; empty when they all fit."""
    _copy_types(folder / "node_modules" / "stripe")
    lines = ['import Stripe from "stripe";']
    lines += [
        f"export const a{n}: {_type(one)} = {json.dumps(_typed(one))};" for n, one in enumerate(answers)
    ]
    (folder / "answers.mts").write_text("\n".join(lines), "utf-8")
    command = [str(TSC), "--strict", "--noEmit", "--skipLibCheck", "--pretty", "false", "--lib", "esnext"]
    command += ["--module", "nodenext", "--types", "", "answers.mts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    found = []
    for line in done.stdout.splitlines():
        if match := re.match(r"answers\.mts\((\d+),", line):
            answer = answers[int(match[1]) - 2]
            found.append(f"{line}\n  in {json.dumps(answer)[:300]}")
        else:
            found.append(line)
    return found


def _copy_types(target: Path) -> None:
    shutil.copytree(
        PACKAGE, target, ignore=lambda _, names: [n for n in names if n.endswith((".js", ".map", "cjs"))]
    )
    shared = target / "esm" / "shared.d.ts"
    text = shared.read_text("utf-8")
    assert _OPEN in text, "the package writes open lists in another way now"
    shared.write_text(text.replace(_OPEN, _CLOSED), "utf-8")


def _typed(answer: dict[str, Any]) -> dict[str, Any]:
    """In `previous_attributes` a null stands for what was not there, and an object holds only what changed in
    it, which no type says: there it is written as it was."""
    if answer.get("object") in ("list", "search_result"):
        return {**answer, "data": [_typed(one) for one in answer["data"]]}
    if answer.get("object") == "event" and "previous_attributes" in answer["data"]:
        data = answer["data"]
        whole = _as_it_was(data["object"], data["previous_attributes"])
        before = {name: whole[name] for name in data["previous_attributes"] if name in whole}
        return {**answer, "data": {**data, "previous_attributes": before}}
    return _uncounted(answer)


def _uncounted(value: Any) -> Any:
    """Without `total_count`, which the package knows of no list, although Stripe says it of some."""
    if isinstance(value, list):
        return [_uncounted(one) for one in value]
    if not isinstance(value, dict):
        return value
    hidden = {"total_count"} if value.get("object") == "list" else set()
    return {name: _uncounted(inner) for name, inner in value.items() if name not in hidden}


# In an object, what is not there before it has a value; evidence of a dispute, for one, is null.
_NOT_THERE = ("", "metadata", "card")


def _as_it_was(now: dict[str, Any], before: dict[str, Any], within: str = "") -> dict[str, Any]:
    """The object with all that was replaced; without what was not there before."""
    was = dict(now)
    for name, old in before.items():
        if old is None and within in _NOT_THERE:
            was.pop(name, None)
        elif isinstance(old, dict) and isinstance(now.get(name), dict):
            was[name] = _as_it_was(now[name], old, name)
        else:
            was[name] = old
    return was


def _type(answer: dict[str, Any]) -> str:
    """`{"object": "terminal.reader"}` is a `Stripe.Terminal.Reader`."""
    if "error" in answer:
        return "{ error: Stripe.StripeRawError }"
    kind = answer["object"]
    if kind in ("list", "search_result"):
        members = " | ".join(sorted({_type(one) for one in answer["data"]})) or "never"
        return f"Stripe.{'ApiList' if kind == 'list' else 'ApiSearchResult'}<{members}>"
    *spaces, name = ("".join(word.capitalize() for word in part.split("_")) for part in kind.split("."))
    return ".".join(["Stripe", *spaces, ("Deleted" if answer.get("deleted") else "") + name])
