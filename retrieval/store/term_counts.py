"""In how many passages each term stands, counted in SQL: a question's half of BM25 where no index on this machine knows.

Counted only once somebody has asked for it, as one machine's own index does without. From then on the counts change
in the same transaction as the passages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from retrieval.store import schema
from retrieval.store.database import among, listed, reading_from, writing_to

_COUNTING = "counts terms"
_ALL = ""
"""In place of a term: the number of passages."""
_AT_ONCE = 2000


class TermCounts:
    """The counts of one database. Safe for several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self) -> None:
        """Count what is there and from now on whatever comes; once it has begun this does nothing."""
        counts, terms = schema.term_counts, schema.passage_terms
        with reading_from(self._engine) as connection:
            if is_counting(connection):
                return
        with writing_to(self._engine) as connection:
            if is_counting(connection):
                return
            connection.execute(delete(counts))
            last = 0
            while True:
                chosen = select(terms.c.passage_id, terms.c.title, terms.c.body)
                chosen = chosen.where(terms.c.passage_id > last).order_by(terms.c.passage_id)
                rows = connection.execute(chosen.limit(_AT_ONCE)).all()
                if not rows:
                    break
                _add(connection, _counted(rows), 1)
                last = rows[-1].passage_id
            connection.execute(insert(schema.settings).values(name=_COUNTING, value="1"))

    def of(self, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
        """How many passages there are, and in how many each term stands; terms that stand in none are left out."""
        counts = schema.term_counts
        wanted = [_ALL, *dict.fromkeys(term for term in terms if term)]
        with reading_from(self._engine) as connection:
            here = among(counts.c.term, self._engine.dialect.name)
            chosen = select(counts).where(here, counts.c.n > 0)
            rows = connection.execute(chosen, listed(wanted, self._engine.dialect.name))
            found = {row.term: int(row.n) for row in rows}
        return found.pop(_ALL, 0), found

    def average_length(self, fewest: int, title_times: int) -> float | None:
        """Terms of a passage on average, a title's counted so many times; None for fewer passages than `fewest`."""
        terms = schema.passage_terms
        some = select(terms.c.title, terms.c.body).limit(100_000).subquery()

        def n_terms(column: Any) -> Any:
            return func.length(column) - func.length(func.replace(column, " ", "")) + 1

        length = title_times * n_terms(some.c.title) + n_terms(some.c.body)
        with reading_from(self._engine) as connection:
            n, average = connection.execute(select(func.count(), func.avg(length)).select_from(some)).one()
        return float(average) if n >= fewest else None


def is_counting(connection: Connection) -> bool:
    """Whether terms are counted in this database."""
    table = schema.settings
    return connection.scalar(select(table.c.value).where(table.c.name == _COUNTING)) is not None


def count_passages(connection: Connection, passage_ids: Sequence[int], sign: int) -> None:
    """Add stored passages' terms to the counts, or with -1 take them off, if terms are counted."""
    if not passage_ids or not is_counting(connection):
        return
    terms = schema.passage_terms
    for start in range(0, len(passage_ids), 500):
        batch = passage_ids[start : start + 500]
        chosen = select(terms.c.title, terms.c.body).where(terms.c.passage_id.in_(batch))
        _add(connection, _counted(connection.execute(chosen).all()), sign)


def _counted(rows: Sequence[Any]) -> Counter[str]:
    counted = Counter(term for row in rows for term in {*row.title.split(), *row.body.split()})
    counted[_ALL] = len(rows)
    return counted


def _add(connection: Connection, counted: Counter[str], sign: int) -> None:
    counts = schema.term_counts
    insert_here = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert_here(counts).values(term=bindparam("term"), n=bindparam("n"))
    added = new.on_conflict_do_update(index_elements=[counts.c.term], set_={"n": counts.c.n + new.excluded.n})
    connection.execute(added, [{"term": term, "n": sign * n} for term, n in sorted(counted.items())])
