import io
import re
from datetime import date

import pytest
from rich.console import Console
from samples import WHICH, SampleLibrary, answer, hit, hit_with_two_quotes

from bot.command_line.conversation import (
    answer_lines,
    converse,
    prompted_lines,
    render_answer,
)
from retrieval import Browsed, Outcome, Wanted


def printed(renderable: object) -> str:
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True, width=80)
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined]


def talk(text: str, library: SampleLibrary | None = None) -> str:
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True)
    # as sys.stdin is: bytes underneath, and not to be reconfigured once something was read
    stdin = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    converse(library or SampleLibrary(), prompted_lines(stdin, console), console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_found_answer_shows_evidence_source_and_passage_whole() -> None:
    text = printed(render_answer(answer()))
    assert text.splitlines()[0] == "今年<全旗>水稻种植面积达3万余亩。（今年＝2022年）"
    assert "水稻 & 丰收1 · 云听 · 库伦旗 · 截至2022年6月30日（据电头推定） · 记者 张三" in text
    assert "预计总产量达15000余吨。" in text


def test_two_sentences_of_an_article_that_stand_apart_are_two_quotations() -> None:
    lines = printed(render_answer(answer(hits=(hit_with_two_quotes(),)))).splitlines()
    assert lines[:3] == ["水稻种植面积3万余亩。", "同一篇另一处：", "另有水稻种植面积2万亩在改造。"]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.NEAR, "没有找到“<它>”的答案。"),
        (Outcome.NONE, "没有找到“<它>”的答案，也没有找到相近的报道。"),
    ],
)
def test_what_is_not_found_says_so_first(outcome: Outcome, said: str) -> None:
    text = printed(render_answer(answer(outcome, 1)))
    assert text.startswith(f"{said}\n相近的报道（不是答案）：")


def colourful(renderable: object) -> str:
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", highlight=False, soft_wrap=True
    )
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_what_meets_the_question_is_bold_and_the_rest_of_its_sentence_is_not() -> None:
    first, *_ = colourful(render_answer(answer())).splitlines()
    assert re.findall(r"\x1b\[1m(.*?)\x1b\[0m", first) == ["水稻种植面积"]


def test_a_title_is_a_link_where_the_article_has_an_address() -> None:
    address = "https://paper.example/1?a=1&b=2"
    linked = answer(hits=(hit(1, url=address),))
    assert re.search(rf"\x1b\]8;[^;]*;{re.escape(address)}\x1b\\", colourful(render_answer(linked)))
    assert "\x1b]8;" not in colourful(render_answer(answer()))
    assert address not in printed(render_answer(linked))


def test_the_greeting_has_questions_to_begin_with() -> None:
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True)
    converse(SampleLibrary(), iter(()), console, samples=["库伦旗水稻多少亩？"])
    assert "\n  库伦旗水稻多少亩？\n" in console.file.getvalue()  # type: ignore[attr-defined]


def test_an_explanation_names_each_features_part() -> None:
    assert "coverage +1.50" in printed(render_answer(answer(), explain=True))


def test_one_answer_a_line_and_blank_lines_passed_over() -> None:
    library = SampleLibrary()
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True)
    answer_lines(library, io.StringIO("\n水稻\n  \n谢谢\n小麦\n"), console)
    assert [question for question, _, _ in library.asked] == ["水稻", "小麦"]
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert text.count("3万余亩") == 2
    assert "\x1b" not in text


def test_the_question_before_goes_along() -> None:
    library = SampleLibrary()
    talk("水稻\n小麦\n", library)
    assert library.asked[1][2] is not None
    assert library.asked[1][2].question == "水稻"


def test_an_unclear_place_is_chosen_by_number() -> None:
    library = SampleLibrary({"朝阳天气": WHICH})
    talk("朝阳天气\n9\n2\n退出\n", library)
    assert [(question, region) for question, region, _ in library.asked] == [
        ("朝阳天气", None),
        (WHICH.question, "211300"),
    ]


def test_the_full_text_and_more_are_shown_on_demand() -> None:
    library = SampleLibrary({"水稻": answer(n_hits=5)})
    text = talk("全文 1\n水稻\n全文 2\n更多\n全文 9\n", library)
    assert text.count("没有这一条") == 2
    assert "水稻 & 丰收4" in text


def test_emoji_alone_are_no_question() -> None:
    library = SampleLibrary()
    assert "没看到可以查找的字词" in talk("😀\n", library)
    assert library.asked == []


def test_courtesies_and_commands_get_a_line_and_are_never_looked_up() -> None:
    library = SampleLibrary()
    text = talk("你好\n谢谢\nwho are you\n订阅库伦旗\n帮助\n", library)
    assert library.asked == []
    for said in ("您好！", "不客气", "我是云问", "在 Telegram 里用", "全文 N"):
        assert said in text


def test_more_goes_on_where_it_stopped_and_then_ends() -> None:
    text = talk("水稻\n更多\n还有吗\n还有吗\n", SampleLibrary({"水稻": answer(n_hits=8)}))
    assert [text.count(f"  {rank}. 水稻 & 丰收{rank}") for rank in range(2, 9)] == [1] * 7
    assert text.count("没有更多了。") == 1


def test_a_greeting_before_a_question_is_no_part_of_it() -> None:
    library = SampleLibrary()
    talk("你好，水稻面积多少？谢谢\n", library)
    assert library.asked[0][0] == "水稻面积多少？"


STORIES = answer(
    Outcome.BROWSE,
    3,
    wanted=Wanted("库伦旗有什么新闻", ("库伦旗",)),
    browsed=Browsed(region="150524", has_more=True, library_newest=date(2022, 6, 30)),
)


def test_stories_stand_under_their_day_by_number() -> None:
    lines = printed(render_answer(STORIES)).splitlines()
    assert lines == [
        "库伦旗",
        "2022年6月30日",
        "  1. 水稻 & 丰收1",
        "  2. 水稻 & 丰收2",
        "  3. 水稻 & 丰收3",
        "还有：输入 更多。",
    ]
