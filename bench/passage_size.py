"""Measure passage length, overlap and header on a slice of a set: every relevant article and some thousand others.

    python -m bench.passage_size SET WORK [N_OTHERS]

Prints one line a variant: passages, and hit@1, MRR@10 and answer@1 of each side. WORK keeps the vectors, so that
variants that share passages share their encoding, and an interrupted run goes on.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bot.composition import open_ingester, open_resolver, open_settings_encoder, open_tokenizer
from bot.progress import TerminalProgress
from bot.settings import load_settings
from retrieval import (
    Answerer,
    Article,
    LocalIndex,
    PassageSlice,
    Side,
    Store,
    load_questions,
    measure,
    put_corpus,
    run_queries,
    side_search,
)
from retrieval import ingestion as ingestion_module
from retrieval.progress import Silence
from retrieval.text.passages import ChunkSize, chunk, passage_header
from retrieval.text.sentences import split_sentences

Cut = Callable[[Article, ChunkSize], list[PassageSlice]]


def overlapping(article: Article, size: ChunkSize) -> list[PassageSlice]:
    """Passages that begin with the last sentence of the one before."""
    pieces = chunk(article, size)
    widened = pieces[:1]
    for before, piece in zip(pieces, pieces[1:], strict=False):
        start = split_sentences(article.text, before.start, before.end)[-1][0]
        widened.append(replace(piece, start=start) if piece.kind is before.kind else piece)
    return widened


VARIANTS: dict[str, tuple[ChunkSize, Cut, Callable[[Article], str]]] = {
    "200/280, title and place": (ChunkSize(200, 280), chunk, passage_header),
    "200/280, no header": (ChunkSize(200, 280), chunk, lambda _: ""),
    "120/180, title and place": (ChunkSize(120, 180), chunk, passage_header),
    "300/400, title and place": (ChunkSize(300, 400), chunk, passage_header),
    "450/600, title and place": (ChunkSize(450, 600), chunk, passage_header),
    "200/280, a sentence of overlap": (ChunkSize(200, 280), overlapping, passage_header),
}


def slice_corpus(folder: Path, work: Path, n_others: int) -> Path:
    relevant = {i for ids in load_questions(folder).qrels.values() for i in ids}
    out = work / "corpus.jsonl"
    work.mkdir(parents=True, exist_ok=True)
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        records = [(str(json.loads(line)["id"]), line) for line in lines if line.strip()]
    others = {i for i, _ in islice((each for each in records if each[0] not in relevant), n_others)}
    out.write_text("".join(line for i, line in records if i in relevant | others), encoding="utf-8")
    return out


def main(folder: Path, work: Path, n_others: int) -> None:
    settings = load_settings()
    tokenizer = open_tokenizer(settings)
    resolver = open_resolver(settings, tokenizer)
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    corpus = slice_corpus(folder, work, n_others)
    questions = load_questions(folder)
    for number, (name, (size, cut, header)) in enumerate(VARIANTS.items()):
        # the product has one way to cut; the others are put in its place
        vars(ingestion_module).update(chunk=cut, passage_header=header)
        store = Store.open(f"sqlite:///{(work / f'variant{number}.db').absolute()}")
        if not store.encoder:
            store.set_encoder(encoder.fingerprint, encoder.name)
        ingester = open_ingester(store, encoder, tokenizer, resolver)
        ingester._size = size
        record_ids = put_corpus(corpus, ingester, store, Silence())
        index = LocalIndex(store, work / f"variant{number}.index", encoder)
        answerer = Answerer(store, index, encoder, tokenizer, resolver)
        print(f"{name:32} {store.counts().passages:6} passages", end="")
        for side in Side:
            search = side_search(side, answerer, store, record_ids)
            found = measure(questions, run_queries(questions, search, Silence()))
            figures = (found.hit_at_1, found.mrr_at_10, found.answer_at_1)
            print(
                f"  {side.value}",
                *(f"{value:.3f}" if value is not None else "-" for value in figures),
                end="",
            )
        print(flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2000)
