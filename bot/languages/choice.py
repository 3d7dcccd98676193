"""Which languages there are, and which of them Telegram's language code asks for."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from bot.languages.english import ENGLISH
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


@cache
def texts_of(language: Language) -> Texts:
    """Return the table of a language."""
    tables = {
        Language.SIMPLIFIED: lambda: SIMPLIFIED,
        Language.TRADITIONAL: lambda: to_traditional(SIMPLIFIED),
        Language.ENGLISH: lambda: ENGLISH,
    }
    return tables[language]()


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
            len(each) for each in texts_of(language).codes if f"{tag}-".startswith(f"{each}-" if each else "")
        ]
        return max(begins, default=-1)

    return max(Language, key=n_letters)
