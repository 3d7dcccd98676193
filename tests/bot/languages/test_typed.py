import pytest

from bot.languages.typed import put_right, question_in, split_questions

ALONE = ("水稻面积", "养老企业", "亩产多少")
"""What a line has to say to be a question by itself, for these tests."""


def stands_alone(line: str) -> bool:
    return any(each in line for each in ALONE)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("库伦旗水稻面积？奈曼旗呢？", ["库伦旗水稻面积？", "奈曼旗呢？"]),
        ("库伦旗水稻面积\n奈曼旗养老企业", ["库伦旗水稻面积", "奈曼旗养老企业"]),
        ("1. 库伦旗水稻面积\n2. 奈曼旗养老企业", ["库伦旗水稻面积", "奈曼旗养老企业"]),
        ("（1）库伦旗水稻面积\n②奈曼旗养老企业", ["库伦旗水稻面积", "奈曼旗养老企业"]),
        ("想问两件事：\n一、库伦旗水稻面积\n二、奈曼旗养老企业", ["库伦旗水稻面积", "奈曼旗养老企业"]),
        ("请问库伦旗\n水稻种植面积\n是多少？", ["请问库伦旗水稻种植面积是多少？"]),
        ("库伦旗\n1. 面积\n2. 产量", ["库伦旗面积产量"]),
        ("the rice\nof 库伦旗", ["the rice of 库伦旗"]),
        ("库伦旗水稻面积是多少？？", ["库伦旗水稻面积是多少？？"]),
        ("1.8万亩水稻面积在哪", ["1.8万亩水稻面积在哪"]),
        ("水稻面积 2022-06-30", ["水稻面积 2022-06-30"]),
        ("一？二？三？四？", ["一？二？三？四？"]),
        ("没有标点的一句话", ["没有标点的一句话"]),
        ("谢谢！\n库伦旗水稻面积", ["库伦旗水稻面积"]),
        ("库伦旗水稻面积\n奈曼旗养老企业\n辛苦了", ["库伦旗水稻面积", "奈曼旗养老企业"]),
        ("谢谢\n再见", ["谢谢再见"]),
        ("库伦旗水稻面积？要最新的", ["库伦旗水稻面积？要最新的"]),
        ("😀", ["😀"]),
        ("", [""]),
    ],
)
def test_up_to_three_questions_of_a_message_are_told_apart(text: str, questions: list[str]) -> None:
    assert split_questions(text, stands_alone) == questions


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("不对，我说的是商都县", "那商都县呢"),
        ("不对我说的是商都县的", "那商都县呢"),
        ("我问的是水稻面积", "水稻面积"),
        ("错了，我要问的是产量", "那产量呢"),
        ("不是库伦旗，是商都县", "那商都县呢"),
        ("No, I meant 商都县.", "那商都县呢"),
        ("领导说的不是这个，是2021年的", "那2021年呢"),
        ("我问的不是去年，是今年", "那今年呢"),
        ("不是农民是工人", "不是农民是工人"),
        ("我说的是", "我说的是"),
        ("他说的是什么", "他说的是什么"),
        ("水稻面积", "水稻面积"),
    ],
)
def test_a_message_that_puts_the_one_before_right_asks_what_was_meant(text: str, asked: str) -> None:
    assert put_right(text, stands_alone, {"商都县", "库伦旗"}.__contains__) == asked


def test_what_is_asked_beside_an_article_is_told_from_it() -> None:
    article = "一段很长的报道。" * 50
    assert question_in(f"{article}\n这是真的吗？") == "这是真的吗？"
    assert question_in(f"面积多少？\n{article}") == "面积多少？"
    assert question_in(f"{article}这是哪一年的事？") == "这是哪一年的事？"
    assert question_in(article) is None
    assert question_in(f"标题\n{article}") is None
    assert question_in(f"{'说了很久也没有说完，' * 40}行吗？") is None


def test_what_is_forwarded_is_an_article_unless_all_of_it_is_a_question() -> None:
    brief = "六月三十日，某旗的插秧全部结束，" * 6
    assert question_in(brief) == brief
    assert question_in(brief, is_forwarded=True) is None
    assert question_in(f"{brief}你说是吗？", is_forwarded=True) == f"{brief}你说是吗？"
    assert question_in(f"{brief * 4}\n这是真的吗？", is_forwarded=True) is None
    assert question_in("面积多少", is_forwarded=True) == "面积多少"
