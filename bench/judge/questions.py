"""Questions of our own over news: from the writers' lines to files of ids and offsets, and back.

A writer gives {"article", "question", "answer", "paraphrase"} or {"article", "question", "trap"}, a line each. The
repository keeps `start` and `end` of the answer in the article's text in place of its words, and no text of an article.

    python -m bench.judge.questions SETS FOLDER FILE...     FILE out07.jsonl becomes FOLDER/07.jsonl
    python -m bench.judge.questions SETS FOLDER --check     checks the files that are there
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("place", "year", "detail", "post", "part", "unit", "topic")
SOURCES = ("news20k", "xinwenlianbo")
KEPT_ASIDE = "local_news"
_MOST_ANSWER = 40
_SHARED, _N_SHARED = 20, 3
"""Two articles share text if so many stretches of so many characters are the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question over one article: answered at `start` to `end` of its text, or a trap of a kind."""

    article: str
    question: str
    start: int = 0
    end: int = 0
    trap: str = ""
    is_paraphrase: bool = False

    def line(self) -> str:
        """Return the line that the repository keeps."""
        values: dict[str, Any] = {"article": self.article, "question": self.question}
        if self.trap:
            values["trap"] = self.trap
        else:
            values |= {"start": self.start, "end": self.end, "paraphrase": self.is_paraphrase}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def read_texts(sets: Path) -> dict[str, str]:
    """Return the texts that questions may be about, by article id: none that the kept set has too."""
    aside = ids_aside(sets)
    return {
        record["id"]: record["text"]
        for name in SOURCES
        for record in read_lines(sets / name / "corpus.jsonl")
        if record["id"] not in aside
    }


def ids_aside(sets: Path) -> frozenset[str]:
    """Return the ids of the articles that nothing may be learnt from: the kept set's, and others with its text."""
    kept = list(read_lines(sets / KEPT_ASIDE / "corpus.jsonl"))
    known = {part for record in kept for part in _parts(record["text"], _SHARED)}
    alike = {
        str(record["id"])
        for name in SOURCES
        for record in read_lines(sets / name / "corpus.jsonl")
        if sum(part in known for part in _parts(record["text"], 1)) >= _N_SHARED
    }
    return frozenset(str(record["id"]) for record in kept) | alike


def _parts(text: str, step: int) -> Iterator[str]:
    """Yield stretches of the text's letters and digits that begin at every `step`."""
    letters = re.sub(r"\W+", "", text)
    return (letters[at : at + _SHARED] for at in range(0, len(letters) - _SHARED + 1, step))


def read_questions(folder: Path) -> list[Asked]:
    """Return the questions of all files in a folder, in the order of the files."""
    return [
        Asked(
            article=line["article"],
            question=line["question"],
            start=line.get("start", 0),
            end=line.get("end", 0),
            trap=line.get("trap", ""),
            is_paraphrase=line.get("paraphrase", False),
        )
        for path in sorted(folder.glob("[0-9]*.jsonl"))
        for line in read_lines(path)
    ]


def folded(question: str) -> str:
    """Return the question as it is compared: letters, digits and characters alone."""
    return re.sub(r"\W+", "", question).lower()


def convert(
    lines: Iterable[Mapping[str, Any]], texts: Mapping[str, str], seen: set[str]
) -> tuple[list[Asked], Counter[str]]:
    """Turn a writer's lines into questions. Return them, and how many lines were left out for each reason.

    `seen` holds the questions of other files, folded; those of this one are added.
    """
    kept: list[Asked] = []
    left_out: Counter[str] = Counter()
    for line in lines:
        asked, reason = _converted(line, texts)
        if asked is not None and folded(asked.question) in seen:
            asked, reason = None, "asked before"
        if asked is None:
            left_out[reason] += 1
        else:
            seen.add(folded(asked.question))
            kept.append(asked)
    return kept, left_out


def _converted(line: Mapping[str, Any], texts: Mapping[str, str]) -> tuple[Asked | None, str]:
    article, question = str(line.get("article", "")), str(line.get("question", "")).strip()
    answer, trap = str(line.get("answer") or "").strip(), str(line.get("trap") or "")
    if article not in texts:
        return None, "article unknown or kept aside"
    if not 4 <= len(question) <= 40:
        return None, "question too short or long"
    if not answer:
        return (
            (Asked(article, question, trap=trap), "") if trap in KINDS else (None, "neither answer nor trap")
        )
    start = _place_of(answer, question, texts[article])
    if start < 0 or len(answer) > _MOST_ANSWER:
        return None, "answer not in the text" if start < 0 else "answer too long"
    return Asked(
        article, question, start, start + len(answer), is_paraphrase=bool(line.get("paraphrase"))
    ), ""


def _place_of(answer: str, question: str, text: str) -> int:
    """Return where the answer stands: of several places the one with most of the question around it. -1 if nowhere."""
    grams = {question[at : at + 2] for at in range(len(question) - 1)}
    best, most = -1, -1
    for match in re.finditer(re.escape(answer), text):
        around = text[max(0, match.start() - 80) : match.end() + 80]
        shared = sum(gram in around for gram in grams)
        if shared > most:
            best, most = match.start(), shared
    return best


def check(questions: Iterable[Asked], texts: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the questions, a line for each fault."""
    faults: list[str] = []
    seen: set[str] = set()
    for asked in questions:
        text = texts.get(asked.article)
        if text is None:
            faults.append(f"{asked.question}: its article {asked.article} is unknown or kept aside")
        elif not asked.trap and not (
            0 <= asked.start < asked.end <= len(text) and text[asked.start : asked.end].strip()
        ):
            faults.append(f"{asked.question}: no answer at {asked.start} to {asked.end} of {asked.article}")
        if asked.trap and asked.trap not in KINDS:
            faults.append(f"{asked.question}: no such kind of trap: {asked.trap}")
        if folded(asked.question) in seen:
            faults.append(f"{asked.question}: asked twice")
        seen.add(folded(asked.question))
    return faults


def main() -> None:
    """Convert the files named, or check those that are there."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge.questions")
    parser.add_argument("sets", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    texts = read_texts(options.sets)
    options.folder.mkdir(parents=True, exist_ok=True)
    made = {options.folder / f"{re.sub(r'[^0-9]', '', path.stem)}.jsonl": path for path in options.files}
    others = [path for path in sorted(options.folder.glob("[0-9]*.jsonl")) if path not in made]
    seen = {folded(line["question"]) for path in others for line in read_lines(path)}
    for out, path in sorted(made.items()):
        kept, left_out = convert(read_lines(path), texts, seen)
        out.write_text("".join(f"{asked.line()}\n" for asked in kept), encoding="utf-8")
        n_traps = sum(bool(asked.trap) for asked in kept)
        print(f"{out.name}: {len(kept) - n_traps} answered, {n_traps} traps, left out {dict(left_out)}")
    questions = read_questions(options.folder)
    faults = check(questions, texts)
    print(
        f"{len(questions)} questions, {sum(not asked.trap for asked in questions)} answered, {len(faults)} faults"
    )
    for fault in faults:
        print(fault)
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
