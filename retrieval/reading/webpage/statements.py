"""What a web page states of its article: its day, who wrote it, where it comes from, its address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

from retrieval.reading.articles.names import byline_of, is_organisation, source_of
from retrieval.reading.webpage.document import Element, WebDocument, text_of
from retrieval.text.dates import DAY, MONTH, YEAR, stamped_day

_DATE_NAMES = (
    "PubDate article:published_time og:published_time publishdate publish_date pubdate datePublished weibo:article:create_at "
    "og:release_date dc.date dc.date.issued date firstpublishedtime publishtime createDate bytedance:published_time "
    "apub:time article:create_at"
).split()
_IN_SCRIPT = re.compile(
    r"(?:\bvar\s+ct\s*=|\bcreateTime\s*=|\bpublish_?[tT]ime[\"']?\s*[:=]|\bpubDate[\"']?\s*[:=]|[\"']datePublished[\"']\s*:)"
    r"\s*[\"']?(?P<value>[^\"',;<]{8,40})"
)
_ACCOUNT = re.compile(r"\bvar\s+nickname\s*=\s*(?:htmlDecode\()?[\"']([^\"']{2,40})")
_PLATFORMS = frozenset(("微信公众平台", "微信公众号", "公众平台"))
_PORTALS = frozenset(
    "网易 网易新闻 新浪 新浪网 新浪新闻 新浪财经 搜狐 搜狐网 腾讯网 腾讯新闻 凤凰网 今日头条 百家号 一点资讯".split()
)
_WRITTEN = re.compile(
    rf"(?:{YEAR}|(?<!\d)\d\d(?=[-/.年]))\s*[-/.年]\s*{MONTH}\s*[-/.月]\s*{DAY}(?!\d).{{0,24}}"
)
_DATED = re.compile(r"发[布表]|时间|日期|来源|date|time|pub|info", re.IGNORECASE)
_SOURCE = re.compile(r"(?:信息|稿件|新闻|文章)?来\s*源\s*[:：|｜丨]\s*(?P<value>.{2,40})")
_BY = re.compile(r"(?:作\s*者|记\s*者|撰\s*稿)\s*[:：|｜丨]\s*(?P<value>.{2,40})")
_IN_ADDRESS = re.compile(r"/(20\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?!\d)")
_LONGEST_LINE = 160
_MOST_LINES = 400


def find_day(document: WebDocument) -> date | None:
    """Return the day that the page says it was published on, or None."""
    written = [*document.meta(*_DATE_NAMES), *_linked_data(document, "datePublished")]
    written += [match["value"] for match in _IN_SCRIPT.finditer(document.text)]
    written += [each.get("datetime") or "" for each in document.tree.iter("time")]
    for value in written:
        found = stamped_day(value)
        if found:
            return found
    return next(_shown_days(document), None) or _address_day(document)


def _shown_days(document: WebDocument) -> Iterator[date]:
    """Days in short lines that are about the page: 发布时间：24-09-29, <span class="date">2024-09-29."""
    for element, line in _lines(document):
        match = _WRITTEN.search(line)
        names = f"{element.get('id') or ''} {element.get('class') or ''}"
        if match and (_DATED.search(names) or _DATED.search(line[: match.start()]) or len(line) <= 24):
            found = stamped_day(match.group())
            if found:
                yield found


def find_byline(document: WebDocument) -> str | None:
    """Return who wrote the article, where the page names people."""
    values = [*document.meta("author", "article:author", "og:article:author", "dc.creator")]
    values += [match["value"] for _, line in _lines(document) if (match := _BY.search(line))]
    return next((byline for value in values if (byline := byline_of(value))), None)


def _address_day(document: WebDocument) -> date | None:
    """The day in the page's own address: …/2024/09/29/…, …/20240929/…."""
    match = _IN_ADDRESS.search(find_address(document) or "")
    return stamped_day("-".join(match.groups())) if match else None


def find_source(document: WebDocument) -> str | None:
    """Return the paper or site that the article comes from."""
    values = [*document.meta("ContentSource", "source", "mediaid", "og:article:source", "article:source")]
    account = _ACCOUNT.search(document.text)
    named = document.tree.find(".//*[@id='js_name']")
    values += [account[1]] if account else []
    values += [text_of(named)] if named is not None else []
    values += [match["value"] for _, line in _lines(document) if (match := _SOURCE.search(line))]
    values += document.meta("og:site_name", "SiteName", "application-name", "copyright")
    values += [value for value in document.meta("author") if is_organisation(value)]
    found = [source for value in values if (source := source_of(value)) and source not in _PLATFORMS]
    # a portal is named where nobody else is: it passes on what papers write
    return next((source for source in found if source not in _PORTALS), next(iter(found), None))


def find_address(document: WebDocument) -> str | None:
    """Return the page's own address, where it declares one."""
    linked = document.tree.find(".//link[@rel='canonical']")
    values = [linked.get("href") or ""] if linked is not None else []
    return next((value for value in [*values, *document.meta("og:url")] if value.startswith("http")), None)


def _lines(document: WebDocument) -> Iterator[tuple[Element, str]]:
    """The first short lines of the page, innermost elements first, with their elements."""
    n_found = 0
    for element in document.tree.iter(
        "span", "div", "p", "td", "em", "time", "li", "i", "small", "h4", "h5", "h6"
    ):
        if len(element) > 12:
            continue
        line = text_of(element)
        if 4 <= len(line) <= _LONGEST_LINE:
            n_found += 1
            if n_found > _MOST_LINES:
                return
            yield element, line


def _linked_data(document: WebDocument, name: str) -> Iterator[str]:
    for script in document.tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for each in data if isinstance(data, list) else [data]:
            value = each.get(name) if isinstance(each, dict) else None
            if isinstance(value, str):
                yield value
