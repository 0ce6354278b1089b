"""Two learners in a real room: each has her own, and what they wrote stays."""

from __future__ import annotations

import html
import json
import os
import re
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from irl_helpers import checks
from tests.workshop.cells import (
    ACCOUNT,
    BREAK,
    CANCEL,
    ENDLESS,
    FILE_OF_ANOTHER,
    KILL,
    MEETING,
    PAST_THE_PROXY,
    PROMPT,
    THE_TASK_OF_PART_3,
    TOO_MUCH,
)
from tests.workshop.rooms import PATIENCE, PIN, Room
from tests.workshop.visitor import Kernel, Refused, Visitor

AMOUNTS = {"ana": 1200, "ben": 3400}


@pytest.fixture(scope="module")
def learners(room: Room) -> dict[str, Visitor]:
    """Ana and Ben, who come in at the same time."""
    names = {"ana": room.name("ana"), "ben": room.name("李小龙")}
    with ThreadPoolExecutor(2) as both:
        return dict(zip(names, both.map(room.learner, names.values()), strict=True))


@pytest.fixture(scope="module")
def kernels(learners: dict[str, Visitor]) -> dict[str, Kernel]:
    """A notebook of each, and in it a sale and a payment in flight."""
    kernels = {name: visitor.kernel() for name, visitor in learners.items()}
    for name, amount in AMOUNTS.items():
        assert kernels[name].run(PROMPT.format(amount=amount)) == f"{amount}\nin_progress\n"
    return kernels


def test_two_learners_sell_and_cancel_and_neither_sees_the_other(learners, kernels):
    for kernel in kernels.values():
        assert kernel.run(CANCEL) == "None\ncanceled\n"
    another = learners["ana"].kernel().run(PROMPT.partition("reader =")[0] + ACCOUNT)
    for seen, amount in ((another, AMOUNTS["ana"]), (kernels["ben"].run(ACCOUNT), AMOUNTS["ben"])):
        assert seen == f"{[amount + 1000, amount]}\n1\n"


def test_a_learner_cannot_reach_anothers_server_and_nobody_the_hubs_pages_for_admins(room, learners):
    ana, ben = learners.values()
    assert ana.api("GET", "contents/").status_code == 200
    assert ana.api("GET", "contents/", of=ben.name).status_code == 403
    assert ana.browser.get(f"{room.address}/user/{ben.name}/lab").status_code == 403
    for one in (ana, room.instructor()):
        assert one.browser.get(f"{room.address}/hub/admin").status_code == 403


def test_only_her_pin_opens_a_name_that_is_taken(room, learners):
    password = room.keys()["learner_password"]
    for pin, given, said in [
        (PIN, "wrong", "not the room's password"),
        ("0000", password, "taken, and this is not its PIN"),
        ("", password, "a PIN of at least 4"),
        (PIN, room.keys()["instructor_password"], "not the room's password"),
    ]:
        stranger = Visitor(room.address)
        with pytest.raises(Refused, match=said):
            stranger.log_in(learners["ana"].name, pin, given)
        assert stranger.api("GET", "contents/", of=learners["ana"].name).status_code in (302, 403)
    with pytest.raises(Refused, match="instructor's password"):
        Visitor(room.address).log_in("Instructor", PIN, password)
    Visitor(room.address).log_in(learners["ana"].name.upper(), PIN, password)


def test_nothing_of_the_one_who_runs_the_room_reaches_a_learner(room, learners, kernels):
    seen = json.loads(kernels["ben"].run("import os, json; print(json.dumps(dict(os.environ)))"))
    own = room.home(learners["ben"].name) / ".local/share/get-paid-irl/account.sqlite"
    assert [seen[name] for name in ("STRIPE_SECRET_KEY", "IRL_API_BASE")] == ["", ""]
    assert seen["IRL_ACCOUNT_FILE"] == str(own)
    assert not set(seen.values()) & set(room.keys().values())


def test_pages_are_compressed_and_no_extension_is_there_that_nobody_asked_for(room, learners):
    ana = learners["ana"]
    page = ana.browser.get(f"{room.address}/user/{ana.name}/lab")
    assert page.headers["Content-Encoding"] == "gzip"
    assert ana.api("GET", "contents/").status_code == 200
    for path in ("lsp/status", "voila/"):
        assert ana.browser.get(f"{room.address}/user/{ana.name}/{path}").status_code == 404, path


@pytest.fixture
def as_root(room: Room) -> None:
    if room.user != 0 or os.geteuid() != 0:
        pytest.skip("only root can give each learner a Unix user")


@pytest.mark.usefixtures("as_root")
@pytest.mark.parametrize(
    "path",
    [
        "homes/{ben}/notebooks/01_setup.ipynb",
        "homes/{ben}/.local/share/get-paid-irl/account.sqlite",
        "room.json",
        "ports.json",
        "pins.sqlite",
        "../../project/.env",
        "cookie_secret",
        "jupyterhub.sqlite",
        "hub.log",
    ],
)
def test_as_root_a_learner_reads_nobody_elses_files(room, learners, kernels, path):
    there = room.folder / path.format(ben=learners["ben"].name)
    assert there.stat().st_size > 0
    assert kernels["ana"].run(FILE_OF_ANOTHER.format(path=str(there))) == "refused 13\n"


@pytest.mark.usefixtures("as_root")
def test_as_root_no_room_is_opened_whose_learners_could_read_a_key(room):
    file = room.folder.parents[1] / "project/.env"
    for name in (".env", ".env.local"):
        file.replace(file.with_name(name))
        file.with_name(name).chmod(0o644)
        done = room.run("start")
        file.with_name(name).chmod(0o600)
        file.with_name(name).replace(file)
        assert done.returncode == 2
        assert f"chmod 600 {file.with_name(name)}" in done.stderr


@pytest.mark.usefixtures("as_root")
def test_as_root_a_learner_cannot_guess_past_the_proxy_with_an_address_of_her_choice(room, learners, kernels):
    guess = PAST_THE_PROXY.format(name=learners["ben"].name, password=room.keys()["learner_password"])
    assert kernels["ana"].run(guess) == "Come in by the room&#39;s address.\n"


@pytest.mark.usefixtures("as_root")
def test_as_root_a_learner_stops_nobody_elses_server(kernels):
    pids = kernels["ben"].run("import os; print(os.getpid(), os.getppid())")
    for pid in pids.split():
        assert kernels["ana"].run(KILL.format(pid=pid)) == "refused\n"
    assert kernels["ben"].run("1 + 1") == "2\n"


def test_no_other_program_can_take_the_place_where_a_kernel_meets_its_server(kernels):
    for kernel in kernels.values():
        transport, folder = kernel.run(MEETING).splitlines()
        assert transport == "ipc"
        assert os.stat(folder).st_mode & 0o077 == 0
        assert any(stat.S_ISSOCK(path.stat().st_mode) for path in Path(folder).iterdir())


def test_a_kernel_that_dies_is_told(learners):
    kernel = learners["ana"].kernel()
    with pytest.raises(Refused, match="The kernel died"):
        kernel.run("import os; os._exit(1)")


@pytest.mark.usefixtures("as_root")
def test_as_root_memory_ends_for_the_one_who_hoards_it(kernels):
    assert kernels["ana"].run(TOO_MUCH) == "no more memory\n"
    assert kernels["ana"].run("1 + 1") == "2\n"


def test_only_the_instructor_sees_who_is_where(room, learners, kernels):
    address = f"{room.address}/services/progress/"
    cancel = "cancel_reader_action(reader.id)"
    assert kernels["ana"].run(f"{cancel}\n{THE_TASK_OF_PART_3}").endswith("True\n")
    page = room.instructor().browser.get(address)
    assert page.status_code == 200
    rows = dict(re.findall(r"<tr><th>([^<\s]+)</th>(.*?)</tr>", page.text))
    empty, done = "<td></td>", '<td class="done">✓</td>'
    cells = [done if part == "collect" else empty for part in checks.CHECKS]
    assert rows[learners["ana"].name] == "".join([*cells, "<td>just now</td>"])
    assert rows[learners["ben"].name].startswith(empty * len(checks.CHECKS))
    assert f"<small>1 of {len(rows)}</small>" in page.text
    for nosy in (learners["ana"], Visitor(room.address)):
        page = nosy.browser.get(address)
        assert "/hub/" in page.url, "the table itself is not reached"
        assert learners["ben"].name not in page.text
    assert learners["ana"].browser.get(address).status_code == 403


def test_a_reset_empties_accounts_and_leaves_notebooks_and_kernels(room, learners, kernels):
    for kernel in kernels.values():
        assert kernel.run(PROMPT.format(amount=500)) == "500\nin_progress\n"
    notebook = "contents/notebooks/03_collect.ipynb"
    before = learners["ana"].api("GET", notebook).json()["last_modified"]
    ana, ben = (visitor.name for visitor in learners.values())
    done = room.run("reset", ana)
    assert (done.returncode, done.stdout) == (0, f"{ana}: an empty account; notebooks as they were\n"), (
        done.stderr
    )
    assert kernels["ana"].run(ACCOUNT) == "[]\n0\n"
    assert kernels["ben"].run(ACCOUNT) != "[]\n0\n"
    done = room.run("reset", "--everyone")
    assert {line.partition(":")[0] for line in done.stdout.splitlines()} >= {ana, ben}
    assert kernels["ben"].run(ACCOUNT) == "[]\n0\n"
    assert kernels["ana"].run(PROMPT.format(amount=700)) == "700\nin_progress\n"
    assert learners["ana"].api("GET", notebook).json()["last_modified"] == before
    done = room.run("reset", "nobody-here")
    assert done.returncode == 2
    assert "No such learner: nobody-here" in done.stderr


def test_a_forgotten_pin_is_chosen_again(room, learners):
    name = learners["ben"].name
    assert room.run("forget", name).returncode == 0
    Visitor(room.address).log_in(name, "1357", room.keys()["learner_password"])
    with pytest.raises(Refused, match="not its PIN"):
        Visitor(room.address).log_in(name, PIN, room.keys()["learner_password"])
    assert room.run("forget", "nobody-here").returncode == 2


def test_the_instructors_page_resets_and_forgets_with_her_password_each_time(room, learners, kernels):
    address, ana = f"{room.address}/services/progress/", learners["ana"]
    instructor, password = room.instructor().browser, room.keys()["instructor_password"]
    form = instructor.get(address, params={"change": ""}).text
    assert f'<option value="{ana.name}">' in form
    key = html.unescape(re.search('name="_xsrf" value="([^"]+)"', form)[1])

    def send(do: str, name: str = ana.name, password: str = password) -> str:
        answer = instructor.post(address, data={"do": do, "name": name, "password": password, "_xsrf": key})
        return html.unescape(re.search('role="status">(.*?)</p>', answer.text)[1])

    assert kernels["ana"].run(PROMPT.format(amount=900)) == "900\nin_progress\n"
    assert send("reset", password="guess") == "This is not the instructor's password."
    assert kernels["ana"].run(ACCOUNT) != "[]\n0\n"
    assert send("reset") == f"{ana.name}: an empty account; notebooks as they were"
    assert kernels["ana"].run(ACCOUNT) == "[]\n0\n"
    assert send("forget", "nobody-here").startswith("No such learner: nobody-here.")
    assert send("forget").startswith(f"{ana.name} can choose a new PIN now.")
    Visitor(room.address).log_in(ana.name, PIN, room.keys()["learner_password"])
    data = {"do": "forget", "name": ana.name, "password": password}
    assert ana.browser.post(address, data=data).status_code == 403, "it is for one login alone"
    for _ in range(4):
        said = send("forget", password="guess")
    assert said.startswith("Too many wrong passwords.")


def test_what_a_learner_wrote_is_kept_and_what_she_deleted_comes_back(room, learners):
    ana = learners["ana"]
    first = ana.api("GET", "contents/notebooks/01_setup.ipynb").json()
    first["content"]["cells"][0]["source"] = "mine"
    assert ana.api("PUT", "contents/notebooks/01_setup.ipynb", json=first).status_code == 200
    assert ana.api("DELETE", "contents/notebooks/02_connect.ipynb").status_code == 204
    ana.leave()
    ana.enter(timeout=PATIENCE)
    again = ana.api("GET", "contents/notebooks/01_setup.ipynb").json()
    assert again["content"]["cells"][0]["source"] == "mine"
    assert ana.api("GET", "contents/notebooks/02_connect.ipynb").status_code == 200


def test_a_broken_account_is_told_and_hides_no_other(room, learners, kernels):
    kernels["ben"].run(BREAK)
    eve = room.learner(room.name("eve"))
    eve.kernel().run("from irl_helpers.setup import own_reader; own_reader('Counter 1')" + ENDLESS)
    waiting = room.name("cleo")
    Visitor(room.address).log_in(waiting, PIN, room.keys()["learner_password"])
    since = time.monotonic()
    page = room.instructor().browser.get(f"{room.address}/services/progress/").text
    assert time.monotonic() - since < 20
    ana, ben = (visitor.name for visitor in learners.values())
    rows = dict(re.findall(r"<tr><th>([^<\s]+)</th>(.*?)</tr>", page))
    assert rows[ana].startswith("<td></td>" * len(checks.CHECKS))
    for one in (ben, eve.name):
        assert re.match('<td colspan="\\d+">could not be read</td>', rows[one])
    assert rows[waiting] == "<td></td>" * (len(checks.CHECKS) + 1)
    done = room.run("reset", "--everyone")
    assert done.returncode == 2
    assert f"{eve.name}: could not be read\n" in done.stdout
    for one in (ana, ben):
        assert f"{one}: an empty account" in done.stdout
