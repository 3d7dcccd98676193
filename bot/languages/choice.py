"""Which languages there are, and which of them Telegram's language code asks for."""

from __future__ import annotations

from enum import StrEnum

from bot.languages.english import ENGLISH
from bot.languages.simplified import SIMPLIFIED
from bot.languages.texts import Texts
from bot.languages.traditional import TRADITIONAL


class Language(StrEnum):
    """A language that the bot speaks."""

    SIMPLIFIED = "zh-hans"
    TRADITIONAL = "zh-hant"
    ENGLISH = "en"


_TABLES = {
    Language.SIMPLIFIED: SIMPLIFIED,
    Language.TRADITIONAL: TRADITIONAL,
    Language.ENGLISH: ENGLISH,
}
_TRADITIONAL_CODES = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def texts_of(language: Language) -> Texts:
    """The table of a language."""
    return _TABLES[language]


def language_of_code(code: str | None) -> Language:
    """The language for a person whose Telegram says `code`, an IETF tag such as zh-hans or pt-br.

    Chinese of any kind is taken as simplified unless it says otherwise, all else as English; with no code, as
    Telegram sends none for some people, simplified Chinese.
    """
    if not code:
        return Language.SIMPLIFIED
    tag = code.lower().replace("_", "-")
    if tag.startswith(_TRADITIONAL_CODES):
        return Language.TRADITIONAL
    return Language.SIMPLIFIED if tag.partition("-")[0] == "zh" else Language.ENGLISH
