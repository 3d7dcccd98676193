"""Division codes: they nest by prefix, 15 province, 1505 prefecture, 150524 county, 150524100 township."""

from __future__ import annotations

_LENGTHS = (2, 4, 6, 9, 12)


def code_prefix(code: str) -> str:
    """What the codes of a division and of all within it begin with: 1505 for 150500."""
    if len(code) != 6:
        return code
    return code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")


def code_range(code: str) -> tuple[str, str]:
    """The half-open range of strings that holds a division's code and all its descendants'."""
    prefix = code_prefix(code)
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def code_prefixes(code: str) -> list[str]:
    """The prefixes of a division and of all that it lies in, the largest first."""
    own = code_prefix(code)
    return [own[:length] for length in _LENGTHS if length < len(own)] + [own]
