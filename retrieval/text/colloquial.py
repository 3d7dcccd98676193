"""Words of dialect and slips of the keyboard, put as they are written: 今儿有啥 is 今天有什么, 定阅 is 订阅."""

from __future__ import annotations

import re

_WRITTEN = (
    ("今儿个?|今个儿?", "今天"),
    ("昨儿个?|昨个儿?", "昨天"),
    ("前儿个?", "前天"),
    ("这几?天儿", "这几天"),
    ("怎么地|咋个?", "怎么"),
    ("啥|(?<=[有是干做])甚(?!至|么)|甚(?=新闻|消息|事)", "什么"),
    ("俺们?(?!答)", "我"),
    ("咱们?(?!家)", "我们"),
    ("(?<=[给发向帮为])我们", "我"),
    ("整(?=点儿?|些|几)", "来"),
    ("(?<=[这那])(?:嘎[达瘩]儿?|旮[沓旯]儿?|疙瘩儿?|圪[垯塔]|块儿)", "边"),
    ("定阅|订月|订悦|订越|订约(?=新闻|日报)", "订阅"),
    ("信儿|响动", "消息"),
    ("推松|推宋", "推送"),
    ("新文(?=有|$)|新门(?=有|$)|心闻", "新闻"),
)
_FORMS = re.compile("|".join(f"(?P<w{n}>{form})" for n, (form, _) in enumerate(_WRITTEN)))


def as_written(folded: str) -> str:
    """Return a folded text with such words as they are written."""
    return _FORMS.sub(lambda found: _WRITTEN[int((found.lastgroup or "w0")[1:])][1], folded)
