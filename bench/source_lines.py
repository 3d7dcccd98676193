"""Answers over the local set drawn at random, to be read by somebody: each with its source line and its article.

    YUNWEN_HOME=HOME python -m bench.source_lines SETS OUT --seed N [--count 60] [--without OUT...]

HOME holds the local set, taken in. Questions are those of the set and our own over it (bench/local_questions/), in the
order that the seed gives; kept are the first that the product finds an answer to, but none of an earlier draw. OUT gets an
object a line: question, evidence, source line as it is shown, and the article's text with its parts. It holds text of
others, so it is refused within the repository. To be judged: whether the place is that of what the evidence says, whether
the title says something, and whether the evidence is a report's own words.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.judge.local import QUESTIONS
from bench.judge.questions import KEPT_ASIDE, read_lines
from bot.composition import compose_library, open_settings_encoder, open_store, open_tokenizer
from bot.languages import DEFAULT, texts_of
from bot.messages.answers import compose_report
from bot.progress import TerminalProgress
from bot.settings import load_settings
from retrieval import Hit, Library, Outcome

_REPOSITORY = Path(__file__).resolve().parents[1]


def read_questions(sets: Path) -> list[dict[str, Any]]:
    """Return the questions over the local set, the set's own first."""
    files = [sets / KEPT_ASIDE / "questions.jsonl", *sorted(QUESTIONS.glob("*.jsonl"))]
    return [line for file in files for line in read_lines(file)]


def ids_drawn(outs: Iterable[Path]) -> set[str]:
    """Return the ids of the questions in earlier draws."""
    return {line["id"] for out in outs for line in read_lines(out)}


def draw(library: Library, questions: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield what is shown of each question that an answer is found to."""
    for each in questions:
        answer = library.ask(each["question"], today=date.fromisoformat(each["today"]))
        if answer.outcome is Outcome.FOUND and answer.hits:
            yield {"id": each["id"], "question": each["question"], **shown(answer.hits[0])}


def shown(hit: Hit) -> dict[str, Any]:
    """Return the source line of a hit, the evidence, and the article with its parts."""
    article, report = hit.article, compose_report(hit, texts_of(DEFAULT))
    source = report.source
    return {
        "title": source.title,
        "title_is_derived": article.title_is_derived,
        "place": source.place,
        "is_evidence_place": hit.place is not None,
        "day": source.day,
        "date_basis": article.date_basis,
        "paper": source.paper,
        "author": source.author,
        "evidence": [quote.text for quote in report.quotes],
        "answer": report.headline,
        "places": [(region.name, region.role) for region in article.regions],
        "text": article.text,
        "spans": [(span.kind, span.start, span.end) for span in article.spans],
    }


def main() -> None:
    """Draw, and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.source_lines")
    parser.add_argument("sets", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--without", type=Path, nargs="*", default=())
    options = parser.parse_args()
    if options.out.resolve().is_relative_to(_REPOSITORY):
        parser.error("OUT would hold text of others: name a file outside the repository")
    drawn = ids_drawn(options.without)
    questions = [each for each in read_questions(options.sets) if each["id"] not in drawn]
    random.Random(options.seed).shuffle(questions)
    settings = load_settings()
    store, tokenizer = open_store(settings), open_tokenizer(settings)
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    library = compose_library(settings, store, encoder, tokenizer)
    n_drawn = 0
    with options.out.open("w", encoding="utf-8") as lines:
        for answer in draw(library, questions):
            lines.write(json.dumps(answer, ensure_ascii=False) + "\n")
            n_drawn += 1
            if n_drawn == options.count:
                break
    print(f"{n_drawn} answers in {options.out}")


if __name__ == "__main__":
    main()
