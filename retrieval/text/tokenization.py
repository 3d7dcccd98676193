"""Text to search terms: folding, words and character bigrams.

Only this module knows jieba and OpenCC. Folding keeps every character's position, so an offset in folded
text is an offset in the text.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

Segment: TypeAlias = Callable[[str], list[str]]
"""Cuts a text into words whose concatenation is the text."""

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\ud7ff\ue000-\ufaff\U00020000-\U0003134f]+|[0-9a-z]+(?:\.[0-9]+)?")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


class _FoldTable(dict[int, str]):
    """Character to folded character, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character)
        if len(folded) != 1:
            folded = character
        folded = _VARIANTS.get(folded, folded)
        folded = folded.lower() if len(folded.lower()) == 1 else folded
        if _HAN.match(folded):
            simplified: str = _simplifier.convert(folded)
            folded = simplified if len(simplified) == 1 else folded
        self[code] = folded
        return folded


class _Simplifier:
    """Traditional to simplified characters, opened when first needed."""

    @cached_property
    def _converter(self) -> object:
        import opencc

        return opencc.OpenCC("t2s")

    def convert(self, text: str) -> str:
        return str(self._converter.convert(text))  # type: ignore[attr-defined]


class _Dictionary:
    """jieba's words, read once in a process: they are the same whoever asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokenizer: object = None

    def opened(self, cache: Path | None) -> object:
        """Return jieba's tokenizer; `cache` is where its prefix dictionary is kept if it is read now."""
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = self._read(cache)
            return self._tokenizer

    def _read(self, cache: Path | None) -> object:
        import logging

        import jieba

        # it reports building its dictionary as if that were news, and a disk too full to keep it with a trace
        jieba.setLogLevel(logging.CRITICAL)
        tokenizer = jieba.Tokenizer()
        if cache is not None:
            with suppress(OSError):  # kept nowhere, it is made again at each start
                cache.mkdir(parents=True, exist_ok=True)
                tokenizer.tmp_dir = str(cache)
        tokenizer.initialize()
        return tokenizer


_simplifier = _Simplifier()
_dictionary = _Dictionary()
_fold_table = _FoldTable()


_VARIANTS = dict(
    zip("〇裏峯羣啓麪綫牀爲羴姉閲朶氷甯寕敎淸冨", "零里峰群启面线床为膻姊阅朵冰宁宁教清富", strict=True)
)
"""Variant characters, as scans and old prints have them, that the converter leaves."""
_SLIP = re.compile(
    r"(?<=\d)[lio](?=[\d,.万亿千百亩元吨斤年月日号%％])|(?<![a-z])[lio](?=\d+[万亿千百亩元吨斤年月日号%％])"
)
_DIGITS = {"l": "1", "i": "1", "o": "0"}


def fold(text: str) -> str:
    """The text in half width, lower case, simplified and usual characters, each character in its old place.

    Letters that a scan took for digits among others (2O22年, l5万亩) are those.
    """
    folded = text.translate(_fold_table)
    if "l" in folded or "o" in folded or "i" in folded:
        folded = _SLIP.sub(lambda match: _DIGITS[match.group()], folded)
    return folded


def folded_head(place: str | None, title: str, section: str | None) -> str:
    """What stands above an article, folded, on one line."""
    return fold(" ".join(part for part in (place, title, section) if part))


def is_han(character: str) -> bool:
    """Whether it is a Chinese character."""
    return _HAN.match(character) is not None


class Tokenizer:
    """Cuts folded text into search terms.

    Terms are all bigrams of neighbouring Chinese characters, the words of one or of three and more
    characters that jieba finds (a word of two is its own bigram), and runs of Latin letters and digits.
    Bigrams serve because names of places and things unknown to any dictionary still match; measured in
    docs/ranking.md.
    """

    def __init__(self, cache: Path | None = None) -> None:
        """`cache` is the folder for jieba's prefix dictionary, made when missing; None: the system's."""
        self._cache = cache

    def cut(self, text: str) -> list[str]:
        """Words of the text, in order; their concatenation is the text."""
        words: list[str] = _dictionary.opened(self._cache).lcut(text, HMM=False)  # type: ignore[attr-defined]
        return words

    def cuts_word(self, text: str, at: int) -> bool:
        """Whether a place in a text, beside a Chinese character, lies within one of its words."""
        if not self._may_cut_word(text, at):
            return False
        position = 0
        for word in self.cut(text):
            if position < at < position + len(word):
                return True
            position += len(word)
        return False

    def _may_cut_word(self, text: str, at: int) -> bool:
        """Whether the dictionary has a word that would stand across a place beside Chinese characters: most places have none."""
        known: Mapping[str, int] = _dictionary.opened(self._cache).FREQ  # type: ignore[attr-defined]
        for start in range(at - 1, -1, -1):
            end = at
            while (
                end < len(text) and text[start:end] in known
            ):  # every word's beginnings are in it, worth nothing
                end += 1
                if known.get(text[start:end]):
                    return True
        return False

    def terms(self, text: str) -> list[str]:
        """Search terms of the text in order of appearance, with repetitions."""
        terms: list[str] = []
        for run in _RUN.finditer(fold(text)):
            piece = run.group()
            if not is_han(piece[0]):
                terms.append(piece)
                continue
            terms.extend(piece[i : i + 2] for i in range(len(piece) - 1))
            terms.extend(word for word in self.cut(piece) if len(word) != 2)
        return terms
