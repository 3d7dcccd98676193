"""Newspapers' servers that mean harm: they cost themselves, and neither other papers nor the operator's terminal."""

from datetime import date
from itertools import count

import pytest
from paper_site import PaperSite, put_classic_founder, sample_sheets, serving

from retrieval import Fetcher, FetchError, PaperReader, WantedIssue
from retrieval.reading.papers.looks import put_together
from retrieval.reading.papers.reader import paper_steps

DAY = date(2026, 7, 9)
ENTRY = "/qhrb/paperindex.htm"
FETCHER = Fetcher(allow_private=True)


@pytest.fixture
def site() -> PaperSite:
    site = PaperSite()
    put_classic_founder(site, DAY, sample_sheets(DAY))
    return site


@pytest.mark.parametrize(
    "line",
    [
        "Disallow: //[",
        "Allow: http://[x",
        "Crawl-delay: ²",
        "Crawl-delay: " + "9" * 5000,
        "Request-rate: ²/³",
    ],
)
def test_lines_of_no_use_in_robots_take_nothing_from_the_others(site: PaperSite, line: str) -> None:
    site.put("/robots.txt", f"User-agent: *\n{line}\nDisallow: /qhrb/images/\n")
    with serving(site):
        found = PaperReader(FETCHER, seconds=0).read(WantedIssue(site.url + ENTRY), sleep=lambda _: None)
    assert found.n_articles == 3
    assert not any("/images/" in each for each in site.asked)


def test_a_pause_of_any_length_that_robots_ask_for_is_bounded(site: PaperSite) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: " + "9" * 4000 + "\n")
    waits: list[float] = []
    with serving(site):
        PaperReader(FETCHER, seconds=0).read(WantedIssue(site.url + ENTRY), sleep=waits.append)
    assert max(waits) <= 30


@pytest.mark.parametrize("base", ["http://[", "http://[::1", "javascript:1", "\ud800"])
def test_a_base_that_is_no_address_is_none(site: PaperSite, base: str) -> None:
    for path, data in site.files.items():
        if path.endswith(".htm"):
            head = f'<base href="{base}">'.encode("utf-8", "surrogatepass")
            site.files[path] = data.replace(b"<head>", b"<head>" + head)
    with serving(site):
        assert PaperReader(FETCHER, seconds=0).read(WantedIssue(site.url + ENTRY)).n_articles == 3


def test_a_look_ends_after_two_hours_and_what_came_is_kept(site: PaperSite) -> None:
    with serving(site):
        wanted = WantedIssue(site.url + ENTRY)
        whole = put_together(wanted, paper_steps(wanted, FETCHER, 0))
        hours = count(step=1000)
        cut = put_together(wanted, paper_steps(wanted, FETCHER, 0, clock=lambda: next(hours)))
    assert cut.issue == whole.issue
    assert 0 < cut.n_articles < whole.n_articles


def test_what_is_said_of_a_failure_is_one_line_of_words_that_can_be_printed() -> None:
    said = str(
        FetchError("http://x/: the server answers 500 \x1b[31mRED\x07\r\nyunwen: 库\udcff\u202e" + "x" * 5000)
    )
    assert said.isprintable()
    assert len(said) < 500
    assert said.startswith("http://x/: the server answers 500 \\x1b[31mRED")
