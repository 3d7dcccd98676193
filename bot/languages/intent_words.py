"""The words of which a command may be made up, in any order; `intents` takes a message of nothing else for that command.

People order these words as they like (日报来一份, 发我一份日报, 晚上8点发吧) and add others that say nothing. So a command is told
by the words that it must have, and by having no other words than those here: any word of a question's matter is none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.languages.intent_table import HOUR, TONGUES, WEEKLY, Act


class Vocabulary:
    """Words, as patterns, that cover a text or its beginning and end. Whether they cover one takes time linear in it."""

    def __init__(self, *alternations: str) -> None:
        words = [word for each in alternations for word in _alternatives(each)]
        self._words = tuple(re.compile(word) for word in words)
        self._any = re.compile("|".join(words))

    def covers(self, text: str) -> bool:
        """Whether a text is made up of these words alone."""
        return bool(text) and self._reached(text, 0)[-1]

    def uncovered(self, text: str) -> list[str]:
        """Return what may be left between words at the beginning and those at the end, the shortest first.

        A name may begin like a word: 多伦 behind 不要 is left whole only where 多 is not taken for one.
        """
        reaches_end = [self._reached(text, at)[-1] for at in range(len(text))] + [True]
        starts = [at for at, is_reached in enumerate(self._reached(text, 0)) if is_reached]
        return [text[start : reaches_end.index(True, start)] for start in reversed(starts)]

    def _reached(self, text: str, start: int) -> list[bool]:
        """For each place in a text whether words alone lead to it from a start."""
        reached = [False] * (len(text) + 1)
        reached[start] = True
        for at in range(start, len(text)):
            if reached[at] and self._any.match(text, at):
                for word in self._words:
                    if found := word.match(text, at):
                        reached[found.end()] = True
        return reached


def _alternatives(alternation: str) -> list[str]:
    """The alternatives of a pattern, apart from those in parentheses and brackets."""
    parts, depth = [""], 0
    for character in alternation:
        depth += (character in "([") - (character in ")]")
        if character == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part]


@dataclass(frozen=True, slots=True)
class Covered:
    """A command by its words."""

    act: Act
    required: tuple[re.Pattern[str], ...]
    vocabulary: Vocabulary
    has_place: bool = False
    """Whether one stretch that is none of the words names what is to be followed."""


_SAYING_NOTHING = (
    r"请问?|求求?|麻烦|劳驾|帮|给|我们?|你们?|您|能不能|可不可以|能|可以|想要?|要|现在|先|就|再|都|也|一下|下|一份|份|个|吧|了|吗|没|呢|啊|呀|"
    r"嘛|哈|呗|啦|的|把|来|还是|是|已经|好|行|那么|那|这么|这|谢谢|教教?|一?遍|上|多|些|赶紧|快点?|立刻|马上|以后|今后|暂时|这几天|最近|看看|看|呐|唉|哎|太|真|"
    r"[\s,，.。!！?？~～…、]"
)
_NOT = "别|不要|不用|不许|甭|莫|不想|不再|不"
_SEND = "发送?|推送?|送"
_ITS_NEWS = "新闻|消息|日报|周报|简报|报道|资讯|通知|信息"
_TO_FOLLOW = "订阅|(?<![签修制预协增])订(?![单货购票婚立正制])|关注"
_TO_TELL = "念叨|说说|讲讲|唠唠|报报"
_TO_ADD = "加上|加进[来去]?|添上|算上"
_DAILY = f"每天|每日|天天|日日|{WEEKLY}"
_TO_CHANGE = "改成|改为|改到|改|换成|换到|换|调到|调|设成|设为|设"
_WEEK = "每?个?(?:周|星期|礼拜)[一二三四五六日天]|一(?:周|星期|礼拜)"
_OTHER_TONGUES = "(?:蒙古?|日|韩|俄|法|德|藏|维)(?:语|文|古话)"


def _covered(act: Act, required: str | tuple[str, ...], *words: str, has_place: bool = False) -> Covered:
    patterns = (required,) if isinstance(required, str) else required
    return Covered(act, tuple(map(re.compile, patterns)), Vocabulary(_SAYING_NOTHING, *words), has_place)


COVERED: tuple[Covered, ...] = (
    _covered(
        Act.UNSUBSCRIBE,
        f"(?:取消|退|停|删|{_NOT}).*(?:{_TO_FOLLOW})|(?:{_TO_FOLLOW}).*(?:取消|退|停|删)|退订",
        f"怎么|如何|取消|退掉|退|停止?|停掉|删除|删掉|删|全部|所有|掉|{_NOT}|{_TO_FOLLOW}|{_ITS_NEWS}",
    ),
    _covered(
        Act.SUBSCRIPTIONS,
        ("订|关注", "什么|哪|列表|管理|我的|查|看"),
        f"什么|哪些|哪里|哪儿|哪几?个?|问题|事情?|列表|管理|查看|查|地方|地区|旗县|过|有|{_TO_FOLLOW}|{_ITS_NEWS}",
    ),
    _covered(Act.SUBSCRIBE, _TO_FOLLOW, f"怎么|如何|才|{_TO_FOLLOW}|{_ITS_NEWS}"),
    _covered(
        Act.QUIET,
        "免打扰|(?:晚上|夜里|夜间|半夜|中午|睡觉|休息).*(?:别|不要|勿)",
        f"免打扰|晚上|夜里|夜间|半夜|中午|睡觉|休息|时候|时|勿|打扰|吵|开启|打开|设置|{_NOT}|{_SEND}|{_ITS_NEWS}",
    ),
    _covered(
        Act.HOUR,
        (HOUR, f"{_SEND}|{_TO_CHANGE}"),
        f"{HOUR}|时间|早|晚|点|成|到|在|{_DAILY}|{_SEND}|{_TO_CHANGE}|{_ITS_NEWS}",
    ),
    _covered(
        Act.HOUR,
        (
            f"少(?:{_SEND})|(?:{_SEND}).*(?:少|太多|太勤|一次|一期|一份|就行)|(?:周末|节假日|假期|放假).*(?:{_NOT})|改成?周报|只要周报|改(?:成|到|为)?(?:早上|上午|中午|下午|晚上)|"
            f"(?:{_WEEK}).*(?:{_SEND}|周报)",
            f"{_SEND}|报|改",
        ),
        f"太多|太勤|多|少|[几一两]?[条点次期]儿?|一|就行|就够|够|只|每个?周|每个?星期|{_WEEK}|周末|节假日|假期|放假|时候?|期间|早上|上午|中午|下午|晚上|{_TO_CHANGE}|{_NOT}|{_DAILY}|{_SEND}|{_ITS_NEWS}",
    ),
    _covered(
        Act.DIGEST,
        "日报",
        "日报|今天|今日|最新|打开|发|呢|在哪里?|哪里?|有",
    ),
    _covered(
        Act.RESUME,
        f"(?:恢复|继续|重新|接着|打开|开启|开始|还是|再给).*(?:{_SEND}|日报|通知)",
        f"恢复|继续|重新|接着|打开|开启|开始|又|{_SEND}|{_ITS_NEWS}",
    ),
    _covered(
        Act.PAUSE,
        f"(?:{_NOT}).*(?:{_SEND}|收|看|打扰|吵)|停|关",
        f"停止|停一停|停掉|停|暂停|关掉|关闭|关|收到?|吵|烦|死|人|打扰|老是?|总是?|一直|不停|[一两二三几]?个?(?:天|周|月|星期|礼拜)|一阵子?|一段时间|{_DAILY}|{_NOT}|{_SEND}|{_ITS_NEWS}",
    ),
    _covered(
        Act.HELP,
        "(?:怎么|如何|不会|不知道|不懂).*(?:用|操作|弄|玩|问)|(?:能|可以|会).*(?:问|做|干|回答|查).*什么|什么.*(?:能|可以)问|"
        "功能|菜单|命令|教程|说明|帮助",
        "怎么|如何|不会|不知道|不懂|使用|用|操作|弄|玩|提问|问|回答|做|干|些|点|什么|事情?|问题|哪些|会|帮助|说明书?|教程|方法|功能|"
        "菜单|命令|东西|玩意儿?|机器人|软件|程序|它|云问|有|查",
    ),
    _covered(
        Act.LANGUAGE,
        (f"{'|'.join(TONGUES)}|{_OTHER_TONGUES}", "用|说|讲|换|改|会|版|回答|懂"),
        f"{'|'.join(TONGUES)}|{_OTHER_TONGUES}|换回|改回|切回|语言|切换到?|切换成|改用|用|说话?|讲|会|看不懂|听不懂|不懂|不会|回答|回复|版|显示|{_TO_CHANGE}",
    ),
    _covered(Act.SETTINGS, "设置", "设置|打开|改|在哪里?|哪里|怎么"),
    _covered(
        Act.FORGET,
        ("删|清|抹|忘", "数据|记录|信息|资料|忘.*我|我.*忘"),
        "删除|删掉|删|清空|清除|清掉|抹掉|数据|记录|信息|资料|聊天|所有|全部|全|一切|忘记|忘掉|忘|掉|光",
    ),
    _covered(
        Act.FULL,
        "全文|原文|详情|详细|完整|整篇|全部内容",
        "全文|原文|详情|详细|完整|整篇|全部内容|内容|报道|文章|新闻|发|打开|展开|显示|在哪里?",
    ),
    _covered(
        Act.AUTHOR,
        ("谁|哪个|哪位|记者|作者", "写|报道|采写|发|叫|是谁|名字"),
        "谁|哪个|哪位|记者|作者|写|报道|采写|发|叫|什么|名字|条|篇|新闻|文章|消息|稿子",
    ),
    _covered(
        Act.WHO,
        ("你|您|自我介绍|我(?:说话|聊天)", "谁|什么|哪|机器人?|真人|人工|ai|名字|介绍"),
        "到底|究竟|叫|谁|什么|哪个|哪位|哪|家|公司|单位|真人|活人|人工智能|人工|人|客服|东西|机器人?|电脑|程序|ai|chatgpt|名字|干|做|搞|开发|造|跟|和|同|在|说话|聊天|"
        "自我|介绍|自己|不是",
    ),
    _covered(
        Act.MORE,
        "还有|没有?别的|再[来看给]|多[来看给]|下[一面]|后面|接着|继续|更多|就这些|往[下后]",
        r"还|下面|下|后面|后|接着|继续|往|向|更多|多|就|这些|没有|有|别的|其[他它]|[几一两三四五\d]?[条篇页个]|点儿?|些|翻|说|新闻|消息|报道|内容",
    ),
    _covered(
        Act.UNSUBSCRIBE,
        f"(?:取消|退|{_NOT}).*(?:{_TO_FOLLOW}|{_SEND}|看|要|新闻|日报)|(?:{_SEND}|{_TO_FOLLOW}).*取消|取消|不(?:看|要|订)",
        f"取消|退订|退掉|退|停止?|停掉|掉|{_NOT}|{_SEND}|{_TO_FOLLOW}|{_ITS_NEWS}",
        has_place=True,
    ),
    _covered(
        Act.SUBSCRIBE,
        f"{_TO_FOLLOW}|(?:也|再|都|把).*(?:{_TO_ADD})|(?:{_DAILY}|以后|今后|往后).*(?:{_SEND}|看|{_TO_TELL})|{HOUR}.*(?:{_SEND}).*(?:{_ITS_NEWS})",
        f"{_DAILY}|{HOUR}|大?清?早上?|晚上|往后|{_TO_TELL}|给|有关|关于|{_SEND}|{_TO_FOLLOW}|{_TO_ADD}|{_ITS_NEWS}|事情?",
        has_place=True,
    ),
)
"""In the order in which they are tried."""
EVERYTHING = re.compile("全部|所有|都")
"""In a command without a place: all that is followed."""
OF_NEWS = re.compile("新闻|消息|报道")
"""In a word to go on: what may be asked for as well."""
