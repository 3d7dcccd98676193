"""What messages say beside asking: of what kind they are by their meaning, which places they name, and of what they speak."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from embeddings import SURE, MessageKinds
from retrieval.answering.query import clean
from retrieval.answering.understanding import named_stretches
from retrieval.browsing.english import places_in
from retrieval.regions.resolver import Resolver
from retrieval.text.colloquial import as_written
from retrieval.text.tokenization import Tokenizer, fold

BROWSE, WATCH = "browse", "watch"
"""Kinds of messages, as `embeddings.MessageKinds` names them: they ask for news; they want to be told when there is some."""
_LONGEST = 40
"""Characters of what may be said instead of asked."""


class Messages:
    """Reads messages with a model of their kinds. Synchronous; safe for several threads."""

    def __init__(
        self,
        kinds: MessageKinds | None,
        vector_of: Callable[[str], NDArray[np.float32]],
        tokenizer: Tokenizer,
        resolver: Resolver,
    ) -> None:
        """`vector_of` gives the vectors that `kinds` reads; without kinds all messages may be questions."""
        self._kinds = kinds
        self._vector_of = vector_of
        self._tokenizer = tokenizer
        self._resolver = resolver

    def kind(self, text: str, sure: float = SURE) -> str | None:
        """Return what kind of message a text is, as `MessageKinds` names them.

        None if that is not sure, if the text is long, or has no words.
        """
        said = clean(text)
        if self._kinds is None or len(said) > _LONGEST or not any(map(str.isalnum, said)):
            return None
        return self._kinds.kind(self._vector_of(said), sure)

    def places(self, text: str) -> list[str]:
        """Return the names of places that a text holds, as they stand in it, in their order; English ones in Chinese."""
        written = as_written(fold(text))
        stretches = named_stretches(self._resolver.resolve_question(written))
        return [written[start:end] for start, end in sorted(set(stretches))] or places_in(text)

    def matter(self, text: str, kind: str) -> str:
        """Return what a message of a kind speaks of: from its first to its last word that only few such messages hold."""
        words = self._kinds.words.get(kind, frozenset()) if self._kinds else frozenset()
        written = as_written(fold(clean(text)))
        at, held = 0, []
        for word in self._tokenizer.cut(written):
            if len(word) > 1 and word not in words:
                held.append((at, at + len(word)))
            at += len(word)
        return written[held[0][0] : held[-1][1]] if held else ""
