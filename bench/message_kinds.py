"""Fit what tells the kind of a message by its meaning: `python -m bench.message_kinds [--write]`.

It learns from the utterances of bench/utterances.jsonl, and from the questions of bench/questions, which are all questions.
Printed is, for each set of utterances that is large enough, how many of it are told by a model that has learned from the
other sets alone, and how many of 400 questions over local news are taken for something else. --write keeps the model of all
sets as embeddings/message_kinds.npz.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bench.intents import Utterance, read
from bot.composition import open_settings_encoder
from bot.progress import TerminalProgress
from bot.settings import load_settings
from embeddings import Encoder, MessageKinds
from retrieval import Tokenizer, as_written, fold
from retrieval.answering.query import clean

_HERE = Path(__file__).parent
_QUESTION, _BROWSE = "question", "browse"
_BATCH = 32
_PENALTY = 20.0
"""Inverse strength of the penalty on weights, for vectors less their mean, times `_SCALE`."""
_SCALE = 4.0
"""Vectors of texts lie close together; without their mean they are about this much too short."""
_QUESTIONS_WEIGH = 0.5
"""Each question beside an utterance: there are ten times as many."""
_SMALLEST_SET = 80
_SAID_TWICE = 2


def questions_of(folder: Path) -> list[str]:
    """Return all questions of a folder's files."""
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return list(dict.fromkeys(str(json.loads(line)["question"]) for line in lines))


def encode(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return texts' vectors as questions, made as the product makes them."""
    said = [clean(text) for text in texts]
    batches = [encoder.encode_queries(said[at : at + _BATCH]) for at in range(0, len(said), _BATCH)]
    return np.vstack(batches)


def fit(
    vectors: NDArray[np.float32], kinds: Sequence[str], questions: NDArray[np.float32], encoder: Encoder
) -> MessageKinds:
    """Return the model of some utterances and questions; it has no words yet."""
    mean = questions.mean(axis=0)
    model = LogisticRegression(C=_PENALTY, max_iter=3000)
    weighed = [1.0] * len(kinds) + [_QUESTIONS_WEIGH] * len(questions)
    rows = (np.vstack([vectors, questions]) - mean) * _SCALE
    model.fit(rows, [*kinds, *[_QUESTION] * len(questions)], sample_weight=weighed)
    weights = model.coef_.T * _SCALE
    biases = model.intercept_ - mean @ weights
    return MessageKinds(
        tuple(map(str, model.classes_)),
        weights.astype(np.float32),
        biases.astype(np.float32),
        encoder.fingerprint,
        frozenset(),
    )


def asking_words(said: Sequence[Utterance]) -> frozenset[str]:
    """Return the words of several utterances that ask for news."""
    cut = Tokenizer().cut
    n_said = Counter(
        word for each in said if each.kind == _BROWSE for word in set(cut(as_written(fold(each.says))))
    )
    return frozenset(word for word, n in n_said.items() if n >= _SAID_TWICE and len(word) > 1)


def _left_out(said: Sequence[Utterance]) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield the sets that are large enough, each with which utterances are of it."""
    sets = np.array([each.set for each in said])
    for number in sorted(set(sets.tolist())):
        if (sets == number).sum() >= _SMALLEST_SET:
            yield number, sets == number


def main() -> None:
    """Fit and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the model of all sets in embeddings/")
    options = parser.parse_args()
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(load_settings(), progress)
    said = list(read())
    kinds = np.array([each.kind for each in said])
    vectors = encode(encoder, [each.says for each in said])
    questions = encode(encoder, questions_of(_HERE / "questions"))
    local = encode(encoder, questions_of(_HERE / "local_questions"))
    print(
        "| set left out | utterances | told right | surely right | surely wrong | of 400 questions not taken for one |"
    )
    print("|---|---|---|---|---|---|")
    for number, is_left in _left_out(said):
        model = fit(vectors[~is_left], kinds[~is_left].tolist(), questions, encoder)
        likeliest = np.array(model.names)[model.probabilities(vectors[is_left]).argmax(axis=1)]
        sure = np.array([model.kind(vector) or "" for vector in vectors[is_left]])
        is_right, is_sure = sure == kinds[is_left], sure != ""
        n_lost = sum(model.kind(vector) not in (None, _QUESTION) for vector in local)
        told = (likeliest == kinds[is_left]).sum()
        wrong = (is_sure & ~is_right).sum()
        print(f"| {number} | {is_left.sum()} | {told} | {is_right.sum()} | {wrong} | {n_lost} |")
    if options.write:
        model = fit(vectors, kinds.tolist(), questions, encoder)
        words = asking_words(said)
        MessageKinds(model.names, model.weights, model.biases, model.fingerprint, words).save()


if __name__ == "__main__":
    main()
