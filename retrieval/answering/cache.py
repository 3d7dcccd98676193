"""Answers to questions that are asked again before anything has changed: exact, few, and gone with the next ingest."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from retrieval.answer_types import Answer

KEPT = 128


class AnswerCache:
    """The last answers by all that they depend on but the corpus. Safe for several threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._generation = 0

    @property
    def generation(self) -> int:
        """Names the state of the corpus; an answer is kept only if it is still the one that it was found in."""
        return self._generation

    def forget(self) -> None:
        """The corpus has changed."""
        with self._lock:
            self._generation += 1
            self._answers.clear()

    def __contains__(self, key: Hashable) -> bool:
        """Whether the answer to the same question is there, for now."""
        with self._lock:
            return key in self._answers

    def get(self, key: Hashable) -> Answer | None:
        """The answer given to the same question, or None."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def keep(self, key: Hashable, answer: Answer, generation: int) -> None:
        """Keep an answer found in that generation; the one not asked for longest makes room."""
        with self._lock:
            if generation == self._generation:
                self._answers[key] = answer
                while len(self._answers) > self._kept:
                    self._answers.popitem(last=False)
