"""What is not as on a machine: in a browser tab there is no key, no other program and no installation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from irl_helpers.checkup import NEED_PROGRAMS, POINTS
from tests.browser.notebook import OPEN
from tests.lite.site import Lab

HERE = sorted(POINTS.keys() - set(NEED_PROGRAMS))

# Code, and words of what it prints or of the message of its error.
CASES = {
    "a test key": (
        "import os; from irl_helpers.account import stripe_client\n"
        "os.environ['STRIPE_SECRET_KEY'] = 'sk_' + 'test_123'\n"
        "try: stripe_client()\nfinally: os.environ['STRIPE_SECRET_KEY'] = ''",
        ["STRIPE_SECRET_KEY is set", "no place in a web page", "make lab", "Nothing was sent"],
    ),
    "a served simulator": (
        "import os; from irl_helpers.account import stripe_client\n"
        "os.environ['IRL_API_BASE'] = 'http://127.0.0.1:12111'\n"
        "try: stripe_client()\nfinally: os.environ['IRL_API_BASE'] = ''",
        ["IRL_API_BASE is set", "a browser tab cannot reach", "Nothing was sent"],
    ),
    "offline again": (
        "from irl_helpers.account import account_status; print(account_status())",
        ["Account: offline account"],
    ),
    "the check-up": (
        "from irl_helpers import checkup\nfor point in checkup.examine(): print(point)",
        [*(f"ok  {name}" for name in HERE), "in this browser tab", "kept by this browser", "$10.00"],
    ),
    "a request as code": (
        "from irl_helpers.connect import list_readers\n"
        "from irl_helpers.account import request_log\n"
        "from irl_helpers.request_log.code_samples import as_python\n"
        "list_readers(); print(as_python(list(request_log())[-1]))",
        ["client.v1.terminal.readers.list("],
    ),
    "curl": (
        "from irl_helpers.account import curl_target; print(curl_target().note)",
        ["on your machine", "cannot reach this browser tab"],
    ),
    "your own application": (
        "from irl_helpers.panels import CounterPanel\nprint(CounterPanel('Counter 1').lists.requests.empty)",
        ["Nothing is served", "no program can reach a browser tab", "On your own machine, make counter"],
    ),
    "the words of the first cell": (
        "from irl_helpers import checkup; print(checkup.ready()._repr_mimebundle_()['text/html'])",
        ["Ready: ", "In a browser tab, load it again"],
    ),
    "%pip": ("%pip install requests", ["No package can be installed in a browser tab", "make lab"]),
    "what no notebook imports": (
        "import stripe.treasury, pygments.lexers.ruby; print(stripe.treasury.__name__)",
        ["stripe.treasury"],
    ),
    "completion": (
        "ip = get_ipython(); import irl_helpers.account\n"
        "print(*ip.Completer.all_completions('irl_helpers.account.curl_'))",
        ["curl_target"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def lab(browser: Browser, site: str) -> Iterator[Lab]:
    context = browser.new_context()
    context.set_default_timeout(60_000)
    lab = Lab(context.new_page(), site)
    lab.open("notebooks/01_setup.ipynb")
    yield lab
    context.close()


def test_before_the_first_cell_it_is_said_which_one_makes_a_name(lab):
    asked: list[str] = []
    lab.page.context.on("request", lambda request: asked.append(request.url))
    for begin in (lambda: None, lab.restart):
        begin()
        message, *lines = lab.printed("client.v1.terminal.readers.list()").splitlines()
        assert message == "name 'client' is not defined"
        assert len(lines) == 3, lines
        assert "from irl_helpers import faults" in lines[1]  # the first line of the cell
        assert "it has not run" in lines[1]
        assert lines[2].startswith("Run the cells above first")
    assert "division by zero" in lab.printed("1 / 0")  # and any other error is as ever
    assert not any("later.zip" in address for address in asked)


@pytest.mark.parametrize("case", CASES)
def test_in_a_tab(lab, case):
    code, words = CASES[case]
    printed = lab.printed(code)
    assert [word for word in words if word not in printed] == [], printed


KEPT = """() => window.jupyterapp.serviceManager.workspaces.fetch('default').then(({data}) =>
  JSON.stringify(data['layout-restorer:data']?.main).match(/notebook:[^"]+/g)?.includes('notebook:PATH'))"""
ANSWERS = """async () => {
  await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info;
  return [...window.jupyterapp.serviceManager.sessions.running()].map(each => each.path);
}"""
HAS_A_KERNEL = """path => {
  const seen = window.jupyterapp?.shell.currentWidget;
  return seen?.context?.path === path && seen.sessionContext.session?.kernel;
}"""


# In a new cell, as somebody does who wants to see whether anything is drawn.
DRAW = """async () => {
  const {commands, shell} = window.jupyterapp;
  const {content} = shell.currentWidget;
  const source = "from irl_helpers.panels import ConnectPanel; ConnectPanel()";
  content.model.sharedModel.insertCell(0, {cell_type: 'code', source});
  content.activeCellIndex = 0;
  await commands.execute('notebook:run-cell');
}"""


def test_who_returns_waits_for_the_kernel_of_what_she_sees_and_finds_its_panels(lab):
    first, second = "notebooks/01_setup.ipynb", "notebooks/02_connect.ipynb"

    def draws():
        lab.page.evaluate(DRAW)
        expect(first_output(".irl-panel").get_by_role("button", name="Refresh")).to_be_visible()

    def first_output(selector):
        return lab.page.locator(".jp-MainAreaWidget:visible .jp-OutputArea").first.locator(selector)

    lab.open(second)
    lab.page.wait_for_function(KEPT.replace("PATH", second))
    address = lab.page.url.partition("?")[0]
    for link, seen in ((address, second), (f"{address}?path={first}", first)):
        lab.page.goto(link)
        lab.page.wait_for_function(HAS_A_KERNEL, arg=seen)
        assert lab.page.evaluate(ANSWERS) == [seen]
    draws()
    lab.page.evaluate(OPEN, second)
    lab.page.wait_for_function(HAS_A_KERNEL, arg=second)
    lab.page.evaluate(ANSWERS)
    assert "it has not run" in lab.printed("client")
    draws()
    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save').then(() => null)")
    lab.page.goto(f"{address}?path={second}")
    expect(first_output('img[alt^="ConnectPanel, as it was"]')).to_be_visible()
    assert lab.broken == []
