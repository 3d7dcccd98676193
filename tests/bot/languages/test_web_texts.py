"""The pages' words: every language has each, with the same places to fill, and none is left over."""

import re
from dataclasses import fields

import pytest
from paths import ROOT

from bot.languages import Language, WebTexts, web_texts_of

NAMES = [each.name for each in fields(WebTexts)]
PLACES = re.compile(r"\{(\w+)")


def test_each_language_has_every_text_with_the_same_places() -> None:
    tables = [web_texts_of(language) for language in Language]
    for name in NAMES:
        values = [getattr(table, name) for table in tables]
        assert all(values), name
        assert len({len(value) for value in values if isinstance(value, tuple)}) <= 1, name
        assert (
            len({tuple(sorted(PLACES.findall(value))) for value in values if isinstance(value, str)}) <= 1
        ), name


def test_traditional_is_not_simplified_and_has_its_own_tag() -> None:
    simplified, traditional = (web_texts_of(each) for each in (Language.SIMPLIFIED, Language.TRADITIONAL))
    assert (simplified.ask_button, traditional.ask_button) == ("问", "問")
    assert (simplified.tag, traditional.tag) == ("zh-Hans", "zh-Hant")


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_said_somewhere(name: str) -> None:
    folder = ROOT / "bot"
    sources = [*folder.rglob("*.html"), *folder.rglob("*.py")]
    said = re.compile(rf"(?:\bw|\.web|its|web_texts_of\(\w+\))\.{name}\b|self\.{name}\b")
    assert any(said.search(path.read_text(encoding="utf-8")) for path in sources)
