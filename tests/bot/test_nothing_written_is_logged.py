"""Every table refuses its INSERT; nothing of what people wrote may be in the trace, on either kind of database."""

import logging
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Table, insert, text

from bot.chats import schema as chats_schema
from bot.chats.database import open_chats
from retrieval import Store, StoreError, writing_to
from retrieval.store import schema as articles_schema

WRITTEN = "甲乙丙丁问的话"
TABLES = [*chats_schema.metadata.sorted_tables, *articles_schema.metadata.sorted_tables]
_log = logging.getLogger("bot.test")


def value(column: Column[Any]) -> object:
    kind = column.type.python_type
    values: dict[type, object] = {
        str: WRITTEN,
        int: 1,
        float: 1.0,
        bool: True,
        bytes: WRITTEN.encode(),
        datetime: datetime.now(UTC),
        date: date(2022, 6, 30),
    }
    return values[kind]


def refuse(engine: Engine, table: Table) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(
                text(
                    f"CREATE TRIGGER refuse BEFORE INSERT ON {table.name} BEGIN SELECT RAISE(ABORT, 'refused'); END"
                )
            )
        else:  # as a real refusal it names the values of the row
            connection.execute(
                text(f"ALTER TABLE {table.name} ADD CONSTRAINT refuse CHECK (false) NOT VALID")
            )


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_a_refused_row_is_in_no_log(
    table: Table, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    is_of_chats = table in chats_schema.metadata.sorted_tables
    engine = open_chats(database_url) if is_of_chats else Store.open(database_url, {}).engine
    refuse(engine, table)
    row = {column.name: value(column) for column in table.columns}
    try:
        with writing_to(engine) as connection:
            connection.execute(insert(table), [row])
    except StoreError:
        _log.exception("refused")
    else:
        pytest.fail("the row was taken")
    finally:
        engine.dispose()
    assert "refused" in caplog.text
    assert "Traceback" in caplog.text
    assert WRITTEN not in caplog.text
    assert WRITTEN.encode("unicode_escape").decode() not in caplog.text
