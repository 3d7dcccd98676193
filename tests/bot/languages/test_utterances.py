"""What people type on a phone: the utterances of bench/utterances.jsonl, and texts made to take long."""

from collections import Counter

import pytest

from bench.intents import Listener, is_understood, read
from bot.composition import open_settings_encoder
from bot.languages.intent_words import Vocabulary
from bot.languages.intents import recognise_intent
from bot.progress import TerminalProgress
from bot.settings import load_settings

LEAST = 0.93
"""The share of each set that is understood; what those who wrote it call one thing or another is not always that."""


@pytest.fixture(scope="module")
def listener() -> Listener:
    with TerminalProgress() as progress:
        return Listener(open_settings_encoder(load_settings(), progress))


def test_what_people_type_on_a_phone_is_taken_for_what_it_is(listener: Listener) -> None:
    n_said: Counter[int] = Counter()
    n_understood: Counter[int] = Counter()
    for said in read():
        n_said[said.set] += 1
        n_understood[said.set] += is_understood(said, listener.hear(said.says))
    assert {number: n for number, n in n_understood.items() if n < LEAST * n_said[number]} == {}
    assert n_said.total() > 2_000


def test_a_place_alone_decides_whether_words_to_stop_are_a_command(listener: Listener) -> None:
    assert listener.hear("奈曼旗的不要了").kind == "unsubscribe"
    assert recognise_intent("低保的不要了", lambda name: name == "奈曼旗") is None
    assert recognise_intent("奈曼旗的不要了") is None


@pytest.mark.parametrize("words", ["好的", "没有", "看看", "谢谢了", "一下", "还有没有", "太烦了"])
@pytest.mark.parametrize("end", ["肉", "肉吗", ""])
def test_no_repeated_words_take_time_that_doubles_with_each(listener: Listener, words: str, end: str) -> None:
    listener.hear((words * 30)[:58] + end)  # tried every way of cutting it, this would outlast the test


def test_a_vocabulary_covers_a_text_however_it_is_to_be_cut() -> None:
    words = Vocabulary("看|看看|一下|下一页|[,，]", "(?:再|还)来")
    assert words.covers("看看，再来一下")
    assert words.covers("看下一页")
    assert not words.covers("看下")
    assert not words.covers("")
    assert words.uncovered("看看库伦旗一下")[:2] == ["库伦旗", "看库伦旗"]
    assert words.uncovered("看看一下")[0] == ""
