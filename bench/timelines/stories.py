"""How many of the articles that stories list are of the matter: `python -m bench.timelines.stories BROADCASTS LOCAL WORK`.

BROADCASTS, LOCAL and WORK are those of learn.py; the reranker is the default one. A line of `stories.jsonl` and
`stories_blind.jsonl` has the record whose story was asked for, those listed that reading found right (steps), those it found
wrong, and the set (broadcasts without one). What is listed now and was not read then is counted and printed, with its
title and what it shares, to be read. The sets' records are found again by how their texts begin.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from bench.timelines.measure import N_RECORDS, open_library
from embeddings import open_reranker
from retrieval import Answerer, Library, StoredArticle

FILES = [Path(__file__).with_name(name) for name in ("stories.jsonl", "stories_blind.jsonl")]
_BEGINNING = 60
"""Characters by which a record and an article are the same."""
_LOCAL = "local_news"


def beginning(text: str) -> str:
    """How a text begins, without white space, which reading takes away."""
    return "".join(text.split())[:_BEGINNING]


def articles_of(library: Library, corpus: Path) -> dict[str, StoredArticle]:
    """Each record's article."""
    with corpus.open(encoding="utf-8") as file:
        records = {beginning(record["text"]): record["id"] for record in map(json.loads, file)}
    found = ((records.get(beginning(each.text)), each) for each in library.newest_articles(10 * N_RECORDS))
    return {record: article for record, article in found if record is not None}


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("broadcasts", type=Path)
    parser.add_argument("local", type=Path)
    parser.add_argument("work", type=Path)
    options = parser.parse_args()
    reranker = open_reranker(cache=options.work / "models")
    for name, corpus in (("broadcasts", options.broadcasts), (_LOCAL, options.local)):
        plain = open_library(corpus, options.work / name.removesuffix("_news"))
        answerer = plain.answerer
        parts = (answerer.index, answerer.encoder, answerer.tokenizer, plain.resolver)
        library = Library(plain.store, Answerer(plain.store, *parts, reranker=reranker), plain.resolver)
        articles = articles_of(library, corpus)
        for path in FILES:
            counts: Counter[str] = Counter()
            unread = []
            for record in read(path):
                asked = articles.get(record["of"])
                if (record.get("set") == _LOCAL) != (name == _LOCAL):
                    continue
                if asked is None:
                    counts["not in the library"] += 1
                    continue
                counts["stories"] += 1
                right, wrong = (
                    {articles[each].id for each in record.get(key, ()) if each in articles}
                    for key in ("steps", "wrong")
                )
                for step in library.story(asked).steps:
                    listed = step.article.id
                    if listed == asked.id:
                        continue
                    verdict = "right" if listed in right else "wrong" if listed in wrong else "unread"
                    counts[verdict] += 1
                    if verdict == "unread":
                        unread.append((asked.title, step.article.date, step.article.title, step.shared))
            if counts:
                print(name, path.name, dict(counts), flush=True)
            for line in unread:
                print("  unread", *line, sep="  ")


if __name__ == "__main__":
    main()
