"""yunwen and its peers side by side: the same passages, vectors, encoder, questions and machine, in one run.

    python -m bench.peers SET VECTORS [--questions N] [--systems NAME...]

SET is a folder with corpus.jsonl, queries.jsonl, qrels.tsv and answers.jsonl; VECTORS the evaluation.db that
`yunwen evaluate SET --work …` leaves. The peers, and how to install them, are in bench/peers.txt. Every system runs in a
process of its own, one after the other; passages are cut by yunwen and their stored vectors handed over, so building
takes no encoding. With --store FOLDER they are asked over its evaluation.db, which holds the set's articles and more (as
bench.growth makes them), and yunwen's building is not timed. Peers get jieba's words: through a tokenizer where they take
one (LangChain), else in texts and questions cut beforehand, which is timed with the question.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

os.environ.update(
    {
        "HF_HUB_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "LANGCHAIN_TRACING_V2": "false",
        "TOKENIZERS_PARALLELISM": "false",
        "TQDM_DISABLE": "1",
    }
)
warnings.filterwarnings("ignore")

from bench import setting  # noqa: E402
from bench.peers.one_system import SLICE, run_system  # noqa: E402
from bench.peers.report import report  # noqa: E402
from bench.peers.systems import SYSTEMS  # noqa: E402
from retrieval import Store  # noqa: E402
from retrieval.evaluation import load_questions  # noqa: E402


def start(name: str, options: argparse.Namespace, work: Path, scratch: Path) -> subprocess.Popen[str]:
    """Build one system in a process of its own; returns when it is ready to be asked."""
    command = [
        sys.executable,
        "-m",
        "bench.peers",
        str(options.folder),
        str(options.vectors),
        "--work",
        str(work),
    ]
    command += ["--store", str(options.store)] if options.store else []
    command += [
        "--questions",
        str(options.questions),
        "--seconds",
        str(options.seconds),
        "--one",
        name,
        "--out",
        str(scratch / f"{name}.json"),
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    pause(process)
    print(f"{name} is built", file=sys.stderr, flush=True)
    return process


def tell(process: subprocess.Popen[str], line: str) -> None:
    if process.poll() is None and process.stdin:
        process.send_signal(signal.SIGCONT)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            pause(process)


def pause(process: subprocess.Popen[str]) -> None:
    """Read on until the process says that it is ready, and halt it, or until it is gone.

    Halted, as some go on working in the background, which whoever is asked next would be slowed by.
    """
    for line in process.stdout or ():
        if line == "ready\n":
            process.send_signal(signal.SIGSTOP)
            return


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--questions", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=300.0, help="asking time a system gets")
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=SYSTEMS)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--store", type=Path, help="a folder with a larger evaluation.db")
    parser.add_argument("--result", default="peers", help="name of the file in bench/results")
    parser.add_argument("--one", choices=SYSTEMS, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_system(options.one, options)
        return
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        records = setting.build_store(
            options.folder / "corpus.jsonl", options.vectors, work, setting.open_encoder()
        )
        (work / "records.json").write_text(json.dumps(records))
        running = {name: start(name, options, work, Path(scratch)) for name in options.systems}
        n_slices = -(-min(options.questions, len(load_questions(options.folder).queries)) // SLICE)
        for _ in range(n_slices):
            for process in running.values():
                tell(process, "go")
        for name, process in running.items():
            process.send_signal(signal.SIGCONT)
            process.wait()
            out = Path(scratch) / f"{name}.json"
            results[name] = json.loads(out.read_text()) if out.exists() else {"failed": process.returncode}
        asked = options.store or work
        n = len(Store.open(f"sqlite:///{asked.absolute() / 'evaluation.db'}").passage_checksums())
    report(results, options, n)


if __name__ == "__main__":
    main()
