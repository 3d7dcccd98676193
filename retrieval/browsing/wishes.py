"""What a question asks to be listed: a place's, a time's or a topic's news, and who wrote it.

A question is looked at without the places and times that it names. What is left is then nothing (库伦旗, 6月30日通辽), or a
way of asking for news (有什么新闻, 最新消息), perhaps of something (有哪些乌兰牧骑的报道). Anything else is a question that has
an answer, also where it holds such words: 今天的新闻发布会几点开始.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering.interrogatives import ASKING_WORDS

LONGEST = 60
"""Characters of a question that asks for a list; nobody needs more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be listed, beside the place and the time."""

    topic: str = ""
    """What the stories are about, as it stands in the folded question; "" for anything."""
    asks_author: bool = False
    is_bare: bool = False
    """Nothing but a place or a time was said: behind an answer it may go on from that."""
    is_meant: bool = False
    """Told by its meaning and not by its words, of which some may then be taken for a topic."""


_STRONG = "新闻|报道|报导|要闻|头条|资讯|时事|简讯|快讯|新鲜事儿?|[简日周月]报"
_WEAK = "消息|动态|文章|稿件|稿子|大事儿?|事情|事儿?|动静|情况"
_LISTED = "新闻|报道|报导|要闻|头条|资讯|消息|文章|稿件|动态"
_HAVE = "(?:都|还|又|也|会|曾|现在)*(?:有过?|出现|出来?|发生过?|报道|刊登|登|写)(?:了|没有)?"
_WHAT = "(?:(?:些|点)?(?:什么|啥)(?:样的)?|哪些|哪几[条个]|任何|没有)"
_KIND = (
    "(?:最新|新|最近|近期|重要|重大|主要|最大|大|好|热点|热门|本地|当地|地方|国内|"
    + "相关|有关|有意思|值得关注|头条|其他|别|一些|的|条)*"
)
_OPENING = re.compile(
    "(?:请问|请(?:提供)?|按(?:照)?(?:时间|日期)(?:顺序|先后)?|各(?:个)?(?:旗县市?区?|盟市|旗区?|县区?|地|乡镇)|麻烦|帮我|帮忙|我们?|就|(?:[几一两三四五六七八九十]|\\d+)[条篇则](?:关于|有关)?|给我|给大家|我想要?|我要|想要?|要|能不能|可以|能|看一?看|看一?下|查一?查|查一?下|找一?找|找一?下|"
    "搜一?搜|搜一?下|说一?说|说一?下|讲一?讲|讲一?下|来点儿?|来|看|查|找|搜|播报|列出|列一下|推送|发(?!生)|了解一?下?|知道|告诉我|"
    "你|您|把|在|从|关于|有关|跟|和|与|的|[这那](?:附近|周边|边|里|儿)|附近|周边|身边|周围|本地|当地|全部|所有|一些|点儿?|一下|最近|近期|近来|近日|目前|报纸上?|报上|"
    "现在|刚刚|刚才|最新|这几天|上午|下午|早上|晚上|凌晨|那么?|还|里|内|[，。、：:,\"“”'\\s])+"
)
_CLOSING = re.compile(
    "(?:吗|呢|啊|呀|吧|给我|发给我|看一?看|看一?下|听听|(?<!没)有(?=吗|没|不|$)|来[一几两]?[个条篇份点]儿?|(?<![什怎])么|嘛|哈|没有|没|不|了|可以?看|值得一?看的?|呗|咧|嘞|清单|目录|一览|汇总|合集|列表|速览|都?有哪些|都?有什么|都?有啥|是什么|是啥|的|"
    "[？?。！!…~，,\\s])+$"
)
_LIGHT = "有意思|好玩儿?|有趣|新鲜|热闹|轻松"
_UP_TO = (
    "(?:你们?的?)?(?:数据|资料|新闻|报纸|消息|内容)(?:现在)?(?:更新)?到(?:了)?(?:哪天|哪一天|什么时候|几号)"
)
"""What the newest issue is, which a list of the newest says."""
_PLAIN = tuple(
    re.compile(pattern)
    for pattern in (
        f"(?:{_HAVE})?{_WHAT}?{_KIND}(?:{_STRONG}|消息|动态|报纸)",
        f"{_HAVE}{_WHAT}?{_KIND}(?:{_WEAK})",
        f"{_HAVE}(?:些|点)?(?:什么|啥)(?:新的?|大的?)?",
        f"{_KIND}(?:{_LIGHT})的?",
        _UP_TO,
    )
)
_ABOUT = tuple(
    re.compile(pattern)
    for pattern in (
        f"(?:{_HAVE})?(?:{_WHAT}|(?<=有))(?:关于|有关)?{_KIND}(?P<topic>.+?)(?:方面|有关|相关|的)*{_KIND}(?:{_LISTED})",
        f"(?:有)?(?P<topic>.+?)(?:方面的?|有关的?|相关的?|的){_KIND}(?:{_LISTED})",
        f"(?P<topic>.+?){_HAVE}{_WHAT}?{_KIND}(?:{_STRONG}|消息|动态)",
        "(?P<topic>.{2,8}?)(?:新闻|报道|要闻|资讯)",
        "(?P<topic>.{2,8}?)的事儿?",
    )
)
_WHO = "(?:谁|哪[个位名]?记者|哪些?[个家]?(?:媒体|报纸|报社|报)|什么媒体|哪[个位]人?)"
_THIS = "(?:这|那)?[条篇个]?(?:的)?"
_AUTHOR = tuple(
    re.compile(pattern)
    for pattern in (
        f"(?:是)?{_WHO}(?:报道|报导|采写)(?:的|了|过)*(?P<topic>.+?)(?:的?(?:{_LISTED}))?",
        f"(?:是)?{_WHO}写(?:的|了|过)*(?P<topic>.+?)的?{_THIS}(?:新闻|报道|报导|稿子|稿件)",
        f"(?P<topic>.+?){_THIS}(?:{_LISTED})?(?:是|都是)?{_WHO}(?:报道|报导|采写)(?:的|了|过)*",
        f"(?P<topic>.+?){_THIS}(?:新闻|报道|报导|稿子|稿件)(?:是|都是)?{_WHO}(?:写|发)(?:的|了|过)*",
        f"(?P<topic>.+?){_THIS}(?:新闻|报道|报导|稿子|稿件)的?(?:记者|作者)是?{_WHO}",
    )
)
_NO_TOPIC = re.compile(
    rf"{ASKING_WORDS}|说|讲|称|认为|[是为被把对让向]$|^[是被把让]|进行|散布|虚假|不实|假$|发布|发送|收到|转发|转载|投稿|举报|"
    r"(?:写|看|听|播|拍|做|采访|首次|跟踪|连续|公开|媒体|记者|电视台)$|^(?:我|你|您|他|她|它)们?$"
)
"""In a topic: words that ask, or that make 新闻 and 报道 something done rather than something to be read."""
_HAPPENED = re.compile(f"{_KIND}(?:{_WEAK})")
_HOW = re.compile("怎么样|如何")
"""With a place and a time what happened there: 正蓝旗这两天怎么样."""
_LATELY = re.compile("最近|近期|近来|近日|这几天|新的?")
"""With a time a mere 情况 or 事 is what happened then."""
_BESIDE = re.compile(r"(?:怎么样|如何|好吗|出(?:来)?了(?:没有|没|吗)?|在吗|无聊|闲着|没事)\s*$")
"""How a clause ends that only leads up to asking for news."""
_INTRODUCED = re.compile(
    "我们?(?:就|也|家|老家|现在)*(?:是|在|住在?|来自)?(?:的|人|这边|那边|牧民|农民|老百姓)*"
)
"""A clause that only says where somebody is at home, without the place."""
_MAY = re.compile(
    f"{_STRONG}|{_WEAK}|发生|有(?:什么|啥)新|报纸|报上|登了|最新的$|(?:{_LIGHT})的$|到(?:了)?(?:哪|什么时候|几号)"
)


def recognise(
    folded: str, places: Sequence[tuple[int, int]], times: Sequence[tuple[int, int]]
) -> Wish | None:
    """What a folded question asks to be listed; None for a question that has an answer.

    `places` and `times` are where it names these.
    """
    if len(folded) > LONGEST:
        return None
    characters = list(folded)
    for start, end in (*places, *times):
        characters[start:end] = " " * (end - start)
    rest = "".join(characters)
    bare = _joined(_stripped(rest))
    if places and times and _HOW.fullmatch(bare):
        return Wish()
    if not _MAY.search(rest):
        return Wish(is_bare=True) if (places or times) and not bare else None
    opened = _OPENING.match(rest)
    author = _topic(_AUTHOR, _joined(rest[opened.end() :] if opened else rest).rstrip("?!。,"))
    if author is not None:
        return Wish(author, asks_author=True)
    clauses = [each for each in re.split("[，。,;；!！]", rest) if _joined(each)]
    if len(clauses) > 1 and all(map(_leads_up, clauses[:-1])):
        rest = clauses[-1]  # 报纸出了没有，都有什么; 那边最近怎么样，有什么新闻; 我是库伦旗的，有什么新闻
        bare = _joined(_stripped(rest))
    # 最新 and 的 are said before what is asked for, and are a part of it: 最新消息
    whole = _joined(_CLOSING.sub("", rest))
    # 扎鲁特旗最近的事
    plain = (*_PLAIN, _HAPPENED) if times or _LATELY.search(rest) else _PLAIN
    if not bare or any(form.fullmatch(said) for said in (bare, whole) for form in plain):
        return Wish()
    topic = _topic(_ABOUT, bare)
    return Wish(topic) if topic is not None else None


def _leads_up(clause: str) -> bool:
    """Whether a clause asks for nothing itself."""
    return _BESIDE.search(clause) is not None or _INTRODUCED.fullmatch(_joined(clause)) is not None


def _joined(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _stripped(text: str) -> str:
    """The text without what people say before and behind what they ask for."""
    text = _CLOSING.sub("", text.strip())
    opening = _OPENING.match(text)
    return text[opening.end() :].strip() if opening else text


def _topic(forms: Sequence[re.Pattern[str]], text: str) -> str | None:
    """The topic by the first form that a text has with something that can be a topic; None if it has none."""
    for form in forms:
        found = form.fullmatch(text)
        if found is not None and len(found["topic"]) > 1 and not _NO_TOPIC.search(found["topic"]):
            return found["topic"]
    return None
