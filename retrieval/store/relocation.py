"""Moving a database's tables to another one, from SQLite to PostgreSQL: whole, checked, and resumed where it stopped.

Rows go in the order of their keys, a batch in one transaction, which also notes in the target how far it came: a
process that is killed at any point goes on behind the last batch. At the end each table's rows are counted and their
checksums compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    tuple_,
    update,
)

from retrieval.errors import StoreError
from retrieval.progress import Progress, Silence
from retrieval.store import schema
from retrieval.store.database import reading_from, writing_to
from retrieval.store.store import Store

_BATCH = 500
_MODULUS = 1 << 128
_metadata = MetaData()
_marks = Table(
    "relocation",
    _metadata,
    Column("name", String(64), primary_key=True),  # a table's, or the part's, which stands for its state
    Column("source", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # copying, copied
    Column("last_key", Text),  # JSON
    Column("n_rows", BigInteger, nullable=False),
)


class RelocationRefused(StoreError):
    """The target has data of its own, or of another source."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that is whole in the target."""

    table: str
    n_rows: int
    checksum: str
    """128 bits of hexadecimal digits: the sum of all rows' checksums, in whatever order they come."""


def relocate_store(source: Store, target: Store, progress: Progress | None = None) -> list[Moved]:
    """Copy articles and all that belongs to them into another store; see `relocate`."""
    tables = schema.metadata.sorted_tables
    return relocate(source.engine, target.engine, tables, "articles", source.id, progress)


def relocate(
    source: Engine,
    target: Engine,
    tables: Sequence[Table],
    part: str,
    source_id: str,
    progress: Progress | None = None,
    *,
    batch: int = _BATCH,
) -> list[Moved]:
    """Copy the tables, which both databases have at the same revision. Return what is in the target afterwards.

    `part` names these tables among others of the same target. While it runs nobody else writes to the source.
    Raises RelocationRefused if the target has other data, StoreError if the copy is not the same.
    """
    progress = progress or Silence()
    with writing_to(source) as old:
        is_done = _begin(target, tables, part, source_id)
        moved: list[Moved] = []
        for _ in range(2):
            if not is_done:
                _copy(old, target, tables, source_id, progress, batch)
            moved = [checksum(old, table) for table in tables]
            with reading_from(target) as new:
                pairs = zip(moved, tables, strict=True)
                differing = [each for each, table in pairs if checksum(new, table) != each]
            if not differing:
                break
            if is_done:
                raise RelocationRefused(
                    f"{part}: the move to this database was finished before, and one of both has changed since "
                    f"({', '.join(each.table for each in differing)}): nothing was done"
                )
            # the source changed between two runs: what was copied then is copied again
            with writing_to(target) as new:
                _clear(new, tables)
                new.execute(delete(_marks).where(_marks.c.name.in_([table.name for table in tables])))
        else:
            raise StoreError(f"{part}: {differing[0].table} is not the same in both databases: run it again")
        if not is_done:
            _finish(old, target, tables, part)
    return moved


def checksum(connection: Connection, table: Table) -> Moved:
    """A table's rows counted and summed up; equal in two databases exactly when the rows are."""
    n_rows, total = 0, 0
    for row in connection.execute(select(table).execution_options(yield_per=1000)):
        checksum = hashlib.blake2b(_canonical(row), digest_size=16).digest()
        total = (total + int.from_bytes(checksum, "big")) % _MODULUS
        n_rows += 1
    return Moved(table.name, n_rows, f"{total:032x}")


def _canonical(row: Sequence[Any]) -> bytes:
    return json.dumps([_plain(value) for value in row], ensure_ascii=True).encode()


def _plain(value: Any) -> Any:
    """A value as JSON has it, the same from every database."""
    from retrieval.store.postgresql import storable

    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)  # SQLite keeps no zone
        return aware.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return storable(value) if isinstance(value, str) else value


def _begin(target: Engine, tables: Sequence[Table], part: str, source_id: str) -> bool:
    """Claim the target for this source. Return whether all is there already."""
    with writing_to(target) as new:
        _metadata.create_all(new)
        mark = new.execute(select(_marks).where(_marks.c.name == part)).first()
        if mark is None:
            _refuse_other_data(new, tables, part)
            _clear(new, tables)  # what opening it wrote
            row = {"name": part, "source": source_id, "state": "copying", "n_rows": 0}
            new.execute(insert(_marks).values(row))
            return False
        if mark.source != source_id:
            raise RelocationRefused(
                f"{part}: another installation's data is being moved to this database: give an empty one"
            )
        return bool(mark.state == "copied")


def _refuse_other_data(new: Connection, tables: Sequence[Table], part: str) -> None:
    for table in tables:
        n_rows = new.scalar(select(func.count()).select_from(table)) or 0
        # a new store has one setting, which tells it from all others
        if n_rows > (1 if table.name == "settings" else 0):
            raise RelocationRefused(
                f"{part}: this database has data already ({n_rows} rows in {table.name}): give an empty one"
            )


def _clear(new: Connection, tables: Sequence[Table]) -> None:
    for table in reversed(tables):
        new.execute(delete(table))


def _copy(
    old: Connection,
    target: Engine,
    tables: Sequence[Table],
    source_id: str,
    progress: Progress,
    batch: int,
) -> None:
    for table in tables:
        with writing_to(target) as new:
            mark = new.execute(select(_marks).where(_marks.c.name == table.name)).first()
            if mark is None:
                row = {"name": table.name, "source": source_id, "state": "copying", "n_rows": 0}
                new.execute(insert(_marks).values(row))
        n_rows = mark.n_rows if mark else 0
        progress.start(f"moving {table.name}", old.scalar(select(func.count()).select_from(table)) or 0)
        progress.advance(n_rows)
        for rows in _batches(old, table, _key(table, mark.last_key if mark else None), batch):
            n_rows += len(rows)
            last = json.dumps([_plain(rows[-1][column.name]) for column in table.primary_key])
            with writing_to(target) as new:
                new.execute(insert(table), rows)
                here = _marks.c.name == table.name
                new.execute(update(_marks).where(here).values(last_key=last, n_rows=n_rows))
            progress.advance(len(rows))


def _batches(
    old: Connection, table: Table, after: list[Any] | None, batch: int
) -> Iterator[list[dict[str, Any]]]:
    key = list(table.primary_key)
    while True:
        chosen = select(table).order_by(*key).limit(batch)
        if after is not None:
            bound = [literal(value, column.type) for value, column in zip(after, key, strict=True)]
            chosen = chosen.where(tuple_(*key) > tuple_(*bound))
        rows = [_row(row) for row in old.execute(chosen).mappings()]
        if not rows:
            return
        after = [rows[-1][column.name] for column in key]
        yield rows


def _row(row: Any) -> dict[str, Any]:
    """A row to write: times with the zone that SQLite does not keep."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
        for name, value in row.items()
    }


def _key(table: Table, stored: str | None) -> list[Any] | None:
    """A key as it was noted, in its columns' types."""
    if stored is None:
        return None
    pairs = zip(json.loads(stored), table.primary_key, strict=True)
    return [_typed(value, column.type.python_type) for value, column in pairs]


def _typed(value: Any, kind: type) -> Any:
    if kind is bytes:
        return bytes.fromhex(value)
    if kind is date:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind is datetime else value


def _finish(old: Connection, target: Engine, tables: Sequence[Table], part: str) -> None:
    """Let ids go on behind all that were ever given, and note that all is there."""
    used: dict[str, int] = {}
    if old.dialect.name == "sqlite" and inspect(old).has_table("sqlite_sequence"):
        used = {row.name: row.seq for row in old.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    with writing_to(target) as new:
        for table in tables:
            column = table.autoincrement_column
            if column is None or new.dialect.name != "postgresql":
                continue
            last = max(used.get(table.name, 0), new.scalar(select(func.max(column))) or 0)
            if last:
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                new.execute(select(func.setval(sequence, last)))
        new.execute(update(_marks).where(_marks.c.name == part).values(state="copied"))
