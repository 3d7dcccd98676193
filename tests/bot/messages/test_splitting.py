import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.splitting import split_text, utf16_length

TEXTS = st.text(alphabet="甲乙。！？\n， a.😀𠀀", max_size=200)


@given(TEXTS, st.integers(min_value=2, max_value=60))
def test_parts_fit_and_together_are_the_text(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(0 < utf16_length(part) <= limit for part in parts)
    assert all(part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(alphabet="甲乙。", min_size=1, max_size=200))
def test_without_blanks_nothing_at_all_is_dropped(text: str) -> None:
    assert "".join(split_text(text, 10)) == text


def test_parts_end_where_sentences_do() -> None:
    assert split_text("甲甲甲。乙乙。丙丙丙丙。", 8) == ["甲甲甲。乙乙。", "丙丙丙丙。"]


def test_a_sentence_longer_than_a_message_is_cut_within() -> None:
    assert split_text("甲" * 25, 10) == ["甲" * 10, "甲" * 10, "甲" * 5]


def test_a_character_of_two_units_is_never_cut() -> None:
    assert split_text("😀😀😀", 5) == ["😀😀", "😀"]


def test_a_limit_below_two_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        split_text("甲", 1)
