"""Why a file could not be read, said in the chat's language: what the reader found is in English, for the log."""

from __future__ import annotations

import re

from bot.languages import Texts

_SIGNS = (
    r"empty|nothing to read",
    r"only headings|no article",
    r"encrypted|password",
    r"larger than|unpacks to",
    r"JSON|one object a line",
    r"UTF-8|half a character|encoding",
    r"no text|no main text|only pictures|has no text",
    r"is no date",
    r"no Word|no PDF|no RSS|damaged|taken apart|crash|unpack|corrupt",
    r"too long|takes|memory|nested",
)
"""What tells a kind of problem, in the order of `Texts.reading_problems`, whose last entry is for all others."""


def say_problem(reason: str, texts: Texts) -> str:
    """Return why something could not be read, by what the reader says of it."""
    kinds = (number for number, sign in enumerate(_SIGNS) if re.search(sign, reason))
    return texts.reading_problems[next(kinds, len(_SIGNS))]
