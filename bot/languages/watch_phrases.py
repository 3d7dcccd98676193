"""Whether a message asks to be told when there is news, and of what: 有新的库伦旗水稻消息就告诉我.

Only forms that can hardly be an ordinary question are taken: 告诉我库伦旗水稻面积 is one. Under the answer to
what is not taken there is a button that does the same.
"""

from __future__ import annotations

import re

_NEWS = r"(?:消息|新闻|新聞|报道|報道|报导|報導|进展|進展|动态|動態|情况|情況|结果|結果|变化|變化|文章|更新)"
_TELL = (
    r"(?:请|請|麻烦|麻煩)?(?:你|您|再|来|來|及时|及時|马上|馬上|立刻|第一时间|第一時間)*"
    r"(?:告诉|告訴|通知|提醒|告知|叫|喊|发给|發給|推送给|推送給)(?:我|我们|我們|大家|一声|一聲)(?:一声|一聲|一下)?"
)
_POLITE = (
    r"(?:请|請|麻烦|麻煩|帮我|幫我|帮忙|幫忙|如果|要是|假如|等到|等|以后|以後|今后|今後|什么时候|什麼時候|"
    r"只要|一旦|有什么|有什麼)*"
)
_THEN = r"(?:的话|的話|时|時|的时候|的時候|后|後|以后|以後)?[，,、\s]*(?:就|便|请|請|再|都)?"
_ANY_NEW = r"(?:新的|最新的|最新|新|任何|什么|什麼)?"

_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # 有新的库伦旗水稻消息就告诉我；一有库伦旗水稻的新消息就通知我；等有了库伦旗水稻的消息请告诉我
        rf"{_POLITE}一?有(?:了|关于|關於)?{_ANY_NEW}(?:关于|關於)?(?P<what>.+?)(?:的|方面的)?{_ANY_NEW}{_NEWS}(?:了)?{_THEN}{_TELL}",
        # 库伦旗水稻有新消息了告诉我；库伦旗水稻一有进展就通知我
        rf"{_POLITE}(?:关于|關於)?(?P<what>.+?)(?:的)?(?:如果|要是|一旦)?一?有(?:了|什么|什麼)?{_ANY_NEW}{_NEWS}(?:了)?{_THEN}{_TELL}",
        # 库伦旗水稻有新的就告诉我
        rf"{_POLITE}(?P<what>.+?)(?:的)?一?有新的?(?:了)?{_THEN}{_TELL}",
        # 关注库伦旗水稻；帮我持续关注一下库伦旗水稻的消息
        rf"(?:请|請|麻烦|麻煩|帮我|幫我|帮忙|幫忙|我想|我要|想|要|持续|持續|一直|长期|長期)*(?:关注|關注|盯着|盯著)(?:一下)?[：:\s]*"
        rf"(?P<what>.+?)(?:(?:的|方面的)?{_ANY_NEW}{_NEWS})?",
        r"(?i:(?:please\s+)?(?:tell|notify|alert)\s+me\s+(?:when|if)\s+there(?:'s|\s+is)\s+(?:any\s+)?(?:new\s+|more\s+)?(?:news|articles?)\s+(?:about|on|of)\s+(?P<what>.+?))",
        r"(?i:(?:please\s+)?(?:watch|follow)(?:\s+for)?\s+(?:news\s+(?:about|on|of)\s+)?(?P<what>.+?))",
    )
)
_OF_THAT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_POLITE}(?:一?有(?:了)?)?{_ANY_NEW}{_NEWS}(?:了)?{_THEN}{_TELL}",
        rf"{_POLITE}一?有新的(?:了)?{_THEN}{_TELL}",
        r"(?i:(?:please\s+)?(?:tell|notify|alert)\s+me\s+(?:when|if)\s+there(?:'s|\s+is)\s+(?:any\s+)?(?:new\s+|more\s+)?(?:news|articles?))",
    )
)
"""有新消息就告诉我: of what was answered just before."""
_LONGEST = 120
"""Characters of a message that may ask for this."""
_ENDS = " \t\n。.！!～~，,；;"
_ASKS = re.compile(
    r"[？?]|(?:吗|嗎|呢|么|麼)$|谁|誰|哪|什么|什麼|怎么|怎麼|怎样|怎樣|为什么|為什麼|^(?:度|的|了|点|點|到|者|过|過|人数|人數|率)"
)
"""A question, or a word that begins with 关注, and not something to be followed."""


def parse_wanted(text: str) -> str | None:
    """What a message asks to be told news of; None if it asks nothing like that."""
    text = " ".join(text[: _LONGEST + 1].split()).strip(_ENDS)
    if len(text) > _LONGEST:
        return None
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is None:
            continue
        what = found["what"].strip(_ENDS + "“”\"'「」")
        if len(what) >= 2 and any(map(str.isalnum, what)) and not _ASKS.search(what):
            return what
    return None


def wants_more_of_that(text: str) -> bool:
    """Whether a message asks to be told news without saying of what: of the answer before it."""
    text = " ".join(text[: _LONGEST + 1].split()).strip(_ENDS)
    return any(form.fullmatch(text) for form in _OF_THAT)
