from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.chats.database import open_chats
from bot.chats.preferences import Preferences, PreferenceStore
from bot.chats.subscriptions import SubscriptionStore
from bot.languages import Language
from retrieval import Choice

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
CHOSEN = Preferences(Language.ENGLISH, True, True, "150524")


@pytest.fixture
def preferences(database_url: str) -> Iterator[PreferenceStore]:
    engine = open_chats(database_url)
    yield PreferenceStore(engine)
    engine.dispose()


def test_an_unknown_chat_has_the_defaults_and_is_no_subscriber(preferences: PreferenceStore) -> None:
    assert preferences.look_up(7) == (Preferences(), None)


def test_what_was_kept_last_is_had_with_the_subscribers_state(preferences: PreferenceStore) -> None:
    preferences.keep(-1001234567890, CHOSEN)
    assert preferences.look_up(-1001234567890) == (CHOSEN, None)
    SubscriptionStore(preferences.engine).subscribe(-1001234567890, Choice("150524"), NOW)
    preferences.keep(-1001234567890, replace(CHOSEN, home=None))
    assert preferences.look_up(-1001234567890) == (replace(CHOSEN, home=None), "active")


def test_a_subscriber_comes_with_its_language(preferences: PreferenceStore) -> None:
    subscribers = SubscriptionStore(preferences.engine)
    for chat_id in (1, 2):
        subscribers.subscribe(chat_id, Choice("150524"), NOW)
    preferences.keep(2, Preferences(Language.TRADITIONAL))
    languages = [each.language for each in subscribers.get_many([1, 2]).values()]
    assert languages == [Language.SIMPLIFIED, Language.TRADITIONAL]


def test_preferences_move_with_a_group_and_are_forgotten_with_a_chat(preferences: PreferenceStore) -> None:
    subscribers = SubscriptionStore(preferences.engine)
    preferences.keep(-5, CHOSEN)
    subscribers.move(-5, -1005)
    subscribers.move(-5, -1005)
    assert preferences.look_up(-5)[0] == Preferences()
    assert preferences.look_up(-1005)[0] == CHOSEN
    assert subscribers.forget(-1005) == 1
    assert preferences.look_up(-1005)[0] == Preferences()


def test_a_language_of_a_later_version_is_none_that_is_known(preferences: PreferenceStore) -> None:
    preferences.keep(7, CHOSEN)
    with preferences.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE preferences SET language = 'mn' WHERE chat_id = 7")
    assert preferences.look_up(7)[0].language is None


def test_a_language_is_remembered_without_a_query_until_it_is_forgotten(preferences: PreferenceStore) -> None:
    preferences.keep(7, CHOSEN)
    preferences.keep(8, CHOSEN)
    assert [preferences.remembered(chat_id) for chat_id in (7, 8, 9)] == [
        Language.ENGLISH,
        Language.ENGLISH,
        None,
    ]
    preferences.keep(8, replace(CHOSEN, language=Language.TRADITIONAL))
    preferences.drop(7)
    assert [preferences.remembered(chat_id) for chat_id in (7, 8)] == [None, Language.TRADITIONAL]
    other = PreferenceStore(preferences.engine)
    assert other.remembered(8) is None
    other.look_up(8)
    other.look_up(9)
    assert [other.remembered(chat_id) for chat_id in (8, 9)] == [Language.TRADITIONAL, None]


def test_no_more_languages_are_remembered_than_there_is_room_for(
    preferences: PreferenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chats.preferences.MOST_REMEMBERED", 2)
    for chat_id in (1, 2, 3):
        preferences.keep(chat_id, CHOSEN)
    assert [preferences.remembered(chat_id) for chat_id in (1, 2, 3)] == [
        None,
        Language.ENGLISH,
        Language.ENGLISH,
    ]
