"""What the bot says, one table a language; answers themselves stay in the articles' own words."""

from bot.languages.choice import DEFAULT, Language, language_of_code, menu_code_of, texts_of
from bot.languages.texts import Commands, Texts
from bot.languages.web import WebTexts, web_texts_of

__all__ = [
    "DEFAULT",
    "Commands",
    "Language",
    "Texts",
    "WebTexts",
    "language_of_code",
    "menu_code_of",
    "texts_of",
    "web_texts_of",
]
