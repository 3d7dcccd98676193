"""What tests start ends with the run, also where nothing of the run is left that could end it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from guard import is_running
from paths import ROOT
from processes import start
from waiting import wait_until

RUN = """
import signal, subprocess, sys
from pathlib import Path
from processes import let_go, look_after, start
# what runs in the background of a shell has it ignored
signal.signal(signal.SIGINT, signal.default_int_handler)
folder = Path(sys.argv[1])
sleep = [sys.executable, "-c", "import time; time.sleep(3600)"]
plain = start(sleep)
# a server with a process of its own below it
leader = subprocess.Popen(["sh", "-c", "sleep 3600 & echo $!; wait"], start_new_session=True, stdout=subprocess.PIPE, text=True)
look_after(leader.pid, folder=folder)
done = start([sys.executable, "-c", ""])
done.wait()
let_go(done.pid)
print(plain.pid, leader.pid, leader.stdout.readline().strip(), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_run_that_was_ended(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    run = start(
        [sys.executable, "-c", RUN, str(folder)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "support"), *sys.path])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    processes = [int(each) for each in run.stdout.readline().split()]
    assert len(processes) == 3
    assert all(map(is_running, processes))
    run.send_signal(number)
    wait_until(lambda: not any(map(is_running, processes)), "the processes of the run to end")
    wait_until(lambda: not folder.exists(), "the folder of its server to go")
