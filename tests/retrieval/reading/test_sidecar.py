from datetime import date
from pathlib import Path

import pytest

from retrieval.reading import read_page, sidecar_path
from retrieval.types import DateBasis, Page

TEXT = """date: 2023-05-04
## 甲旗 牧草丰收

今年以来，牧草面积达到5万亩。

## 运动会举行

乙县日前举办运动会。
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def read(page: Path, toml: str | bytes) -> Page:
    sidecar_path(page).write_bytes(toml.encode() if isinstance(toml, str) else toml)
    return read_page(page)


def test_a_sidecar_corrects_what_is_known_of_the_page_but_not_its_text(page: Path) -> None:
    before = read_page(page)
    after = read(
        page, 'date = 2022-06-30\nsource = "草原报"\nurl = "https://example.com/a"\nregion = "库伦旗"\n'
    )
    assert (after.date, after.date_basis) == (date(2022, 6, 30), DateBasis.SIDECAR)
    assert (after.source, after.url) == ("草原报", "https://example.com/a")
    for article in after.articles:
        assert (article.date, article.date_basis) == (date(2022, 6, 30), DateBasis.SIDECAR)
        assert (article.source, article.region) == ("草原报", "库伦旗")
    assert [(a.title, a.text, a.spans, a.lines) for a in after.articles] == [
        (a.title, a.text, a.spans, a.lines) for a in before.articles
    ]


def test_an_article_is_found_by_its_title_and_wins_over_the_page(page: Path) -> None:
    after = read(
        page,
        'region = "甲旗"\n[[article]]\ntitle = "运动会举行"\nregion = 150524\ndate = "2022年7月1日"\nbyline = "张三"\n',
    )
    first, second = after.articles
    assert (first.region, first.date, first.byline) == ("甲旗", date(2023, 5, 4), None)
    assert (second.region, second.date, second.byline) == ("150524", date(2022, 7, 1), "张三")
    assert second.date_basis is DateBasis.SIDECAR
    assert after.date == date(2023, 5, 4)


@pytest.mark.parametrize("title", ["牧草丰收", "甲旗 牧草丰收", "甲旗牧草 丰收"])
def test_a_title_fits_with_or_without_its_place(page: Path, title: str) -> None:
    after = read(page, f'[[article]]\ntitle = "{title}"\nregion = "丙市"\n')
    assert [each.region for each in after.articles] == ["丙市", None]
    assert after.skipped == ()


def test_a_title_that_fits_nothing_is_named(page: Path) -> None:
    after = read(page, 'source = "草原报"\n\n[[article]]\ntitle = "没有"\nregion = "丙市"\n')
    assert [(each.path.name, each.line) for each in after.skipped] == [("a.txt.meta.toml", 3)]
    assert "没有" in after.skipped[0].reason
    assert after.source == "草原报"


@pytest.mark.parametrize(
    ("toml", "line", "reason"),
    [
        ("date = \n", 1, "not TOML"),
        ('source = "a"\ndate = "明天"\n', 2, "明天"),
        ("\n\ntitel = 1\n", 3, "not known"),
        ("source = 5\n", 1, "text of one line"),
        ('source = ""\n', 1, "text of one line"),
        ('article = "a"\n', 1, r"\[\[article\]\]"),
        ('[[article]]\nregion = "甲旗"\n', 1, "needs the title"),
        ('[[article]]\ntitle = "牧草丰收"\ntext = "别的"\n', 3, "not known"),
        (b"\xff\xfe\x00", None, "UTF-8"),
        ("a = " + "[" * 5000, None, "not TOML"),
        (b"#" * 100_001, None, "larger than 100 kB"),
    ],
)
def test_a_bad_sidecar_is_named_with_its_line_and_the_page_read_without_it(
    page: Path, toml: str | bytes, line: int | None, reason: str
) -> None:
    before = read_page(page)
    after = read(page, toml)
    (skipped,) = after.skipped
    assert (skipped.path.name, skipped.line) == ("a.txt.meta.toml", line) or line is None
    assert "without it" in skipped.reason
    assert reason.replace("\\", "") in skipped.reason
    assert after.articles == before.articles


def test_a_sidecar_that_is_a_folder_is_named(page: Path) -> None:
    sidecar_path(page).mkdir()
    assert "is a folder" in read_page(page).skipped[0].reason


def test_the_pages_hash_covers_its_sidecar(page: Path) -> None:
    hashes = {
        read_page(page).sha256,
        read(page, 'source = "甲"\n').sha256,
        read(page, 'source = "乙"\n').sha256,
        read(page, "").sha256,
    }
    assert len(hashes) == 4
    sidecar_path(page).unlink()
    assert read_page(page).sha256 in hashes
