"""Digital editions of each system are found from any of their addresses and read whole."""

from datetime import date

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

from retrieval import (
    ArticleState,
    Fetcher,
    FetchError,
    PaperIssue,
    PaperReader,
    SpanKind,
    WantedIssue,
)

DAY = date(2026, 7, 9)
N = DAY.toordinal() % 1000 * 100
A, B, C = (
    (put_newer_founder, "/qhrb/pc/layout/index.html"),
    (put_classic_founder, "/qhrb/paperindex.htm"),
    (put_paper_index, "/qhrb/content/PaperIndex.htm"),
)
ENTRIES = {
    "A": [
        A[1],
        "/qhrb",
        "/qhrb/pc/layout/202607/09/node_02.html",
        f"/qhrb/pc/content/202607/09/content_{N + 2}.html",
    ],
    "B": [B[1], "/qhrb/", "/qhrb/html/2026-07/09/node_3.htm", f"/qhrb/html/2026-07/09/content_{N + 2}.htm"],
    "C": [
        C[1],
        "/qhrb",
        "/qhrb/content/20260709/IssueIndex.htm",
        "/qhrb/content/20260709/Articel02002NR.htm",
    ],
}
PUT = {"A": A[0], "B": B[0], "C": C[0]}
READER = PaperReader(Fetcher(allow_private=True), seconds=0)


def read(site: PaperSite, path: str, day: date | None = None) -> PaperIssue:
    return READER.read(WantedIssue(site.url + path, day))


def shown(found: PaperIssue) -> list[tuple[str, str, int]]:
    assert found.issue is not None
    read = [each.number for each in found.articles for _ in each.articles]
    return [(page.number, page.name, read.count(page.number)) for page in found.issue.pages]


@pytest.mark.parametrize(
    ("kind", "path"), [(kind, path) for kind, paths in ENTRIES.items() for path in paths]
)
def test_an_issue_is_found_from_any_address_of_its_edition(kind: str, path: str) -> None:
    site = PaperSite()
    PUT[kind](site, DAY, sample_sheets(DAY))
    with serving(site):
        found = read(site, path)
    assert found.issue is not None
    assert (found.issue.kind, found.issue.paper, found.issue.day) == (kind, "青河日报", DAY)
    assert shown(found) == [("01", "要闻", 2), ("02", "旗县新闻", 1)]


@pytest.mark.parametrize("kind", "ABC")
def test_an_article_comes_whole_with_author_page_and_its_other_half(kind: str) -> None:
    site = PaperSite()
    PUT[kind](site, DAY, sample_sheets(DAY))
    with serving(site):
        found = read(site, ENTRIES[kind][0])
    articles = [article for each in found.articles for article in each.articles]
    first = articles[0]
    assert [each.byline for each in articles] == ["本报记者 田青禾", "通讯员 白音", "本报记者 包格日乐"]
    assert {(each.date, each.source) for each in articles} == {(DAY, "青河日报")}
    assert [each.section for each in articles] == ["要闻", "要闻", "旗县新闻"]
    assert first.title == "青河旗7月9日种草千亩"
    body = [first.text[span.start : span.end] for span in first.spans if span.kind is SpanKind.BODY]
    assert body == [
        f"青河旗当天种草{N + 1000}亩，三个苏木的牧户参加。",
        "牧草公司提供种子，全旗今年计划种草三万亩，由旗林草局统一验收，合格的每亩补助50元。",
        "验收在九月完成。",
    ]
    if kind != "C":
        captions = [
            first.text[span.start : span.end] for span in first.spans if span.kind is SpanKind.CAPTION
        ]
        assert captions == ["治沙有方", "——三个苏木一起动手", "牧户在播种。本报记者 田青禾 摄"]
    assert "版权" not in "".join(each.text for each in articles)
    states = [each.state for each in found.articles]
    assert (states.count(ArticleState.JOINED), states.count(ArticleState.FURNITURE)) == (1, 1)


@pytest.mark.parametrize("kind", "ABC")
@pytest.mark.parametrize(
    ("charset", "declared"), [("utf-8", "gb2312"), ("gbk", "utf-8"), ("gb18030", "gb2312")]
)
def test_a_charset_that_lies_is_not_believed(kind: str, charset: str, declared: str) -> None:
    site = PaperSite()
    PUT[kind](site, DAY, sample_sheets(DAY), charset=charset, declared=declared)
    with serving(site):
        found = read(site, ENTRIES[kind][0])
    assert shown(found) == [("01", "要闻", 2), ("02", "旗县新闻", 1)]
    assert all(
        "青河" in article.text or "白城" in article.text
        for each in found.articles
        for article in each.articles
    )


def test_a_day_is_found_by_its_address_and_one_without_an_issue_is_said_to_have_none() -> None:
    site = PaperSite()
    for day in (date(2026, 7, 7), DAY):
        put_classic_founder(site, day, sample_sheets(day))
    with serving(site):
        assert read(site, B[1], date(2026, 7, 7)).day == date(2026, 7, 7)
        none = read(site, B[1], date(2026, 7, 8))
    assert (none.issue, none.is_absent) == (None, True)
    assert "2026-07-08" in (none.problem or "")


def test_the_process_of_its_own_gives_the_same() -> None:
    site = PaperSite()
    put_newer_founder(site, DAY, sample_sheets(DAY))
    with serving(site):
        here, there = read(site, A[1]), READER.look(WantedIssue(site.url + A[1]))
        assert here == there
        assert READER.newest(site.url + A[1]) == DAY
        inside = PaperReader(seconds=0)
        with pytest.raises(FetchError, match="own network"):
            inside.look(WantedIssue(site.url + A[1]))


def test_a_dead_page_and_a_dead_article_cost_only_themselves() -> None:
    site = PaperSite()
    put_newer_founder(site, DAY, sample_sheets(DAY))
    site.failing = {
        "/qhrb/pc/layout/202607/09/node_02.html": 500,
        f"/qhrb/pc/content/202607/09/content_{N + 2}.html": 404,
    }
    with serving(site):
        found = read(site, A[1])
    assert shown(found) == [("01", "要闻", 1), ("02", "旗县新闻", 0)]
    assert found.issue is not None
    assert [page.problem is None for page in found.issue.pages] == [True, False]
    assert [each.problem is not None for each in found.articles] == [False, True, False]


@pytest.mark.parametrize("kind", "ABC")
@pytest.mark.parametrize("status", [404, 500])
def test_an_issue_whose_first_page_is_dead_is_read_from_its_second(kind: str, status: int) -> None:
    site = PaperSite()
    PUT[kind](site, DAY, sample_sheets(DAY))
    first = {
        "A": "/qhrb/pc/layout/202607/09/node_01.html",
        "B": "/qhrb/html/2026-07/09/node_2.htm",
        "C": "/qhrb/content/20260709/Page01BC.htm",
    }
    site.failing = {first[kind]: status}
    with serving(site):
        found = read(site, ENTRIES[kind][0])
    assert shown(found) == [("01", "要闻", 0), ("02", "旗县新闻", 2)]
    assert found.issue is not None
    assert [page.problem is None for page in found.issue.pages] == [False, True]


def test_robots_are_asked_and_heeded_and_the_pace_is_kept() -> None:
    site = PaperSite()
    put_classic_founder(site, DAY, sample_sheets(DAY))
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 3\nDisallow: /qhrb/images/\n")
    waits: list[float] = []
    reader = PaperReader(Fetcher(allow_private=True, agent="yunwen/test"), seconds=1.2)
    with serving(site):
        found = reader.read(WantedIssue(site.url + B[1]), sleep=waits.append)
        assert found.pictures == ()
        assert site.agents == {"yunwen/test"}
        assert len(waits) == len(site.asked) - 1
        assert all(2 < wait <= 3 for wait in waits)
        assert not any("/images/" in each for each in site.asked)
        site.put("/robots.txt", "User-agent: yunwen\nDisallow: /\n")
        with pytest.raises(FetchError, match=r"robots\.txt"):
            read(site, B[1])


def test_another_host_is_never_asked() -> None:
    site, other = PaperSite(), PaperSite()
    put_newer_founder(site, DAY, sample_sheets(DAY))
    page = "/qhrb/pc/layout/202607/09/node_01.html"
    with serving(site), serving(other):
        strange = f'<a href="{other.url.replace("127.0.0.1", "localhost")}/pc/content/202607/09/content_9.html">外面的</a></body>'
        site.files[page] = site.files[page].replace(b"</body>", strange.encode())
        read(site, A[1])
    assert other.asked == []


def test_an_overview_of_the_whole_issue_gives_each_article_to_its_page() -> None:
    site = PaperSite()
    put_paper_index(site, DAY, sample_sheets(DAY))
    tree = (
        '<div class="listdaohang"><h4><a href="Page01BC.htm">01版：要闻</a></h4><ul><li>'
        '<a daoxiang="Articel01001NR.htm">青河旗7月9日种草千亩</a>'
        '<li><a daoxiang="Articel01002NR.htm">修通牧道</a></ul><h4><a href="Page02BC.htm">02版：旗县新闻</a></h4>'
        '<ul><li><a daoxiang="Articel02001NR.htm">牧户种草忙</a><li><a daoxiang="Articel02002NR.htm">开办夜校</a></ul></div></body>'
    )
    for path in ("/qhrb/content/20260709/Page01BC.htm", "/qhrb/content/20260709/Page02BC.htm"):
        site.files[path] = site.files[path].replace(b"</body>", tree.encode())
    with serving(site):
        assert shown(read(site, C[1])) == [("01", "要闻", 2), ("02", "旗县新闻", 1)]


def test_a_piece_whose_other_half_is_missing_stays_and_says_so() -> None:
    sheet = Sheet(
        "A01",
        "头版",
        (Piece(5, "长文", ("第一段没有写完，（下转A03版）",)), Piece(6, "短文", ("短文一段。",))),
    )
    site = PaperSite()
    put_newer_founder(site, DAY, (sheet,))
    with serving(site):
        found = read(site, A[1])
    first = found.articles[0]
    (article,) = first.articles
    assert (first.goes_on, "下转A03版" in article.text) == (True, True)


def roundup(n: int) -> Piece:
    items = [
        text
        for name, acres in (("青河旗", 3), ("白城县", 4), ("南山市", 5))
        for text in (f"{name}修通牧道", f"{name}修通牧道{acres}公里，连接两个嘎查，牧民出行时间缩短一半。")
    ]
    return Piece(
        n, "一周要闻", tuple(items), author="本报综合", sub="——各地修路忙", caption="牧道通车。白音 摄"
    )


@pytest.mark.parametrize("kind", "ABC")
def test_a_roundup_of_an_edition_is_taken_apart_and_counts_as_one_of_its_page(kind: str) -> None:
    site = PaperSite()
    PUT[kind](site, DAY, (Sheet("01", "要闻", (roundup(N + 1), Piece(N + 2, "短文", ("短文一段。",)))),))
    with serving(site):
        found = read(site, ENTRIES[kind][0])
    first = found.articles[0]
    assert ([each.state for each in found.articles], found.n_articles) == (
        [ArticleState.READ] * 2,
        4 if kind == "C" else 5,
    )
    assert [(each.title, each.text.split("\n")[0]) for each in first.articles[1:3]] == [
        ("白城县修通牧道", "白城县修通牧道4公里，连接两个嘎查，牧民出行时间缩短一半。"),
        ("南山市修通牧道", "南山市修通牧道5公里，连接两个嘎查，牧民出行时间缩短一半。"),
    ]
    assert {(each.date, each.source, each.section) for each in first.articles} == {(DAY, "青河日报", "要闻")}
    assert len({each.url for each in first.articles}) == 1
    if kind != "C":  # a picture belongs to no item for sure
        assert [span.kind for span in first.articles[-1].spans] == [SpanKind.CAPTION]
        assert "通车" not in "".join(each.text for each in first.articles[:-1])
