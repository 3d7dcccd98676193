"""Expressions that are compiled when they are first used do as others do."""

import re

import pytest

from retrieval.text import expressions
from retrieval.text.expressions import compile_all, compiled_late


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is compiled from here on."""
    seen: list[str] = []
    compile_now = re.compile

    def note(pattern: str) -> re.Pattern[str]:
        seen.append(pattern)
        return compile_now(pattern)

    monkeypatch.setattr(expressions.re, "compile", note)
    monkeypatch.setattr(expressions, "_late", [])
    return seen


def test_it_is_compiled_once_and_when_it_is_first_used(compiled: list[str]) -> None:
    late = compiled_late(r"(\d+)年")
    assert (late.pattern, compiled) == (r"(\d+)年", [])
    assert late.sub(r"\1-", "2022年6月") == "2022-6月"
    assert [found.span() for found in late.finditer("2022年和2023年", 5)] == [(6, 11)]
    assert late.fullmatch("2022年6月") is None
    assert compiled == [r"(\d+)年"]


def test_all_of_them_are_compiled_where_others_are_forked_from(compiled: list[str]) -> None:
    late = [compiled_late("a"), compiled_late("b")]
    compile_all()
    assert compiled == ["a", "b"]
    assert late[1].match("b")
    assert compiled == ["a", "b"]


def test_what_a_pattern_does_not_have_it_does_not_have() -> None:
    assert not hasattr(compiled_late("a"), "nothing")
