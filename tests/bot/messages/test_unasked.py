"""What asks nothing is told from a question in one place, for all ways in which questions come."""

from typing import Any, cast

import pytest

from bot.languages import Language, texts_of
from bot.messages.answers import explain_outcome
from bot.messages.unasked import ask_typed, say_unasked_words
from retrieval import Library, Outcome

TEXTS = texts_of(Language.SIMPLIFIED)


class _Asked(Exception):
    """The library was asked."""


class _Library:
    def ask(self, question: str, **_options: Any) -> None:
        raise _Asked(question)


LIBRARY = cast(Library, _Library())


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("text", ["谢谢", "您好！", "謝謝你", "thanks", "再见"])
def test_a_courtesy_is_answered_by_a_friendly_line_and_never_looked_up(text: str, language: Language) -> None:
    answer = ask_typed(LIBRARY, text)
    assert (answer.outcome, answer.hits, answer.turn) == (Outcome.NONE, (), None)
    reason = explain_outcome(answer, texts_of(language))
    assert reason == say_unasked_words(text, texts_of(language))
    assert reason != texts_of(language).nothing_to_look_for


@pytest.mark.parametrize("text", ["订阅库伦旗", "別再發了", "换成英文", "my subscriptions"])
def test_a_command_in_words_is_said_to_be_for_chats(text: str) -> None:
    assert explain_outcome(ask_typed(LIBRARY, text), TEXTS) == TEXTS.only_in_chats


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("你好，库伦旗水稻种植面积，谢谢", "库伦旗水稻种植面积"),
        ("谢谢信是谁写的", "谢谢信是谁写的"),
        ("还有什么新闻", "还有什么新闻"),
    ],
)
def test_a_question_is_asked_without_the_courtesy_around_it(text: str, question: str) -> None:
    with pytest.raises(_Asked, match=f"^{question}$"):
        ask_typed(LIBRARY, text)
    assert say_unasked_words(text, TEXTS) is None
