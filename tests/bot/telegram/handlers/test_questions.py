import pytest

from bot.telegram.handlers.questions import split_questions


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("库伦旗水稻面积？奈曼旗呢？", ["库伦旗水稻面积？", "奈曼旗呢？"]),
        ("库伦旗水稻面积\n奈曼旗养老企业", ["库伦旗水稻面积", "奈曼旗养老企业"]),
        ("库伦旗水稻面积是多少？？", ["库伦旗水稻面积是多少？？"]),
        ("一？二？三？四？", ["一？二？三？四？"]),
        ("没有标点的一句话", ["没有标点的一句话"]),
        ("😀", ["😀"]),
    ],
)
def test_up_to_three_questions_of_a_message_are_told_apart(text: str, questions: list[str]) -> None:
    assert split_questions(text) == questions
