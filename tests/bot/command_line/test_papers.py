"""`yunwen papers`: an issue is shown, days are taken in, followed papers are listed; saved pages are ingested."""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from commands import run_command
from paper_site import (
    PaperSite,
    put_classic_founder,
    put_newer_founder,
    put_paper_index,
    sample_sheets,
    serving,
)

from retrieval import PaperReader

DAY = date(2026, 7, 9)
ENTRY = {
    "A": (put_newer_founder, "/qhrb/pc/layout/index.html"),
    "B": (put_classic_founder, "/qhrb/paperindex.htm"),
    "C": (put_paper_index, "/qhrb/content/PaperIndex.htm"),
}


class Home:
    """Runs commands in a home of its own, with the hashing encoder for speed."""

    def __init__(self, folder: Path) -> None:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("YUNWEN", "TELEGRAM", "EMBED"))
        }
        self.environment = kept | {
            "YUNWEN_HOME": str(folder / "home"),
            "YUNWEN_CACHE": str(folder / "cache"),
            "EMBEDDING_MODEL": "hashing",
            "RERANKER_MODEL": "none",
            "PAPER_SECONDS": "0",
            "FETCH_PRIVATE": "True",
        }

    def run(self, *arguments: str, **more: str) -> "CompletedProcess[str]":
        return run_command(list(arguments), self.environment | more)

    def json(self, *arguments: str) -> dict:  # type: ignore[type-arg]
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process of its own does is tested where papers are read."""
    monkeypatch.setattr(PaperReader, "look", PaperReader.read)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def site() -> Iterator[PaperSite]:
    with serving(PaperSite()) as site:
        yield site


@pytest.mark.parametrize("kind", "ABC")
def test_check_prints_kind_pages_articles_authors_and_dates(kind: str, site: PaperSite, home: Home) -> None:
    put, entry = ENTRY[kind]
    put(site, DAY, sample_sheets(DAY))
    found = home.json("papers", "check", site.url + entry)
    assert (found["kind"], found["paper"], found["date"]) == (kind, "青河日报", "2026-07-09")
    assert [(page["number"], page["name"], page["articles"]) for page in found["pages"]] == [
        ("01", "要闻", 2),
        ("02", "旗县新闻", 1),
    ]
    assert found["articles"] == len(found["items"]) == 3
    assert {item["date"] for item in found["items"]} == {"2026-07-09"}
    assert [item["author"] for item in found["items"]] == [
        "本报记者 田青禾",
        "通讯员 白音",
        "本报记者 包格日乐",
    ]
    said = home.run("papers", "check", site.url + entry).stdout
    assert all(word in said for word in (f"system {kind}", "01 要闻  2 articles", "by 通讯员 白音"))
    none = home.run("papers", "check", site.url + entry, "--date", "2026-07-08")
    assert (none.returncode, none.stdout) == (1, "")
    assert "no issue of 2026-07-08" in none.stderr


def test_backfill_takes_in_the_days_that_are_missing_and_ask_answers_from_them(
    site: PaperSite, home: Home
) -> None:
    days = [date(2026, 7, day) for day in (6, 7, 9)]
    for day in days:
        put_classic_founder(site, day, sample_sheets(day))
    arguments = (
        "papers",
        "backfill",
        site.url + "/qhrb/paperindex.htm",
        "--from",
        "2026-07-06",
        "--to",
        "2026-07-09",
    )
    first = home.json(*arguments)
    assert (first["pages"]["new"], first["articles"], first["skipped"]) == (6, 9, [])
    pages = [path for path in site.asked if "content_" in path]
    assert pages == sorted(pages, key=lambda path: path.split("/content_")[0], reverse=True), (
        "the newest first"
    )
    site.asked.clear()
    again = home.json(*arguments)
    assert (again["pages"]["new"], again["pages"]["changed"], again["articles"]) == (0, 0, 9)
    assert not any("content_" in path for path in site.asked)
    answer = home.json("ask", "白城苏木夜校有多少牧民报名", "--today", "2026-07-09")
    article = answer["hits"][0]["article"]
    assert (article["section"], article["date_basis"]) == ("旗县新闻", "front_matter")
    assert article["page"].endswith("_02")
    assert article["url"].startswith(site.url)
    listed = home.json("papers", "list")["papers"][0]
    assert [each["date"] for each in listed["issues"]] == ["2026-07-09", "2026-07-07", "2026-07-06"]
    assert "articles 4 of 4" in home.run("papers", "list").stdout


def test_ingest_without_a_path_reads_the_newest_issue_of_followed_papers(site: PaperSite, home: Home) -> None:
    put_newer_founder(site, DAY, sample_sheets(DAY))
    paper = {"PAPERS": site.url + "/qhrb/pc/layout/index.html"}
    done = home.run("ingest", "--json", **paper)
    assert json.loads(done.stdout)["articles"] == 3


def test_ones_own_network_is_refused_unless_it_is_allowed(site: PaperSite, home: Home) -> None:
    put_newer_founder(site, DAY, sample_sheets(DAY))
    refused = home.run("papers", "check", site.url + "/qhrb/", FETCH_PRIVATE="False")
    assert refused.returncode == 1
    assert "own network" in refused.stderr
    assert site.asked == []


def test_usage_is_told(home: Home) -> None:
    for arguments in (
        ("check",),
        ("backfill", "http://x/"),
        ("backfill", "http://x/", "--from", "2026-07-09", "--to", "2026-07-01"),
    ):
        assert home.run("papers", *arguments).returncode == 2


def test_a_saved_article_page_is_ingested_and_a_saved_list_of_headlines_refused(
    site: PaperSite, home: Home, tmp_path: Path
) -> None:
    put_classic_founder(site, DAY, sample_sheets(DAY))
    article = next(path for path in site.files if path.endswith("02.htm") and "content_" in path)
    (tmp_path / "article.htm").write_bytes(site.files[article])
    (tmp_path / "node.htm").write_bytes(site.files["/qhrb/html/2026-07/09/node_2.htm"])
    shown = home.json("page", "show", str(tmp_path / "article.htm"))["pages"][0]
    (only,) = shown["articles"]
    assert (shown["source"], only["title"], only["date"]) == (
        "青河日报",
        "青河旗7月9日修通牧道",
        "2026-07-09",
    )
    assert (only["section"], only["byline"], only["date_basis"]) == ("要闻", "通讯员 白音", "front_matter")
    assert [kind for kind, _, _ in only["spans"]] == ["body", "body"]
    refused = home.run("page", "show", str(tmp_path / "node.htm"))
    assert refused.returncode == 1
    assert "list of headlines" in refused.stderr
