"""What a timeline, a story, a week and a month cost beside a plain question, at different sizes of a library.

    python -m bench.courses BASE WORK [--sizes 15000 100000]

BASE is a folder with evaluation.db, a database with vectors of the default model; WORK is where a home for each size is
made, as bench/growth.py makes them: the base's own passages, then made-up ones of two real passages each. The questions
are those of bench/timelines/points_local.jsonl; stories are asked for of the first article of each answer; weeks and
months of the places of the newest articles and of what they lie in. Each size is measured in a process of its own.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import setting
from bench.growth import build
from bot.composition import open_resolver, open_settings_reranker, open_tokenizer
from bot.languages import DEFAULT, texts_of
from bot.messages.weeks import Month, Week, compose_week, items_of
from bot.progress import TerminalProgress
from bot.settings import load_settings
from retrieval import Answerer, Library, LocalIndex, RegionRole, Store

ROOT = Path(__file__).parent.parent
QUESTIONS = Path(__file__).parent / "timelines" / "points_local.jsonl"
_PLACES = 20


def open_library(home: Path) -> Library:
    settings = load_settings()
    tokenizer = open_tokenizer(settings)
    resolver = open_resolver(settings, tokenizer)
    with TerminalProgress() as progress:
        reranker = open_settings_reranker(settings, progress)
    encoder = setting.open_encoder()
    store = Store.open(f"sqlite:///{home.absolute() / 'yunwen.db'}", resolver.gazetteer.names)
    index = LocalIndex(store, home / "dense.index", encoder)
    index.save()
    answerer = Answerer(store, index, encoder, tokenizer, resolver, reranker=reranker)
    return Library(store, answerer, resolver)


def measure(home: Path) -> dict[str, Any]:
    """Times and memory at one size, in this process."""
    with QUESTIONS.open(encoding="utf-8") as file:
        questions = [json.loads(line)["question"] for line in file]
    library = open_library(home)
    gazetteer, texts = library.resolver.gazetteer, texts_of(DEFAULT)
    library.ask("请问水稻种植面积是多少")
    library.timeline("请问水稻种植面积是多少")
    days: dict[str, date] = {}
    for article in library.newest_articles(4 * _PLACES):
        code = next((each.code for each in article.regions if each.role is RegionRole.PRIMARY), None)
        if code and article.date:
            days.setdefault(code, article.date)
            for above in gazetteer.ancestors(code):
                days.setdefault(above.code, article.date)
    chosen = dict(list(days.items())[:_PLACES])

    def look(code: str, kind: type[Week] | type[Month]) -> int:
        span = kind.around(chosen[code])
        items = items_of(library, code, span)
        return compose_week(items, code, span, gazetteer, texts).n

    answers = [library.ask(f"请问{question}") for question in questions]
    articles = [answer.hits[0].article for answer in answers if answer.hits]
    ways: dict[str, list[Callable[[], object]]] = {
        "ask": [partial(library.ask, question) for question in questions],
        "timeline": [partial(library.timeline, question) for question in questions],
        "story": [partial(library.story, article) for article in articles],
        "week": [partial(look, code, Week) for code in chosen],
        "month": [partial(look, code, Month) for code in chosen],
    }
    measured: dict[str, Any] = {"passages": library.answerer.index.n_passages}
    plain = 0.0
    for name, calls in ways.items():
        before = setting.rss()
        times = setting.timed(calls)
        plain = plain or float(np.median(times))
        measured[name] = setting.quantiles(times) | {
            "most": round(max(times), 1),
            "over_ask": round(float(np.median(times)) / plain, 2),
            "rss_mb": round(setting.rss() - before),
        }
    measured["stories_looked_back_on"] = {
        name: [look(code, kind) for code in chosen] for name, kind in (("week", Week), ("month", Month))
    }
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[15_000, 100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.work / str(options.one))))
        return
    results = {}
    for n in options.sizes:
        build(options.base, options.work / str(n), n)
        command = [
            sys.executable,
            "-m",
            "bench.courses",
            str(options.base),
            str(options.work),
            "--one",
            str(n),
        ]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        results[str(n)] = json.loads(done.stdout.splitlines()[-1])
        print(n, json.dumps(results[str(n)]), flush=True)
    setting.save_result("courses", {"sizes": results})


if __name__ == "__main__":
    main()
