import json
from datetime import UTC, datetime

import pytest
from abuse import REPEATED_EXCLUSION

from bot.chats.export import export_subscriptions, parse_import
from bot.chats.hours import Hours
from bot.chats.standing_questions import StandingQuery
from bot.chats.subscription_text import (
    SubscriptionError,
    Unclear,
    parse_hours,
    parse_quiet,
    parse_subscriptions,
    parse_zone,
)
from bot.chats.subscriptions import ChatState, Subscriber, Subscription
from bot.languages import Language, texts_of
from retrieval import Choice, FoundPlace, PlaceChoice

CODES = {"通辽市": "150500", "开鲁县": "150523", "奈曼旗": "150525"}
SLIP = (PlaceChoice("库轮旗", "150524", "库伦旗", "通辽市 › 库伦旗"),)


def find(name: str) -> FoundPlace:
    return FoundPlace(CODES.get(name), SLIP if name == "库轮旗" else ())


TEXTS = texts_of(Language.SIMPLIFIED)


def is_division(code: str) -> bool:
    return code in CODES.values()


def test_a_subscription_has_places_exclusions_and_words() -> None:
    parsed = parse_subscriptions("通辽市 除 开鲁县、奈曼旗 含 水稻 玉米 不含 广告", find, TEXTS)
    assert parsed == [
        Choice("150500", excluded=("150523", "150525"), must=("水稻", "玉米"), must_not=("广告",))
    ]


def test_a_subscription_is_understood_in_any_of_the_bots_languages() -> None:
    assert parse_subscriptions("通辽市 Except 开鲁县 with 水稻 without 广告", find, TEXTS) == [
        Choice("150500", excluded=("150523",), must=("水稻",), must_not=("广告",))
    ]
    assert parse_hours("23點", Hours(), TEXTS).hour == 23
    assert parse_quiet("OFF", Hours(quiet=(22, 7)), TEXTS).quiet is None


def test_places_may_have_english_names() -> None:
    parsed = parse_subscriptions("Tongliao except Kailu County, Naiman Banner", find, TEXTS)
    assert parsed == [Choice("150500", excluded=("150523", "150525"))]


@pytest.mark.parametrize(
    "text",
    [
        "通辽市 除奈曼旗 含水稻 不含广告",
        "通辽市除奈曼旗 含水稻 不含广告",
        "通辽市，除了奈曼旗以外，含 水稻，不要广告",
        "通辽市 除 奈曼旗 含 水稻 不含 广告",
    ],
)
def test_marks_need_no_blanks(text: str) -> None:
    assert parse_subscriptions(text, find, TEXTS) == [
        Choice("150500", excluded=("150525",), must=("水稻",), must_not=("广告",))
    ]


def test_a_word_that_holds_a_mark_stays_whole() -> None:
    assert parse_subscriptions("奈曼旗 含 含氧量 除夕", find, TEXTS) == [
        Choice("150525", must=("含氧量", "除夕"))
    ]
    with pytest.raises(SubscriptionError, match="没认出“火星”"):
        parse_subscriptions("火星除奈曼旗", find, TEXTS)


def test_places_that_are_joined_are_several() -> None:
    assert parse_subscriptions("通辽市除开鲁县和奈曼旗", find, TEXTS) == [
        Choice("150500", excluded=("150523", "150525"))
    ]


def test_several_places_are_several_subscriptions() -> None:
    assert parse_subscriptions("开鲁县，奈曼旗", find, TEXTS) == [Choice("150523"), Choice("150525")]


def test_an_unknown_place_is_said_and_a_slip_is_offered() -> None:
    with pytest.raises(SubscriptionError, match="没认出“火星”"):
        parse_subscriptions("火星", find, TEXTS)
    assert parse_subscriptions("库轮旗", find, TEXTS) == Unclear("库轮旗", SLIP)


@pytest.mark.parametrize(
    "text", ["通辽市 含 " + "长" * 31, "通辽市 含 " + " ".join(f"词{n}" for n in range(21))]
)
def test_too_many_or_too_long_words_are_refused(text: str) -> None:
    with pytest.raises(SubscriptionError, match="关键词"):
        parse_subscriptions(text, find, TEXTS)


@pytest.mark.parametrize(("word", "hour"), [("7", 7), (" 0 ", 0), ("23点", 23), ("6:00", 6)])
def test_an_hour_is_taken_as_people_write_it(word: str, hour: int) -> None:
    assert parse_hours(word, Hours(), TEXTS).hour == hour


@pytest.mark.parametrize(
    ("word", "hour", "weekday"),
    [
        ("周日", 8, 6),
        ("每周一 7", 7, 0),
        ("星期天 9点", 9, 6),
        ("週六", 8, 5),
        ("Sunday 8", 8, 6),
        ("wed", 8, 2),
        ("every day 6", 6, None),
        ("每天", 8, None),
        ("7", 7, 3),
    ],
)
def test_the_day_of_the_week_is_taken_with_and_without_an_hour(
    word: str, hour: int, weekday: int | None
) -> None:
    hours = parse_hours(word, Hours(weekday=3), TEXTS)
    assert (hours.hour, hours.weekday) == (hour, weekday)


@pytest.mark.parametrize("word", ["25", "-1", "", "七", "²", "7.5"])
def test_an_hour_that_there_is_not_is_refused_with_an_example(word: str) -> None:
    with pytest.raises(SubscriptionError, match="/hour 7"):
        parse_hours(word, Hours(), TEXTS)


def test_zones_and_quiet_hours_are_taken_or_refused() -> None:
    assert parse_zone("Asia/Urumqi", Hours(), TEXTS).zone == "Asia/Urumqi"
    with pytest.raises(SubscriptionError, match="Mars/Phobos"):
        parse_zone("Mars/Phobos", Hours(), TEXTS)
    assert parse_quiet("22-7", Hours(), TEXTS).quiet == (22, 7)
    assert parse_quiet("无", Hours(quiet=(22, 7)), TEXTS).quiet is None
    for word in ("22", "22-25", "8-8", ""):
        with pytest.raises(SubscriptionError):
            parse_quiet(word, Hours(), TEXTS)


def test_what_is_exported_is_imported_as_it_was() -> None:
    choices = (Choice("150500", False, ("150523",), ("水稻",), ("广告",)), Choice("150525"))
    mine = tuple(Subscription(n, choice) for n, choice in enumerate(choices))
    subscriber = Subscriber(
        7, ChatState.ACTIVE, Hours(6, "Asia/Urumqi", (22, 5)), True, datetime.now(UTC), mine
    )
    imported = parse_import(export_subscriptions(subscriber), is_division, TEXTS)
    assert (imported.choices, imported.hours, imported.wants_empty) == (choices, subscriber.hours, True)


GOOD = {"format": "yunwen-subscriptions", "version": 1, "hour": 8, "zone": "Asia/Shanghai", "quiet": None}


@pytest.mark.parametrize(
    "document",
    [
        b"\xff\xfe",
        b"{",
        b"[" * 10_000,
        b"[]",
        b'{"format": "other"}',
        b" " * 200_000,
        *(
            json.dumps(GOOD | change).encode()
            for change in (
                {},
                {"subscriptions": "x"},
                {"subscriptions": [1]},
                {"subscriptions": [{"code": "999999"}]},
                {"subscriptions": [{"code": ["150500"]}]},
                {"subscriptions": [{"code": "150500", "must": "水稻"}]},
                {"subscriptions": [{"code": "150500", "must": ["长" * 50]}]},
                {"subscriptions": [{"code": "150500", "with_descendants": 3}]},
                {"subscriptions": [{"code": "150500", "excluded": ["x"]}]},
                {"subscriptions": [{"code": "150500"}] * 51},
                {"subscriptions": [], "hour": 25},
                {"subscriptions": [], "hour": True},
                {"subscriptions": [], "zone": "Mars/Phobos"},
                {"subscriptions": [], "quiet": [1]},
            )
        ),
    ],
)
def test_a_malformed_file_is_refused_in_a_sentence(document: bytes) -> None:
    with pytest.raises(SubscriptionError, match="没有导入|太大|关键词"):
        parse_import(document, is_division, TEXTS)


def test_standing_questions_go_out_and_come_back_and_bad_ones_change_nothing() -> None:
    texts = texts_of(Language.SIMPLIFIED)
    subscriber = Subscriber(7, ChatState.ACTIVE, Hours(), False, datetime(2026, 1, 1, tzinfo=UTC), ())
    mine = [StandingQuery("库伦旗水稻", ("150524",)), StandingQuery("养老院")]
    document = json.loads(export_subscriptions(subscriber, mine))
    assert parse_import(json.dumps(document).encode(), lambda _code: True, texts).standing == tuple(mine)
    older = {name: value for name, value in document.items() if name != "standing"}
    assert parse_import(json.dumps(older).encode(), lambda _code: True, texts).standing is None
    for bad in (
        "x",
        [1],
        [{"question": "  "}],
        [{"question": "问" * 201}],
        [{"question": "问", "regions": "1"}],
    ):
        broken = json.dumps(document | {"standing": bad}).encode()
        with pytest.raises(SubscriptionError):
            parse_import(broken, lambda _code: True, texts)
    with pytest.raises(SubscriptionError, match="地方不认识"):
        parse_import(json.dumps(document).encode(), lambda _code: False, texts)


def test_a_repeated_entry_is_taken_once_and_looked_up_once() -> None:
    looked_up: list[str] = []

    def look_up(code: str) -> bool:
        looked_up.append(code)
        return is_division(code)

    again = {"code": "150500", "excluded": ["150523"] * 4_000, "must": ["水稻"] * 15}
    document = GOOD | {
        "subscriptions": [again, again],
        "standing": [{"question": "养老院", "regions": ["150523"] * 900}],
    }
    imported = parse_import(json.dumps(document).encode(), look_up, TEXTS)
    assert imported.choices == (Choice("150500", excluded=("150523",), must=("水稻",)),)
    assert imported.standing == (StandingQuery("养老院", ("150523",)),)
    assert looked_up == ["150500", "150523"] * 2 + ["150523"]
    looked_up.clear()
    imported = parse_import(REPEATED_EXCLUSION, look_up, TEXTS)
    assert imported.choices == (Choice("150500", excluded=("150523",)),)
    assert looked_up == ["150500", "150523"]


def test_more_entries_than_subscriptions_are_refused_before_any_is_looked_up() -> None:
    def look_up(code: str) -> bool:
        pytest.fail(f"{code} was looked up")

    many = [f"{n:06d}" for n in range(9_500)]
    document = GOOD | {"subscriptions": [{"code": "150500", "excluded": many}]}
    with pytest.raises(SubscriptionError, match="50"):
        parse_import(json.dumps(document).encode(), look_up, TEXTS)
    asked = {"subscriptions": [], "standing": [{"question": "养老院", "regions": many}]}
    with pytest.raises(SubscriptionError):
        parse_import(json.dumps(GOOD | asked).encode(), look_up, TEXTS)
