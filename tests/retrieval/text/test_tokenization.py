from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.tokenization import Tokenizer, fold


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_folding_joins_width_case_and_script() -> None:
    assert fold("ＡＢｃ１２３，庫倫旗") == "abc123,库伦旗"


def test_terms_are_bigrams_and_words_that_are_no_bigrams() -> None:
    terms = Tokenizer().terms("库伦旗水稻")
    assert set(terms) >= {"库伦", "伦旗", "旗水", "水稻"}
    assert "种植" not in terms


def test_a_word_of_three_characters_is_a_term_of_its_own() -> None:
    assert "内蒙古" in Tokenizer().terms("内蒙古在北方")


def test_digits_and_letters_stay_whole() -> None:
    assert Tokenizer().terms("2022年GDP增长3.5%")[0] == "2022"
    assert {"gdp", "3.5"} <= set(Tokenizer().terms("2022年GDP增长3.5%"))


def test_punctuation_and_emoji_give_no_terms() -> None:
    assert Tokenizer().terms("？！😀 …") == []


def test_words_put_together_are_the_text() -> None:
    text = "在茫茫苏木烈日炎炎下进行机械插秧"
    assert "".join(Tokenizer().cut(text)) == text


@given(st.text(alphabet="内蒙古库伦旗东胜利河北京大学生活动物园区长城市场,a1", min_size=2, max_size=16))
def test_a_place_within_a_word_is_one_that_cutting_leaves_there(text: str) -> None:
    tokenizer, ends = Tokenizer(), {0}
    for word in tokenizer.cut(text):
        ends.add(max(ends) + len(word))
    within = {at for at in range(1, len(text)) if tokenizer.cuts_word(text, at)}
    assert {at for at in within if not text[at - 1 : at + 1].isascii()} == {
        at for at in range(1, len(text)) if at not in ends and not text[at - 1 : at + 1].isascii()
    }


def test_any_character_is_folded_even_half_of_one() -> None:
    assert fold("庫倫旗\udfff\ud800\ue000") == "库伦旗\udfff\ud800\ue000"
    assert all(len(fold(chr(code))) == 1 for code in range(0x10FFFF + 1) if code % 7 == 0)
