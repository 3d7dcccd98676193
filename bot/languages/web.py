"""What the pages say beside what the bot says, one table a language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.languages.choice import Language
from bot.languages.traditional import to_traditional


@dataclass(frozen=True, slots=True, kw_only=True)
class WebTexts:
    """All that the pages say in one language."""

    tag: str
    """The language, as HTML has it."""
    name: str
    tagline: str
    promise: str
    held: str
    """What the library has: articles, last."""
    question_label: str
    question_placeholder: str
    ask_button: str
    skip: str
    newest: str
    whole_day: str
    answer_of: str
    asked_at: str
    ask_again: str
    meant: str
    permanent: str
    copy: str
    copied: str
    follow_label: str
    follow_placeholder: str
    was_useful: str
    useful: str
    useless: str
    why: str
    read_on: str
    copies: str
    related: str
    cite: str
    cite_line: str
    export: str
    to_csv: str
    to_excel: str
    to_word: str
    columns: tuple[str, ...]
    """Of a list: title, sentence, place, date, paper, address, original."""
    places: str
    everywhere: str
    within: str
    newest_of: str
    n_articles: str
    calendar: str
    week: str
    newest_month: str
    map_help: str
    """What the tiles of a map mean."""
    weekdays: tuple[str, ...]
    month: str
    feed: str
    feed_how: str
    feed_help: str
    with_words: str
    without_words: str
    digest_of: str
    n_stories: str
    empty: str
    not_here: str
    not_here_help: str
    gone_answer: str
    not_understood: str
    to_start: str
    language: str
    about: str
    keeps: str
    interface: str
    page_picture: str
    app: str
    app_button: str
    app_help: str
    app_only: str
    app_failed: str

    def say_month(self, day: date) -> str:
        """The month of a day as the language writes it."""
        return self.month.format(year=day.year, month=day.month)


_SIMPLIFIED = WebTexts(
    tag="zh-Hans",
    name="云问",
    tagline="本地报纸上的事，一问便有原文",
    promise="每个回答都是报纸上的原话，带日期和出处。报上没有的，就说没有。",
    held="{articles} 篇报道，最近一期是{day}。",
    question_label="您想知道什么？写上地名和想知道的事",
    question_placeholder="如：库伦旗水稻种植面积",
    ask_button="问",
    skip="跳到正文",
    newest="最新消息",
    whole_day="这一天的全部 {n} 条",
    answer_of="回答",
    asked_at="问于{moment}。回答的是当时收录的报纸，之后可能有新的报道。",
    ask_again="按现在的报纸再问",
    meant="您是不是要问：",
    permanent="这个回答的固定网址",
    copy="复制",
    copied="已复制",
    follow_label="接着问",
    follow_placeholder="如：那产量呢？",
    was_useful="这个回答有用吗？",
    useful="有用",
    useless="没用",
    why="哪里不对？",
    read_on="看全文",
    copies="同一消息另见",
    related="相关报道",
    cite="引用这篇报道",
    cite_line="《{title}》，{source}。{address}",
    export="保存列表",
    to_csv="CSV 表格",
    to_excel="Excel 表格",
    to_word="Word 文档",
    columns=("标题", "原文句子", "地方", "日期", "报纸", "网址", "原文网址"),
    places="地方",
    everywhere="全部地方",
    within="下属地方",
    newest_of="最新报道",
    n_articles="{n} 篇",
    calendar="按日期看",
    week="最近一周",
    newest_month="最近一月",
    map_help="颜色越深，登的消息越多；方块只示意方位。",
    weekdays=("一", "二", "三", "四", "五", "六", "日"),
    month="{year}年{month}月",
    feed="订阅更新",
    feed_how="怎么订阅",
    feed_help=(
        "在阅读器里添加上面任一网址，有新报道就会收到。网址后加 ?with=词 只要含这个词的，"
        "加 ?without=词 不要含这个词的，加 ?except=地方编号 不要那个地方的。"
    ),
    with_words="含：{words}",
    without_words="不含：{words}",
    digest_of="{place} · {day}",
    n_stories="{n} 条消息",
    empty="这里还没有报道。",
    not_here="没有这一页",
    not_here_help="网址可能写错了，或者那篇报道已经不在资料库里。",
    gone_answer="这个回答已经不在了。请把问题再问一遍。",
    not_understood="没看懂这个网址。请从首页重新开始。",
    to_start="回首页",
    language="语言",
    about="云问只摘报纸原文，不编、不算。",
    keeps="不用 cookie，不记是谁在问。问题和回答会留下，为的是固定网址一直能打开。",
    interface="给程序用的接口",
    page_picture="本文在版面上的位置",
    app="订阅的地方",
    app_button="☑ 勾选地方",
    app_help="勾选的地方，每天在 Telegram 里收到日报；点 › 看下属地方。",
    app_only="请在 Telegram 里打开。",
    app_failed="没有办成。请关掉这一页，在 Telegram 里重新打开。",
)

_ENGLISH = WebTexts(
    tag="en",
    name="云问 Yunwen",
    tagline="Ask about local news, read what the paper printed",
    promise=(
        "Every answer is a sentence of a newspaper, word for word, with its date and source. "
        "If the papers do not say, neither do we. Questions are asked in Chinese."
    ),
    held="{articles} articles; the newest issue is of {day}.",
    question_label="What would you like to know? Name a place",
    question_placeholder="Such as 库伦旗水稻种植面积",
    ask_button="Ask",
    skip="Skip to content",
    newest="Newest stories",
    whole_day="All {n} stories of this day",
    answer_of="Answer",
    asked_at="Asked on {moment}. The answer is of the papers held then; there may be newer reports.",
    ask_again="Ask the papers of now",
    meant="Did you mean:",
    permanent="Permanent address of this answer",
    copy="Copy",
    copied="Copied",
    follow_label="Ask on",
    follow_placeholder="For example: 那产量呢？",
    was_useful="Was this answer useful?",
    useful="Yes",
    useless="No",
    why="What is wrong with it?",
    read_on="Read the article",
    copies="The same story in",
    related="Related articles",
    cite="Cite this article",
    cite_line="“{title}”, {source}. {address}",
    export="Save this list",
    to_csv="CSV",
    to_excel="Excel",
    to_word="Word",
    columns=("Title", "Sentence", "Place", "Date", "Paper", "Address", "Original"),
    places="Places",
    everywhere="All places",
    within="Places within",
    newest_of="Newest articles",
    n_articles="{n} articles",
    calendar="By date",
    week="The newest week",
    newest_month="The newest month",
    map_help="The darker, the more stories; tiles show roughly where a place lies.",
    weekdays=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
    month="{year}-{month:02}",
    feed="Follow by feed",
    feed_how="How",
    feed_help=(
        "Add one of these addresses to a feed reader to be told of new articles. Append ?with=WORD for those with a word, "
        "?without=WORD for those without it, ?except=CODE to leave out a place."
    ),
    with_words="with: {words}",
    without_words="without: {words}",
    digest_of="{place} · {day}",
    n_stories="{n} stories",
    empty="There are no articles here yet.",
    not_here="There is no such page",
    not_here_help="The address may be mistyped, or the article is no longer held.",
    gone_answer="This answer is no longer kept. Please ask the question again.",
    not_understood="This address is not understood. Please begin again at the start.",
    to_start="To the start",
    language="Language",
    about="Yunwen quotes newspapers word for word: it makes nothing up and adds nothing up.",
    keeps="No cookies, and no record of who asks. Questions and answers are kept so that their addresses go on working.",
    interface="Interface for programs",
    page_picture="Where the article stands on its page",
    app="Places followed",
    app_button="☑ Tick places",
    app_help="Places that are ticked come as a daily digest in Telegram; › shows the places within.",
    app_only="Please open this in Telegram.",
    app_failed="That did not work. Please close this page and open it again in Telegram.",
)


@cache
def web_texts_of(language: Language) -> WebTexts:
    """Return the pages' table of a language."""
    if language is Language.ENGLISH:
        return _ENGLISH
    return _SIMPLIFIED if language is Language.SIMPLIFIED else _traditional()


def _traditional() -> WebTexts:
    return to_traditional(_SIMPLIFIED, tag="zh-Hant")
