"""What messages say beside asking, with kinds of a test's own."""

from datetime import date

import numpy as np
from stores import RESOLVER, TOKENIZER

from embeddings import MessageKinds
from retrieval.answering.understanding import Understanding
from retrieval.browsing import BROWSE, WATCH, Messages
from retrieval.browsing.browser import meant_wish
from retrieval.browsing.wishes import Wish

TODAY = date(2022, 7, 1)

WORDS = {WATCH: frozenset({"消息", "告诉", "一声"})}
KINDS = MessageKinds(
    (BROWSE, WATCH), np.eye(2, dtype=np.float32) * 9, np.zeros(2, dtype=np.float32), "", WORDS
)


def messages(kinds: MessageKinds | None = KINDS) -> Messages:
    return Messages(kinds, lambda _text: np.array([0, 1], dtype=np.float32), TOKENIZER, RESOLVER)


def test_only_short_messages_have_a_kind_and_none_without_a_model() -> None:
    assert messages().kind("奈曼旗荞麦有消息告诉我") == WATCH
    assert messages().kind("奈曼旗荞麦" * 20) is None
    assert messages().kind(" \u200b ") is None
    assert messages().kind("😀😀？") is None
    assert messages(None).kind("奈曼旗荞麦有消息告诉我") is None


def test_places_are_named_in_their_order_in_any_script() -> None:
    assert messages().places("把库伦旗和奈曼旗的都退了") == ["库伦旗", "奈曼旗"]
    assert messages().places("訂閱庫倫旗") == ["库伦旗"]
    assert messages().places("send me news of Tongliao and Chifeng's every day") == ["通辽市", "赤峰市"]
    assert messages().places("别再发了") == []


def test_the_matter_is_what_lies_between_the_words_of_its_kind() -> None:
    assert messages().matter("荞麦收购价一有消息就告诉我一声", WATCH) == "荞麦收购价"
    assert messages().matter("有消息告诉我", WATCH) == ""
    assert messages().matter("高鐵通車", "thanks") == "高铁通车"


def test_who_holds_a_post_is_no_news_however_it_is_asked() -> None:
    news = Messages(KINDS, lambda _text: np.array([1, 0], dtype=np.float32), TOKENIZER, RESOLVER)

    def wish(question: str) -> Wish | None:
        asked = Understanding(RESOLVER, TOKENIZER).understand(question, TODAY, None, None)
        return meant_wish(question, asked, news)

    assert wish("库伦旗那边新鲜的念叨念叨") is not None
    assert wish("旗里新来的旗长叫什么") is None
