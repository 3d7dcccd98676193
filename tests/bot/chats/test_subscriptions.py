from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from samples import answer
from sqlalchemy import inspect, select

from bot.chats.answers import AnswerStore
from bot.chats.database import open_chats
from bot.chats.hours import Hours
from bot.chats.replies import GivenReply, ReplyStore, keep_replies
from bot.chats.schema import chats
from bot.chats.subscriptions import BACKLOG, MOST_SUBSCRIPTIONS, ChatState, SubscriptionStore, TooMany, aware
from retrieval import Choice

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
TOMORROW_AT_8 = datetime(2026, 11, 25, 0, tzinfo=UTC)


@pytest.fixture
def subscribers(database_url: str) -> Iterator[SubscriptionStore]:
    engine = open_chats(database_url)
    yield SubscriptionStore(engine)
    engine.dispose()


def due_at(subscribers: SubscriptionStore, chat_id: int) -> datetime | None:
    with subscribers._reading() as connection:
        value = connection.scalar(select(chats.c.next_at).where(chats.c.chat_id == chat_id))
    return aware(value) if value else None


def test_a_first_subscription_looks_back_a_week_and_is_due_next_morning(
    subscribers: SubscriptionStore,
) -> None:
    assert subscribers.subscribe(7, Choice("150524"), NOW)
    found = subscribers.get(7)
    assert found is not None
    assert (found.choices, found.hours, found.state) == ((Choice("150524"),), Hours(), ChatState.ACTIVE)
    assert found.seen_until == NOW - BACKLOG
    assert due_at(subscribers, 7) == TOMORROW_AT_8


def test_the_same_choice_twice_is_one_and_other_words_make_another(subscribers: SubscriptionStore) -> None:
    assert subscribers.subscribe(7, Choice("150524"), NOW)
    assert not subscribers.subscribe(7, Choice("150524"), NOW)
    assert subscribers.subscribe(7, Choice("150524", excluded=("150524001",)), NOW)
    assert subscribers.subscribe(7, Choice("150524", must=("水稻",)), NOW)
    found = subscribers.get(7)
    assert found is not None
    assert found.choices == (Choice("150524", excluded=("150524001",)), Choice("150524", must=("水稻",)))


def test_there_is_a_limit_and_reaching_it_changes_nothing(subscribers: SubscriptionStore) -> None:
    for number in range(MOST_SUBSCRIPTIONS):
        subscribers.subscribe(7, Choice(f"15{number:04}"), NOW)
    with pytest.raises(TooMany):
        subscribers.subscribe(7, Choice("999999"), NOW)
    with pytest.raises(TooMany):
        subscribers.replace_all(7, [Choice("150524")] * (MOST_SUBSCRIPTIONS + 1), Hours(), False, NOW)
    found = subscribers.get(7)
    assert found is not None
    assert len(found.subscriptions) == MOST_SUBSCRIPTIONS


def test_nothing_is_due_without_subscriptions_or_in_a_pause(subscribers: SubscriptionStore) -> None:
    subscribers.subscribe(7, Choice("150524"), NOW)
    assert subscribers.set_state(7, ChatState.PAUSED, NOW)
    assert due_at(subscribers, 7) is None
    assert subscribers.set_state(7, ChatState.ACTIVE, NOW)
    assert due_at(subscribers, 7) == TOMORROW_AT_8
    assert subscribers.unsubscribe(7, None, NOW) == 1
    assert due_at(subscribers, 7) is None


def test_a_chat_cannot_touch_anothers_subscription(subscribers: SubscriptionStore) -> None:
    subscribers.subscribe(7, Choice("150524"), NOW)
    mine = subscribers.get(7)
    assert mine is not None
    number = mine.subscriptions[0].id
    assert subscribers.unsubscribe(8, number, NOW) == 0
    subscribers.change(8, number, Choice("150525"))
    assert subscribers.get(7) == mine


def test_a_chat_shut_out_comes_back_when_it_writes_and_one_in_a_pause_does_not(
    subscribers: SubscriptionStore,
) -> None:
    subscribers.subscribe(7, Choice("150524"), NOW)
    subscribers.set_state(7, ChatState.BLOCKED, NOW)
    assert subscribers.welcome_back(7, NOW)
    assert not subscribers.welcome_back(7, NOW)
    subscribers.set_state(7, ChatState.PAUSED, NOW)
    assert not subscribers.welcome_back(7, NOW)
    assert not subscribers.welcome_back(99, NOW)


def test_a_group_that_becomes_a_supergroup_takes_everything_along_once(
    subscribers: SubscriptionStore,
) -> None:
    answers = AnswerStore(subscribers.engine)
    subscribers.subscribe(-7, Choice("150524"), NOW)
    answer_id = answers.keep_answer(-7, answer())
    for _ in range(2):
        subscribers.move(-7, -1007)
    assert subscribers.get(-7) is None
    moved = subscribers.get(-1007)
    assert moved is not None
    assert moved.choices == (Choice("150524"),)
    assert answers.given_answer(answer_id, -1007) is not None


def test_forgetting_leaves_no_row_of_the_chat_in_any_table(subscribers: SubscriptionStore) -> None:
    answers = AnswerStore(subscribers.engine)
    for chat_id in (7, 8):
        subscribers.subscribe(chat_id, Choice("150524"), NOW)
        answers.keep_answer(chat_id, answer())
        with subscribers._writing() as connection:
            keep_replies(connection, [GivenReply(chat_id, 1, 2)], NOW)
    assert ReplyStore(subscribers.engine).reply_to(7, 1) == 2
    assert subscribers.forget(7) == 4
    with subscribers._reading() as connection:
        look = inspect(connection)
        names = [
            name
            for name in look.get_table_names()
            if any(column["name"] == "chat_id" for column in look.get_columns(name))
        ]
        assert sorted(names) == [
            *("answers", "chats", "deliveries", "feedback", "preferences", "replies", "standing"),
            "subscriptions",
        ]
        for name in names:
            rows = connection.exec_driver_sql(f"SELECT count(*) FROM {name} WHERE chat_id = 7")
            assert rows.scalar() == 0
    assert subscribers.get(8) is not None


def test_the_schedule_is_rebuilt_but_what_is_overdue_stays_so(subscribers: SubscriptionStore) -> None:
    subscribers.subscribe(7, Choice("150524"), NOW)
    subscribers.subscribe(8, Choice("150524"), NOW - timedelta(days=3))
    assert subscribers.rebuild_schedule(NOW) == 1
    assert due_at(subscribers, 7) == TOMORROW_AT_8
    overdue = due_at(subscribers, 8)
    assert overdue is not None
    assert overdue < NOW
