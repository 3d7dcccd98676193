"""Small files of every form, for the tests of this folder; all made up."""

import io
import zipfile
from collections.abc import Mapping

import docx

BODY = (
    "今年以来，甲旗大力发展现代农业，牧草面积达到5万亩，比去年增加一万亩，农牧民收入稳步提高。",
    "甲旗农牧局负责人表示，下一步将继续推进高标准农田建设，让更多农牧民得到实惠，走好乡村振兴之路。",
    "据了解，全旗现有合作社三百家，带动农户六千户，户均增收两千元以上，产品远销周边多个省区市场。",
)


def make_html(
    paragraphs: tuple[str, ...] = BODY, *, title: str = "甲旗 牧草丰收", head: str = "", tail: str = ""
) -> str:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{title}_草原网</title>'
        f'<meta property="article:published_time" content="2023-05-04T08:00:00+08:00">'
        f'<meta property="og:site_name" content="草原网"><meta name="author" content="张三">{head}</head><body>'
        f"<nav><a href='/'>首页</a><a href='/news'>新闻</a></nav>"
        f"<article><h1>{title}</h1>{text}</article>{tail}"
        f"<footer><p>版权所有 草原网</p></footer></body></html>"
    )


def make_docx(*paragraphs: tuple[str, str | None], rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A document of (text, style) paragraphs and, if there are rows, a table below them."""
    document = docx.Document()
    for text, style in paragraphs:
        document.add_paragraph(text, style=style)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for number, row in enumerate(rows):
            for at, text in enumerate(row):
                table.cell(number, at).text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def make_zip(members: Mapping[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def make_rss(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>草原网</title>'
        "<link>https://example.com/</link><description>新闻</description>"
        + "".join(items)
        + "</channel></rss>"
    )


def make_item(number: int, text: str, *, link: str | None = None, title: str | None = None) -> str:
    return (
        f"<item><title>{title or f'第{number}条消息'}</title><guid isPermaLink='false'>id-{number}</guid>"
        f"<link>{link or f'https://example.com/{number}'}</link>"
        f"<pubDate>Wed, 03 May 2023 20:00:00 GMT</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
    )
