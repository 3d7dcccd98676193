"""What a message says that is no question: a command in words (订阅库伦旗, 换成英文), a greeting, thanks, a word to go on.

One table for every channel, read in simplified and traditional Chinese and in English. A message is one of these only as a
whole: 谢谢 is thanks, 谢谢信是谁写的 a question. Whatever is not in the table is a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.languages import keywords
from bot.languages.intent_table import COURTESIES, GOING_ON, HOUR, TABLE, TONGUES, WORDS, Act
from bot.languages.intent_words import COVERED, EVERYTHING, OF_NEWS, Vocabulary
from retrieval import as_written, fold


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message says."""

    act: Act
    argument: str = ""
    """What stands behind the command that does the same: 库伦旗, 7, zh-hant."""
    hour: int | None = None
    """The hour of the day that a subscription is to come at."""
    days: str = field(default="", compare=False)
    """On which days it is to come, as said: 每天, 每周日; "" where that was not said."""
    is_question_too: bool = False
    """It may be a question as well, where the command cannot be done: 还有什么新闻 with nothing before it."""


_LOOSE = (
    "了|啊|呀|哈|啦|吧|嘛|哦|噢|呢|嘞|呗|咧|哩|喽|哟|哇|诶|你|您|我|们|大家|老师|师傅|老铁|同志|朋友|大?兄弟|大哥|大姐|[哥姐叔姨]|孩子|娃娃?|闺女|姑娘|小伙子?|后生|小妹|老弟|大[叔爷妈娘]|阿姨|师傅|亲|各位|玩意儿?|是不是|"
    "都|很|真|太|好|怎么|这么|那么|那|先|这|个|是|的|就|么|给|帮|非常|十分|云问|机器人|小云|软件|程序|bot|yunwen|"
    "you|u|are|is|the|so|very|a|this|it|that|dear|much"
)
_POLITE = Vocabulary(*(words for _, words in WORDS), _LOOSE, r"[^\w]")
_KINDS = tuple((act, re.compile(words)) for act, words in WORDS)

_COMPILED = tuple((act, tuple(map(re.compile, forms))) for act, forms in TABLE)
_LONGEST = 60
_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_COMPLAINT = "(?:太|真|好)?烦(?:死|人)?(?:我)?(?:了|啦)"
_OPENING = re.compile(
    rf"(?:请问|请|麻烦你?|帮我|帮忙|劳驾|能不能|可不可以|可以|给我(?=看)|你?(?:先|就)|暂时|那就?|我想要?|我要|想要?|{_COMPLAINT}|"
    r"please |can you |could you |i(?: want|'d like| would like) to |i want )+"
)
_ENDING = re.compile(
    rf"(?:[?？!！。.,，~～…\s]|谢谢|吧|呗|啊|呀|嘛|啦|好吗|可以吗|行吗|行不行|{_COMPLAINT}| please| thanks)+$"
)
_TO_BE_TAKEN_IN = re.compile(
    "^[将把](.+?)(?:都|也)?(?:纳入|加入|列入|加到|加进|放进|放到)(?:我的?)?(?:订阅|关注)(?:列表|范围|名单)?[里中]?"
)
"""将通辽市纳入订阅 is 订阅通辽市."""
_CLAUSE = re.compile("[，,。；;!！]")
_REASON = re.compile(f"(?!.*(?:[?？]|多少|几|谁|哪|什么|怎么|吗)).{{1,7}}(?:了|啦|的|吧|{_COMPLAINT})")
_AGAIN = re.compile(
    r"还有(?:什么|啥|别的|其他的?|其它的?|哪些|没有)?(?:新闻|报道|消息)(?:吗|呢|么)?|(?:any )?more news"
)
_ASKS = re.compile(
    r"[?？]|多少|几[个名位家点号]|吗$|呢$|谁|哪|什么|啥|怎么|怎样|为什么|如何|是不是|有没有|费$|价|量$"
)
"""In what is to be followed: a question, or a word that only begins like a command."""
_DAYS = re.compile("|".join((*keywords.WEEKDAYS, keywords.DAILY)))
_ASKED_AT_END = re.compile("(?:吗|没|没有|呢)[?？。.!！]*$")
_LONGEST_PLACES = 30
_BETWEEN_PLACES = re.compile(f"{keywords.AND_WORDS}|[{keywords.SEPARATORS} ]")
_EVERYTHING = re.compile("所有的?|全部的?|一切|全|all|everything")
_NUMERALS = {each: n for n, each in enumerate("零一二三四五六七八九十")} | {"两": 2}
_NUMBER = re.compile(r"\d{1,2}|[一二三四五六七八九十]{1,3}")
_ACTS = frozenset(Act)
_HALF = re.compile("点半|:[1-5]0")
_LATE = ("下午", "晚上", "晚间", "傍晚", "傍黑", "晚", "pm")
_NIGHT = ("晚上", "晚间", "晚", "夜里", "半夜", "凌晨", "am")
"""With twelve o'clock: the day's first hour."""
_NOON, _LATEST_NOON = "中午", 3
_LATE_NIGHT, _EARLIEST_NIGHT = ("夜里", "半夜"), 6
"""夜里十点 is before midnight, 夜里三点 behind it."""
_ENGLISH_HOUR = re.compile(
    r"(?P<hour>\d{1,2})(?::[0-5]\d)? ?(?:o'clock )?(?:in the )?(?P<part>[ap]m|morning|afternoon|evening)"
)
_ENGLISH_PARTS = {"morning": "am", "afternoon": "pm", "evening": "pm"}
_BEFORE = re.compile(
    r"^(?:(?:你好|您好|大家好|嗨|哈喽|早上好|下午好|晚上好|hello|hi|hey|good (?:morning|afternoon|"
    r"evening))[\s,，。.!！~～、:：]+)+",
    re.I,
)
_BEHIND = re.compile(
    r"(?:[\s,，。.!！~～]+|(?<=[?？]))(?:谢谢(?:你|您|了|啦)?|多谢(?:了)?|感谢|謝謝(?:你|您)?|多謝|"
    r"thanks?(?: you)?|thx)[\s。.!！~～]*$",
    re.I,
)


def recognise_intent(text: str, is_place: Callable[[str], bool] | None = None) -> Intent | None:
    """What a message says as a whole; None where it is a question.

    Where it follows from nothing but a place's name that something is a command (赤峰的不要了), `is_place` tells whether that
    is one; without it such a text is a question.
    """
    if _LINK.fullmatch(text.strip()):
        return Intent(Act.BEYOND)
    folded = as_written(" ".join(fold(text[: 2 * _LONGEST]).split()))
    if not folded or len(folded) > _LONGEST:
        return None
    if _AGAIN.fullmatch(_ENDING.sub("", folded)):
        return Intent(Act.MORE, is_question_too=True)
    courtesy = _courtesy(folded)
    if courtesy is not None:
        return Intent(courtesy)
    intent = _command(folded, text) or _behind_reasons(folded, text) or _in_any_order(folded, is_place)
    days = _DAYS.search(folded) if intent is not None and intent.act in (Act.HOUR, Act.SUBSCRIBE) else None
    return intent if intent is None or days is None else replace(intent, days=days.group())


def act_of(kind: str | None) -> Act | None:
    """The act that a kind of message is named like; None for a question and where no kind is sure."""
    return Act(kind) if kind in _ACTS else None


def intent_of(act: Act, text: str, places: Sequence[str], matter: str) -> Intent | None:
    """What a text says that was taken for an act by its meaning; None where it lacks what that needs.

    `places` are the names of places in the text, in its order; `matter` is what it speaks of.
    """
    folded = as_written(fold(text))
    if act in GOING_ON or act is Act.STORY:
        number = _number_in(folded) if act is Act.OPEN else None
        is_lost = act is Act.OPEN and number is None
        return None if is_lost else Intent(act, str(number or ""), is_question_too=True)
    if act is Act.WATCH:
        return Intent(act, matter) if matter else None
    if act in (Act.SUBSCRIBE, Act.UNSUBSCRIBE):
        is_of_part = any(word in folded for word in keywords.EXCEPT_WORDS)
        return None if is_of_part else _followed_place(act, folded, " ".join(places))
    return _MADE_UP.get(act, _without_argument)(act, folded, "")


def _command(folded: str, text: str) -> Intent | None:
    """What the table has for a folded text, also without the politeness around it."""
    bare = _ENDING.sub("", folded) or folded.strip()
    shorter = _OPENING.sub("", bare, count=1) if _OPENING.match(bare) else bare
    for said in dict.fromkeys((bare, shorter, _TO_BE_TAKEN_IN.sub(r"订阅\1", shorter, 1))):
        for act, forms in _COMPILED:
            for form in forms:
                found = form.fullmatch(said)
                intent = _MAKE.get(act, _plain)(act, found, text) if found else None
                if intent is not None:
                    return intent
    return None


def _in_any_order(folded: str, is_place: Callable[[str], bool] | None) -> Intent | None:
    """日报来一份, 晚上8点发吧: the command of whose words alone a text is made up, perhaps with a place among them."""
    for each in COVERED:
        if not all(pattern.search(folded) for pattern in each.required):
            continue
        left = each.vocabulary.uncovered(folded) if each.has_place else ()
        place = next((some for some in left if _names_places(some, is_place)), "")
        is_it = bool(place) if each.has_place else each.vocabulary.covers(folded)
        intent = _MADE_UP.get(each.act, _without_argument)(each.act, folded, place) if is_it else None
        if intent is not None:
            return intent
    return None


def _names_places(text: str, is_place: Callable[[str], bool] | None) -> bool:
    """Whether a text is the names of places alone."""
    if is_place is None or not 1 < len(text) <= _LONGEST_PLACES:
        return False
    return all(map(is_place, filter(None, _BETWEEN_PLACES.split(text))))


def _without_argument(act: Act, _folded: str, _place: str) -> Intent | None:
    return Intent(act)


def _followed_place(act: Act, folded: str, place: str) -> Intent | None:
    if not place:
        return Intent(act, "all" if act is Act.UNSUBSCRIBE and EVERYTHING.search(folded) else "")
    hour = _hour_in(folded)
    is_asked = _ASKED_AT_END.search(folded) is not None and not _OPENING.match(folded)
    return None if is_asked or (hour is None and re.search(HOUR, folded)) else Intent(act, place, hour)


def _at_hour(act: Act, folded: str, _place: str) -> Intent | None:
    found = _last_hour(folded)
    hour = _hour_of(found.groupdict()) if found else None
    if found is None or hour is None:  # 少发点, 周一发一期周报就行
        return None if found else Intent(act)
    return Intent(act, _hour_said(hour, found[0]))


def _last_tongue(act: Act, folded: str, _place: str) -> Intent | None:
    """看不懂简体，用繁体: the one that is named last; the menu of languages for one that the bot does not speak."""
    named = list(re.finditer("|".join(f"(?:{words})" for words in TONGUES), folded))
    return _spoken(act, named[-1].group(), folded) if named else Intent(act)


def _going_on(act: Act, folded: str, _place: str) -> Intent | None:
    return Intent(act, is_question_too=OF_NEWS.search(folded) is not None)


def _hour_in(folded: str) -> int | None:
    """The hour that is named last: 七点太早了，八点吧."""
    found = _last_hour(folded)
    return _hour_of(found.groupdict()) if found else None


def _last_hour(folded: str) -> re.Match[str] | None:
    return next(reversed([*_ENGLISH_HOUR.finditer(folded), *re.finditer(HOUR, folded)]), None)


_MADE_UP: dict[Act, Callable[[Act, str, str], Intent | None]] = {
    Act.SUBSCRIBE: _followed_place,
    Act.UNSUBSCRIBE: _followed_place,
    Act.HOUR: _at_hour,
    Act.LANGUAGE: _last_tongue,
    Act.MORE: _going_on,
}


def _behind_reasons(folded: str, text: str) -> Intent | None:
    """早上太早了，改成9点: a command behind short clauses that only say why."""
    *reasons, last = (each.strip() for each in _CLAUSE.split(folded.rstrip("。.!！~ ")))
    if not reasons or not all(_REASON.fullmatch(each) for each in reasons):
        return None
    intent = _command(last, text)
    return None if intent is None or intent.act in GOING_ON else intent


def is_courtesy(text: str) -> bool:
    """Whether a text is nothing but a greeting, thanks and the like."""
    intent = recognise_intent(text)
    return intent is not None and intent.act in COURTESIES


def without_courtesy(text: str) -> str:
    """A question without the greeting before it and the thanks behind it; a text of nothing else stays."""
    bare = _BEHIND.sub("", _BEFORE.sub("", text.strip())).strip()
    return bare if any(map(str.isalnum, bare)) else text


def _courtesy(folded: str) -> Act | None:
    if not _POLITE.covers(folded):
        return None
    return next((act for act, words in _KINDS if words.search(folded)), None)


# ------------------------------------------------------------------------------------------- arguments

_Found = re.Match[str]


def _plain(act: Act, _found: _Found, _text: str) -> Intent | None:
    return Intent(act)


def _followed(act: Act, found: _Found, text: str) -> Intent | None:
    """订阅库伦旗: what is to be followed, in the words that were typed."""
    groups = found.groupdict()
    what = (groups.get("what") or groups.get("what2") or "").strip(" ,，。:：")
    if _ASKS.search(what) or len(what) == 1:
        return None
    hour = _hour_of(groups)
    if hour is None and groups.get("hour"):
        return None
    if _EVERYTHING.fullmatch(what):
        return Intent(act, "all" if act is Act.UNSUBSCRIBE else "")
    start = " ".join(text.split()).lower().find(what) if what else -1
    return Intent(act, what if start < 0 else " ".join(text.split())[start : start + len(what)], hour)


def _timed(act: Act, found: _Found, _text: str) -> Intent | None:
    hour = _hour_of(found.groupdict())
    return None if hour is None else Intent(act, _hour_said(hour, found.group()))


def _hour_said(hour: int, said: str) -> str:
    """The hour as the command takes it; half past is said as such, so that the command can say that it takes full hours."""
    return f"{hour}:30" if _HALF.search(said) else str(hour)


def _named_tongue(act: Act, found: _Found, text: str) -> Intent | None:
    return _spoken(act, found.groupdict().get("tongue") or "", text)


def _numbered(act: Act, found: _Found, _text: str) -> Intent | None:
    """第二条, 2: which report of the last answer."""
    groups = found.groupdict()
    said = groups.get("n") or groups.get("n2") or ""
    number = int(said) if said.isdigit() else _numeral(said)
    return None if number is None else Intent(act, str(number))


def _spoken(act: Act, tongue: str, _text: str) -> Intent | None:
    if not tongue:
        return Intent(act)
    return Intent(act, next(each for words, each in TONGUES.items() if re.fullmatch(words, tongue)).value)


def _hour_of(groups: dict[str, str | None]) -> int | None:
    """The hour of the day that was named, 0 to 23, or None."""
    said, part = groups.get("hour"), groups.get("part") or ""
    if not said:
        return None
    hour = int(said) if said.isdigit() else _numeral(said)
    part = _ENGLISH_PARTS.get(part, part)
    if hour is None:
        return None
    is_late = part in _LATE or (part in _LATE_NIGHT and hour >= _EARLIEST_NIGHT)
    if (is_late and hour < 12) or (part == _NOON and hour <= _LATEST_NOON):
        hour += 12
    if hour == 12 and part in _NIGHT:
        hour = 0
    return hour if hour <= 23 else None


def _number_in(text: str) -> int | None:
    """The first number in a text, in digits or numerals."""
    found = _NUMBER.search(text)
    return None if found is None else int(found[0]) if found[0].isdigit() else _numeral(found[0])


def _numeral(said: str) -> int | None:
    """十二 as a number, up to 99."""
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return _NUMERALS[said] if len(said) == 1 else None
    values = [_NUMERALS.get(tens or "一"), _NUMERALS.get(ones or "零")]
    return None if None in values else 10 * (values[0] or 0) + (values[1] or 0)


_Make = Callable[[Act, _Found, str], Intent | None]
_MAKE: dict[Act, _Make] = {
    Act.SUBSCRIBE: _followed,
    Act.UNSUBSCRIBE: _followed,
    Act.HOUR: _timed,
    Act.LANGUAGE: _named_tongue,
    Act.OPEN: _numbered,
}
"""How what a pattern found becomes an intent, where there is more to it than the act."""
