"""Every language says everything, and nothing is said outside their tables."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from string import Formatter

import pytest
from paths import ROOT

from bot.languages import Language, Texts, language_of_code, texts_of
from bot.telegram.commands import list_commands

BOT = ROOT / "bot"
MODULES = sorted(path for path in BOT.rglob("*.py") if "languages" not in path.relative_to(BOT).parts)
HAN = re.compile(r"[\u4e00-\u9fff]")
OTHERS = [language for language in Language if language is not Language.SIMPLIFIED]


def said(texts: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a table by the name of its field."""
    assert is_dataclass(texts)
    for field in fields(texts):
        value = getattr(texts, field.name)
        if is_dataclass(value):
            yield from said(value, f"{field.name}.")
        else:
            strings = [value] if isinstance(value, str) else value
            yield from ((f"{prefix}{field.name}[{n}]", text) for n, text in enumerate(strings))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


SIMPLIFIED = dict(said(texts_of(Language.SIMPLIFIED)))


@pytest.mark.parametrize("language", Language)
def test_every_language_has_every_text(language: Language) -> None:
    texts = texts_of(language)
    assert isinstance(texts, Texts)
    assert [name for name, text in said(texts) if not text.strip()] == []
    assert len(texts.months) == 12


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_puts_in_the_same_values(language: Language) -> None:
    other = dict(said(texts_of(language)))
    assert {name: placeholders(text) for name, text in other.items()} == {
        name: placeholders(text) for name, text in SIMPLIFIED.items()
    }


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_uses_the_same_tags(language: Language) -> None:
    tag = re.compile(r"</?\w+>")
    for name, text in said(texts_of(language)):
        assert sorted(tag.findall(text)) == sorted(tag.findall(SIMPLIFIED[name])), name


@pytest.mark.parametrize("language", Language)
def test_buttons_and_commands_are_as_short_as_telegram_wants(language: Language) -> None:
    for command in list_commands(texts_of(language)):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command.command)
        assert len(command.description) <= 256
    for name, text in said(texts_of(language)):
        if "_button" in name:
            assert len(text) <= 40, name


def test_every_text_is_filled_with_the_values_that_it_has_room_for() -> None:
    texts = texts_of(Language.SIMPLIFIED)
    n_checked = 0
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="format", value=ast.Attribute(attr=name)), keywords=keywords
                ) if hasattr(texts, name):
                    given = {each.arg for each in keywords}
                    assert given == placeholders(getattr(texts, name)), (path.name, name)
                    n_checked += 1
    assert n_checked > 40


def test_every_text_is_used() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*MODULES, *(BOT / "languages" / name for name in ("texts.py", "daily_texts.py"))]
    )
    used = {name.lower() for name in re.findall(r"(?i)(?:texts|self)\.(\w+)", source)}
    assert [field.name for field in fields(Texts) if field.name.lower() not in used] == []


def test_no_chinese_is_said_outside_the_tables() -> None:
    for path in MODULES:
        if path.parent.name == "command_line":  # English for operators, with examples of questions
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
        }  # docstrings, of attributes too
        strings = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ]
        assert [text for text in strings if HAN.search(text)] == [], path.name


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh-hans", Language.SIMPLIFIED),
        ("zh-CN", Language.SIMPLIFIED),
        ("zh", Language.SIMPLIFIED),
        ("zh-hans-cn", Language.SIMPLIFIED),
        ("zh-hant", Language.TRADITIONAL),
        ("zh-TW", Language.TRADITIONAL),
        ("zh_HK", Language.TRADITIONAL),
        ("en", Language.ENGLISH),
        ("en-GB", Language.ENGLISH),
        ("mn", Language.ENGLISH),
        ("zha", Language.ENGLISH),  # Zhuang is no Chinese
        (None, Language.SIMPLIFIED),
        ("", Language.SIMPLIFIED),
    ],
)
def test_telegrams_language_decides_which_is_spoken(code: str | None, language: Language) -> None:
    assert language_of_code(code) is language


def test_a_day_is_said_as_the_language_writes_it() -> None:
    from datetime import date

    day = date(2022, 6, 30)
    assert [texts_of(language).say_day(day) for language in Language] == [
        *("2022年6月30日", "2022年6月30日", "30 June 2022")
    ]
