import pytest

from bot.languages.typed import asked_of_article, split_questions

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
        ("一？二？三？四？", ["一？二？三？四？"]),
        ("没有标点的一句话", ["没有标点的一句话"]),
        ("😀", ["😀"]),
        ("", [""]),
    ],
)
def test_up_to_three_questions_of_a_message_are_told_apart(text: str, questions: list[str]) -> None:
    assert split_questions(text, stands_alone) == questions


def test_what_is_asked_beside_an_article_is_told_from_it() -> None:
    article = "一段很长的报道。" * 50
    assert asked_of_article(f"{article}\n这是真的吗？") == "这是真的吗？"
    assert asked_of_article(f"面积多少？\n{article}") == "面积多少？"
    assert asked_of_article(article) is None
    assert asked_of_article(f"标题\n{article}") is None
