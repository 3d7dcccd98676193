"""The sparse side on one machine: BM25 by SQLite's FTS5 over our own terms. The only user of FTS5.

Terms are written in the same transaction as the passages they belong to, so this side is never behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from retrieval.types import Filter, Scored

_TITLE_WEIGHT = 2.0
_COMMON_SHARE = 0.1
"""A term in more than this share of the passages is cut from a question that has rarer ones. On news20k a share of 0.03
takes half the time and costs 1.3 points of this side's answer@1, 0.15 of the whole search's hit@1."""
_COMMON_MINIMUM = 2_000
"""In fewer passages than this nothing is cut: it would save no time."""


def put_terms(connection: Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Add passages' terms: (passage id, title terms, body terms), each space-joined."""
    values = [{"id": i, "title": title, "body": body} for i, title, body in rows]
    if values:
        connection.execute(
            text("INSERT INTO passage_terms(rowid, title, body) VALUES (:id, :title, :body)"), values
        )


def delete_terms(connection: Connection, passage_ids: Sequence[int]) -> None:
    """Remove passages' terms."""
    if passage_ids:
        connection.execute(
            text("DELETE FROM passage_terms WHERE rowid = :id"), [{"id": i} for i in passage_ids]
        )


def passage_frequencies(connection: Connection, terms: Iterable[str]) -> dict[str, int]:
    """In how many passages each term stands; terms that stand in none are left out."""
    wanted = sorted(set(terms))
    if not wanted:
        return {}
    statement = text("SELECT term, doc FROM passage_vocabulary WHERE term = :term")
    found: dict[str, int] = {}
    for term in wanted:  # one look-up each: fts5vocab seeks for `=`, but scans for `IN`
        row = connection.execute(statement, {"term": term}).first()
        if row is not None:
            found[row.term] = row.doc
    return found


def search_terms(
    connection: Connection, terms: Sequence[str], depth: int, where: Filter, n_passages: int
) -> list[Scored]:
    """The best of `n_passages` by BM25 (k1 1.2, b 0.75, title weighted double), score above 0, larger first."""
    if depth < 1:
        return []
    chosen = _worth_searching(connection, terms, n_passages)
    if not chosen:
        return []
    match = " OR ".join('"' + term.replace('"', '""') + '"' for term in chosen)
    condition, values = filter_condition(where)
    join = "JOIN passages p ON p.id = t.rowid JOIN articles a ON a.id = p.article_id" if condition else ""
    statement = text(
        f"SELECT t.rowid AS id, bm25(passage_terms, {_TITLE_WEIGHT}, 1.0) AS badness "
        f"FROM passage_terms t {join} WHERE passage_terms MATCH :match {condition} "
        f"ORDER BY badness, t.rowid LIMIT :depth"
    )
    rows = connection.execute(statement, {"match": match, "depth": depth, **values})
    return [Scored(row.id, -row.badness) for row in rows if row.badness < 0]


def filter_condition(where: Filter) -> tuple[str, dict[str, object]]:
    """SQL that follows a WHERE over `articles a`, with its values; empty for the empty filter."""
    parts: list[str] = []
    values: dict[str, object] = {}
    if where.regions:
        ranges: list[str] = []
        for number, code in enumerate(where.regions):
            low, high = code_range(code)
            ranges.append(f"(r.code >= :low{number} AND r.code < :high{number})")
            values |= {f"low{number}": low, f"high{number}": high}
        role = " AND r.role = 'primary'" if where.primary_only else ""
        parts.append(
            "EXISTS (SELECT 1 FROM article_regions r WHERE r.article_id = a.id "
            f"AND ({' OR '.join(ranges)}){role})"
        )
    if where.first_date:
        parts.append("a.date >= :first_date")
        values["first_date"] = where.first_date.isoformat()
    if where.last_date:
        parts.append("a.date <= :last_date")
        values["last_date"] = where.last_date.isoformat()
    return "".join(f" AND {part}" for part in parts), values


def code_range(code: str) -> tuple[str, str]:
    """The half-open range of strings that holds a division's code and all its descendants'.

    Official codes nest by prefix: 15 province, 1505 prefecture, 150524 county, 150524100 township.
    """
    prefix = code
    if len(code) == 6:
        prefix = code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _worth_searching(connection: Connection, terms: Sequence[str], n_passages: int) -> list[str]:
    unique = list(dict.fromkeys(terms))
    if n_passages < _COMMON_MINIMUM:
        return unique
    frequencies = passage_frequencies(connection, unique)
    known = [term for term in unique if term in frequencies]
    rare = [term for term in known if frequencies[term] <= n_passages * _COMMON_SHARE]
    return rare or known


def allowed_passages(connection: Connection, where: Filter) -> NDArray[np.int64]:
    """Ids of the passages that pass a filter, ascending."""
    condition, values = filter_condition(where)
    statement = text(
        "SELECT p.id FROM passages p JOIN articles a ON a.id = p.article_id "
        f"WHERE 1 = 1 {condition} ORDER BY p.id"
    )
    return np.array([row.id for row in connection.execute(statement, values)], dtype=np.int64)
