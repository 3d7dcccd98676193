"""Which languages there are, and which of them Telegram's language code asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.languages.english.table import ENGLISH
from bot.languages.simplified import SIMPLIFIED
from bot.languages.texts import Texts
from bot.languages.traditional import to_traditional


class Language(StrEnum):
    """A language that the bot speaks."""

    SIMPLIFIED = "zh-hans"
    TRADITIONAL = "zh-hant"
    ENGLISH = "en"


DEFAULT = Language.SIMPLIFIED
"""Of chats that have chosen none: the language of the papers."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is to be known of a language."""

    make_texts: Callable[[], Texts]
    codes: tuple[str, ...]
    """How the IETF tags begin that Telegram sends for people who are spoken to so; "" for all others."""
    menu_code: str | None
    """The two letters by which Telegram knows the menu of commands, "" for all others; None: chats get one of their own."""


_ENTRIES = {
    Language.SIMPLIFIED: _Entry(lambda: SIMPLIFIED, ("zh",), "zh"),
    Language.TRADITIONAL: _Entry(
        lambda: to_traditional(SIMPLIFIED), ("zh-hant", "zh-tw", "zh-hk", "zh-mo"), None
    ),
    Language.ENGLISH: _Entry(lambda: ENGLISH, ("",), ""),
}


@cache
def texts_of(language: Language) -> Texts:
    """Return the table of a language."""
    return _ENTRIES[language].make_texts()


def menu_code_of(language: Language) -> str | None:
    """Return the two letters of a language's menu, "" for the menu of all others, None if Telegram knows none."""
    return _ENTRIES[language].menu_code


def language_of_code(code: str | None) -> Language:
    """Return the language for a person whose Telegram says `code`, an IETF tag such as zh-hans or pt-br.

    The language whose codes begin the tag with most letters; with no tag, as Telegram sends none for some people,
    the default.
    """
    if not code:
        return DEFAULT
    tag = code.lower().replace("_", "-")

    def n_letters(language: Language) -> int:
        begins = [
            len(each) for each in _ENTRIES[language].codes if f"{tag}-".startswith(f"{each}-" if each else "")
        ]
        return max(begins, default=-1)

    return max(Language, key=n_letters)
