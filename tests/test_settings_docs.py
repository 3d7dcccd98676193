"""The tables of settings list every setting, once, with its default."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
FIELDS = {str(field.alias): field for field in Settings.model_fields.values()}
SECRETS = {name for name, field in FIELDS.items() if "SecretStr" in str(field.annotation)}
PAGES = pytest.mark.parametrize("page", ["settings.md", "settings.zh-CN.md"])


def text_of(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def rows(page: str) -> list[tuple[str, str]]:
    """Each setting of the tables with what stands in the column of defaults."""
    return re.findall(r"^\| `([A-Z_]+)` \|.*\| ([^|]+) \|$", text_of(page), flags=re.MULTILINE)


@PAGES
def test_every_setting_has_one_row(page: str) -> None:
    assert sorted(name for name, _ in rows(page)) == sorted(FIELDS)


@PAGES
def test_the_example_lists_the_same_settings(page: str) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert {name for name, _ in rows(page)} == set(re.findall(r"^# ([A-Z_]+)=", example, flags=re.MULTILINE))


@PAGES
def test_a_default_that_is_a_value_is_the_one_in_the_code(page: str) -> None:
    for name, shown in rows(page):
        default = FIELDS[name].default
        if default is None or default is PydanticUndefined:
            assert not shown.startswith("`"), name
        else:
            value = f"{default:g}" if isinstance(default, float) else str(default)
            assert shown.startswith(f"`{value}`"), name


@PAGES
def test_the_secrets_are_named(page: str) -> None:
    head = text_of(page).partition("\n## ")[0]
    named = set(re.findall(r"`([A-Z_]+)`", head))
    assert {name for name in named if name in SECRETS} == SECRETS
    assert named - SECRETS == {"_FILE"}


def test_both_pages_have_the_same_order_and_headings() -> None:
    english, chinese = (rows(page) for page in ("settings.md", "settings.zh-CN.md"))
    assert [name for name, _ in english] == [name for name, _ in chinese]
    assert text_of("settings.md").count("\n## ") == text_of("settings.zh-CN.md").count("\n## ")
