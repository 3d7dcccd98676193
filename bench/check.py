"""Compare ratios with those that are committed: more than a fifth worse fails.

    python -m bench.check [--write]

Reads the ratios in bench/results/*.json (all such that smaller is better) and bench/ratios.json. `--write` makes the
new ones the committed ones.
"""

import json
import sys
from pathlib import Path

RESULTS = Path(__file__).with_name("results")
COMMITTED = Path(__file__).with_name("ratios.json")
_WORSE = 1.2


def worse(now: dict[str, float], before: dict[str, float]) -> list[str]:
    """The names of ratios that grew by more than a fifth; those that are not in both are left out."""
    return [name for name, value in now.items() if name in before and value > before[name] * _WORSE]


def main() -> int:
    now: dict[str, float] = {}
    for path in sorted(RESULTS.glob("*.json")):
        ratios = json.loads(path.read_text(encoding="utf-8")).get("ratios", {})
        now |= {f"{path.stem}: {name}": value for name, value in ratios.items()}
    before = json.loads(COMMITTED.read_text(encoding="utf-8")) if COMMITTED.exists() else {}
    if "--write" in sys.argv:
        COMMITTED.write_text(json.dumps(before | now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return 0
    fallen = worse(now, before)
    for name, value in now.items():
        print(f"{name:56} {value:8.3f}  was {before.get(name, '-')!s:8}{'  WORSE' if name in fallen else ''}")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
