"""The sparse side on one machine: BM25 by tantivy over our own terms. The only user of tantivy.

A folder that all processes of one home share, with what it holds written in it: a commit is there as a whole or not
at all, and tells up to which line of the store's log it goes. Whoever finds it behind brings it up to date.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import tantivy

from retrieval.regions.codes import code_prefix, code_prefixes
from retrieval.types import Filter, IndexedPassage, PassageScore

_log = logging.getLogger(__name__)

_LAYOUT = 1
"""Raised when documents are made differently; an older folder is then built again."""
_TITLE_TIMES = 2
"""A title's term counts as often as this."""
_HEAP_BYTES = 64_000_000
"""Of the writer, for as long as it writes."""
_MARK = "mark"


class SparseIndex:
    """Terms by passage id in a folder. Safe for several threads and processes; one of them writes at a time."""

    def __init__(self, folder: Path, store: str) -> None:
        """Open the folder for a store's passages; what is damaged or another store's is begun anew."""
        self._folder = folder
        self._store = store
        self._seq = -1
        self._open()

    @property
    def seq(self) -> int:
        """The last line of the store's log that is in it; -1: nothing is, build it."""
        return self._seq

    def __len__(self) -> int:
        """How many passages it holds."""
        return max(0, int(self._searcher.num_docs) - (self._seq >= 0))

    def reload(self) -> None:
        """See what another process has committed since."""
        self._index.reload()
        self._look()

    def write(
        self, removed: Sequence[int], rows: Iterable[IndexedPassage], seq: int, *, is_whole: bool = False
    ) -> bool:
        """Take passages out and put others in, in place of those of the same ids, in one commit.

        `seq` is the line of the log that it goes up to then; `is_whole`: nothing else is to be in it. False, and
        nothing is done, while another process writes.
        """
        try:
            writer = self._index.writer(_HEAP_BYTES, 1)
        except ValueError as error:
            if "lock" in str(error).lower():
                return False
            raise
        if is_whole:
            writer.delete_all_documents()
        for passage_id in removed:
            writer.delete_documents_by_term("id", passage_id)
        for row in rows:
            if not is_whole:
                writer.delete_documents_by_term("id", row.passage_id)
            writer.add_document(_document(row))
        writer.delete_documents_by_term(_MARK, _MARK)
        mark = tantivy.Document()
        mark.add_text(_MARK, _MARK)
        mark.add_text("content", json.dumps([_LAYOUT, self._store, seq]))
        writer.add_document(mark)
        writer.commit()
        writer.wait_merging_threads()
        self.reload()
        return True

    def search(self, terms: Sequence[str], depth: int, where: Filter) -> list[PassageScore]:
        """The best by BM25 (k1 1.2, b 0.75, a title's terms twice), larger first, ties by id."""
        return ordered(*self.best(terms, depth, where))

    def best(self, terms: Sequence[str], depth: int, where: Filter) -> tuple[list[int], list[float]]:
        """Ids and scores of the best, in no order that ties could be relied on in."""
        unique = list(dict.fromkeys(terms))
        if depth < 1 or not unique:
            return [], []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(_schema(), "terms", term, "freq"))
                for term in unique
            ]
        )
        conditions = _conditions(where)
        if conditions:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *conditions])
        searcher = self._searcher
        hits = searcher.search(query, depth, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in hits])
        return [int(i or 0) for i in ids], [float(score) for score, _ in hits]

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many passages each term stands; terms that stand in none are left out.

        Passages replaced since the last merge of segments count still.
        """
        found = {term: int(self._searcher.doc_freq("terms", term)) for term in set(terms)}
        return {term: n for term, n in found.items() if n}

    # ---------------------------------------------------------------------------------------- plumbing

    def _open(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(_schema(), str(self._folder), reuse=True)
            self._prepare()
        except ValueError as error:
            _log.warning("%s: the sparse index is damaged (%s) and is built again", self._folder, error)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(_schema(), str(self._folder), reuse=True)
            self._prepare()

    def _prepare(self) -> None:
        words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("words", words)
        self._index.config_reader("manual")
        self.reload()

    def _look(self) -> None:
        self._searcher = self._index.searcher()
        found = self._searcher.search(tantivy.Query.term_query(_schema(), _MARK, _MARK), 1).hits
        self._seq = -1
        if found:
            layout, store, seq = json.loads(self._searcher.doc(found[0][1])["content"][0])
            if (layout, store) == (_LAYOUT, self._store):
                self._seq = int(seq)


def ordered(ids: Iterable[int], scores: Iterable[float]) -> list[PassageScore]:
    """Ids with their scores, the largest first, ties by id."""
    found = [PassageScore(i, score) for i, score in zip(ids, scores, strict=True)]
    return sorted(found, key=lambda scored: (-scored.score, scored.passage_id))


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="words", index_option="freq")
    builder.add_text_field("regions", tokenizer_name="words", index_option="basic")
    builder.add_text_field("primary", tokenizer_name="words", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_text_field(_MARK, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("content", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(row: IndexedPassage) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("id", row.passage_id)
    document.add_text("terms", " ".join([*[row.title] * _TITLE_TIMES, row.body]))
    for name, codes in (
        ("regions", [code for code, _ in row.regions]),
        ("primary", [code for code, is_primary in row.regions if is_primary]),
    ):
        prefixes = {prefix for code in codes for prefix in code_prefixes(code)}
        document.add_text(name, " ".join(sorted(prefixes)))
    if row.day is not None:
        document.add_integer("day", row.day.toordinal())
    return document


def _conditions(where: Filter) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    """What a passage has to fulfil besides; none of it counts for the score."""
    conditions: list[tantivy.Query] = []
    if where.regions:
        field = "primary" if where.primary_only else "regions"
        terms = [tantivy.Query.term_query(_schema(), field, code_prefix(code)) for code in where.regions]
        conditions.append(tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]))
    if where.first_date or where.last_date:
        first = (where.first_date or date.min).toordinal()
        last = (where.last_date or date.max).toordinal()
        conditions.append(tantivy.Query.range_query(_schema(), "day", tantivy.FieldType.Integer, first, last))
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(each, 0.0)) for each in conditions]
