from retrieval.answering.stories import is_same_story

TEXT = "库伦旗今年水稻种植面积达3万余亩，预计稻谷总产量达15000余吨，稻农抢抓农时开展插秧作业。"


def test_a_copy_with_other_punctuation_is_the_same_story() -> None:
    assert is_same_story(TEXT, TEXT.replace("，", ",") + "（完）")


def test_the_same_words_with_another_figure_are_another_story() -> None:
    assert not is_same_story(TEXT, TEXT.replace("3万", "2万"))


def test_other_words_are_another_story() -> None:
    assert not is_same_story(TEXT, "奈曼旗排查养老企业3万余家，发放资料15000余份。")
