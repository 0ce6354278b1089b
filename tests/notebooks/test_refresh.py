"""`make refresh` stores what a static page can show, and the same bytes if nothing has changed in meaning."""

from __future__ import annotations

import nbformat
import pytest

from tests.notebooks import generated
from tests.notebooks.generated import code
from tests.notebooks.refresh import main, refresh
from tests.notebooks.running import NotebookFailed
from tests.notebooks.shape import problems

ID = "'pi_3' + ''.join(random.choices('0123456789abcdef', k=23))"


@pytest.fixture
def path(tmp_path):
    return generated.write(
        tmp_path / "sale.ipynb",
        code(
            f"import asyncio, random, time, ipywidgets\nsale = {ID}\nprint(sale, time.time_ns() // 1000000)"
        ),
        code("{'id': sale, 'status': 'requires_capture'}"),
        code("ipywidgets.Button(description='Capture')"),
        code("raise ValueError(f'{sale} was captured before')", tags=["raises-exception"]),
    )


def outputs(path, number):
    return nbformat.read(path, as_version=4).cells[number].outputs


def change(path, number, source):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[number].source = source
    nbformat.write(notebook, path)


def test_what_is_stored_is_what_a_page_can_show(path):
    assert refresh(path)
    assert problems(path) == []
    assert "Capture" in outputs(path, 2)[0].data["text/plain"]
    assert outputs(path, 3)[0].traceback == [f"ValueError: {outputs(path, 3)[0].evalue}"]


def test_a_second_run_gives_the_same_bytes(path):
    refresh(path)
    before = path.read_bytes()
    assert not refresh(path)
    assert path.read_bytes() == before


def test_a_change_is_stored_and_ids_stay_what_they_were(path):
    refresh(path)
    printed = outputs(path, 0)
    change(path, 1, "{'id': sale, 'status': 'canceled'}")
    assert refresh(path)
    assert outputs(path, 0) == printed
    sale = printed[0].text.split()[0]
    assert outputs(path, 1)[0].data["text/plain"] == f"{{'id': '{sale}', 'status': 'canceled'}}"


FAILURES = {
    "ZeroDivisionError": "1 / 0",
    "UserWarning: careful": "import warnings; warnings.warn('careful')",
    "never retrieved": "async def lost(): 1 / 0\nasyncio.create_task(lost())\nawait asyncio.sleep(0)",
    "KeyError": "button = ipywidgets.Button()\nbutton.on_click(lambda button: {}[1])\nbutton.click()",
}


@pytest.mark.parametrize("complaint", FAILURES)
def test_a_notebook_that_fails_is_left_alone(path, complaint):
    change(path, 2, FAILURES[complaint])
    before = path.read_bytes()
    with pytest.raises(NotebookFailed, match=complaint):
        refresh(path)
    assert path.read_bytes() == before


def test_notebooks_run_on_an_empty_offline_account(path, capsys, monkeypatch, account_file):
    account_file.write_text("the learner's own")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_" + "test_" + "learner")
    change(
        path,
        2,
        "import os; [os.path.exists(os.environ['IRL_ACCOUNT_FILE']), os.environ['STRIPE_SECRET_KEY']]",
    )
    main([str(path)])
    assert capsys.readouterr().out == "sale.ipynb updated\n"
    assert outputs(path, 2)[0].data["text/plain"] == "[False, '']"
    assert account_file.read_text() == "the learner's own"
