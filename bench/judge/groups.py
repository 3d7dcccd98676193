"""Groups to learn from: a question, the passage that answers it, if any, and passages that do not.

    python -m bench.judge.groups SETS QUESTIONS OUT.jsonl

SETS is the folder of the usual sets, QUESTIONS that of our own (bench/judge/questions.py). The file holds texts and
stays out of the repository. Articles of the set kept aside appear nowhere, not even as wrong passages.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.judge.augment import Copy, wrong_copies
from bench.judge.corpora import Corpus, Piece
from bench.judge.questions import Asked, folded, ids_aside, read_lines, read_questions, read_texts

_SEED = 20
_N_WRONG = 7
_N_COPIES = 3
_N_READ = 40
"""Neighbours looked at for each question."""


@dataclass(frozen=True, slots=True)
class Group:
    """A question and its passages: the first `n_near` of the wrong ones are as they stand in articles, the rest made."""

    source: str
    article: str
    question: str
    right: Copy | None
    start: int
    end: int
    wrong: tuple[Copy, ...]
    n_near: int


def read_groups(path: Path) -> list[Group]:
    """Return the groups of a file."""
    return [_group(line) for line in read_lines(path)]


def _group(line: dict[str, Any]) -> Group:
    right = line.pop("right")
    wrong = tuple((head, text) for head, text in line.pop("wrong"))
    return Group(**line, right=(right[0], right[1]) if right else None, wrong=wrong)


def own_groups(corpus: Corpus, questions: Sequence[Asked], raw: dict[str, str]) -> Iterator[Group]:
    """Yield a group for each question of ours whose answer stands within one passage, and for each trap."""
    chance = random.Random(_SEED)
    for asked in questions:
        if asked.article not in corpus.of:
            continue
        if asked.trap:
            yield _trap_group(corpus, asked)
            continue
        answer = raw[asked.article][asked.start : asked.end]
        number = _piece_at(corpus, asked, raw[asked.article], answer)
        if number is not None:
            piece = corpus.pieces[number[0]]
            yield _right_group("own", corpus, asked.question, piece, number[1], [answer], chance)


def _trap_group(corpus: Corpus, asked: Asked) -> Group:
    """Return a group without a right passage: the trap's own article, best first, and a few neighbours."""
    grams = _grams(asked.question)
    same = sorted(corpus.of[asked.article], key=lambda number: -_shared(grams, corpus.pieces[number]))
    near = [number for number in corpus.near(asked.question, 8) if number not in same]
    wrong = [corpus.pieces[number] for number in [*same[:4], *near][:_N_WRONG]]
    copies = tuple((piece.head, piece.text) for piece in wrong)
    return Group("own", asked.article, asked.question, None, 0, 0, copies, len(copies))


def _piece_at(corpus: Corpus, asked: Asked, raw: str, answer: str) -> tuple[int, int] | None:
    """Return the passage that holds the answer and where in it. None where a cut goes through it."""
    before = raw[: asked.start].count(answer)
    places = [match.start() for match in re.finditer(re.escape(answer), corpus.texts[asked.article])]
    if before >= len(places):
        return None
    start = places[before]
    for number in corpus.of[asked.article]:
        piece = corpus.pieces[number]
        if piece.start <= start and start + len(answer) <= piece.start + len(piece.text):
            return number, start - piece.start
    return None


def set_groups(
    name: str, folder: Path, corpus: Corpus, change: Callable[[str], str], is_used: Callable[[str], bool]
) -> Iterator[Group]:
    """Yield a group for each question of a set that has its answer in a passage of a relevant article."""
    chance = random.Random(_SEED)
    relevant: dict[str, list[str]] = {}
    for row in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, article, *_ = row.split("\t")
        relevant.setdefault(query, []).append(article)
    answers = {
        line["id"]: [change(each) for each in line["answers"] if each]
        for line in read_lines(folder / "answers.jsonl")
    }
    lines = list(read_lines(folder / "queries.jsonl"))
    # a question that is in both halves is left to the one that measures
    measured = {folded(line["text"]) for line in lines if not is_used(line["id"])}
    for line in lines:
        said = answers.get(line["id"], [])
        if not said or not is_used(line["id"]) or folded(line["text"]) in measured:
            continue
        asked = change(line["text"]).strip()
        grams = _grams(asked)
        holding = [
            number
            for article in relevant.get(line["id"], ())
            for number in corpus.of.get(article, ())
            if said[0] in corpus.pieces[number].text
        ]
        if holding:
            best = corpus.pieces[max(holding, key=lambda number: _shared(grams, corpus.pieces[number]))]
            yield _right_group(name, corpus, asked, best, best.text.index(said[0]), said, chance)


def _right_group(
    source: str,
    corpus: Corpus,
    question: str,
    piece: Piece,
    start: int,
    said: Sequence[str],
    chance: random.Random,
) -> Group:
    """Return a group with its right passage, wrong ones of the same article and near it, and wrong copies."""
    end = start + len(said[0])
    same = [number for number in corpus.of[piece.article] if not _holds(corpus.pieces[number], said)]
    near = [
        number
        for number in corpus.near(question, _N_READ)
        if corpus.pieces[number].article != piece.article and not _holds(corpus.pieces[number], said)
    ]
    grams = _grams(question)
    same.sort(key=lambda number: -_shared(grams, corpus.pieces[number]))
    copies = wrong_copies(question, piece.head, piece.text, start, end, chance)
    chance.shuffle(copies)
    copies = copies[:_N_COPIES]
    numbers = list(dict.fromkeys([*same[:2], *near[:3], *same[2:3], *near[3:]]))[: _N_WRONG - len(copies)]
    wrong = [(corpus.pieces[number].head, corpus.pieces[number].text) for number in numbers]
    return Group(
        source, piece.article, question, (piece.head, piece.text), start, end, (*wrong, *copies), len(wrong)
    )


def _holds(piece: Piece, said: Sequence[str]) -> bool:
    return any(answer in piece.text for answer in said)


def _grams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _shared(grams: set[str], piece: Piece) -> int:
    return sum(gram in piece.text or gram in piece.head for gram in grams)


def every_group(sets: Path, questions: Path) -> Iterator[Group]:
    """Yield the groups of all sources, ours first."""
    import opencc

    aside, same = ids_aside(sets), str
    news = Corpus()
    for name in ("news20k", "xinwenlianbo"):
        news.read(sets / name / "corpus.jsonl", aside)
    yield from own_groups(news, read_questions(questions), read_texts(sets))
    yield from set_groups("news20k", sets / "news20k", news, same, is_learnt_from)
    del news
    simplified = opencc.OpenCC("t2s").convert
    for name, change in (("cmrc2018", same), ("drcd_part", simplified), ("webqa_sample", same)):
        corpus = Corpus()
        corpus.read(sets / name / "corpus.jsonl", aside, simplified if change is simplified else None)
        yield from set_groups(name, sets / name, corpus, change, lambda _: True)


def is_learnt_from(query: str) -> bool:
    """Whether a question of news20k is in its learning half."""
    return zlib.crc32(query.encode()) % 2 == 1


def main() -> None:
    """Write the groups."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge.groups")
    parser.add_argument("sets", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    with options.out.open("w", encoding="utf-8") as file:
        for group in every_group(options.sets, options.questions):
            file.write(json.dumps(asdict(group), ensure_ascii=False) + "\n")
            counts[f"{group.source}{'' if group.right else ' trap'}"] += 1
            counts[f"{group.source} made"] += len(group.wrong) - group.n_near
    print(dict(counts))


if __name__ == "__main__":
    main()
