"""How each chat wants to be spoken to: its language, and in groups what the bot answers to."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import BigInteger, Engine, Row, Select, bindparam, insert, select, update

from bot.chats.database import Tables
from bot.chats.schema import chats
from bot.chats.schema import preferences as _preferences
from bot.languages import Language

MOST_REMEMBERED = 20_000
"""Chats whose language is remembered between updates; the longest silent are forgotten first."""


def _look_up() -> Select[Any]:
    """A row for any chat `of`, known or not."""
    one = select(bindparam("of", type_=BigInteger).label("chat_id")).subquery()
    p = _preferences.c
    joined = one.outerjoin(_preferences, p.chat_id == one.c.chat_id).outerjoin(
        chats, chats.c.chat_id == one.c.chat_id
    )
    return select(p.language, p.is_chosen, p.only_commands, p.home, chats.c.state).select_from(joined)


_LOOK_UP = _look_up()
"""Built once: it is run for every update, and building it takes longer than running it."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A chat's settings; the defaults are those of an unknown chat."""

    language: Language | None = None
    """None: nothing is known, and the language is 简体中文."""
    is_chosen: bool = False
    """Whether people chose the language; otherwise a private chat's follows what Telegram says."""
    only_commands: bool = False
    """Of a group: whether mentions and replies are passed over, and only commands answered."""
    home: str | None = None
    """Of a group: the code of the division that an unplaced question is first taken for."""


class PreferenceStore(Tables):
    """Chats' preferences in the database. Safe for several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._languages: OrderedDict[int, Language] = OrderedDict()
        self._lock = Lock()

    def remembered(self, chat_id: int) -> Language | None:
        """A chat's language as this process last saw it, None if it saw none; without a query."""
        return self._languages.get(chat_id)

    def drop(self, chat_id: int) -> None:
        """Remember a chat's language no more; its row is deleted with all the others of a chat."""
        self._remember(chat_id, None)

    def _remember(self, chat_id: int, language: Language | None) -> None:
        with self._lock:
            self._languages.pop(chat_id, None)
            if language is not None:
                self._languages[chat_id] = language
            if len(self._languages) > MOST_REMEMBERED:
                self._languages.popitem(last=False)

    def look_up(self, chat_id: int) -> tuple[Preferences, str | None]:
        """A chat's preferences and its state as a subscriber, None if it is none; one query for both."""
        with self._reading() as connection:
            row = connection.execute(_LOOK_UP, {"of": chat_id}).one()
        found = read_preferences(row)
        self._remember(chat_id, found.language)
        return found, row.state

    def keep(self, chat_id: int, preferences: Preferences) -> None:
        """Remember a chat's preferences in place of those before."""
        values = {
            "language": preferences.language.value if preferences.language else None,
            "is_chosen": preferences.is_chosen,
            "only_commands": preferences.only_commands,
            "home": preferences.home,
        }
        mine = _preferences.c.chat_id == chat_id
        with self._writing() as connection:
            if not connection.execute(update(_preferences).where(mine).values(**values)).rowcount:
                connection.execute(insert(_preferences).values(chat_id=chat_id, **values))
        self._remember(chat_id, preferences.language)


def read_preferences(row: Row[Any]) -> Preferences:
    """Return the preferences of a row whose columns may be NULL. A language this version does not know is ignored."""
    known = {language.value for language in Language}
    return Preferences(
        language=Language(row.language) if row.language in known else None,
        is_chosen=bool(row.is_chosen),
        only_commands=bool(row.only_commands),
        home=row.home,
    )
