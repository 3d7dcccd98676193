"""Compare ratios with those that are committed: more than a fifth worse fails.

    python -m bench.check [--write]

Reads the ratios in bench/results/*.json (all such that smaller is better) and bench/ratios.json, which has those of
each kind of CPU: eight bits gain more on one than on another. On a kind that is not in it the worst of the others
is what a ratio is held against. `--write` makes the new ones the committed ones of their CPU.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

RESULTS = Path(__file__).with_name("results")
COMMITTED = Path(__file__).with_name("ratios.json")
_WORSE = 1.2

Ratios = dict[str, float]


def measured(results: Path) -> dict[str, Ratios]:
    """The ratios of all results by the CPU they were measured on."""
    found: dict[str, Ratios] = {}
    for path in sorted(results.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for name, value in document.get("ratios", {}).items():
            found.setdefault(document["machine"]["cpu"], {})[f"{path.stem}: {name}"] = value
    return found


def bar(name: str, cpu: str, committed: Mapping[str, Ratios]) -> float | None:
    """What a ratio on a CPU is held against; None if it was never measured before."""
    own = committed.get(cpu, {}).get(name)
    others = [ratios[name] for ratios in committed.values() if name in ratios]
    return own if own is not None else max(others, default=None)


def main(results: Path = RESULTS, committed_file: Path = COMMITTED, *, is_written: bool = False) -> int:
    now = measured(results)
    committed: dict[str, Ratios] = {}
    if committed_file.exists():
        committed = json.loads(committed_file.read_text(encoding="utf-8"))
    if is_written:
        for cpu, ratios in now.items():
            committed[cpu] = committed.get(cpu, {}) | ratios
        text = json.dumps(committed, ensure_ascii=False, indent=1)
        committed_file.write_text(text + "\n", encoding="utf-8")
        return 0
    status = 0
    for cpu, ratios in now.items():
        print(cpu if cpu in committed else f"{cpu}: never measured, held against the worst of the others")
        for name, value in ratios.items():
            before = bar(name, cpu, committed)
            is_worse = before is not None and value > before * _WORSE
            status |= is_worse
            print(f"  {name:56} {value:8.3f}  was {before or '-'!s:8}{'  WORSE' if is_worse else ''}")
    return int(status)


if __name__ == "__main__":
    sys.exit(main(is_written="--write" in sys.argv))
