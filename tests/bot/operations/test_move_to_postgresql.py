from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paths import SEED, SEEDS
from postgres import Postgres
from processes import start
from samples import answer
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DatabaseError
from waiting import wait_until

from bot.chats.answers import AnswerStore
from bot.chats.claims import Worker
from bot.chats.database import open_chats
from bot.chats.schema import answers, metadata
from bot.chats.subscriptions import SubscriptionStore
from bot.command_line.main import main
from bot.errors import BotError
from bot.operations.move_to_postgresql import relocate_all
from bot.progress import TerminalProgress
from bot.telegram.delivery.digests import Ledger
from embeddings import HashingEncoder
from retrieval import Choice, Ingester, RegionRole, RelocationRefused, Store, Tokenizer, open_engine

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
N_ANSWERS = 1200


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that has read the seed page and a page since removed, and talked to three chats."""
    folder = tmp_path_factory.mktemp("template") / "home"
    store = Store.open(f"sqlite:///{folder / 'yunwen.db'}")
    ingester = Ingester(store, HashingEncoder(64), Tokenizer(), lambda _: [("150524", RegionRole.PRIMARY)])
    extra = folder.parent / "extra"
    extra.mkdir()
    (extra / "a.txt").write_text("## 库伦旗 水稻丰收\n\n库伦旗水稻面积\ufffd达3万亩。\n", encoding="utf-8")
    ingester.ingest([SEEDS])
    ingester.ingest([extra])
    (extra / "a.txt").unlink()
    ingester.ingest([extra])
    engine = open_chats(f"sqlite:///{folder / 'chats.db'}")
    subscribers, given_answers = SubscriptionStore(engine), AnswerStore(engine)
    for chat_id in (7, -100_123_456_789, 9):
        subscribers.subscribe(chat_id, Choice("150524", must=("水稻",)), NOW)
    row = {"question": "水稻\x00面积 \u2603", "outcome": "found", "hits": "[]", "given_at": NOW}
    with given_answers._writing() as connection:
        connection.execute(
            answers.insert(), [{"id": f"{n:08x}", "chat_id": 7, **row} for n in range(N_ANSWERS)]
        )
    Ledger(engine, Worker("host", 1, "a")).plan(list(subscribers.get_many([7, 9]).values()), NOW)
    given_answers.keep_answer(7, answer())
    engine.dispose()
    store.engine.dispose()
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """Such an installation that a test may change."""
    return Path(shutil.copytree(template, tmp_path / "home"))


@pytest.fixture
def target(postgres: Postgres) -> Iterator[str]:
    url = postgres.new_database()
    yield url
    postgres.give_back(url)


def count(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())


def test_everything_is_there_and_the_command_says_how_much(
    home: Path, target: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YUNWEN_HOME", str(home))
    assert main(["migrate-to", target]) == 0
    printed = capsys.readouterr().out
    source, moved = Store.open(f"sqlite:///{home / 'yunwen.db'}"), Store.open(target)
    assert moved.counts() == source.counts()
    assert moved.counts().articles == 18
    assert (moved.id, moved.encoder, moved.known_until()) == (source.id, source.encoder, source.known_until())
    ids = source.page_articles(str(SEED))
    assert moved.articles(ids) == source.articles(ids)
    assert moved.passage_checksums() == source.passage_checksums()
    assert [(c.seq, c.passage_id) for c in moved.changes(0)] == [
        (c.seq, c.passage_id) for c in source.changes(0)
    ]
    engine = open_chats(target)
    assert SubscriptionStore(engine).get(-100_123_456_789) is not None
    for table in metadata.sorted_tables:
        assert f"{table.name} " in printed
    assert count(engine, "answers") == N_ANSWERS + 1
    with engine.connect() as connection:
        question = connection.scalar(select(answers.c.question).where(answers.c.id == "00000000"))
    assert question == "水稻\ufffd面积 \u2603"  # PostgreSQL has no NUL in a text
    for each in (source.engine, moved.engine, engine):
        each.dispose()


def test_ids_go_on_behind_all_that_were_ever_given(home: Path, target: str) -> None:
    relocate_all(home, target, TerminalProgress(is_shown=False))
    source, moved = open_engine(f"sqlite:///{home / 'yunwen.db'}"), open_engine(target)
    with source.connect() as connection:
        used = connection.execute(
            text("SELECT seq FROM sqlite_sequence WHERE name = 'passages'")
        ).scalar_one()
        last = connection.execute(text("SELECT max(id) FROM passages")).scalar_one()
    assert used > last  # the page that was removed had the last one
    with moved.connect() as connection:
        query = text("SELECT nextval(pg_get_serial_sequence('passages', 'id'))")
        assert connection.execute(query).scalar_one() == used + 1
    source.dispose()
    moved.dispose()


HALTING = """
import signal, sys
from pathlib import Path
import retrieval.store.relocation as relocation
from bot.progress import TerminalProgress
from bot.operations.move_to_postgresql import relocate_all
relocation._BATCH = relocation.relocate.__kwdefaults__["batch"] = 20
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from bot.chats.schema import answers
from retrieval import open_engine
engine, advance = open_engine(sys.argv[2]), TerminalProgress.advance
def halting(self, n):
    advance(self, n)
    try:
        with engine.connect() as connection:
            n_answers = connection.scalar(select(func.count()).select_from(answers))
    except DatabaseError:
        return  # the table is not there yet
    while n_answers >= int(sys.argv[3]):
        signal.pause()
TerminalProgress.advance = halting
relocate_all(Path(sys.argv[1]), sys.argv[2], TerminalProgress(is_shown=False))
"""


"""A move that goes no further once so many answers have arrived."""


def kill_after(home: Path, target: str, engine: Engine, n_answers: int) -> None:
    """Begin a move and kill it once so many answers have arrived."""
    process = start([sys.executable, "-c", HALTING, str(home), target, str(n_answers)])

    def is_time() -> bool:
        try:
            return process.poll() is not None or count(engine, "answers") >= n_answers
        except DatabaseError:
            return False

    wait_until(is_time, f"{n_answers} answers")
    assert process.poll() is None
    process.kill()
    process.wait()


@pytest.mark.parametrize("kills", [(100,), pytest.param((100, 300), marks=pytest.mark.soak)])
def test_a_move_that_is_killed_goes_on_where_it_stopped(
    home: Path, target: str, kills: tuple[int, ...]
) -> None:
    engine = open_engine(target)
    for wanted in kills:
        kill_after(home, target, engine, wanted)
        assert wanted <= count(engine, "answers") < N_ANSWERS
    moved = {each.table: each.n_rows for each in relocate_all(home, target, TerminalProgress(is_shown=False))}
    assert (moved["answers"], moved["articles"], moved["chats"]) == (N_ANSWERS + 1, 18, 3)
    assert count(engine, "answers") == N_ANSWERS + 1
    engine.dispose()


def test_what_changed_between_two_runs_is_moved_as_it_is_now(home: Path, target: str) -> None:
    engine = open_engine(target)
    kill_after(home, target, engine, 101)
    source = open_engine(f"sqlite:///{home / 'chats.db'}")
    with source.begin() as connection:  # rows that were moved already
        connection.execute(answers.update().where(answers.c.id < "00000010").values(question="改了"))
    relocate_all(home, target, TerminalProgress(is_shown=False))
    with engine.connect() as connection:
        changed = select(func.count()).where(answers.c.question == "改了")
        assert connection.execute(changed).scalar_one() == 16
    engine.dispose()
    source.dispose()


def test_a_database_with_other_data_is_refused_and_left_alone(
    home: Path, target: str, tmp_path: Path
) -> None:
    engine = open_chats(target)
    SubscriptionStore(engine).subscribe(1, Choice("150524"), NOW)
    with pytest.raises(RelocationRefused, match=r"has data already \(1 rows in"):
        relocate_all(home, target, TerminalProgress(is_shown=False))
    assert SubscriptionStore(engine).get(1) is not None
    assert SubscriptionStore(engine).get(7) is None
    engine.dispose()


def test_a_finished_move_is_said_again_and_never_overwrites_what_came_since(home: Path, target: str) -> None:
    first = relocate_all(home, target, TerminalProgress(is_shown=False))
    assert relocate_all(home, target, TerminalProgress(is_shown=False)) == first
    engine = open_chats(target)
    SubscriptionStore(engine).subscribe(1, Choice("150524"), NOW)
    with pytest.raises(RelocationRefused, match="finished before.*chats.*nothing was done"):
        relocate_all(home, target, TerminalProgress(is_shown=False))
    assert SubscriptionStore(engine).get(1) is not None
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite:////tmp/x.db", "mysql://x/y", "nonsense"])
def test_only_postgresql_is_moved_to(tmp_path: Path, url: str) -> None:
    (tmp_path / "yunwen.db").touch()
    with pytest.raises(BotError, match="postgresql://"):
        relocate_all(tmp_path, url, TerminalProgress(is_shown=False))


def test_a_home_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="YUNWEN_HOME"):
        relocate_all(tmp_path, "postgresql://x/y", TerminalProgress(is_shown=False))
