"""What each step learns from: groups drawn by weight, a few wrong passages of each, batches of like length."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bench.judge.augment import Copy
from bench.judge.groups import Group

_BATCHES_A_ROUND = 64


@dataclass(frozen=True, slots=True)
class Drawn:
    """A group with the passages chosen for one step, the right one first if there is one."""

    group: Group
    passages: tuple[Copy, ...]


class Rounds:
    """Batches of groups, the same for the same seed: each source is gone through in turn before one comes again."""

    def __init__(
        self, groups: Sequence[Group], *, own_weight: float, batch: int, n_wrong: int, seed: int
    ) -> None:
        self._batch, self._n_wrong, self._seed = batch, n_wrong, seed
        self._own = [group for group in groups if group.source == "own"]
        self._human = [group for group in groups if group.source != "own"]
        weighed = own_weight * len(self._own)
        self._n_own = round(_BATCHES_A_ROUND * batch * weighed / max(1.0, weighed + len(self._human)))

    def batches(self, number: int) -> list[list[Drawn]]:
        """Return the batches of a round."""
        chance = random.Random(f"{self._seed} {number}")
        n = _BATCHES_A_ROUND * self._batch
        groups = self._turn(self._own, number, self._n_own) + self._turn(self._human, number, n - self._n_own)
        drawn = [Drawn(group, self._passages(group, chance)) for group in groups]
        drawn.sort(key=lambda each: sum(len(text) for _, text in each.passages) / len(each.passages))
        batches = [drawn[at : at + self._batch] for at in range(0, len(drawn), self._batch)]
        chance.shuffle(batches)
        return batches

    def _turn(self, groups: Sequence[Group], number: int, n: int) -> list[Group]:
        """Return the next n groups of an order that is shuffled anew each time it is through."""
        out: list[Group] = []
        at = number * n
        while groups and len(out) < n:
            lap, place = divmod(at + len(out), len(groups))
            order = list(range(len(groups)))
            random.Random(f"{self._seed} lap {lap}").shuffle(order)
            out += [groups[index] for index in order[place : place + n - len(out)]]
        return out

    def _passages(self, group: Group, chance: random.Random) -> tuple[Copy, ...]:
        """Return the right passage, one of the hardest wrong ones, a wrong copy if there is one, and others."""
        near, made = list(group.wrong[: group.n_near]), list(group.wrong[group.n_near :])
        chosen = [chance.choice(near[:3])] if near else []
        if made:
            chosen.append(chance.choice(made))
        rest = [each for each in (*near, *made) if each not in chosen]
        chance.shuffle(rest)
        chosen += rest[: max(0, self._n_wrong - len(chosen))]
        return (*([group.right] if group.right else []), *chosen[: self._n_wrong])
