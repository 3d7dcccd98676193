import io

import pytest
from rich.console import Console
from samples import WHICH, SampleLibrary, answer

from bot.command_line.conversation import answer_lines, converse, render_answer
from retrieval import Outcome


def printed(renderable: object) -> str:
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True, width=80)
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined]


def talk(text: str, library: SampleLibrary | None = None) -> str:
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True)
    # as sys.stdin is: bytes underneath, and not to be reconfigured once something was read
    stdin = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    converse(library or SampleLibrary(), stdin, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_found_answer_shows_evidence_source_and_passage_whole() -> None:
    text = printed(render_answer(answer()))
    assert text.splitlines()[0] == "今年<全旗>水稻种植面积达3万余亩。（今年＝2022年）"
    assert "水稻 & 丰收1 · 云听 · 库伦旗 · 截至2022年6月30日（据电头推定） · 记者 张三" in text
    assert "预计总产量达15000余吨。" in text


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.NEAR, "没有找到<它>。"),
        (Outcome.NONE, "没有找到“<它>”的答案：报上没有相关的内容。"),
    ],
)
def test_what_is_not_found_says_so_first(outcome: Outcome, said: str) -> None:
    text = printed(render_answer(answer(outcome, 1)))
    assert text.startswith(f"{said}\n相近的报道（不是答案）：")


def test_an_explanation_names_each_features_part() -> None:
    assert "coverage +1.50" in printed(render_answer(answer(), explain=True))


def test_one_answer_a_line_and_blank_lines_passed_over() -> None:
    library = SampleLibrary()
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True)
    answer_lines(library, io.StringIO("\n水稻\n  \n小麦\n"), console)
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
