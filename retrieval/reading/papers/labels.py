"""What a page of a newspaper is called: 第A02版：旗县新闻 -> its number and its name; and what the paper is called."""

from __future__ import annotations

import re

from retrieval.reading.papers.markup import Document, bare, short_text_of, text_of
from retrieval.text.numbers import whole_number

_NUMBER = r"(?P<n>[A-Za-z]{0,3}\d{1,5}|[一二三四五六七八九十]{1,3})"
_LABELS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[\[［【(（]?\s*第\s*{_NUMBER}\s*版\s*[\]］】)）]?\s*[：:、—\-]*\s*(?P<name>.*)",
        rf"[\[［【(（]?\s*{_NUMBER}\s*版\s*[\]］】)）]?\s*[：:、—\-]*\s*(?P<name>.*)",
        r"[\[［【(（]\s*(?P<n>[A-Za-z]{0,3}\d{1,5})\s*[\]］】)）]\s*[：:、—\-]*\s*(?P<name>.*)",
        r"(?P<n>[A-Za-z]{1,3}\d{1,3}|\d{2,3})\s*[：:、]\s*(?P<name>.*)",
        r"(?P<n>[A-Za-z]{1,2}\d{1,3}|\d{2})\s+(?P<name>[\u3400-\u9fff].{0,11})",
    )
)
_BARE = re.compile(r"[A-Za-z]{0,3}\d{1,3}")
_TURNS = re.compile(r"[上下前后][一]?[版期页张]|.*(?:导航|概览|返回|往期|PDF|pdf|首页|目录).*")
_IN_TEXT = re.compile(
    rf"第\s*{_NUMBER}\s*版\s*[：:]?\s*(?P<name>[\u3400-\u9fff·/\-]{{0,12}})(?![\u3400-\u9fff])"
)
_MOST_NAME_CHARS = 24
_MOST_TITLE_CHARS = 300
_MOST_LABEL_CHARS = 400
_MOST_LOOKS = 100
"""Places of a page that are looked at for its label."""
_PAPER_ENDS = r"(?:[日晚晨早时商周]报|都市报|生活报|[\u3400-\u9fff]报|每日电讯|周刊|新报|消息)"
_EDITION = re.compile(
    r"(?:数字报(?:纸|刊)?|多媒体|电子(?:报纸?|版|刊)|网络版|数字版|在线阅读|手机报|PC版|--?)+", re.IGNORECASE
)
_PARTS = re.compile(r"[\s_|｜\-–—:：,，()（）《》]+")


def parse_label(text: str) -> tuple[str, str] | None:
    """Return number and name, or None for a text that labels no page."""
    text = bare(text)
    if not text or len(text) > 60 or _TURNS.fullmatch(text):
        return None
    for pattern in _LABELS:
        match = pattern.fullmatch(text)
        if match and len(match["name"]) <= _MOST_NAME_CHARS:
            name = match["name"].strip(" ：:[]［］【】()（）")
            return page_number(match["n"]), name if name != "下一版" else ""
    return None


def page_number(written: str) -> str:
    """Return a page's number as it is told: 00001 is 01, 一 is 01, a02 is A02."""
    if re.fullmatch("[一二三四五六七八九十]+", written):
        return f"{whole_number(written):02d}"
    long = re.fullmatch(r"0+(\d{2})", written)
    return long[1] if long else written.upper()


def is_bare_number(text: str) -> bool:
    """Whether a link's text is a page's number alone."""
    return bool(_BARE.fullmatch(bare(text)))


def turns_pages(text: str) -> bool:
    """Whether a link's text is furniture: 下一版, 版面导航."""
    return bool(_TURNS.fullmatch(bare(text)))


def own_label(document: Document) -> tuple[str, str] | None:
    """Return number and name of the page that a document is, as it says itself, outside of links."""
    for each in document.named("layout", "pagename", "currentpage", "bmname"):
        found = parse_label(text_of(each))
        if found and found[1]:
            return found
    n_left = _MOST_LOOKS
    linked = {id(inner) for link in document.named("a", "select", "title") for inner in link.iter()}
    for element in document.root.iter():
        if not isinstance(element.tag, str) or id(element) in linked or element.tag in ("script", "style"):
            continue
        if "版" in (element.text or "") or (element.text or "").strip() in ("第",):
            n_left -= 1
            if n_left < 0:
                return None
            parent = element
            for _ in range(3):
                text = short_text_of(parent, _MOST_LABEL_CHARS)
                if text is None:
                    break
                match = _IN_TEXT.search(text)
                if match and (match["name"] or len(text) > 30):
                    return page_number(match["n"]), match["name"].strip("- ")
                if parent.getparent() is None or len(text) > 60:
                    break
                parent = parent.getparent()
    return None


def paper_name(title: str) -> str | None:
    """Return the newspaper's name that a page's title has: 草原晚报数字报-奈曼旗… is 草原晚报."""
    title = title[:_MOST_TITLE_CHARS]
    bare_parts = [_EDITION.sub("", part).strip() for part in _PARTS.split(title)]
    named = [
        part for part in bare_parts if re.fullmatch(rf"[\u3400-\u9fffA-Za-z]{{1,12}}{_PAPER_ENDS}", part)
    ]
    if named:
        return named[0]
    marked = [part for part in _PARTS.split(title) if _EDITION.search(part)]
    return next((name for part in marked if (name := _EDITION.sub("", part).strip())), None)
