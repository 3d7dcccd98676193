"""Learn which figures are of what a question follows: `python -m bench.timelines.learn BROADCASTS LOCAL WORK [--write]`.

BROADCASTS and LOCAL are the sets that measure.py reads, WORK is where it left their libraries (WORK/broadcasts and
WORK/local). Printed are, for each file of points that were found by reading, precision and recall over it at several
likelihoods by a model of all other files. Of others (`_read`), which hold what was right among the figures that a search
had found, is only learned. --write keeps the model of all files as retrieval/timelines/likelihood.npz.

A figure is right if its time, kind and amount are those of a point, or told less exactly. Each question counts about as
much, however many figures it has. Smaller libraries are made by leaving out most of a question's articles.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.timelines.measure import POINTS, TODAY, Told, last_day, open_library, read_points
from retrieval.timelines import choosing
from retrieval.timelines.building import Gathered, Timelines, points_of
from retrieval.timelines.choosing import numbers_alone, numbers_together, of_one_family
from retrieval.timelines.likelihood import Likelihood, Trees
from retrieval.timelines.scales import base_amount

_FOUND = "_read"
"""In the name of files whose points were read among what had been found."""
_BARS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
_MOST = 60
"""Figures from which on a question's weigh less each."""
_ROUGH, _BOUND = 0.03, 0.1
"""How far, relatively, a figure may be from the one that it tells less exactly, and a bound."""
_PARTS = (0.12, 0.3, 0.5)
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its figures and points."""

    file: str
    question: str
    gathered: Gathered
    known: frozenset[Told]

    @property
    def numbers(self) -> Numbers:
        """Of each figure's own sentence."""
        return numbers_alone(self.gathered.found, self.gathered.asked.regions, self.gathered.indicator)

    @property
    def labels(self) -> Numbers:
        """1 for each figure that is right."""
        right = []
        for each in self.gathered.found:
            reading = each.reading
            when = last_day(reading.moment.exactly), reading.point_kind.value
            value, slack = float(reading.value.least), _BOUND if reading.bound else _ROUGH
            then = [float(amount) for day, kind, amount in self.known if (day, kind) == when]
            digits = len(f"{reading.value.least.normalize():f}".strip("0-"))
            right.append(
                any(
                    value == one or (abs(value - one) <= slack * abs(one) and digits < len(str(one)))
                    for one in then
                )
            )
        return np.array(right, dtype=np.float64)

    @property
    def weights(self) -> Numbers:
        """Of each figure."""
        n = len(self.gathered.found)
        return np.full(n, min(1.0, _MOST / max(n, 1)) ** 0.5)

    def part(self, seed: int) -> Example:
        """It in a smaller library."""
        found = self.gathered.found
        ids = sorted({each.article.id for each in found})
        n = max(1, int(len(ids) * _PARTS[seed % len(_PARTS)]))
        kept = set(np.random.default_rng(seed).permutation(ids)[:n])
        return replace(
            self, gathered=replace(self.gathered, found=[each for each in found if each.article.id in kept])
        )


def gather(corpus: Path, work: Path, files: Sequence[Path]) -> list[Example]:
    """The questions of files of points, with all figures that may be of them."""
    library = open_library(corpus, work)
    library.answerer.refresh()
    answerer = library.answerer
    timelines = Timelines(
        library.store, answerer.index, answerer.tokenizer, library.resolver, answerer.understanding
    )
    return [
        Example(path.name, question, timelines.gather(question, TODAY), frozenset(known))
        for path in files
        for question, known in read_points(path)
    ]


def trees_of(model: HistGradientBoostingClassifier) -> Trees:
    """What scikit-learn has learned, as arrays."""
    nodes = [predictors[0].nodes for predictors in model._predictors]
    width = max(map(len, nodes))

    def field(name: str, missing: float = 0) -> Numbers:
        filled = np.full((len(nodes), width), missing, dtype=np.float64)
        for row, each in zip(filled, nodes, strict=True):
            row[: len(each)] = each[name]
        return filled

    return Trees(
        np.where(field("is_leaf", 1) > 0, -1, field("feature_idx")).astype(np.int16),
        field("num_threshold"),
        field("left").astype(np.int16),
        field("right").astype(np.int16),
        field("value").astype(np.float32),
        float(model._baseline_prediction[0, 0]),
    )


def fit(rows: Numbers, labels: Numbers, weights: Numbers) -> Trees:
    """Small trees, many of them, each node choosing among some of the numbers: so no few of them decide alone."""
    model = HistGradientBoostingClassifier(
        max_depth=3,
        max_iter=200,
        learning_rate=0.08,
        l2_regularization=5,
        min_samples_leaf=20,
        max_features=0.3,
        early_stopping=False,
        random_state=0,
    )
    return trees_of(model.fit(rows, labels, sample_weight=weights))


def learn(examples: Sequence[Example]) -> Likelihood:
    """Both models: the second learns from what the first says of questions that it has not seen."""
    examples = [each for each in examples if each.gathered.found]
    examples += [each.part(seed) for seed, each in enumerate(examples)]
    alone = [each.numbers for each in examples]
    labels = np.concatenate([each.labels for each in examples])
    weights = np.concatenate([each.weights for each in examples])
    order = {question: number for number, question in enumerate(sorted({each.question for each in examples}))}
    half = np.concatenate([[order[each.question] % 2] * len(each.gathered.found) for each in examples])
    rows, unseen = np.vstack(alone), np.zeros(len(labels))
    for number in (0, 1):
        own = half == number
        unseen[own] = fit(rows[~own], labels[~own], weights[~own]).probabilities(rows[own])
    likely = np.split(unseen, np.cumsum([len(each) for each in alone])[:-1])
    together = [
        np.hstack([own, numbers_together(each.gathered.found, first, own, each.gathered.indicator)])
        for each, own, first in zip(examples, alone, likely, strict=True)
    ]
    return Likelihood(fit(rows, labels, weights), fit(np.vstack(together), labels, weights))


def told(example: Example, likely: Numbers, bar: float) -> set[Told]:
    """The points of an example's figures that are as likely as a bar."""
    found = zip(example.gathered.found, map(float, likely), strict=True)
    _, points = points_of(of_one_family([each for each in found if each[1] >= bar]))
    return {(last_day(p.date), p.kind.value, base_amount(str(p.value), p.unit)) for p in points}


def likelihoods(model: Likelihood, example: Example) -> Numbers:
    """Of each of an example's figures."""
    gathered = example.gathered
    if not gathered.found:
        return np.zeros(0)
    return choosing.likelihoods(gathered.found, gathered.asked.regions, gathered.indicator, model)


def report(name: str, examples: Sequence[Example], likely: Sequence[Numbers]) -> None:
    """Print precision and recall at each bar."""
    said = []
    for bar in _BARS:
        chosen = [told(each, own, bar) for each, own in zip(examples, likely, strict=True)]
        n_right = sum(len(own & each.known) for each, own in zip(examples, chosen, strict=True))
        n_told, n_known = sum(map(len, chosen)), sum(len(each.known) for each in examples)
        said.append(f"{bar}: {n_right / max(n_told, 1):.3f} ({n_right} of {n_told}), {n_right / n_known:.3f}")
    print(name, *said, sep="  ", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("broadcasts", type=Path)
    parser.add_argument("local", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folder = POINTS.parent
    files = sorted(folder.glob("points*.jsonl"))
    local = [path for path in files if path.name.startswith("points_local")]
    examples = gather(options.local, options.work / "local", local)
    examples += gather(
        options.broadcasts, options.work / "broadcasts", [path for path in files if path not in local]
    )
    of_all: list[tuple[Example, Numbers]] = []
    for path in sorted({each.file for each in examples if _FOUND not in each.file}):
        model = learn([each for each in examples if each.file != path])
        own = [each for each in examples if each.file == path]
        judged = [likelihoods(model, each) for each in own]
        report(path, own, judged)
        of_all += zip(own, judged, strict=True)
    report("all", [each for each, _ in of_all], [each for _, each in of_all])
    if options.write:
        learn(examples).save()


if __name__ == "__main__":
    main()
