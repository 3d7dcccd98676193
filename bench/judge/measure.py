"""What the judge does on groups it has not learnt from."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from bench.judge.groups import Group
from bench.judge.model import Judge, Pair, Pairs, best_span, compute, joined
from retrieval.text.sentences import split_sentences

_N_HUMAN = 200


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of groups."""

    first: float
    """Of groups with a right passage: it has the highest score."""
    auc: float
    """An answered question's best score is above a trap's."""
    sentence: float
    """Of right passages: the sentence of the judge's span holds the answer."""
    n_right: int
    n_traps: int

    def __str__(self) -> str:
        return (
            f"first {self.first:.3f} of {self.n_right}, AUC answered or trap {self.auc:.3f} ({self.n_traps} traps), "
            f"span's sentence {self.sentence:.3f}"
        )


def divide(groups: Sequence[Group]) -> tuple[list[Group], list[Group], list[Group]]:
    """Return the groups to learn from, our own kept for measuring, and human ones kept for it, by article."""
    learn: list[Group] = []
    own: list[Group] = []
    human: list[Group] = []
    for group in groups:
        number = zlib.crc32(group.article.encode())
        if group.source == "own" and is_own_held_out(group.article):
            own.append(group)
        elif group.source != "own" and number % 20 == 0:
            human.append(group)
        elif number % (10 if group.source == "own" else 20) and not (
            group.source == "news20k" and number % 10 == 0
        ):
            learn.append(group)
    # some of each set: they stand one behind the other in the file
    return learn, own, human[:: max(1, len(human) // _N_HUMAN)]


def is_own_held_out(article: str) -> bool:
    """Whether nothing is learnt from our questions over this article."""
    return zlib.crc32(article.encode()) % 10 == 0


def measure(judge: Judge, pairs: Pairs, pad: int, groups: Sequence[Group]) -> Figures:
    """Return the figures over groups; wrong copies are left out, as no article holds them."""
    answered: list[float] = []
    traps: list[float] = []
    n_first = n_sentence = 0
    judge.eval()
    with torch.inference_mode():
        for group in groups:
            passages = ([group.right] if group.right else []) + list(group.wrong[: group.n_near])
            made = [pairs.make(group.question, head, text) for head, text in passages]
            logits, spans = compute(judge, made, pad)
            (answered if group.right else traps).append(float(logits.max()))
            if group.right:
                n_first += int(logits.argmax()) == 0
                n_sentence += holds_answer(group, made[0], *best_span(spans[0]))
    judge.train()
    n = max(1, len(answered))
    return Figures(n_first / n, auc(answered, traps), n_sentence / n, len(answered), len(traps))


def holds_answer(group: Group, pair: Pair, first: int, last: int) -> bool:
    """Whether the sentence in which the span's middle stands holds the answer."""
    assert group.right is not None
    head, text = group.right
    start, end = pair.offsets[first][0], pair.offsets[last][1]
    middle = (start + end) // 2
    whole = joined(head, text)
    answer = text[group.start : group.end]
    return any(answer in whole[a:b] for a, b in split_sentences(whole) if a <= middle < b)


def auc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return how often a right one's score is above a wrong one's, ties a half."""
    if not right or not wrong:
        return float("nan")
    over = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return over / (len(right) * len(wrong))
