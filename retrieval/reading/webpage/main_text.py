"""Where a web page's article stands: a known container, what trafilatura finds, or the densest block.

Each is a candidate; the one with the most prose that is no notice, and that the title's words stand in, wins. What
reads like a site's notice, a hot list or a navigation is never an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.reading.articles.captions import is_boilerplate
from retrieval.reading.webpage.blocks import Block, blocks_of
from retrieval.reading.webpage.document import Element, WebDocument
from retrieval.text.tokenization import fold

_CONTAINERS = frozenset(
    "js_content ozoom founder-content trs_editor trs_ueditor ucap-content endtext post_body post_text article-content "
    "article_content articlecontent article-body article_body article__content articlebody artibody content_area "
    "contentarea text_area rm_txt_con rich_media_content rwb_zw show_text entry-content post-content news_txt "
    "news-content news_content newscontent newstext p-detail main-aticle detailcontent detail-content detail_content "
    "left_zw bodylabel vsb_content v_news_content wp_articlecontent pages_content view_content zoom fontzoom cnt_bd "
    "content-text text-content arc_body txt_con cm_txt index_cententwrap content_txt article-holder".split()
)
"""Ids and classes, in lower case, in which sites keep an article's text."""
_LOOSE_CONTAINERS = frozenset("article content text detail main_text txt body maintext news".split())
"""Ids and classes that sites use for more than that."""
_KNOWN, _LOOSE, _FOUND = 1.3, 1.0, 1.0
"""What a character of prose is worth in a known container, in a loose one, and where it was found otherwise."""
_PROSE_END = re.compile(r"[。！？；!?;…：:”」]|[，,、].*[，,、]")
_NOTICE = re.compile(
    r"跟[贴帖]|发表评论|网友评论|评论仅|仅供其表达|文明上网|用户协议|隐私政策|[Cc]ookie|JavaScript|浏览器|下载客户端|"
    r"客户端下载|举报电话|举报邮箱|许可证|备案号|ICP[备证]|公网安备|版权声明|免责声明|登录|注册|热门|排行榜?|"
    r"责任自负|不代表本|立场|本站|本网站|网站地图|联系我们|关于我们|广告服务|法律声明|侵权|转载"
)
_LONGEST_NOTICE = 300
_MIN_TEXT_CHARS = 15
"""Less is a link or a button."""
_MIN_BLOCKS_CHARS = 40
"""Text below which no block of its own is weighed."""
_MOST_CANDIDATES = 60
_TEI = {
    "row": "tr",
    "cell": "td",
    "item": "li",
    "head": "h2",
    "lb": "br",
    "list": "ul",
    "quote": "blockquote",
    "code": "pre",
}
"""What trafilatura calls things."""
_NOISE = 1.5
"""What a character costs that is no prose."""
_NEARLY_ALL = 0.85
"""The share of a text's prose from which a smaller part is the article."""
_LONG_LINE = 60
"""A line this long is prose without any punctuation."""
_UNLIKE = 0.3
"""The share of a title's pairs of characters below which a text may be another item's."""
_SENTENCE_ENDS = tuple("。！？!?…；;：:”’」』）)")
_LINKED = 0.7
"""The share of a paragraph that stands in links from which it is navigation."""
_CRUMBS = re.compile(
    r"(?:您?(?:现在的|当前的?|所在)?位置|当前位置|首页)\s*[:：>＞»›/].{0,120}|首页(?:\s+\S{1,8}){0,6}"
    r"|[【\[(（]?(?:打印本?页?|关闭窗口?|关闭本页|返回顶部|收藏本页|我要打印|放大|缩小|朗读)[\s】\])）【\[(（]*"
    r"(?:(?:打印本?页?|关闭窗口?|关闭本页|返回顶部|放大|缩小|默认|朗读)[\s】\])）【\[(（]*)*"
    r"|(?:浏览|阅读|点击)(?:次数|量|数)\s*[:：]?\s*\d*.{0,30}|字[号体]\s*[:：].{0,40}|[大中小\s|\[\]【】]{3,12}"
    r"|分享(?:到|至)?\s*[:：]?|扫一扫.{0,30}|编辑于.{0,20}|复制链接.{0,20}|展开全文|查看原文|(?:上|下)一篇\s*[:：]?.{0,60}"
)
_FURNITURE = re.compile(
    r"[^。！？]{0,20}[>＞»]\s*(?:正文|[^。！？]{1,12})|\d*\s*[|｜]?\s*回复|评论\s*[(（]?\d*[)）]?|我要(?:跟帖|评论)|已输入.{0,8}字|"
    r"举报(?:邮箱|电话)?.{0,40}|(?:快讯|热词|图集|热点|热门.{0,6}|猜你喜欢|相关(?:推荐|新闻|阅读|链接)|延伸阅读|推荐阅读|更多.{0,8}|.{0,8}排行榜.{0,8})|"
    r"标签\s*[:：]?.{0,30}|(?:上一页|下一页|首页|尾页|\d+/\d+|\s)+|(?:Powered|Copyright|All Rights).{0,80}|"
    r"(?:电\s*话|传\s*真|邮\s*箱|地\s*址|邮\s*编|联系方式)\s*[:：]?.{0,60}|微信公众号|分享至.{0,20}|用微信扫码.{0,20}|"
    r"(?:发[布表])?(?:时间|日期)?\s*[:：]?\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d\d.{0,60}|"
    r"(?:发[布表](?:时间|日期)|时间|日期)\s*[:：].{0,80}"
)
"""Lines of the site at an article's head and end; within it they may be its own."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    paragraphs: tuple[str, ...]
    worth: float
    element: Element = None
    """What holds them; None where that is unknown."""


def find_paragraphs(document: WebDocument, title: str | None) -> list[str]:
    """Return the paragraphs of a page's article, or [] where none is to be seen."""
    shown, headline = _bigrams(title or ""), "".join((title or "").split())
    candidates = [
        replace(each, paragraphs=tuple(part for part in each.paragraphs if "".join(part.split()) != headline))
        for each in _candidates(document)
    ]
    best = max(candidates, key=lambda each: _score(each, shown), default=None)
    if best is None or _score(best, shown) <= 0:
        return []
    kept = [part for part in _innermost(best, candidates).paragraphs if not _CRUMBS.fullmatch(part)]
    while kept and _FURNITURE.fullmatch(kept[-1]):
        kept.pop()
    while kept and _FURNITURE.fullmatch(kept[0]):
        kept.pop(0)
    return kept


def _innermost(best: _Candidate, candidates: Sequence[_Candidate]) -> _Candidate:
    """The innermost candidate that holds nearly all of the best one's prose: what else it has is around the article."""
    for each in candidates:
        is_inside = each.element is not None and any(
            up is best.element for up in each.element.iterancestors()
        )
        if is_inside and _weigh(each)[0] >= _NEARLY_ALL * _weigh(best)[0]:
            best = each
    return best


def _candidates(document: WebDocument) -> Iterator[_Candidate]:
    for n_found, (element, worth) in enumerate(_containers(document.tree)):
        if n_found < _MOST_CANDIDATES:
            yield _Candidate(tuple(_text_blocks(blocks_of(element))), worth, element)
    extracted = _extracted(document.text)
    if len(extracted) > 1:  # one paragraph is what it falls back to: all of the page run together
        yield _Candidate(tuple(extracted), _FOUND)
    dense = _densest(document.tree)
    if dense is not None:
        yield _Candidate(tuple(_text_blocks(blocks_of(dense))), _FOUND, dense)


def _containers(tree: Element) -> Iterator[tuple[Element, float]]:
    for element in tree.iter("div", "section", "article", "td", "main", "span", "founder-content"):
        names = {element.tag, *f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()}
        if names & _CONTAINERS or element.get("itemprop") == "articleBody":
            yield element, _KNOWN
        elif names & _LOOSE_CONTAINERS:
            yield element, _LOOSE


def _text_blocks(blocks: Sequence[Block]) -> list[str]:
    """The paragraphs without navigation: links, breadcrumbs, what is at the ends and only links to more."""
    return [
        block.text
        for block in blocks
        if block.n_linked < _LINKED * len(block.text)
        or (_PROSE_END.search(block.text) and len(block.text) > 40)
    ]


def _densest(tree: Element) -> Element | None:
    """The element right above most of the page's prose."""
    worth: dict[Element, float] = {}
    for paragraph in tree.iter("p", "br", "section"):
        parent = paragraph.getparent()
        if parent is None:
            continue
        text = "".join(paragraph.itertext()) if paragraph.tag != "br" else (paragraph.tail or "")
        n_linked = sum(len("".join(link.itertext())) for link in paragraph.iter("a"))
        prose = len(text.strip()) - 2 * n_linked if _PROSE_END.search(text) else 0
        if prose > 0:
            worth[parent] = worth.get(parent, 0.0) + prose
    best = max(worth, key=lambda element: worth[element], default=None)
    return best if best is not None and worth[best] >= _MIN_BLOCKS_CHARS else None


def _extracted(markup: str) -> list[str]:
    """What trafilatura takes for the article."""
    from trafilatura import bare_extraction

    # `favor_precision` drops whole articles for a notice below them
    found = bare_extraction(markup, include_comments=False, include_tables=True, with_metadata=False)
    body = None if found is None or isinstance(found, dict) else found.body
    if body is None:
        return []
    for element in body.iter(*_TEI):
        element.tag = _TEI[element.tag]
    return _text_blocks(blocks_of(body))


def _weigh(candidate: _Candidate) -> tuple[float, float]:
    """Characters of a candidate's prose, and of what is none."""
    prose = noise = 0.0
    for part in candidate.paragraphs:
        is_noise = is_notice(part) or is_boilerplate(part) or bool(_CRUMBS.fullmatch(part))
        if not is_noise and (_PROSE_END.search(part) or len(part) > _LONG_LINE):
            prose += len(part)
        else:
            noise += len(part)
    return prose, noise


def _score(candidate: _Candidate, title: frozenset[str]) -> float:
    """How much a candidate looks like the article: its prose, less what is none, where the title's words are."""
    prose, noise = _weigh(candidate)
    if prose + noise < _MIN_TEXT_CHARS:
        return 0.0
    text = fold("".join(candidate.paragraphs))
    overlap = sum(pair in text for pair in title) / len(title) if title else 0.5
    if overlap < _UNLIKE and not any(part.endswith(_SENTENCE_ENDS) for part in candidate.paragraphs):
        return 0.0  # a list of other items' headlines
    likeness = 0.3 + 0.7 * min(1.0, 2 * overlap)
    if candidate.worth == _KNOWN:
        # what a site marks as its article is one, short or in lines as it may be
        return likeness * max(_KNOWN * prose - _NOISE * noise, 0.5 * prose + 0.1 * noise)
    return likeness * (candidate.worth * prose - _NOISE * noise)


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph is a site's notice: 网友评论仅供其表达个人看法…, 文明上网理性发言…"""
    return len(paragraph) <= _LONGEST_NOTICE and len(set(_NOTICE.findall(paragraph))) >= 2


def _bigrams(text: str) -> frozenset[str]:
    letters = "".join(character for character in fold(text) if character.isalnum())
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))
