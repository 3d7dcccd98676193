"""Kill `yunwen ingest seeds` at random moments and look at what is left.

    python -m bench.kill [times]

Each time in a fresh home: killed, then `status` must show no article or all of them, `ask` must work or say that
nothing was read, and running ingest again must complete it. Prints one line each; ends with 1 at the first fault.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUESTION = "库伦旗水稻种植面积"


def run(home: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.command_line.main", *arguments],
        cwd=ROOT,
        env=os.environ | {"YUNWEN_HOME": home},
        capture_output=True,
        text=True,
        check=False,
    )


def main(times: int) -> int:
    with tempfile.TemporaryDirectory() as home:
        started = time.monotonic()
        run(home, "ingest", "seeds")
        whole = time.monotonic() - started
        n_all = json.loads(run(home, "status", "--json").stdout)["articles"]
    for number in range(times):
        with tempfile.TemporaryDirectory() as home:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.command_line.main", "ingest", "seeds"],
                cwd=ROOT,
                env=os.environ | {"YUNWEN_HOME": home},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            moment = random.uniform(0.1, 1.0) * whole
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            process.wait()
            left = json.loads(run(home, "status", "--json").stdout)
            asked = run(home, "ask", QUESTION, "--json")
            is_whole = left["articles"] == n_all and json.loads(asked.stdout)["outcome"] == "found"
            is_empty = left["articles"] == 0 and "nothing has been read yet" in asked.stderr
            run(home, "ingest", "seeds")
            after = json.loads(run(home, "status", "--json").stdout)
            is_complete = (after["articles"], after["index"]["behind"]) == (n_all, 0)
            state = "all" if is_whole else "none" if is_empty else "BROKEN"
            print(
                f"{number + 1:3} killed after {moment:.2f} s: {state}; completed: {is_complete}", flush=True
            )
            if state == "BROKEN" or not is_complete:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
