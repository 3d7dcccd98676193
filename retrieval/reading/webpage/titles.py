"""The title of a web page's article: where <title>, headings, og:title and ArticleTitle agree, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retrieval.reading.webpage.document import Element, WebDocument, text_of

_LONGEST = 120
_SHORTEST_PART = 4
"""A title cut to less than this was cut wrongly."""
_MOST_HEADINGS = 40
_SEPARATOR = re.compile(r"\s*[-_|｜—–·•»>]+\s*|\s{1,}(?=\S{2,16}$)")
_SITE = re.compile(
    r".{0,20}(?:网|网站|新闻网|门户|门户网站|日报|晚报|晨报|时报|早报|商报|都市报|数字报|电子报|频道|人民政府|政府|要闻|新闻|资讯|在线|客户端|"
    r"电视台|广播电视台|融媒体中心|融媒|公众平台|公众号|APP|App|社区|论坛|首页|手机版|移动版|官网|官方网站|网易号|搜狐号|头条号|百家号|"
    r"一点资讯|澎湃|腾讯|新浪|搜狐|网易|凤凰|人民网|新华网|央视网|光明网|中新网|澎湃新闻|[A-Za-z]+\.(?:com|cn|net|org)(?:\.cn)?)"
)
_ONLY_SITE = re.compile(r".{0,24}(?:网站|门户网站|数字报|电子报|公众平台|首页)")
_LABEL = re.compile(r"^\s*(?:标题|题目|原标题)\s*[:：]\s*")
_ELLIPSIS = re.compile(r"\s*(?:\.{3,}|…+)$")
_DECLARED = ("ArticleTitle", "og:title", "twitter:title", "title")
_HEADINGS = ("h1", "h2", "h3", "founder-title")
_TITLE_NAMES = frozenset(
    "title article-title article_title articletitle main-title post_title news_title newstitle activity-name tit "
    "content-title content_title arti_title artical-title detail-title".split()
)


def find_title(document: WebDocument) -> str | None:
    """Return the article's title, or None where the page names none.

    What stands in several places is the title, the longest of such; a site's name before or behind it, which is
    known from what the page declares, from a heading that stands without it, or by its ending (…网, …日报), is not.
    """
    sites = _site_names(document)
    declared = [_tidy(value, sites) for value in document.meta(*_DECLARED)]
    window = _tidy(document.title, sites)
    headings = [_tidy(text, sites) for text in _headings(document.tree)]
    spoken = [text for text in dict.fromkeys([*declared, window, *headings]) if _is_title(text, sites)]
    if not spoken:
        return None
    kinds = [declared[:1], declared[1:], [window], headings]
    agreed = [text for text in spoken if sum(_stands_in(text, kind) for kind in kinds) > 1]
    if not agreed:
        return next((text for text in (*declared, window, *headings) if _is_title(text, sites)), None)
    best = max(agreed, key=lambda text: (len(_squeezed(text)), -spoken.index(text)))
    return _without_unsaid_site(best, headings) or best


def _without_unsaid_site(title: str, headings: Sequence[str]) -> str | None:
    """The heading that is the title but for a short last part, which is then the site's."""
    for heading in headings:
        rest = title.removeprefix(heading)
        if rest != title and heading and len(heading) >= 2 * len(rest) and _SEPARATOR.match(rest):
            return heading
    return None


def _site_names(document: WebDocument) -> frozenset[str]:
    names = document.meta("SiteName", "og:site_name", "application-name", "ContentSource", "ColumnName")
    return frozenset(_squeezed(name) for name in names)


def _headings(tree: Element) -> Iterator[str]:
    n_found = 0
    for element in tree.iter("h1", "h2", "h3", "div", "p", "span", "strong", "td", "founder-title"):
        if n_found >= _MOST_HEADINGS:
            return
        if element.tag not in _HEADINGS:
            names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
            if not _TITLE_NAMES.intersection(names) or len(element) > 3:
                continue
        if element.find(".//a") is not None or any(each.tag == "a" for each in element.iterancestors()):
            continue  # a link to another item
        text = text_of(element)
        if 2 <= len(text) <= _LONGEST:
            n_found += 1
            yield text


def _tidy(text: str, sites: frozenset[str]) -> str:
    """The title without what sites set around it: 水稻丰收_要闻_草原网, 草原晚报数字报-水稻丰收."""
    text = _ELLIPSIS.sub("", _LABEL.sub("", text)).strip()
    while parts := _last_part(text):
        before, last = parts
        if len(before) < _SHORTEST_PART or not (_squeezed(last) in sites or _SITE.fullmatch(last)):
            break
        text = before
    while parts := _first_part(text):
        first, rest = parts
        if len(rest) < _SHORTEST_PART or not (_squeezed(first) in sites or _ONLY_SITE.fullmatch(first)):
            break
        text = rest
    return text


def _last_part(text: str) -> tuple[str, str] | None:
    ends = [match for match in _SEPARATOR.finditer(text) if match.start() and match.end() < len(text)]
    return (text[: ends[-1].start()], text[ends[-1].end() :]) if ends else None


def _first_part(text: str) -> tuple[str, str] | None:
    match = next((match for match in _SEPARATOR.finditer(text) if match.start()), None)
    return (text[: match.start()], text[match.end() :]) if match else None


def _is_title(text: str, sites: frozenset[str]) -> bool:
    is_long_enough = 2 <= len(text) <= _LONGEST
    return is_long_enough and _squeezed(text) not in sites and not _ONLY_SITE.fullmatch(text)


def _stands_in(text: str, places: Sequence[str]) -> bool:
    return any(_squeezed(text) in _squeezed(place) for place in places)


def _squeezed(text: str) -> str:
    return "".join(text.split()).lower()
