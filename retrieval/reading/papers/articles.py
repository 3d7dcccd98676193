"""The parts of an issue's articles -> articles, continued pieces joined: 下转 and 上接."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from retrieval.reading.articles.item import Stated, make_articles
from retrieval.reading.articles.paragraphs import is_finished
from retrieval.reading.papers.issue import ArticleParts
from retrieval.reading.papers.labels import page_number
from retrieval.types import Article, DateBasis, Span, SpanKind

_MARK_CHARS = 80
"""At so many characters of an end a mark that a text goes on is looked for."""
_PAGE = r"第?\s*([A-Za-z]{0,3}\d{1,3}|[一二三四五六七八九十]{1,3})\s*版"
_MARKS = r"[▶►>》→☞\s\u3000]*"
_ONWARD = re.compile(
    rf"{_MARKS}[（(【\[]?\s*{_MARKS}(?:紧?下转|转)\s*{_PAGE}[^）)】\]。]{{0,20}}[）)】\]]?\s*$"
)
_BACK = re.compile(rf"^{_MARKS}[（(【\[]?\s*(?:紧?上接|接)\s*{_PAGE}[^）)】\]。]{{0,30}}[）)】\]]?\s*")
_FURNITURE = re.compile(
    r"广告|[本]?报头|报眼|报花|导读|图片|题图|插图|公益广告|(?:责任|值班|本版)?(?:编辑|主编|校对|美编|版式|责编)(?:[:： ].*)?|"
    r"版权声明|订报启事|征订启事|本报地址.*|日历|[\W\d_]*"
)
_NO_TITLE = re.compile(r"无标题(?:文章)?|图片新闻|标题|新闻图片|图片报道|[\W_]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """An article's parts with the page that they stand on."""

    key: str
    number: str
    section: str
    parts: ArticleParts
    url: str


def is_furniture(title: str) -> bool:
    """Whether a listed title names no article: an advertisement, a masthead, an editor's line."""
    return bool(title.strip()) and bool(_FURNITURE.fullmatch(title.strip()))


def goes_on_at(parts: ArticleParts) -> str | None:
    """Return the number of the page on which the text goes on, or None."""
    match = _ONWARD.search(parts.paragraphs[-1][-_MARK_CHARS:]) if parts.paragraphs else None
    return page_number(match[1]) if match else None


def began_at(parts: ArticleParts) -> str | None:
    """Return the number of the page on which the text began, or None."""
    for each in (parts.title or "", *parts.paragraphs[:1], parts.lead or "", parts.sub or ""):
        match = _BACK.match(each[:_MARK_CHARS])
        if match:
            return page_number(match[1])
    return None


def join_pieces(pieces: Sequence[Piece]) -> tuple[list[Piece], dict[str, str]]:
    """Return the pieces with those joined that go on elsewhere, and by the key of each piece that was taken, whose it is.

    A piece goes on in the one on the named page that says it began there; of several, in the one whose title is
    most alike. What finds no other half stays as it is.
    """
    left = {piece.key: piece for piece in pieces}
    taken: dict[str, str] = {}
    for piece in pieces:
        if piece.key in taken:
            continue
        here = piece
        seen = {piece.key}
        while (number := goes_on_at(left[piece.key].parts)) is not None:
            found = _other_halves(
                here, number, [each for each in pieces if each.key not in seen | taken.keys()]
            )
            if not found:
                break
            best = max(found, key=lambda each: _likeness(piece.parts, each.parts))
            left[piece.key] = replace(left[piece.key], parts=_joined(left[piece.key].parts, best.parts))
            taken[best.key] = piece.key
            seen.add(best.key)
            here = best
    return [left[piece.key] for piece in pieces if piece.key not in taken], taken


def _other_halves(here: Piece, number: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces in which one may go on: on the page that it names, saying that they began on its own or of its title.

    Else the one piece that says it began on its page, wherever that stands.
    """
    back = [each for each in pieces if _is_page(here.number, began_at(each.parts) or "")]
    on_page = [each for each in pieces if _is_page(each.number, number)]
    title = here.parts.title
    found = [each for each in on_page if each in back or (title and each.parts.title == title)]
    return found or (back if len(back) == 1 else [])


def _is_page(number: str, named: str) -> bool:
    """Whether 3, 03 and A03 name the same page; a letter counts where both have one."""
    first, second = (re.fullmatch(r"([A-Za-z]*)0*(\d+)", each) for each in (number, named))
    if first is None or second is None:
        return number == named
    return first[2] == second[2] and (first[1].upper() == second[1].upper() or not (first[1] and second[1]))


def _likeness(first: ArticleParts, second: ArticleParts) -> int:
    letters = set(first.title or "")
    return len(letters & set(_without_back(second.title or "")))


def _joined(first: ArticleParts, second: ArticleParts) -> ArticleParts:
    before = [*first.paragraphs[:-1], _without_onward(first.paragraphs[-1])]
    behind = list(second.paragraphs)
    if behind:
        behind[0] = _without_back(behind[0])
    before, behind = ([each for each in part if each] for part in (before, behind))
    if before and behind and not is_finished(before[-1]):
        before[-1] += behind.pop(0)
    captions = dict.fromkeys([*first.captions, *second.captions])
    return replace(
        first,
        byline=first.byline or second.byline,
        paragraphs=(*before, *behind),
        captions=tuple(captions),
    )


def _without_onward(paragraph: str) -> str:
    return (paragraph[:-_MARK_CHARS] + _ONWARD.sub("", paragraph[-_MARK_CHARS:])).strip()


def _without_back(paragraph: str) -> str:
    return (_BACK.sub("", paragraph[:_MARK_CHARS]) + paragraph[_MARK_CHARS:]).strip()


def make_paper_articles(
    piece: Piece, *, paper: str | None, day: date | None, path: Path
) -> tuple[Article, ...]:
    """Return the article, those of a roundup, or none if there is no word of it.

    Lead and sub titles and captions stand behind the text, where they leave its beginning alone, all as captions:
    kept and searched, and no source of a figure. A picture without a report is an article of its caption, and so are
    a roundup's pictures, since nothing tells which of its items they belong to.
    """
    parts = piece.parts
    title = parts.title if parts.title and not _NO_TITLE.fullmatch(parts.title) else None
    stated = Stated(
        title=_without_back(title) or None if title else None,
        date=day or parts.day,
        section=piece.section or parts.section or None,
        byline=parts.byline,
        source=paper or parts.paper,
        url=piece.url or None,
    )
    numbered = list(enumerate(parts.paragraphs, start=1))
    made = make_articles(numbered, stated, path, lines=(1, max(1, len(numbered))))
    if not made:
        words = [*parts.paragraphs, *parts.captions]
        return (_of_captions(words, stated, len(numbered)),) if words else ()
    heads = [each for each in (parts.lead, parts.sub) if each and each not in parts.paragraphs]
    if len(made) == 1:
        return (_with_captions(made[0], [*heads, *parts.captions]),)
    first = _with_captions(made[0], heads)
    pictures = [_of_captions(parts.captions, stated, len(numbered))] if parts.captions else []
    return (first, *made[1:], *pictures)


def _of_captions(words: Sequence[str], stated: Stated, n_lines: int) -> Article:
    text, spans = _lines(words, 0)
    return Article(
        title=stated.title or words[0][:30],
        title_is_derived=stated.title is None,
        section=stated.section,
        date=stated.date,
        date_basis=DateBasis.FRONT_MATTER if stated.date else DateBasis.NONE,
        byline=stated.byline,
        source=stated.source,
        url=stated.url,
        text=text,
        spans=spans,
        lines=(1, max(1, n_lines)),
    )


def _with_captions(article: Article, words: Sequence[str]) -> Article:
    if not words:
        return article
    said, spans = _lines(words, len(article.text) + 1)
    return replace(article, text=f"{article.text}\n{said}", spans=(*article.spans, *spans))


def _lines(words: Sequence[str], start: int) -> tuple[str, tuple[Span, ...]]:
    spans = []
    for each in words:
        spans.append(Span(SpanKind.CAPTION, start, start + len(each)))
        start += len(each) + 1
    return "\n".join(words), tuple(spans)
