"""Alarms about newspapers reach every admin once; how newspapers stand is told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from stand_in import TOKEN, StandIn
from waiting import until

from bot.chats.database import open_chats
from bot.chats.preferences import Preferences, PreferenceStore
from bot.languages import Language, texts_of
from bot.messages.papers import compose_papers
from bot.telegram.delivery.paper_alarms import PaperAlarmTeller, open_alarm_teller
from retrieval import PaperAlarm, PaperLedger, Store

ADMINS = (4200, 4300)
DAY = date(2026, 7, 9)
NOW = datetime(2026, 7, 9, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[StandIn]:
    server = StandIn()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}")


def teller_of(server: StandIn, store: Store, folder: Path) -> PaperAlarmTeller:
    preferences = PreferenceStore(open_chats(f"sqlite:///{folder / 'chats.db'}", store.engine))
    preferences.keep(ADMINS[1], Preferences(Language.ENGLISH))
    return open_alarm_teller(TOKEN, server.url, store, preferences, ADMINS)


async def test_each_admin_is_told_once_in_their_language(
    server: StandIn, store: Store, tmp_path: Path
) -> None:
    ledger = PaperLedger(store.engine)
    ledger.looked("http://x/qhrb/", DAY, name="青河日报", kind="B")
    for kind in ("empty", "silent", "lost"):
        ledger.raise_alarm(PaperAlarm("x/qhrb", kind, DAY, "http://x/qhrb/node_2.htm <b>"), NOW)
    teller = teller_of(server, store, tmp_path)
    run = asyncio.create_task(teller.run())
    await until(lambda: len(server.sent) >= 6 and not ledger.untold_alarms(), "all alarms")
    await teller.tell_all()
    teller.stop()
    await run
    told = {admin: [each.text for each in server.sent if each.chat_id == admin] for admin in ADMINS}
    assert [len(texts) for texts in told.values()] == [3, 3]
    assert all("青河日报" in text for texts in told.values() for text in texts)
    assert any("一篇也没有读出来" in text for text in told[ADMINS[0]])
    assert not any("一篇" in text for text in told[ADMINS[1]])
    assert any("no new issue for three days" in text for text in told[ADMINS[1]])
    assert ledger.untold_alarms() == []


async def test_an_alarm_waits_while_telegram_cannot_be_reached(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = PaperLedger(store.engine)
    alarm = PaperAlarm("x/qhrb", "silent", DAY, "detail")
    ledger.raise_alarm(alarm, NOW)
    server = StandIn()
    await server.start()
    await server.stop()
    teller = teller_of(server, store, tmp_path)
    run = asyncio.create_task(teller.run())
    await until(lambda: "alarms wait" in caplog.text, "the word that alarms wait")
    teller.stop()
    await run
    assert ledger.untold_alarms() == [alarm]


def test_papers_are_listed_with_what_is_expected_and_read(store: Store) -> None:
    ledger, texts = PaperLedger(store.engine), texts_of(Language.SIMPLIFIED)
    assert compose_papers([], texts) == texts.no_papers
    ledger.looked("http://x/qhrb/", DAY, name="青河日报", problem="http://x/qhrb/: 503")
    said = compose_papers([(row, ledger.sums(row.paper)) for row in ledger.papers()], texts)
    assert all(word in said for word in ("青河日报", "http://x/qhrb/", "503", texts.paper_without_issue))
