"""How fast place names are resolved, beside a bare run of the automaton over the same text.

    python -m bench.resolver_speed [CORPUS.jsonl]

Without a corpus the seed page is taken, many times over.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from retrieval import Gazetteer, Resolver, Tokenizer

SEED = Path(__file__).parent.parent / "seeds" / "000_2aca70f694a15d08.txt"


def main() -> None:
    if len(sys.argv) > 1:
        with Path(sys.argv[1]).open(encoding="utf-8") as file:
            texts = [json.loads(line)["text"] for _, line in zip(range(3000), file, strict=False)]
    else:
        texts = [line for line in SEED.read_text(encoding="utf-8").splitlines() if line] * 20
    n_characters = sum(map(len, texts))
    resolver = Resolver(Gazetteer.load(), cuts_word=Tokenizer().cuts_word)
    resolver.resolve_text("库伦旗")
    ways: dict[str, Callable[[str], object]] = {
        "automaton": lambda text: list(resolver._matcher._find_raw(text)),
        "resolver": resolver.resolve_text,
    }
    for name, work in ways.items():
        started = time.perf_counter()
        for text in texts:
            work(text)
        print(
            f"{name:10} {n_characters / (time.perf_counter() - started) / 1e6:6.2f} million characters a second"
        )


if __name__ == "__main__":
    main()
