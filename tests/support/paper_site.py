"""Small digital editions of newspapers, one of each system, served on loopback: own words, own mark-up."""

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


@dataclass(frozen=True)
class Piece:
    """An article as the paper prints it."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    author: str = "本报记者 田青禾"
    lead: str = ""
    sub: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Sheet:
    """A 版."""

    number: str
    name: str
    pieces: tuple[Piece, ...]


def sample_sheets(day: date) -> tuple[Sheet, ...]:
    """Return two pages: a report that goes on, a picture, an advertisement."""
    n = day.toordinal() % 1000 * 100
    said = f"{day.month}月{day.day}日"
    return (
        Sheet(
            "01",
            "要闻",
            (
                Piece(
                    n + 1,
                    f"青河旗{said}种草千亩",
                    (
                        f"本报青河{said}讯　青河旗当天种草{n + 1000}亩，三个苏木的牧户参加。",
                        "牧草公司提供种子，全旗今年计划种草三万亩，（下转第02版）",
                    ),
                    lead="治沙有方",
                    sub="——三个苏木一起动手",
                    caption="牧户在播种。本报记者 田青禾 摄",
                ),
                Piece(
                    n + 2,
                    f"青河旗{said}修通牧道",
                    (f"青河旗{said}修通牧道{n % 97 + 3}公里，连接两个嘎查。", "牧民出行时间缩短一半。"),
                    author="通讯员 白音",
                ),
                Piece(n + 3, "广告", ("草原肥料，品质保证。",), author=""),
            ),
        ),
        Sheet(
            "02",
            "旗县新闻",
            (
                Piece(
                    n + 4,
                    "牧户种草忙",
                    ("（上接第01版）由旗林草局统一验收，合格的每亩补助50元。", "验收在九月完成。"),
                    author="",
                ),
                Piece(
                    n + 5,
                    f"白城苏木{said}开办夜校",
                    (f"白城苏木{said}开办夜校，{n % 83 + 20}名牧民报名学习会计。",),
                    author="本报记者 包格日乐",
                ),
            ),
        ),
    )


@dataclass
class PaperSite:
    """What a server has: addresses with bytes, and which of them fail."""

    files: dict[str, bytes] = field(default_factory=dict)
    failing: dict[str, int] = field(default_factory=dict)
    """Addresses with the status that they answer."""
    asked: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    """Addresses that were answered with 304."""
    agents: set[str] = field(default_factory=set)
    url: str = ""

    def put(self, path: str, text: str, charset: str = "utf-8", declared: str | None = None) -> None:
        """Serve a page; its bytes are in one charset and may declare another."""
        text = text.replace("%CHARSET%", declared or charset)
        self.files[path] = text.encode(charset, "xmlcharrefreplace")


@contextmanager
def serving(site: PaperSite) -> Iterator[PaperSite]:
    """Serve a site on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path
            site.asked.append(path)
            site.agents.add(self.headers.get("User-Agent", ""))
            status = site.failing.get(path, 200 if path in site.files else 404)
            data = site.files.get(path, b"") if status == 200 else b"<html>gone</html>"
            tag = f'"{hashlib.md5(data).hexdigest()}"'
            if status == 200 and self.headers.get("If-None-Match") == tag:
                site.unchanged.append(path)
                status, data = 304, b""
            self.send_response(status)
            if status in (200, 304):
                self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page_picture(width: int = 400, height: int = 600) -> bytes:
    """Return a page's picture: white with a grey head."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((200, 200, 200), (0, 0, width, height // 10))
    packed = io.BytesIO()
    picture.save(packed, "JPEG")
    return packed.getvalue()


def put_newer_founder(site: PaperSite, day: date, sheets: tuple[Sheet, ...], **charset: str) -> None:
    """System A: layout/index.html, YYYYMM/DD/node_01.html, content/YYYYMM/DD/content_N.html."""
    folder = f"{day:%Y%m}/{day:%d}"
    nav = "".join(
        f'<div class="swiper-slide"><a id="pageLink" href="node_{sheet.number}.html">第{sheet.number}版：{sheet.name}</a></div>'
        for sheet in sheets
    )
    index = nav.replace('href="', f'href="{folder}/')
    site.put("/qhrb/pc/layout/index.html", _html("青河日报数字报", index))
    for sheet in sheets:
        listed = "".join(
            f'<li><img src="b.png"><a href="../../../content/{folder}/content_{piece.number}.html">{piece.title}</a></li>'
            for piece in sheet.pieces
        )
        areas = "".join(
            f'<area shape="polygon" coords="{_corners(n, len(sheet.pieces))}" '
            f'href="../../../content/{folder}/content_{piece.number}.html">'
            for n, piece in enumerate(sheet.pieces)
        )
        picture = f"/qhrb/pc/pic/{folder}/{sheet.number}.jpg"
        site.files[picture] = page_picture()
        body = (
            f'<div class="header-time" id="paperdate">{day}</div><span id="layout">第{sheet.number}版：<span>{sheet.name}</span></span>'
            f'<img src="../../../pic/{folder}/{sheet.number}.jpg" usemap="#PagePicMap"><map name="PagePicMap">{areas}</map>'
            f'{nav}<ul class="newsList" id="articlelist">{listed}</ul>'
        )
        site.put(f"/qhrb/pc/layout/{folder}/node_{sheet.number}.html", _html("青河日报", body), **charset)
        for piece in sheet.pieces:
            picture_part = (
                f'<div class="attachment"><img src="../../../pic/{piece.number}.jpg"><p>{piece.caption}</p></div>'
                if piece.caption
                else ""
            )
            body = (
                f'<div>第{sheet.number}版：{sheet.name} <a href="../../../layout/{folder}/node_{sheet.number}.html">返回</a></div>'
                f'<h3 id="PreTitle">{piece.lead}</h3><h2 id="Title">{piece.title}</h2><h3 id="SubTitle">{piece.sub}</h3>'
                f'<div id="Author">{piece.author}</div><span id="paperdate">{day}</span>{picture_part}'
                f'<div id="ozoom">{"".join(f"<p>　　{each}</p>" for each in piece.paragraphs)}</div>'
                "<div>版权所有 青河日报社</div>"
            )
            site.put(
                f"/qhrb/pc/content/{folder}/content_{piece.number}.html",
                _html(f"{piece.title}-青河日报", body),
                **charset,
            )


def put_classic_founder(
    site: PaperSite, day: date, sheets: tuple[Sheet, ...], *, is_newest: bool = True, **charset: str
) -> None:
    """System B: paperindex.htm, html/YYYY-MM/DD/node_N.htm and content_N.htm, in tags and attributes of capitals."""
    folder = f"{day:%Y-%m}/{day:%d}"
    if is_newest:
        site.put(
            "/qhrb/paperindex.htm",
            f'<HTML><HEAD><META HTTP-EQUIV="REFRESH" CONTENT="0; URL=html/{folder}/node_2.htm"></HEAD><BODY></BODY></HTML>',
        )
    nav = "".join(
        f"<TR><TD class=default><A id=pageLink href=node_{n}.htm>第{sheet.number}版：{sheet.name}</A></TD></TR>"
        for n, sheet in enumerate(sheets, start=2)
    )
    for n, sheet in enumerate(sheets, start=2):
        listed = "".join(
            f"<TR><TD><A href=content_{piece.number}.htm><DIV id=mp{piece.number}>{piece.title}</DIV></A></TD></TR>"
            for piece in sheet.pieces
        )
        areas = "".join(
            f'<Area coords="{_corners(at, len(sheet.pieces))}" shape="polygon" href="content_{piece.number}.htm">'
            for at, piece in enumerate(sheet.pieces)
        )
        site.files[f"/qhrb/images/{folder}/{sheet.number}.jpg"] = page_picture()
        body = (
            f"<TABLE><TR><TD>第{sheet.number}版：<STRONG>{sheet.name}</STRONG></TD>"
            f"<TD><A href=node_{n + 1}.htm>下一版</A></TD></TR></TABLE>"
            f'<IMG src="../../../images/{folder}/{sheet.number}.jpg" USEMAP=#pagepicmap border=0><MAP NAME="pagepicmap">{areas}</MAP>'
            f"<TABLE>{listed}</TABLE><TABLE>{nav}</TABLE>"
        )
        said = _property(day, sheet, "", "2", None)
        site.put(f"/qhrb/html/{folder}/node_{n}.htm", _html("青河日报数字报", body) + said, **charset)
        for piece in sheet.pieces:
            picture = (
                f"<TABLE class=pic><TR><TD><IMG src=../../../res/{piece.number}.jpg></TD></TR><TR><TD>{piece.caption}</TD></TR></TABLE>"
                if piece.caption
                else ""
            )
            paragraphs = "".join(f"<P>　　{each}</P>" for each in piece.paragraphs)
            body = (
                f"<TABLE>{nav}</TABLE><TABLE><TR><TD>{piece.lead}</TD></TR>"
                f"<TR><TD class=font01><founder-title>{piece.title}</founder-title></TD></TR></TABLE>"
                f"<founder-author>{piece.author}</founder-author>{picture}"
                f'<DIV id=ozoom style="ZOOM: 100%"><founder-content><!--enpcontent-->{paragraphs}'
                "<!--/enpcontent--></founder-content></DIV>"
                "<TABLE><TR><TD>青河日报社版权所有 未经书面授权不得转载</TD></TR></TABLE>"
            )
            said = _property(day, sheet, piece.title, "1", piece)
            site.put(
                f"/qhrb/html/{folder}/content_{piece.number}.htm",
                _html(f"青河日报数字报-{piece.title}", body) + said,
                **charset,
            )


def put_paper_index(site: PaperSite, day: date, sheets: tuple[Sheet, ...], **charset: str) -> None:
    """System C: PaperIndex.htm, YYYYMMDD/IssueIndex.htm, PageNNXX.htm, ArticelNNNNNXX.htm, without a map."""
    folder = f"{day:%Y%m%d}"
    refresh = "<html><head><META HTTP-EQUIV='REFRESH' CONTENT='0; URL={}'></head><body></body></html>"
    site.put("/qhrb/content/PaperIndex.htm", refresh.format(f"{folder}/IssueIndex.htm"))
    site.put(f"/qhrb/content/{folder}/IssueIndex.htm", refresh.format(f"Page{sheets[0].number}BC.htm"))
    nav = "".join(
        f'<LI class=banci>[<SPAN><A href="Page{sheet.number}BC.htm">{sheet.number}</A></SPAN>]:'
        f'<A href="Page{sheet.number}BC.htm">{sheet.name}</A>'
        for sheet in sheets
    )
    for sheet in sheets:
        listed = "".join(
            f'<LI><A HREF="{_articel(sheet, at)}">{piece.title}</A>'
            for at, piece in enumerate(sheet.pieces, start=1)
        )
        body = f'<UL>{nav}<LI><A href="Page02BC.htm">下一版</A></UL><UL id=newslist>{listed}</UL>'
        site.put(
            f"/qhrb/content/{folder}/Page{sheet.number}BC.htm", _html("青河日报数字报刊", body), **charset
        )
        for at, piece in enumerate(sheet.pieces, start=1):
            author = f"<p>□{piece.author}</p>" if piece.author else ""
            body = (
                f'<UL>{nav}</UL><h3>{piece.lead}</h3><h2>{piece.title}</h2><div class="contenttext" id="contenttext">{author}'
                + "".join(f"　　{each}<br>" for each in piece.paragraphs)
                + "</div>"
            )
            site.put(
                f"/qhrb/content/{folder}/{_articel(sheet, at)}",
                _html(f"青河日报--{piece.title}", body),
                **charset,
            )


def _articel(sheet: Sheet, at: int) -> str:
    return f"Articel{sheet.number}{at:03d}NR.htm"


def _property(day: date, sheet: Sheet, title: str, kind: str, piece: Piece | None) -> str:
    of_article = (
        f"<founder-author>{piece.author}</founder-author><founder-subtitle>{piece.sub}</founder-subtitle>"
        f"<founder-introtitle>{piece.lead}</founder-introtitle>"
        if piece
        else ""
    )
    return (
        f"<!--enpproperty <founder-date>{day} 23:59:59</founder-date>{of_article}<founder-title>{title}</founder-title>"
        f"<founder-pagenum>{sheet.number}</founder-pagenum><founder-papername>青河日报</founder-papername>"
        f"<founder-type>{kind}</founder-type> /enpproperty-->"
    )


def _html(title: str, body: str) -> str:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=%CHARSET%" />'
        f"<title>{title}</title></head><body>{body}</body></html>"
    )


def _corners(at: int, n: int) -> str:
    top, bottom = 60 + 540 * at // n, 60 + 540 * (at + 1) // n
    return f"10,{top},390,{top},390,{bottom},10,{bottom}"
