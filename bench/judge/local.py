"""How questions over the local set come out, at several bars: to develop on, never to learn from.

    YUNWEN_HOME=HOME python -m bench.judge.local SETS [--fails]

HOME holds the local set, taken in. Asked are 400 questions of our own over it (bench/local_questions/, written by readers
of its articles, who gave ids and offsets), of which 100 have no answer there. Below the bars stands how often an answer
given with such a score is right. `--fails` names each one that fails, by its id, with what was done instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from bench.judge.questions import KEPT_ASIDE, read_lines
from bot.composition import compose_library, open_settings_encoder, open_store, open_tokenizer
from bot.progress import TerminalProgress
from bot.settings import load_settings
from retrieval import Answer, Library, Outcome

QUESTIONS = Path(__file__).parents[1] / "local_questions"
_BARS = (0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3)
_BANDS = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8)


@dataclass(frozen=True, slots=True)
class Local:
    """A question over the local set, and the words that answer it: () for none."""

    id: str
    question: str
    today: date
    answers: tuple[str, ...]
    is_paraphrase: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a question got."""

    asked: Local
    is_found: bool
    score: float
    in_evidence: bool
    in_passage: bool
    in_three: bool


def read_local(sets: Path) -> Iterator[Local]:
    """Yield the questions with their answers' words, from the articles of the local set."""
    texts = {record["id"]: record["text"] for record in read_lines(sets / KEPT_ASIDE / "corpus.jsonl")}
    for file in sorted(QUESTIONS.glob("*.jsonl")):
        for line in read_lines(file):
            words = tuple(dict.fromkeys(texts[article][start:end] for article, start, end in line["answers"]))
            yield Local(
                line["id"], line["question"], date.fromisoformat(line["today"]), words, line["paraphrase"]
            )


def result(asked: Local, answer: Answer) -> Result:
    """Return what came of a question."""
    evidence = [" ".join(each.text for each in hit.evidence) for hit in answer.hits]
    passages = [hit.passage.text for hit in answer.hits]

    def holds(texts: Iterable[str]) -> bool:
        return any(words in text for text in texts for words in asked.answers)

    return Result(
        asked,
        answer.outcome is Outcome.FOUND,
        answer.hits[0].score if answer.hits else 0.0,
        holds(evidence[:1]),
        holds([*evidence[:1], *passages[:1]]),
        holds([*evidence[:3], *passages[:3]]),
    )


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield a line for each bar: what would come out if a lower score were no answer."""
    answered = [each for each in results if each.asked.answers]
    others = [each for each in results if not each.asked.answers]
    for bar in _BARS:
        found = [each for each in answered if each.is_found and each.score >= bar]
        yield (
            f"{bar:.2f} of {len(answered)}: evidence {sum(each.in_evidence for each in found)} "
            f"(in other words {sum(each.in_evidence and each.asked.is_paraphrase for each in found)}), "
            f"passage {sum(each.in_passage for each in found)}, refused {len(answered) - len(found)}, "
            f"without it {sum(not each.in_three for each in found)}; of {len(others)} held back "
            f"{sum(not (each.is_found and each.score >= bar) for each in others)}"
        )


def reliability(results: Sequence[Result]) -> Iterator[str]:
    """Yield a line for each band of scores: of the answers found with such a score, how many hold what was asked for."""
    for low, high in pairwise((*_BANDS, 1.01)):
        scores = [each for each in results if each.is_found and low <= each.score < high]
        if scores:
            n_right = sum(each.in_evidence for each in scores)
            mean = sum(each.score for each in scores) / len(scores)
            yield f"score {mean:.2f}: {n_right} of {len(scores)} right ({n_right / len(scores):.2f})"


def ask_all(library: Library, asked: Iterable[Local]) -> Iterator[Result]:
    """Yield what comes of each."""
    for each in asked:
        yield result(each, library.ask(each.question, today=each.today))


def main() -> None:
    """Ask, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge.local")
    parser.add_argument("sets", type=Path)
    parser.add_argument("--fails", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    store, tokenizer = open_store(settings), open_tokenizer(settings)
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    library = compose_library(settings, store, encoder, tokenizer)
    results = list(ask_all(library, read_local(options.sets)))
    print("\n".join([*table(results), *reliability(results)]))
    for each in results:
        is_right = each.is_found and each.in_evidence if each.asked.answers else not each.is_found
        if options.fails and not is_right:
            print(f"{each.asked.id} {each.asked.question}: found {each.is_found}, score {each.score:.2f}")


if __name__ == "__main__":
    main()
