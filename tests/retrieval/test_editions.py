"""The sentence that tells an article's news, and stories that are worked out only where somebody asks."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import article, entry, put, regions

from retrieval import Gazetteer, Store, edition_dated, key_sentence
from retrieval.text.figures import find_figures
from retrieval.text.news import is_telling, telling_start
from retrieval.text.sentences import split_sentences

WORDS = (
    "水稻",
    "种植面积",
    "3万亩",
    "库伦旗",
    "丰收",
    "60%",
    "农牧局",
    "道路",
    "，",
    "。",
    "\n",
    "12公里",
    "有序推进",
)
DAY = date(2022, 6, 30)


def letters(text: str) -> set[str]:
    kept = "".join(each for each in text if each.isalnum())
    return {kept[at : at + 2] for at in range(len(kept) - 1)}


@given(
    st.lists(st.sampled_from(WORDS[:8]), min_size=2, max_size=4), st.lists(st.sampled_from(WORDS), min_size=3)
)
def test_the_sentence_is_the_one_with_most_of_the_title_early_and_with_a_figure(
    title: list[str], text: list[str]
) -> None:
    """All sentences are weighed here one by one, as the product does only where it has to."""
    made = article("".join(title), f"库伦旗{''.join(text)}。")
    cuts = [
        (a + telling_start(made.text[a:b], made.title), b)
        for a, b in split_sentences(made.text, 0, len(made.text))
    ]
    said = [made.text[a:b] for a, b in cuts]
    told = [each for each in said if is_telling(each)] or said
    wanted = letters(made.title)

    def weigh(number: int) -> float:
        shared = len(wanted & letters(told[number])) / len(wanted)
        return round(shared + 0.15 * bool(find_figures(told[number])) - 0.02 * number, 9)

    best = max(range(len(told)), key=lambda number: (weigh(number), -number))
    found = key_sentence(made).text
    assert weigh(told.index(found)) == pytest.approx(weigh(best))


def test_stories_of_a_day_are_those_of_the_place_whatever_else_the_day_has(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}")
    for number, place in enumerate(("库伦旗", "奈曼旗", "海拉尔区")):
        item = article(f"{place}新闻", f"{place}第{number}条消息。", place=place, day=DAY)
        put(store, f"/pages/{number}.txt", entry(item, *regions(item)))
    gazetteer = Gazetteer.load()
    whole = {each.code: each.item for each in edition_dated(store, gazetteer, DAY).stories}
    part = {each.code: each.item for each in edition_dated(store, gazetteer, DAY, "150500").stories}
    assert set(part) == {"150524", "150525"}
    assert part.items() <= whole.items()
