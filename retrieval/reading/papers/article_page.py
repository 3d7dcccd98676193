"""An article's web page -> its parts: title, lead and sub titles, author, day, page, paragraphs, captions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from html import unescape
from typing import Any

from retrieval.reading.articles.captions import is_caption
from retrieval.reading.articles.dateline import parse_byline
from retrieval.reading.papers.addresses import parse_address
from retrieval.reading.papers.issue import ArticleParts
from retrieval.reading.papers.labels import own_label, page_number, paper_name, parse_label
from retrieval.reading.papers.markup import Document, bare, paragraphs_of, short_text_of, text_of
from retrieval.text.dates import starting_day

_PROPERTY = re.compile(r"enpproperty(.*?)/?\s*enpproperty", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(?:founder-)?([a-z]+)>(.*?)</(?:founder-)?\1\s*>", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_BODIES = (
    *("founder-content", "ozoom", "contenttext", "articlecontent", "article-content", "newsdetatext"),
    *("zoom", "trs_editor", "article_content", "newscontent", "detailcontent", "maincontent", "content"),
    *("article-body", "articlebody", "detail", "neirong", "text", "article"),
)
"""Ids, classes and tags that hold an article's text, the surest first."""
_TITLES = ("founder-title",)
_TITLE_IDS = ("title", "articletitle", "newstitle", "maintitle")
_HEADINGS = (
    "h1",
    "h2",
    "h3",
    "bt",
    "bt1",
    "biaoti",
    "font01",
    "title1",
    "news_title",
    "article-title",
    "titlecss",
)
_LEADS = ("founder-introtitle", "pretitle", "introtitle", "leadtitle", "yinti", "primers")
_SUBS = ("founder-subtitle", "subtitle", "futi")
_AUTHORS = ("founder-author", "author", "articleauthor", "zuozhe", "sec")
_DAYS = ("paperdate", "founder-date", "date", "pubdate", "newstime")
_IS_DAY = re.compile(r"(?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}")
_FEW_CHARS = 6
_PROPERTY_CHARS = 20_000
_MOST_PICTURES = 200
_TITLE_CHARS = 300
_CAPTION_CHARS = 160
_HEADING_CHARS = 80
_CLIMB = 4
_DAY_CHARS = 24
_LINES_BELOW = 5
"""Lines below a title among which its author is looked for."""
_SAYS_AUTHOR = re.compile(r"(?:作者|撰稿|文/图|文|记者)\s*[:：/]")
_PICTURED = re.compile(r"pic|img|image|photo|attach|tu\b|figure|newspaper", re.IGNORECASE)
_NO_CAPTION = re.compile(
    r"版权|copyright|ICP|邮编|地址[:：]|^第?\s*[A-Z]?\d+\s*版|[上下]一[版篇期]|放大|缩小|朗读", re.IGNORECASE
)
_NOBODY = re.compile(r"未知|责任编辑|责编|编辑[:：]|版权|来源")


def read_article(document: Document, listed: str = "") -> ArticleParts:
    """Return the parts; `listed` is the title under which the article's page lists it."""
    stated = _property(document.text)
    body = _body(document)
    captions, consumed = _captions(document, body)
    paragraphs = paragraphs_of(body, consumed) if body is not None else []
    title = _title(document, stated, listed)
    above, below = _headings_around(document, title)
    lead = stated.get("introtitle") or document.said(*_LEADS) or above
    sub = stated.get("subtitle") or document.said(*_SUBS) or below
    if not paragraphs and "content" in stated:
        paragraphs = [stated["content"]]
    byline = _byline(document, stated, title)
    paragraphs = _without_head(paragraphs, {each for each in (title, lead, sub, byline) if each})
    label = own_label(document)
    number = stated.get("pagenum") or stated.get("page") or (label[0] if label else None)
    return ArticleParts(
        title=title[:_TITLE_CHARS] if title else None,
        lead=lead[:_TITLE_CHARS] if lead and lead != title else None,
        sub=sub[:_TITLE_CHARS] if sub and sub != title else None,
        byline=byline,
        number=page_number(number) if number else None,
        section=(label[1] if label else None) or stated.get("nodename") or _named_in_links(document, number),
        paper=stated.get("papername") or _paper(document),
        day=parse_address(document.url).day or starting_day(stated.get("date", "")) or _day(document),
        paragraphs=tuple(paragraphs),
        captions=tuple(dict.fromkeys(each for each in captions if each not in paragraphs)),
    )


def _without_head(paragraphs: list[str], heads: Collection[str]) -> list[str]:
    """The paragraphs behind what a text may begin with: its titles, its author, its day."""
    while paragraphs:
        first = paragraphs[0]
        is_author = clean_byline(first) in heads
        is_day = _IS_DAY.match(first) is not None and len(first) <= _DAY_CHARS
        if first not in heads and not is_author and not is_day:
            break
        paragraphs = paragraphs[1:]
    return paragraphs


def _named_in_links(document: Document, number: str | None) -> str | None:
    """The name under which the page's navigation has the 版 of this number."""
    labels = (parse_label(link.text) for link in document.links() if link.outline is None)
    return next(
        (each[1] for each in labels if each and each[1] and number and each[0] == page_number(number)), None
    )


def is_article_page(document: Document) -> bool:
    """Whether the page is one of an edition's articles, by the marks that these systems leave."""
    stated = _property(document.text)
    if stated:
        return bool(document.named("founder-content", "ozoom")) or stated.get("type") == "1"
    return bool(document.named("ozoom")) and bool(document.named("paperdate", "pretitle", "sec", "date"))


def page_type(document: Document) -> str | None:
    """Return what the page's own comment says it is: 1 an article, 2 a page; None where it says nothing."""
    return _property(document.text).get("type")


def stated_paper(document: Document) -> str | None:
    """Return the newspaper's name as the page has it, or None."""
    return _property(document.text).get("papername") or _paper(document)


def _property(text: str) -> dict[str, str]:
    match = _PROPERTY.search(text)
    if match is None:
        return {}
    found: dict[str, str] = {}
    for name, value in _TAG.findall(match[1][:_PROPERTY_CHARS]):
        said = bare(unescape(_MARKUP.sub(" ", value)))
        if said:
            found.setdefault(name.lower(), said)
    return found


def _paper(document: Document) -> str | None:
    named = document.said("papername", "paper-name")
    if named and len(named) <= 20:
        return paper_name(named) or named
    return paper_name(document.title)


def _body(document: Document) -> Any | None:
    named = next((each for each in document.named(*_BODIES) if len(text_of(each)) >= 2), None)
    if named is not None:
        return named
    scored = [(_own_chars(each), each) for each in document.named("td", "div", "article", "section", "span")]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] >= _FEW_CHARS else None


def _own_chars(element: Any) -> int:
    """How much text lies in an element itself or its paragraphs, links left out."""
    n_chars = len((element.text or "").strip())
    for child in element:
        if isinstance(child.tag, str) and child.tag in ("p", "br", "span", "font", "strong", "b"):
            linked = sum(len(text_of(link)) for link in child.iter("a"))
            n_chars += len(text_of(child)) - 2 * linked
        n_chars += len((child.tail or "").strip())
    return n_chars


def _captions(document: Document, body: Any | None) -> tuple[list[str], list[Any]]:
    """Words that stand with a picture, and the elements within the body that hold nothing else."""
    holds_body = {id(each) for each in body.iterancestors()} | {id(body)} if body is not None else set()
    captions: list[str] = []
    consumed: list[Any] = []
    for picture in document.named("img")[:_MOST_PICTURES]:
        if picture.get("usemap") or re.search(
            r"\.gif$|icon|logo", str(picture.get("src") or ""), re.IGNORECASE
        ):
            continue
        is_inside = body is not None and any(each is body for each in picture.iterancestors())
        element = picture
        for _ in range(_CLIMB):
            element = element.getparent()
            if element is None or element.tag in ("body", "html") or id(element) in holds_body:
                break
            text = short_text_of(element, 2 * _CAPTION_CHARS)
            if text is None:
                break
            if not text:
                continue
            if _says_caption(element, text, is_inside=is_inside):
                captions.append(text)
                consumed += [element] if is_inside else []
            break
    return captions, consumed


def _says_caption(element: Any, text: str, *, is_inside: bool) -> bool:
    if len(text) > _CAPTION_CHARS or _NO_CAPTION.search(text) or _IS_DAY.match(text):
        return False
    if element.find(".//a") is not None and len(text_of(element)) < 2 * len(text_of(element.find(".//a"))):
        return False
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    if is_inside:
        return element.tag in ("table", "tr", "figure") or bool(_PICTURED.search(marks)) or is_caption(text)
    return (
        element.tag in ("table", "tbody", "figure", "li", "ul")
        or bool(_PICTURED.search(marks))
        or is_caption(text)
    )


def _title(document: Document, stated: dict[str, str], listed: str) -> str | None:
    sure = [stated.get("title"), document.said(*_TITLES), _one_line(document, _TITLE_IDS)]
    found = next((each for each in sure if each), None)
    if found:
        return found
    headings = [text_of(each) for each in document.named(*_HEADINGS)]
    headings = [each for each in headings if 2 <= len(each) <= 100]
    wanted = _letters(listed.rstrip(".… "))
    if wanted:
        alike = [each for each in headings if wanted in _letters(each)]
        if alike:
            return min(alike, key=len)
        return listed if not listed.endswith(("…", "...")) else _longer(document.title, wanted) or listed
    if headings:
        return headings[0]
    parts = [part.strip() for part in re.split(r"[_|｜]|--+|\s-\s|-(?=[\u3400-\u9fff])", document.title)]
    return max((part for part in parts if part and not paper_name(part)), key=len, default=None)


def _headings_around(document: Document, title: str | None) -> tuple[str | None, str | None]:
    """The headings right above and below the one that is the title, where there are such."""
    heading = next((each for each in document.named("h1", "h2", "h3") if text_of(each) == title), None)
    if heading is None:
        return None, None
    beside = (heading.getprevious(), heading.getnext())
    above, below = (
        text_of(each) if each is not None and each.tag in ("h1", "h2", "h3", "h4") else "" for each in beside
    )
    is_label = parse_label(above) is not None
    return (above if above and not is_label and len(above) <= _HEADING_CHARS else None), (
        below if below and len(below) <= _HEADING_CHARS else None
    )


def _longer(title: str, wanted: str) -> str | None:
    parts = re.split(r"[_|｜]|--+|-", title)
    return next((part.strip() for part in parts if _letters(part).startswith(wanted)), None)


def _one_line(document: Document, names: Sequence[str]) -> str | None:
    """The text of the first element with one of these ids; a page's <title> is another thing."""
    for each in document.named(*names):
        if each.tag != "title" and (text := text_of(each)):
            return text
    return None


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _byline(document: Document, stated: dict[str, str], title: str | None) -> str | None:
    written = [stated.get("author"), *(text_of(each) for each in document.named(*_AUTHORS))]
    for each in written:
        name = clean_byline(each or "")
        if name:
            return name
    return next(_bylines_in_text(document, title), None)


def _bylines_in_text(document: Document, title: str | None) -> Iterator[str]:
    """Lines between an article's title and its text that are bylines by themselves."""
    lines = paragraphs_of(document.root)
    start = next((n for n, line in enumerate(lines) if title and _letters(title) in _letters(line)), None)
    for line in lines[start + 1 : start + 1 + _LINES_BELOW] if start is not None else ():
        found = parse_byline(line) or (clean_byline(line) if _SAYS_AUTHOR.match(line) else None)
        if found:
            name = clean_byline(found)
            if name:
                yield name
        elif len(line) > _CAPTION_CHARS:
            return


def clean_byline(written: str) -> str | None:
    """Return who wrote it, without 作者： and what is no name; None if nobody is left."""
    text = re.sub(r"《[^》]{2,20}》.*|[（(]?\s*(?:19|20)\d\d\s*[年-].*", "", bare(written[:_TITLE_CHARS]))
    text = re.sub(r"^\s*[□■◎◇]?\s*(?:作者|撰稿|文)\s*[:：/]\s*", "", text).strip("□■◎◇ |｜")
    is_name = (
        2 <= len(text) <= 60 and re.search(r"[\u3400-\u9fffA-Za-z]{2}", text) and not _NOBODY.search(text)
    )
    return text if is_name and "@" not in text and not re.search(r"[。！？]", text) else None


def _day(document: Document) -> Any:
    for each in document.named(*_DAYS):
        match = _IS_DAY.search(text_of(each))
        found = starting_day(match[0].replace(" ", "")) if match else None
        if found:
            return found
    plain = _IS_DAY.search(text_of(document.root)[:3000])
    return starting_day(plain[0].replace(" ", "")) if plain else None
