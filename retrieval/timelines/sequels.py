"""Questions that ask how a matter went on: 通辽机场改扩建后来怎么样了, 有结果了吗."""

from __future__ import annotations

import re

from retrieval.answering.interrogatives import ASKING_WORDS
from retrieval.text.tokenization import fold

_HOW = (
    "又|都|是|有|还有|的|怎么?样|咋样?|如何|怎么着|呢|发生了?(?:什么|啥)|(?:什么|啥)(?:情况|结果|进展|消息|报道|动静)|情况|结果|进展|报道|消息|处理|发展"
    "|没有|吗"
)
SEQUEL_WORDS = (
    r"(?:那|那么|这件事儿?|这事儿?|那件事儿?|那事儿?|此事|事情|案子|案件)?(?:的)?(?:"
    rf"(?:后来|后续)(?:{_HOW})*|(?:最后|最终)(?:{_HOW})+"
    r"|(?:现在|目前|如今|最近|到底)?(?:有|出来?)(?:了)?(?:什么|啥|没有|没)?(?:最新的?|新的?|处理)?(?:结果|下文|进展|后续|说法)(?:了|出来|没有|没|吗|么|呢)*"
    r"|(?:结果|下文)(?:出来?|怎么?样|如何)(?:了|吗|没有|没)+"
    r"|(?:有)?(?:什么|啥)?最新(?:的)?(?:进展|后续)(?:如何|怎么?样|呢|吗)?"
    r"|(?:现在|目前|如今)(?:怎么?样|咋样|如何)了|(?:怎么?样|咋样)了"
    r"|来龙去脉|前因后果|(?:事情|事件)?(?:的)?(?:始末|经过|全过程)"
    r")(?:了|呢|啊|呀|吗)*"
)
"""How people say it, folded; as a whole message it asks of what was told last."""
_ASKING = re.compile(ASKING_WORDS)
_BEHIND = re.compile(rf"(?P<what>.*?)[的，,：:\s]*(?:{SEQUEL_WORDS})[?？!！。.\s]*")


def without_sequel(question: str) -> str | None:
    """Return a question without the words that ask how a matter went on, "" where nothing is left; None where it asks no such."""
    found = _BEHIND.fullmatch(fold(question).strip())
    if found is None or _ASKING.search(found["what"]):
        return None
    start = len(question) - len(question.lstrip())
    return question[start : start + found.end("what")].strip(" ，,的")
