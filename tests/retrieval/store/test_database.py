"""What every kind of database does the same, and what PostgreSQL's server may do to us."""

import threading
import time
from collections.abc import Iterator

import pytest
from postgres import Postgres, free_port
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, func, insert, select, text, update
from sqlalchemy.exc import InternalError, OperationalError

from retrieval import StoreError, Unreachable, held_alone, open_engine, reading_from, writing_to
from retrieval.store.database import reading_at_once

TABLE = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("value", Text))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    with writing_to(engine) as connection:
        TABLE.create(connection)
    yield engine
    engine.dispose()


def put(engine: Engine, number: int, value: str = "") -> None:
    with writing_to(engine) as connection:
        connection.execute(insert(TABLE).values(id=number, value=value))


def count(engine: Engine) -> int:
    with reading_from(engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(TABLE)) or 0)


def test_writers_come_one_after_the_other_and_see_what_the_last_one_wrote(engine: Engine) -> None:
    put(engine, 1, "0")

    def add_one() -> None:
        for _ in range(10):
            with writing_to(engine) as connection:
                value = int(connection.scalar(select(TABLE.c.value)) or 0)
                time.sleep(0)  # another thread's turn
                connection.execute(update(TABLE).values(value=str(value + 1)))

    threads = [threading.Thread(target=add_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading_from(engine) as connection:
        assert connection.scalar(select(TABLE.c.value)) == "40"


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(engine: Engine) -> None:
    with reading_from(engine) as connection:
        before = connection.scalar(select(func.count()).select_from(TABLE))
        put(engine, 1)
        assert connection.scalar(select(func.count()).select_from(TABLE)) == before == 0
    assert count(engine) == 1


def test_what_is_read_at_once_is_read_as_it_was_at_first_by_one_thread_alone(engine: Engine) -> None:
    counted: list[int] = []
    with reading_at_once(engine):
        assert count(engine) == 0
        put(engine, 1)
        with reading_at_once(engine):
            assert count(engine) == 0
        assert count(engine) == 0
        other = threading.Thread(target=lambda: counted.append(count(engine)))
        other.start()
        other.join()
    assert counted == [1]
    assert count(engine) == 1


def test_after_a_failure_nothing_is_read_at_once_any_more(engine: Engine) -> None:
    with pytest.raises(StoreError), reading_at_once(engine), reading_from(engine) as connection:
        connection.execute(text("SELECT * FROM nothing"))
    put(engine, 1)
    assert count(engine) == 1


def test_a_failure_takes_the_whole_transaction_back(engine: Engine) -> None:
    put(engine, 1)

    def put_two() -> None:
        with writing_to(engine) as connection:
            connection.execute(insert(TABLE).values(id=2))
            connection.execute(insert(TABLE).values(id=1))

    with pytest.raises(StoreError):
        put_two()
    assert count(engine) == 1


def test_a_lock_has_one_holder_and_another_name_is_another_lock(engine: Engine) -> None:
    with held_alone(engine, "one") as holder:
        assert holder is None
        with held_alone(engine, "one") as second, held_alone(engine, "two") as other:
            assert second is not None
            assert second.startswith("process ")
            assert other is None
    with held_alone(engine, "one") as holder:
        assert holder is None


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "", "postgresql+asyncpg2"])
def test_an_address_of_no_known_kind_says_how_one_is_written(url: str) -> None:
    with pytest.raises(StoreError, match="postgresql://user:password@host/name"):
        open_engine(url)


# what is true of PostgreSQL alone


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    address = postgres.new_database()
    yield address
    postgres.give_back(address)


def test_what_postgresql_cannot_hold_is_replaced_one_for_one(url: str) -> None:
    engine = open_engine(url)
    with writing_to(engine) as connection:
        TABLE.create(connection)
        connection.execute(insert(TABLE), [{"id": 1, "value": "水\x00稻\ud800"}, {"id": 2, "value": "好"}])
        connection.execute(insert(TABLE).values(id=3, value="\x00"))
    with reading_from(engine) as connection:
        values = list(connection.scalars(select(TABLE.c.value).order_by(TABLE.c.id)))
        assert connection.scalar(select(TABLE.c.id).where(TABLE.c.value == "水\x00稻\ud800")) == 1
    assert values == ["水\ufffd稻\ufffd", "好", "\ufffd"]
    engine.dispose()


def test_a_reader_cannot_write(url: str) -> None:
    engine = open_engine(url)
    with writing_to(engine) as connection:
        TABLE.create(connection)
    with pytest.raises(StoreError, match="read-only"), reading_from(engine) as connection:
        connection.execute(insert(TABLE).values(id=1))
    put(engine, 1)  # the connection was given back as it had been
    assert count(engine) == 1
    engine.dispose()


def test_a_server_that_is_away_is_told_of_without_the_password() -> None:
    engine = open_engine(f"postgresql://yunwen:secret@127.0.0.1:{free_port()}/none")
    with pytest.raises(Unreachable, match="127.0.0.1") as raised:
        count(engine)
    assert "secret" not in str(raised.value)
    engine.dispose()


def test_a_database_that_is_not_there_is_no_reason_to_wait(url: str) -> None:
    engine = open_engine(url + "x")
    with pytest.raises(StoreError, match="no such database or user") as raised:
        count(engine)
    assert not isinstance(raised.value, Unreachable)
    engine.dispose()


def test_after_a_crash_of_the_server_everything_goes_on_without_a_restart(
    url: str, postgres: Postgres
) -> None:
    engine = open_engine(url)
    with writing_to(engine) as connection:
        TABLE.create(connection)
    put(engine, 1)
    postgres.kill()
    with pytest.raises(Unreachable):
        count(engine)
    postgres.start()
    assert count(engine) == 1
    put(engine, 2)

    def put_across_a_crash() -> None:
        with writing_to(engine) as connection:
            connection.execute(insert(TABLE).values(id=3))
            postgres.kill()
            postgres.start()
            connection.execute(insert(TABLE).values(id=4))

    with pytest.raises(Unreachable):
        put_across_a_crash()
    assert count(engine) == 2
    engine.dispose()


def test_the_drivers_complaints_are_never_seen_bare(url: str) -> None:
    engine = open_engine(url)
    for broken in (select(TABLE.c.value), select(func.nonsense())):
        with pytest.raises(StoreError) as raised, reading_from(engine) as connection:
            connection.execute(broken)
        assert not isinstance(raised.value, OperationalError | InternalError)
    engine.dispose()
