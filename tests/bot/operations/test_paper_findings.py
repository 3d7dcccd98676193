"""The doctor says of each followed newspaper, in one sentence, whether it is there, up to date and read."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from paper_site import PaperSite, put_classic_founder, sample_sheets, serving

from bot.composition import open_ingester, open_resolver
from bot.ingest.papers import PaperLooks, open_put_issue
from bot.operations.findings import Finding, State
from bot.operations.paper_findings import check_papers
from bot.settings import Settings
from embeddings import HashingEncoder
from retrieval import Fetcher, PaperReader, Store, Tokenizer, WantedIssue
from retrieval.reading.papers.reader import newest_steps

DAY = date(2026, 7, 7)
TOKENIZER = Tokenizer()


@pytest.fixture
def site() -> Iterator[PaperSite]:
    with serving(PaperSite()) as site:
        yield site


@pytest.fixture
def settings(site: PaperSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What the process of its own does is tested where papers are read."""
    monkeypatch.setattr(PaperReader, "look", PaperReader.read)

    fetcher = Fetcher(allow_private=True)
    monkeypatch.setattr(
        PaperReader, "newest", lambda _, address: next(newest_steps(WantedIssue(address), fetcher, 0))
    )
    return Settings(
        _env_file=None,
        YUNWEN_HOME=tmp_path,
        PAPERS=f"{site.url}/qhrb/paperindex.htm",
        PAPER_SECONDS=0,
        FETCH_PRIVATE=True,
    )


@pytest.fixture
def follow(settings: Settings) -> Callable[[date], None]:
    def look(today: date) -> None:
        store = Store.open(settings.database_url)
        ingester = open_ingester(store, HashingEncoder(64), TOKENIZER, open_resolver(settings, TOKENIZER))
        put = open_put_issue(settings, store, ingester, lambda: today)
        put(PaperLooks(settings, store, today=lambda: today).look(settings.paper_addresses[0]))
        store.engine.dispose()

    return look


def told(settings: Settings, today: date, monkeypatch: pytest.MonkeyPatch) -> Finding:
    monkeypatch.setattr("bot.operations.paper_findings.today_at_home", lambda: today)
    (found,) = check_papers(settings)
    return found


def test_nothing_is_said_where_no_paper_is_followed(tmp_path: Path) -> None:
    assert list(check_papers(Settings(_env_file=None, YUNWEN_HOME=tmp_path))) == []


def test_a_paper_from_its_first_look_until_it_falls_silent(
    site: PaperSite,
    settings: Settings,
    follow: Callable[[date], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_classic_founder(site, DAY, sample_sheets(DAY))
    found = told(settings, DAY, monkeypatch)
    assert (found.state, "was never read" in found.text) == (State.WARNING, True)
    assert not (settings.home / "yunwen.db").exists(), "a doctor changes nothing"

    follow(DAY)
    found = told(settings, DAY, monkeypatch)
    assert (
        found.state,
        found.text.endswith(f"issue of {DAY}, pages 2 of 2, articles 4 of 4, read on {DAY}"),
    ) == (
        State.OK,
        True,
    )

    second = DAY + timedelta(days=1)
    put_classic_founder(site, second, sample_sheets(second))
    found = told(settings, second, monkeypatch)
    assert (found.state, f"the issue of {second} is there and not read yet" in found.text) == (
        State.WARNING,
        True,
    )
    found = told(settings, DAY + timedelta(days=2), monkeypatch)
    assert (found.state, f"was last read on {DAY}, 2 days ago" in found.text) == (State.WARNING, True)

    follow(second)
    found = told(settings, second + timedelta(days=3), monkeypatch)
    assert (found.state, f"its newest issue is of {second}, 3 days ago" in found.text) == (
        State.WARNING,
        True,
    )


def test_parts_that_could_not_be_read_and_an_issue_without_articles_are_told(
    site: PaperSite,
    settings: Settings,
    follow: Callable[[date], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_classic_founder(site, DAY, sample_sheets(DAY))
    dead = [path for path in site.files if "content_" in path]
    site.failing[dead[1]] = 500
    follow(DAY)
    found = told(settings, DAY, monkeypatch)
    assert (found.state, "only pages 2 of 2, articles 3 of 4 are read" in found.text) == (State.WARNING, True)

    second = DAY + timedelta(days=1)
    put_classic_founder(site, second, sample_sheets(second))
    site.failing |= {path: 500 for path in site.files if f"{second:%Y-%m/%d}/content_" in path}
    follow(second)
    found = told(settings, second, monkeypatch)
    assert (found.state, f"the issue of {second} gave no article" in found.text) == (State.BROKEN, True)


def test_an_address_that_fails_is_broken_and_a_network_that_is_away_is_not_the_papers_fault(
    site: PaperSite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = told(settings, DAY, monkeypatch)
    assert (found.state, "no issue of a newspaper is found here" in found.text) == (State.BROKEN, True)
    site.failing["/qhrb/paperindex.htm"] = 500
    found = told(settings, DAY, monkeypatch)
    assert (found.state, "500" in found.text, "PAPERS" in found.text) == (State.BROKEN, True, True)
    away = settings.model_copy(update={"papers": "http://127.0.0.1:9/qhrb/paperindex.htm"})
    found = told(away, DAY, monkeypatch)
    assert (found.state, "cannot be reached" in found.text) == (State.WARNING, True)
