"""The page for those who have an application already: its snippets are run as they stand there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stripe

from tests.simulator.serving import ROOT, Served, serve

from .test_clients import HERE, OLD_PYTHON

PAGE = ROOT / "irl_helpers" / "simulator" / "your-own-application.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```(python|js|ruby|php|go)\n(.*?)```", TEXT, re.DOTALL))
CURL = re.findall(r"^curl .*$", TEXT, re.MULTILINE)
KEY, ADDRESS = "sk_test_offline", "http://127.0.0.1:12111"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """As the page has it: one reader, registered by its curl line or, without curl, by the same call."""
    with serve("--account", str(tmp_path_factory.mktemp("yours") / "account.sqlite")) as running:
        if shutil.which("curl"):
            assert json.loads(run(here(CURL[0], running).split()))["label"] == "Counter"
        else:
            running.client(KEY).v1.terminal.readers.create({"registration_code": "simulated-wpe"})
        yield running


def here(text: str, served: Served) -> str:
    """What the page says, with the port of this simulator in place of the usual one."""
    return text.replace(ADDRESS, served.url).replace("port: 12111", f"port: {served.port}")


def run(command: list[str], folder: Path = HERE) -> str:
    """What the program prints; it must not fail."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def python(code: str, folder: Path) -> list[str]:
    return [sys.executable, "-W", "error", "-c", code]


def node(code: str, folder: Path) -> list[str]:
    if not (HERE / "node_modules" / "stripe").is_dir():
        pytest.skip("its packages are not installed: run `make test` where npm is")
    return [needed("node"), "--input-type=module", "--eval", code]


def ruby(code: str, folder: Path) -> list[str]:
    program = needed("ruby")
    if subprocess.run([program, "-e", 'require "stripe"'], capture_output=True, check=False).returncode:
        pytest.skip("the gem stripe is not installed")
    return [program, "-e", code]


def php(code: str, folder: Path) -> list[str]:
    if not (HERE / "vendor" / "autoload.php").is_file():
        pytest.skip("stripe/stripe-php is not installed in tests/clients")
    return [needed("php"), "-r", code.removeprefix("<?php")]


def go(code: str, folder: Path) -> list[str]:
    if not (HERE / "go.mod").is_file():
        pytest.skip("there is no module with stripe-go in tests/clients")
    (folder / "main.go").write_text(code, encoding="utf-8")
    return [needed("go"), "run", str(folder / "main.go")]


def needed(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    return program


LANGUAGES: dict[str, Callable[[str, Path], list[str]]] = {
    "python": python,
    "js": node,
    "ruby": ruby,
    "php": php,
    "go": go,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_snippet_asks_the_reader_for_money(language, served, tmp_path):
    v1 = served.client(KEY).v1
    [reader] = v1.terminal.readers.list().data
    program = LANGUAGES[language](here(BLOCKS[language], served), tmp_path)
    assert run(program) == "in_progress\n"
    asked = v1.terminal.readers.retrieve(reader.id).action.process_payment_intent.payment_intent
    assert asked != (reader.action and reader.action.process_payment_intent.payment_intent)
    v1.test_helpers.terminal.readers.present_payment_method(reader.id)
    payment = v1.payment_intents.retrieve(asked)
    assert (payment.amount, payment.status) == (1000, "requires_capture")


def test_the_notebooks_snippet_asks_the_reader_that_it_shows(served, tmp_path):
    """Whatever others the account has, and the newest is the first in its list."""
    key = "sk_test_notebook"
    readers = served.client(key).v1.terminal.readers
    counter, window = (
        readers.create({"registration_code": "simulated-wpe", "label": label})
        for label in ("Counter 1", "Window")
    )
    cells = json.loads((ROOT / "notebooks" / "reader.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    code = re.findall(r"```js\n(.*?)```", text, re.DOTALL)[0].replace(KEY, key)
    run(node(here(code, served), tmp_path))
    assert readers.retrieve(counter.id).action.status == "in_progress"
    assert readers.retrieve(window.id).action is None


def test_the_page_holds_a_card_to_the_reader(served):
    needed("curl")
    v1 = served.client(KEY).v1
    [reader] = v1.terminal.readers.list().data
    payment = v1.payment_intents.create(
        {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    )
    v1.terminal.readers.process_payment_intent(reader.id, {"payment_intent": payment.id})
    _, present = CURL
    answer = json.loads(run(here(present, served).replace("tmr_…", reader.id).split()))
    assert answer["action"]["status"] == "succeeded"


def test_every_language_of_the_page_is_run_where_it_can_be():
    assert BLOCKS.keys() == LANGUAGES.keys()
    assert [line.split()[1] for line in CURL] == ["-s", "-s"]


def test_links_lead_to_pages_and_headings_that_are_there():
    for page, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", TEXT):
        target = PAGE.parent / page if page else PAGE
        headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, (page, anchor)
    assert "irl_helpers/simulator/your-own-application.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_versions_in_the_page_are_those_that_are_run():
    python = re.search(r"^\| Python \| ([^|]+) \|", TEXT, re.MULTILINE)
    assert python
    *old, new = python[1].split(", ")
    assert old == OLD_PYTHON
    assert stripe.VERSION.startswith(f"{new}.")
    packages = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    node = [packages["stripe-11"].partition("@")[2], packages["stripe"].removeprefix(">=")]
    assert f"| Node | {', '.join(node)} |" in TEXT
