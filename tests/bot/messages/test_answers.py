"""Where an article stands, and why nothing is an answer, as it is said to anyone who asks."""

from dataclasses import replace
from datetime import date

import pytest
from samples import TEXT, hit, hit_with_two_quotes

from bot.languages import Language, texts_of
from bot.messages.answers import compose_report, explain_outcome, report_of
from bot.messages.sources import compose_source
from retrieval import (
    Answer,
    ArticleKind,
    DateBasis,
    Evidence,
    Instead,
    Outcome,
    StoredArticle,
    Timings,
    Wanted,
)


def stored(url: str | None) -> StoredArticle:
    return StoredArticle(
        title="水稻丰收",
        kind=ArticleKind.ARTICLE,
        date=date(2023, 5, 4),
        date_basis=DateBasis.FRONT_MATTER,
        url=url,
        text="库伦旗水稻丰收。",
        spans=(),
        lines=(1, 2),
        id="a",
        page="/p/a.txt",
        regions=(),
        story="a",
    )


@pytest.mark.parametrize(
    ("url", "is_offered"),
    [
        ("https://example.com/1?a=b@c", True),
        ("http://example.com:8080/1", True),
        ("https://user:word@example.com/1", False),
        ("https://user@example.com/1", False),
        ("https://@example.com/1", False),
        ("https:///1", False),
        ("https://[::1", False),
        ("javascript:alert(1)", False),
        (None, False),
    ],
)
def test_only_an_address_that_anyone_may_have_is_offered(url: str | None, is_offered: bool) -> None:
    assert compose_source(stored(url), texts_of(Language.SIMPLIFIED)).url == (url if is_offered else None)


@pytest.mark.parametrize(
    ("instead", "language", "said"),
    [
        (
            Instead(days=(date(2022, 1, 1), date(2022, 12, 31))),
            Language.SIMPLIFIED,
            "没有找到库伦旗2024年的水稻面积，最接近的报道说的是2022年。",
        ),
        (
            Instead(days=(date(2022, 6, 1), date(2022, 6, 30))),
            Language.TRADITIONAL,
            "沒有找到库伦旗2024年的水稻面积，最接近的報道說的是2022年6月1日至2022年6月30日。",
        ),
        (
            Instead(days=(date(2022, 1, 1), date(2022, 6, 30)), said="2022年上半年"),
            Language.SIMPLIFIED,
            "没有找到库伦旗2024年的水稻面积，最接近的报道说的是2022年上半年。",
        ),
        (
            Instead(place="奈曼旗"),
            Language.SIMPLIFIED,
            "没有找到库伦旗2024年的水稻面积，最接近的报道说的是奈曼旗。",
        ),
        (
            Instead(place="奈曼旗"),
            Language.ENGLISH,
            "Nothing found on 库伦旗2024年 水稻面积; the nearest report tells of 奈曼旗.",
        ),
        (None, Language.SIMPLIFIED, "没有找到库伦旗2024年的水稻面积。"),
    ],
)
def test_what_is_near_is_said_to_be_of_another_time_or_place(
    instead: Instead | None, language: Language, said: str
) -> None:
    answer = Answer(
        question="库伦旗2024年水稻面积",
        outcome=Outcome.NEAR,
        as_of=None,
        hits=(hit(),),
        wanted=Wanted("库伦旗2024年水稻面积", ("库伦旗",), ("2024年",), "水稻面积"),
        instead=instead,
        timings=Timings(0.0, 0.0, 0.0),
    )
    assert explain_outcome(answer, texts_of(language)) == said


@pytest.mark.parametrize("is_turned", [False, True])
def test_of_two_sentences_that_stand_apart_the_second_is_known_as_elsewhere(is_turned: bool) -> None:
    quotes = compose_report(hit_with_two_quotes(is_turned=is_turned), texts_of(Language.SIMPLIFIED)).quotes
    assert [each.is_elsewhere for each in quotes] == [False, True]
    assert ("另有" in quotes[0].text) is is_turned


def test_sentences_that_follow_on_each_other_are_one_quotation() -> None:
    quotes = compose_report(hit_with_two_quotes(TEXT), texts_of(Language.SIMPLIFIED)).quotes
    assert [each.is_elsewhere for each in quotes] == [False, False]


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("库伦旗水稻丰收", "库伦旗水稻丰收"),
        (
            "库伦旗今年水稻种植面积比去年多出一千亩",
            "库伦旗今年水稻种植面积比去年多出一千亩",
        ),  # elsewhere than the sentence begins
        (
            "库伦旗今年水稻面积达3万余亩，稻农们个个喜笑颜开地算账…",
            "库伦旗今年水稻面积达3万余亩，稻农们个个喜笑颜…",
        ),
    ],
)
def test_a_title_that_its_sentence_says_again_is_named_by_its_beginning(title: str, named: str) -> None:
    text = "库伦旗今年水稻面积达3万余亩，稻农们个个喜笑颜开地算账，说日子越过越红火。"
    article = replace(stored(None), text=text, title=title)
    report = report_of(1, article, None, (Evidence(text, 0, len(text)),), texts_of(Language.SIMPLIFIED))
    assert (report.title, report.source.title) == (named, title)
