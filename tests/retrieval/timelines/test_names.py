"""Names of matters, of people and of organisations."""

import pytest
from stores import TOKENIZER

from retrieval.timelines.names import NameKind, find_actors, find_matters

RARE = 5.0


class _Rare(dict[str, float]):
    """Every pair of characters is rare but those that are given."""

    def get(self, key: str, default: float = 0.0) -> float:  # type: ignore[override]
        return super().get(key, 9.0)


COMMON = _Rare({"全国": 0.0, "大型": 0.0, "有限": 0.0, "某某": 0.0})


def actors(text: str) -> dict[str, NameKind]:
    return {each.text: each.kind for each in find_actors(text, TOKENIZER.cut, COMMON, RARE)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("警方抓获犯罪嫌疑人王宏伟、冯云平、赵川等人。", {"王宏伟", "冯云平", "赵川"}),
        ("村民李桂兰说,今年收成好。", {"李桂兰"}),
        ("市原副市长张国强涉嫌受贿。", {"张国强"}),
        ("男子张某某被抓。", set()),
        ("记者李明报道。", set()),
    ],
)
def test_people_are_found_by_what_they_are_called(text: str, names: set[str]) -> None:
    assert {name for name, kind in actors(text).items() if kind is NameKind.PERSON} == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("国家主席给香港培侨中学学生回信", "培侨中学"),
        ("记者从中北电力有限公司获悉", "中北电力有限公司"),
        ("全国公司", None),
        ("专题协商会召开", None),
    ],
)
def test_organisations_end_with_their_sort(text: str, name: str | None) -> None:
    found = [each for each, kind in actors(text).items() if kind is NameKind.ORGANISATION]
    assert found == [name] if name and name in found else (name is None) == (not found)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("平陆运河全线开工", ["平陆运河"]),
        ("抽水蓄能电站开工", []),
        ("据俄罗斯卫星通讯社报道", []),
        ("1至4月全国铁路发送旅客", []),
        ("神舟十八号载人飞船返回", ["神舟十八号"]),
    ],
)
def test_what_many_things_are_called_names_no_matter(title: str, names: list[str]) -> None:
    found = [each.text for each in find_matters(title, TOKENIZER.cut, COMMON, RARE)]
    assert found[: len(names)] == names
    assert bool(found) == bool(names)
