"""Every sentence a person sees on Telegram, as HTML that Telegram accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import PurePath

from bot.limits import Verdict
from bot.splitting import MESSAGE_UNITS, split_text, utf16_length
from retrieval import Answer, DateBasis, Evidence, Hit, Outcome, Passage, StoredArticle

_MOST_ENTITIES = 90
"""Telegram formats at most 100 stretches of a message."""
_LINE_CHARS = 60
"""Characters of a further hit's sentence in its one line."""
PARTS_AT_ONCE = 5
"""Messages that one press of 全文 sends."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message; `data` has at most 64 bytes."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to send: HTML, or plain text, and rows of buttons."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    is_html: bool = True


WELCOME = (
    "您好，我是<b>云问</b>，专门回答本地报纸上的事。\n"
    "直接发问题给我就行，比如地名加上您想知道的事。每个回答都是报纸上的原文，带日期和出处；报上没有的，我会直说没有。"
)
HELP = (
    "<b>怎么问</b>\n"
    "· 直接发问题，如“某某旗水稻种植面积”。\n"
    "· 地名写到旗县最准；不清楚是哪里时，我会请您选。\n"
    "· 可以带时间：今年、去年、6月30日、最近一周。\n\n"
    "<b>回答下面的按钮</b>\n"
    "· <b>更多</b>：其他相关报道\n"
    "· <b>全文</b>：整篇文章，一字不少\n\n"
    "<b>每天的日报</b>\n"
    "· /subscribe 库伦旗：订阅一个地方，每天早上发新消息\n"
    "· /subscriptions：看、改订阅；/digest：马上看今天的\n"
    "· /privacy：记下了什么；/forget：全部删除\n\n"
    "我只摘报纸原文，不编、不算。"
)
TRY = "可以试试："
ONLY_TEXT = "我只看得懂文字。请把想问的事打成一句话发给我。"
NO_WORDS = "没看到可以查找的字词。请用一句话问，比如地名加上您想知道的事。"
TOO_OLD = "这个按钮对应的内容已经过期了，请把问题再发一遍。"
GONE = "这篇文章已经不在资料库里了，请把问题再发一遍。"
WHICH_PLACE = "请在 /place 后面写一个地名，如 /place 通辽市。"
NO_PLACE = "没认出这个地名。请写全一点，如 /place 通辽市。"
NO_MORE = "没有更多了。"
NOTHING_BEFORE = "还没有可以接着看的回答。请先问一个问题。"

NOTICES = {
    Verdict.LIMITED: "您发得有点快，我先歇一会儿。请过一分钟再问。",
    Verdict.OVERLOADED: "现在问的人太多，这一条没能回答。请过一会儿再发一遍。",
    Verdict.TOO_LONG: "这段话太长了。请用一句话问，比如地名加上您想知道的事。",
    Verdict.NOT_ALLOWED: "这个机器人只在指定的聊天里回答。",
}
"""What a chat is told, at most once a minute, when it is not answered."""
NOT_ADMIN = "只有管理员能这样做。"
WHICH_CHAT = "请写聊天或用户的数字编号，如 /block -1001234567890。"
ADMINS_STAY = "不能屏蔽管理员。"
BLOCKED = "已屏蔽 {id}，不再回答。"
WAS_BLOCKED = "{id} 已经在屏蔽名单里了。"
UNBLOCKED = "已解除对 {id} 的屏蔽。"
NOT_BLOCKED = "{id} 不在屏蔽名单里。"


def apology(code: str) -> str:
    """What a person sees when something failed; the operator finds the code in the log."""
    return f"抱歉，刚才出了点问题，没能回答。请稍后再试。（编号 {escape(code)}）"


def welcome(samples: Sequence[tuple[str, str]]) -> Reply:
    """The greeting with sample questions: (question, article id)."""
    return _with_samples(WELCOME, samples)


def help_text(samples: Sequence[tuple[str, str]]) -> Reply:
    """What can be asked and what the buttons do."""
    return _with_samples(HELP, samples)


def _with_samples(html: str, samples: Sequence[tuple[str, str]]) -> Reply:
    if not samples:
        return Reply(html)
    buttons = tuple((Button(question, f"sample:{article_id}"),) for question, article_id in samples)
    return Reply(f"{html}\n\n{TRY}", buttons)


def sample_question(article: StoredArticle) -> str:
    """An article's place and title: a question that it answers."""
    title = (
        article.title
        if not article.place or article.place in article.title
        else article.place + article.title
    )
    return title[:40]


def render_answer(answer: Answer, answer_id: str) -> Reply:
    """The message for an answer; hits of near and none are never presented as the answer."""
    if answer.outcome is Outcome.WHICH_PLACE:
        rows = tuple((Button(each.path, f"place:{answer_id}:{each.code}"),) for each in answer.candidates)
        return Reply(escape(answer.reason or ""), rows)
    if answer.outcome is Outcome.FOUND and answer.hits:
        html = render_hit(answer.hits[0])
        further = answer.hits[1:]
        shown = answer.hits[:1]
    else:
        html = escape(answer.reason or "没有找到。")
        further, shown = answer.hits, ()
        if answer.candidates:
            html += "\n您是不是要问：" + "、".join(escape(each.name) for each in answer.candidates) + "？"
    lines = [_one_line(hit) for hit in further[: max(2, len(answer.differing) - 1)]]
    if lines:
        heading = "另见：" if shown else "相近的报道（不是答案）："
        if answer.differing:
            heading = "同一件事，不同日期的报道数字不一："
        html += f"\n\n{heading}\n" + "\n".join(lines)
    meant = tuple((Button(each.name, f"place:{answer_id}:{each.code}"),) for each in answer.candidates)
    return Reply(html, (*meant, *_answer_buttons(answer, answer_id)))


def _answer_buttons(answer: Answer, answer_id: str) -> tuple[tuple[Button, ...], ...]:
    if not answer.hits:
        return ()
    row = [Button("全文", f"full:{answer.hits[0].article.id}:0")] if answer.outcome is Outcome.FOUND else []
    first = 1 if answer.outcome is Outcome.FOUND else 0
    row += [
        Button(f"第{hit.rank}条", f"hit:{answer_id}:{hit.rank}") for hit in answer.hits[first : first + 2]
    ]
    row.append(Button("更多", f"more:{answer_id}"))
    place = next((each for each in answer.hits[0].article.regions if each.role == "primary"), None)
    if answer.outcome is Outcome.FOUND and place is not None:
        return tuple(row), (Button(f"订阅{place.name}", f"s:{place.code}"),)
    return (tuple(row),)


def render_hit(hit: Hit) -> str:
    """Evidence first, then the source, then the passage in a quotation that unfolds."""
    return render_found(hit.article, hit.passage, hit.evidence, also=hit.also)


def render_found(
    article: StoredArticle, passage: Passage, evidence: Sequence[Evidence], also: Sequence[StoredArticle] = ()
) -> str:
    """The same of an article, a passage and evidence. The passage is left out where it does not fit."""
    head = "\n".join(_bold_matches(article.text, each) for each in evidence)
    resolved = dict(pair for each in evidence for pair in each.resolved)
    if resolved:
        head += "\n<i>文中" + "，".join(f"“{escape(w)}”指{escape(m)}" for w, m in resolved.items()) + "</i>"
    source = render_source(article)
    if also:
        source += f"\n同一消息另见 {len(also)} 处：" + "；".join(escape(source_name(each)) for each in also)
    quote = f"<blockquote expandable>{escape(passage.text)}</blockquote>"
    plain = utf16_length(head) + utf16_length(source) + utf16_length(passage.text)
    html = f"{head}\n\n{source}"
    return f"{html}\n\n{quote}" if plain + 8 <= MESSAGE_UNITS else html


def _bold_matches(text: str, evidence: Evidence) -> str:
    pieces: list[str] = []
    at = evidence.start
    for start, end in evidence.matched[:_MOST_ENTITIES]:
        pieces += [escape(text[at:start]), f"<b>{escape(text[start:end])}</b>"]
        at = end
    return "".join([*pieces, escape(text[at : evidence.end])])


def render_source(article: StoredArticle) -> str:
    """Title, section, place, date and who wrote it."""
    parts = [
        article.section,
        place_of(article),
        as_of(article.date, article.date_basis),
        article.source,
    ]
    line = " · ".join(escape(part) for part in parts if part)
    title = f"<b>{escape(article.title)}</b>"
    if article.url and article.url.startswith(("http://", "https://")):
        title = f'<a href="{escape(article.url)}">{escape(article.title)}</a>'
    by = article.byline or article.credit
    return "\n".join(part for part in (title, line, escape(by) if by else "") if part)


def place_of(article: StoredArticle) -> str | None:
    """The name of the place that an article is about, or None."""
    return next((each.name for each in article.regions if each.role == "primary"), article.place)


def source_name(article: StoredArticle) -> str:
    """The newspaper and day of an article, or its page's file name."""
    day = f"{article.date:%Y-%m-%d}" if article.date else ""
    return " ".join(part for part in (article.source, day) if part) or PurePath(article.page).name


def as_of(issued: date | None, basis: DateBasis) -> str:
    """截至 with the issue date, and a word where it was worked out."""
    if issued is None:
        return "日期不详"
    inferred = "（据电头推定）" if basis is DateBasis.INFERRED else ""
    return f"截至{issued.year}年{issued.month}月{issued.day}日{inferred}"


def _one_line(hit: Hit) -> str:
    sentence = " ".join(hit.evidence[0].text.split())
    shown = sentence if len(sentence) <= _LINE_CHARS else sentence[: _LINE_CHARS - 1] + "…"
    where = "，".join(
        part
        for part in (place_of(hit.article), f"{hit.article.date:%Y-%m-%d}" if hit.article.date else None)
        if part
    )
    return f"{hit.rank}. {escape(hit.article.title)}（{escape(where)}）：{escape(shown)}"


def render_full(article: StoredArticle, first: int) -> list[Reply]:
    """The whole article from part `first` on, at most PARTS_AT_ONCE messages; the last has a button for the rest."""
    source = render_source(article)
    head_units = utf16_length(article.title) + utf16_length(source) + 2
    parts = _parts(article, head_units)
    chosen = parts[first : first + PARTS_AT_ONCE]
    replies = [Reply(escape(part)) for part in chosen]
    if replies and first == 0:
        replies[0] = Reply(f"{source}\n\n{replies[0].html}")
    left = len(parts) - first - len(chosen)
    if replies and left > 0:
        button = Button(f"继续（还有 {left} 段）", f"full:{article.id}:{first + len(chosen)}")
        replies[-1] = Reply(replies[-1].html, ((button,),))
    return replies


def _parts(article: StoredArticle, head_units: int) -> list[str]:
    """The text in messages, the first with room for the source above it."""
    return split_text(article.text, MESSAGE_UNITS - min(head_units, MESSAGE_UNITS // 2))
