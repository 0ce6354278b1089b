"""A room that a plain user runs: it works, says what it does not protect from, and ends."""

from __future__ import annotations

from pathlib import Path

import psutil

from workshop.processes import runs

NO_ENVIRONMENT = """
import subprocess, sys
command = [sys.executable, "-c", "import time; time.sleep(600)"]
print(subprocess.Popen(command, env={}, start_new_session=True).pid)
"""


def test_it_works_says_what_it_does_not_protect_from_and_leaves_nothing_running(plain_room):
    assert "NOT STARTED AS ROOT" in plain_room.said
    assert plain_room.keys()["learner_password"] in plain_room.said
    assert plain_room.keys()["instructor_password"] in plain_room.said
    name = plain_room.name("ana")
    kernel = plain_room.learner(name).kernel()
    assert kernel.run("import os; print(os.getcwd())") == f"{plain_room.home(name) / 'notebooks'}\n"
    assert kernel.run("from irl_helpers import checkup; print(checkup.ready())").startswith("Ready: ")
    done = plain_room.run("start", f"--port={plain_room.port}")
    assert done.returncode == 2
    assert "A hub runs" in done.stderr
    # A hub that falls over is told, and the next one takes its place.
    assert "The hub ended by itself" in plain_room.kill_hub()
    plain_room.start()
    assert kernel.run("1 + 1") == "2\n"
    page = plain_room.instructor().browser.get(f"{plain_room.address}/services/progress/")
    assert name in page.text
    pid, sockets = kernel.run('print(os.getpid()); print(os.environ["JUPYTER_RUNTIME_DIR"])').split()
    assert Path(sockets).is_dir()
    forgetful = kernel.run(NO_ENVIRONMENT).strip()
    left = [psutil.Process(int(each)) for each in (forgetful, pid)]
    assert plain_room.run("stop").returncode == 0
    assert [process for process in left if runs(process)] == []
    assert not Path(sockets).exists()
    assert "The hub was stopped." in plain_room.rest()
