"""Ask for one place's figure where a sentence tells several places', and count whose is given.

    python -m bench.judge.neighbours SETS WORK [--most 150]

The sentences are real ones of news20k and xinwenlianbo that go from one place to the next, each with one figure of the
same unit (库伦旗…3万亩，奈曼旗…5万亩); the two places are given the names of counties of the paper's own province, and each of
the two is asked for. Each is asked as it stands, with the two places swapped, with the two parts reordered, and with the
part of the place asked for left out, each time among the same sentences of all others. A neighbour's figure given as the
answer is the gravest fault there is. The sets' texts stay out of the repository.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from pathlib import Path

from bench.judge.calibrate import open_set
from bench.judge.questions import read_texts
from bench.setting import RESULTS
from bot.composition import open_resolver, open_tokenizer
from bot.settings import Settings, load_settings
from retrieval import Answer, Gazetteer, Library, Outcome
from retrieval.answer_types import Figure
from retrieval.text.figures import Kind, find_figures, kind_of
from retrieval.text.sentences import split_sentences

WAYS = ("as it stands", "swapped", "reordered", "left out")
_DAY = date(2024, 6, 1)
_SEED = 20
_NO_QUANTITY = frozenset({Kind.DATE, Kind.ORDINAL, Kind.AGE, Kind.DURATION})
_OF_ALL = re.compile("分别|合计|均")
_PLACE = re.compile(
    "(?<![^，；、。：])[\u4e00-\u9fff]{2,4}(?:县|旗|省|镇|市(?![场民委政级值区])|区(?![域间块]))"
)
_NO_TOPIC = re.compile(r"\d|[县旗市省区镇]|[港澳]")
"""Places' names and figures would ask for something else."""
_BREAK = re.compile("[，,；;。：:、]")
_MOST_CHARS = 160
_LEAST_TOPIC = 2
"""Characters of what a question has to name."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a sentence tells of one place: `text` begins with its `name`, and `number` is its figure without the unit."""

    name: str
    text: str
    number: str
    unit: str
    topic: str


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence: `lead`, two parts and the rest; one of the parts is asked for."""

    article: str
    lead: str
    first: Part
    second: Part
    rest: str
    is_second_asked: bool = False

    @property
    def asked(self) -> Part:
        """The part of the place that is asked for."""
        return self.second if self.is_second_asked else self.first

    @property
    def other(self) -> Part:
        """The other place's part."""
        return self.first if self.is_second_asked else self.second

    @property
    def question(self) -> str:
        """The question for a place's figure in the sentence's own words."""
        return f"{self.asked.name}{self.asked.topic}多少{self.asked.unit}"

    def pieces(self, way: str) -> list[tuple[str, Part | None]]:
        """Return the sentence, changed in one of the WAYS, in pieces with the part whose place tells each."""
        first, second = self.first, self.second
        told: list[tuple[str, Part | None]] = [(first.text, first), (second.text, second)]
        end = self.rest
        if way == "left out":
            told = [(self.other.text, self.other)]
        elif way == "reordered":
            told = [(_closed(second.text), second), (_closed(first.text), first)]
            end = self.rest or "。"
        elif way == "swapped":
            told = [
                (second.name + first.text.removeprefix(first.name), second),
                (first.name + second.text.removeprefix(second.name), first),
            ]
        return [(self.lead, None), *told, (end, None)]

    def text(self, way: str) -> str:
        """Return the sentence, changed in one of the WAYS."""
        return "".join(text for text, _ in self.pieces(way))

    def own(self, way: str) -> str:
        """Return the number that is the place's in a text of this way; empty where it has none."""
        return {"left out": "", "swapped": self.other.number}.get(way, self.asked.number)

    def of_neighbour(self, way: str) -> tuple[int, int]:
        """Return where the other place is told of in a text of this way."""
        at = 0
        for text, part in self.pieces(way):
            if part is self.other:
                return at, at + len(text)
            at += len(text)
        raise ValueError(way)


def _closed(text: str) -> str:
    return text if _BREAK.match(text[-1]) else f"{text}，"


def cases(
    texts: Iterable[tuple[str, str]],
    names: Sequence[str],
    chance: random.Random,
    names_place: Callable[[str], bool],
) -> Iterator[Case]:
    """Yield the sentences that tell two places' figures one after the other, each of its words once.

    A question whose topic names a further place would ask for something else.
    """
    seen: set[tuple[str, str]] = set()
    for article, text in texts:
        for start, end in split_sentences(text, 0, len(text)):
            case = _case(article, text[start:end], chance.sample(names, 2))
            # what many papers print alike is one case
            if case is None or names_place(case.first.topic) or names_place(case.second.topic):
                continue
            if (told := (case.first.topic, case.first.number)) not in seen:
                seen.add(told)
                yield case


def _case(article: str, sentence: str, names: Sequence[str]) -> Case | None:
    """Return the sentence with two of its neighbouring places under other names."""
    if not 20 <= len(sentence) <= _MOST_CHARS or "\n" in sentence or _OF_ALL.search(sentence):
        return None
    heads = list(_PLACE.finditer(sentence))
    for one, other, end in zip(
        heads, heads[1:], [*(m.start() for m in heads[2:]), len(sentence)], strict=False
    ):
        if one[0] in other[0] or other[0] in one[0] or _class_of(one[0]) != _class_of(other[0]):
            continue
        first = _parts(names[0], sentence[one.end() : other.start()])
        second = _parts(names[1], sentence[other.end() : end])
        for unit in sorted(first.keys() & second.keys()):
            mine, theirs = first[unit], second[unit]
            if len(mine.topic) >= _LEAST_TOPIC and mine.number != theirs.number:
                return Case(article, sentence[: one.start()], mine, theirs, sentence[end:])
    return None


def _class_of(name: str) -> str:
    """What a place is by the end of its name, where counties, banners and districts are alike."""
    return "县" if name[-1] in "县旗区" else name[-1]


def _parts(name: str, text: str) -> dict[str, Part]:
    """Return what the text after a place's name tells of it by unit: of each the first figure."""
    figures = [each for each in find_figures(text) if kind_of(each) not in _NO_QUANTITY]
    out: dict[str, Part] = {}
    for figure in figures:
        number = figure.text.removesuffix(figure.unit)
        topic = re.split(_BREAK, text[: figure.start])[-1]
        is_plain = number != figure.text and len(topic) <= 14 and not _NO_TOPIC.search(topic)
        if is_plain and figure.unit not in out:
            out[figure.unit] = Part(name, name + text, number, figure.unit, topic)
    return out


def verdict(answer: Answer, case: Case, way: str) -> str:
    """Return what was given: right, a neighbour's figure, another one, none marked, or refused; elsewhere if of another sentence."""
    if answer.outcome is not Outcome.FOUND:
        return "refused"
    hit = answer.hits[0]
    if hit.article.text.strip() != case.text(way).strip():
        return "elsewhere"
    marked = [
        each for one in hit.evidence if one.answer for each in one.figures if _overlap(each, one.answer)
    ]
    if not marked:
        return "no figure marked"
    if any(_overlap(each, case.of_neighbour(way)) for each in marked):
        return "a neighbour's"
    own = case.own(way)
    return "right" if own and all(each.text.startswith(own) for each in marked) else "another of its sentence"


def _overlap(figure: Figure, stretch: tuple[int, int]) -> bool:
    return figure.start < stretch[1] and stretch[0] < figure.end


def _library(settings: Settings, folder: Path, chosen: list[Case], way: str) -> Library:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    corpus = folder / "corpus.jsonl"
    corpus.write_text(
        "".join(
            json.dumps({"id": f"n{at}", "text": case.text(way), "date": _DAY.isoformat()}, ensure_ascii=False)
            + "\n"
            for at, case in enumerate(chosen)
        ),
        encoding="utf-8",
    )
    # the prepared model and the dictionary are those of the user
    changed = settings.model_copy(update={"home": folder, "cache": settings.cache})
    return open_set(changed, corpus)


def main() -> None:
    """Ask in all ways, print the counts and the faults by id, and write them down."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge.neighbours")
    parser.add_argument("sets", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--most", type=int, default=150)
    options = parser.parse_args()
    settings = load_settings()
    chance = random.Random(_SEED)
    names = [each.name for each in Gazetteer.load().descendants(settings.home_region) if each.level == 3]
    texts = sorted(read_texts(options.sets).items())
    chance.shuffle(texts)
    resolver = open_resolver(settings, open_tokenizer(settings))

    def names_place(text: str) -> bool:
        return bool(resolver.resolve_question(text).mentions)

    chosen = list(islice(cases(texts, names, chance, names_place), options.most))
    counts: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
    for way, is_second_asked in product(WAYS, (False, True)):
        asked = [replace(case, is_second_asked=is_second_asked) for case in chosen]
        asked = [case for case in asked if len(case.asked.topic) >= _LEAST_TOPIC]
        library = _library(settings, options.work / way.replace(" ", "-"), asked, way)
        for case in asked:
            told = verdict(library.ask(case.question, today=_DAY), case, way)
            counts[way][told] += 1
            if told == "a neighbour's":
                print(f"  {way}: {case.article}: {case.question}", flush=True)
        print(way, dict(counts[way]), flush=True)
    (RESULTS / "neighbours.json").write_text(
        json.dumps({"sentences": len(chosen), "ways": counts}, ensure_ascii=False, indent=2) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
