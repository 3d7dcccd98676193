"""Regular expressions that are compiled when they are first used: most commands read no page and need none of a reader's."""

from __future__ import annotations

import re
from typing import Any, cast

_USED = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn")
_late: list[_LateExpression] = []


class _LateExpression:
    """Stands for a pattern; once one of its methods is asked for they are the compiled pattern's own."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        _late.append(self)

    def __getattr__(self, name: str) -> Any:
        if name not in _USED:
            raise AttributeError(name)
        self.compile()
        return self.__dict__[name]

    def compile(self) -> None:
        """Compile it now."""
        compiled = re.compile(self.pattern)
        self.__dict__.update((name, getattr(compiled, name)) for name in _USED)


def compiled_late(pattern: str) -> re.Pattern[str]:
    """Return what does as `re.compile(pattern)` does, and costs nothing until it is used."""
    return cast("re.Pattern[str]", _LateExpression(pattern))


def compile_all() -> None:
    """Compile every such expression of the modules imported so far, as a process does that others are forked from."""
    for each in _late:
        each.compile()
