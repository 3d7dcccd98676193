"""A newspaper followed for days: nothing lost, nothing twice, and operators are told what is amiss."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from paper_site import (
    PaperSite,
    Piece,
    Sheet,
    put_classic_founder,
    put_newer_founder,
    put_paper_index,
    sample_sheets,
    serving,
)

from bot.composition import open_ingester, open_resolver
from bot.ingest.papers import PaperFollower, PaperLooks, open_put_issue
from bot.settings import Settings
from embeddings import HashingEncoder
from retrieval import (
    Fetcher,
    IssueSum,
    PaperAlarm,
    PaperLedger,
    PaperReader,
    Report,
    Store,
    StoredArticle,
    Tokenizer,
    article_picture,
    paper_key,
)

FIRST = date(2026, 7, 7)
DAYS = [FIRST + timedelta(days=n) for n in range(4)]
TOKENIZER = Tokenizer()


@dataclass
class Following:
    """A follower with a clock of its own."""

    site: PaperSite
    settings: Settings
    store: Store
    path: str
    today: date = FIRST
    reports: list[Report] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.address = self.site.url + self.path
        self.ledger = PaperLedger(self.store.engine)
        settings = self.settings.model_copy(update={"papers": self.address})
        resolver = open_resolver(settings, TOKENIZER)
        ingester = open_ingester(self.store, HashingEncoder(64), TOKENIZER, resolver)
        looks = PaperLooks(settings, self.store, Fetcher(allow_private=True), lambda: self.today)
        put = open_put_issue(settings, self.store, ingester, lambda: self.today)

        def put_and_keep(found):  # type: ignore[no-untyped-def]
            self.reports.append(put(found))
            return self.reports[-1]

        self.follower = PaperFollower(
            [self.address],
            looks.look,
            put_and_keep,
            self.ledger,
            minutes=1,
            n_days=3,
            today=lambda: self.today,
        )

    async def look(self, today: date) -> list[str]:
        """Look once on a day. Return what was asked for."""
        self.today = today
        self.site.asked.clear()
        self.site.unchanged.clear()
        self.reports.clear()
        await self.follower.look_once()
        return list(self.site.asked)

    def articles(self, day: date) -> list[StoredArticle]:
        return [article for article, _ in self.store.articles_dated(day)]

    def titles(self, day: date) -> list[str]:
        return sorted(each.title for each in self.articles(day))

    def sum_of(self, day: date) -> IssueSum:
        return next(each for each in self.ledger.sums(paper_key(self.address)) if each.day == day)

    def alarms(self) -> list[tuple[str, date]]:
        return [(each.kind, each.day) for each in self.ledger.untold_alarms()]


def expected(day: date) -> list[str]:
    said = f"{day.month}月{day.day}日"
    return sorted([f"青河旗{said}种草千亩", f"青河旗{said}修通牧道", f"白城苏木{said}开办夜校"])


@pytest.fixture
def site() -> Iterator[PaperSite]:
    with serving(PaperSite()) as site:
        yield site


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process of its own does is tested where papers are read."""
    monkeypatch.setattr(PaperReader, "look", PaperReader.read)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store.open(database_url)
    yield store
    store.engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(YUNWEN_HOME=tmp_path, PAPER_SECONDS=0)


async def test_three_days_with_a_gap_a_redesign_a_late_issue_a_wrong_charset_and_dead_pages(
    site: PaperSite, settings: Settings, store: Store
) -> None:
    following = Following(site, settings, store, "/qhrb/")
    one, two, three, four = DAYS
    put_classic_founder(site, one, sample_sheets(one), charset="gbk", declared="utf-8")
    dead = next(path for path in site.files if "content_" in path and path.endswith("02.htm"))
    site.failing[dead] = 500
    await following.look(one)
    assert following.titles(one) == [title for title in expected(one) if "修通" not in title]
    found = following.sum_of(one)
    assert (found.articles, found.articles_read, found.n_open) == (4, 3, 1)

    del site.failing[dead]  # it is back: it alone is read again
    asked = await following.look(one)
    assert [path for path in asked if "content_" in path] == [dead]
    assert following.titles(one) == expected(one)
    ids = {each.id for each in following.articles(one)}

    # the second day's issue is late: the entry leads to the first day's still
    asked = await following.look(two)
    assert not any("content_" in path for path in asked)
    assert (following.titles(one), following.titles(two)) == (expected(one), [])
    put_classic_founder(site, two, sample_sheets(two))
    site.failing[f"/qhrb/html/{two:%Y-%m/%d}/node_3.htm"] = 404
    await following.look(two)
    assert following.titles(two) == [title for title in expected(two) if "夜校" not in title]

    # the third day is a gap, the fourth brings another system
    del site.failing[f"/qhrb/html/{two:%Y-%m/%d}/node_3.htm"]
    del site.files["/qhrb/paperindex.htm"]
    put_newer_founder(site, four, sample_sheets(four))
    await following.look(four)
    assert following.titles(four) == expected(four)
    assert following.titles(two) == expected(two), "the page that was dead is read when it is back"
    assert (following.sum_of(three).is_there, following.titles(three)) == (False, [])
    assert {each.id for each in following.articles(one)} == ids
    assert following.alarms() == []

    # nothing twice: what is read is not asked for again, and the store stays as it is
    n_articles = following.store.counts().articles
    asked = await following.look(four)
    assert not any("content_" in path or ".jpg" in path for path in asked)
    assert "/qhrb/pc/layout/202607/10/node_02.html" in site.unchanged
    assert following.store.counts().articles == n_articles == 9
    assert all(each.new == each.changed == each.removed == 0 for each in following.reports)


async def test_an_issue_without_articles_and_a_paper_that_is_silent_ring_once(
    site: PaperSite, settings: Settings
) -> None:
    following = Following(site, settings, Store.open(settings.database_url), "/qhrb/pc/layout/index.html")
    put_newer_founder(site, FIRST, sample_sheets(FIRST))
    await following.look(FIRST)
    assert following.alarms() == []
    second = DAYS[1]
    put_newer_founder(site, second, sample_sheets(second))
    for path in list(site.files):
        if f"{second:%Y%m/%d}" in path and "node_" in path:
            site.files[path] = site.files[path].replace(b"content_", b"story-")
    await following.look(second)
    assert following.alarms() == [("empty", second)]
    await following.look(second + timedelta(days=2))
    assert following.alarms() == [("empty", second)]
    for back in (3, 4):
        await following.look(second + timedelta(days=back))
        assert following.alarms() == [("empty", second), ("silent", second)]
    site.failing[following.path] = 503
    await following.look(second + timedelta(days=5))
    row = following.ledger.paper(paper_key(following.address))
    assert row is not None
    assert "503" in (row.problem or "")


async def test_what_cannot_be_read_is_given_up_after_some_tries_and_told(
    site: PaperSite, settings: Settings
) -> None:
    following = Following(site, settings, Store.open(settings.database_url), "/qhrb/content/PaperIndex.htm")
    put_paper_index(site, FIRST, sample_sheets(FIRST))
    site.failing["/qhrb/content/20260707/Articel02002NR.htm"] = 404
    tries = [await following.look(day) for day in (FIRST, FIRST, DAYS[1], DAYS[2], DAYS[2])]
    assert [any("Articel02002NR" in path for path in asked) for asked in tries] == [True] * 4 + [False]
    assert following.alarms() == [("lost", FIRST)]
    assert following.sum_of(FIRST).n_lost == 1


async def test_an_article_that_moved_to_another_address_is_not_there_twice(
    site: PaperSite, settings: Settings
) -> None:
    following = Following(site, settings, Store.open(settings.database_url), "/qhrb/paperindex.htm")
    put_classic_founder(site, FIRST, sample_sheets(FIRST))
    await following.look(FIRST)
    before = {each.id for each in following.articles(FIRST)}
    for path in list(site.files):
        if "/html/" in path:
            data = site.files.pop(path)
            n = f"{FIRST.toordinal() % 1000 * 100}"[:3]
            site.files[path.replace(f"content_{n}", "content_9")] = data.replace(
                f"content_{n}".encode(), b"content_9"
            )
    await following.look(FIRST)
    assert following.titles(FIRST) == expected(FIRST)
    assert {each.id for each in following.articles(FIRST)} == before


async def test_a_second_half_that_comes_later_is_joined_to_the_first(
    site: PaperSite, settings: Settings
) -> None:
    following = Following(site, settings, Store.open(settings.database_url), "/qhrb/paperindex.htm")
    put_classic_founder(site, FIRST, sample_sheets(FIRST))
    second = next(path for path in site.files if path.endswith("04.htm"))
    site.failing[second] = 404
    await following.look(FIRST)
    text = next(each.text for each in following.articles(FIRST) if "种草千亩" in each.title)
    assert "（下转第02版）" in text
    site.failing.clear()
    await following.look(FIRST)
    text = next(each.text for each in following.articles(FIRST) if "种草千亩" in each.title)
    assert "三万亩，由旗林草局统一验收" in text
    assert following.titles(FIRST) == expected(FIRST)


async def test_a_roundups_items_stay_when_something_else_of_the_page_comes_later(
    site: PaperSite, settings: Settings
) -> None:
    following = Following(site, settings, Store.open(settings.database_url), "/qhrb/paperindex.htm")
    items = [
        text
        for name in ("青河旗", "白城县", "南山市")
        for text in (f"{name}修通牧道", f"{name}修通牧道三公里，牧民出行时间缩短一半。")
    ]
    short = (Piece(1001, "简讯", tuple(items)), Piece(1002, "短文", ("短文一段。",)))
    put_classic_founder(site, FIRST, (Sheet("01", "要闻", short),))
    dead = next(path for path in site.files if path.endswith("content_1002.htm"))
    site.failing[dead] = 500
    await following.look(FIRST)
    roundup = ["南山市修通牧道", "白城县修通牧道", "青河旗修通牧道"]
    assert following.titles(FIRST) == sorted(roundup)
    ids = {each.id for each in following.articles(FIRST)}
    del site.failing[dead]
    asked = await following.look(FIRST)
    assert [path for path in asked if "content_" in path] == [dead]
    assert following.titles(FIRST) == sorted(["短文", *roundup])
    assert ids < {each.id for each in following.articles(FIRST)}
    found = following.sum_of(FIRST)
    assert (found.articles, found.articles_read) == (2, 2)


async def test_a_pages_picture_shows_its_article(site: PaperSite, settings: Settings) -> None:
    following = Following(site, settings, Store.open(settings.database_url), "/qhrb/paperindex.htm")
    put_classic_founder(site, FIRST, sample_sheets(FIRST))
    await following.look(FIRST)
    for article in following.articles(FIRST):
        picture = article_picture(following.store, article)
        assert picture is not None
        assert picture.data.startswith(b"\xff\xd8")
        assert (picture.number, picture.name) == (
            ("02", "旗县新闻") if "夜校" in article.title else ("01", "要闻")
        )
    put_paper_index(site, DAYS[1], sample_sheets(DAYS[1]))


def test_only_so_many_pictures_are_kept_the_newest(settings: Settings) -> None:
    ledger = PaperLedger(Store.open(settings.database_url).engine)
    for n, day in enumerate(DAYS):
        ledger.put_picture(f"papers/x/{day}_01", day, bytes([n]), (10, 10), 2)
    kept = [ledger.picture(f"papers/x/{day}_01") is not None for day in DAYS]
    assert kept == [False, False, True, True]


def test_an_alarm_is_entered_and_told_once(settings: Settings) -> None:
    ledger, now = PaperLedger(Store.open(settings.database_url).engine), datetime.now(UTC)
    alarm = PaperAlarm("x", "silent", FIRST, "detail")
    assert (ledger.raise_alarm(alarm, now), ledger.raise_alarm(alarm, now)) == (True, False)
    assert ledger.untold_alarms() == [alarm]
    assert (ledger.mark_told(alarm, now), ledger.mark_told(alarm, now)) == (True, False)
    assert ledger.untold_alarms() == []
    ledger.mark_untold(alarm)
    assert (ledger.untold_alarms(), ledger.n_alarms()) == ([alarm], {"silent": 1.0})
