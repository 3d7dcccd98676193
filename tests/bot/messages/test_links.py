import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.links import Links, parse_start, tap

LINKS = Links("yunwen_bot")


def payload(address: str) -> str:
    start = "https://t.me/yunwen_bot?start="
    assert address.startswith(start)
    return address.removeprefix(start)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=16))
def test_an_articles_address_is_what_telegram_takes_and_leads_back_to_it(article_id: str) -> None:
    word = payload(LINKS.article(article_id))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", word)
    assert parse_start(word) == (article_id, None)


@given(st.from_regex(r"[0-9]{6}(?:[0-9]{3}){0,2}", fullmatch=True))
def test_a_places_address_leads_back_to_it(code: str) -> None:
    assert parse_start(payload(LINKS.place(code))) == (None, code)


@pytest.mark.parametrize(
    "word", ["", "a", "x_1", "a_<b>", "a_" + "a" * 63, "a_%00", "r_15 0524", "库伦旗", "A_1"]
)
def test_any_other_word_leads_nowhere(word: str) -> None:
    assert parse_start(word) == (None, None)


def test_an_id_that_no_link_can_carry_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot stand in a link"):
        LINKS.article("a" * 63)


def test_words_to_tap_are_escaped() -> None:
    assert tap('https://x/?a="1"&b', "<b>") == '<a href="https://x/?a=&quot;1&quot;&amp;b">&lt;b&gt;</a>'


def test_words_to_tap_begin_with_no_closing_mark_and_are_not_spread_out() -> None:
    assert tap("x", "”    八十岁的老人   上学").endswith(">八十岁的老人 上学</a>")
    assert tap("x", "…").endswith(">…</a>")


def test_where_there_are_pages_an_articles_title_leads_to_its_page_and_a_place_to_the_bot() -> None:
    links = Links("yunwen_bot", "https://news.example/yunwen")
    assert links.article("abc") == "https://news.example/yunwen/a/abc"
    assert parse_start(payload(links.place("150524"))) == (None, "150524")
