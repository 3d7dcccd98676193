"""Fit what tells the kind of a message by its meaning: `python -m bench.message_kinds [--write]`.

It learns from the utterances of bench/utterances.jsonl, and from the questions of bench/questions, which are all questions.
Printed is, for each set of utterances that is large enough, how many of it the bot understands by its tables alone and with a
model that has learned from the other sets, and how many of 400 questions over local news that takes for something else.
--write keeps the model of all
sets as embeddings/message_kinds.npz.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bench.intents import Listener, Utterance, is_understood, read
from bot.composition import open_settings_encoder
from bot.progress import TerminalProgress
from bot.settings import load_settings
from embeddings import Encoder, MessageKinds
from retrieval import Tokenizer, as_written, fold
from retrieval.answering.query import clean
from retrieval.browsing import BROWSE, WATCH

_HERE = Path(__file__).parent
_QUESTION = "question"
_BATCH = 32
_PENALTY = 20.0
"""Inverse strength of the penalty on weights, for vectors less their mean, times `_SCALE`."""
_SCALE = 4.0
"""Vectors of texts lie close together; without their mean they are about this much too short."""
_QUESTIONS_WEIGH = 0.1
"""Each question beside an utterance: there are many more, and all of one kind."""
_SMALLEST_SET = 80
_NOTHING_KNOWN = MessageKinds(
    (_QUESTION,), np.zeros((384, 1), dtype=np.float32), np.zeros(1, dtype=np.float32), "", {}
)
"""Takes all for questions: what is understood then, tables understand."""
_SAID_OFTEN, _SAID_TWICE = 5, 2


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
        {},
    )


def words_of(kind: str, said: Sequence[Utterance]) -> frozenset[str]:
    """Return the words that many utterances of a kind hold, or several that speak of nothing (commands, courtesies).

    Fewer of a kind may well speak of the same thing.
    """
    cut = Tokenizer().cut
    n_said: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for each in said:
        if each.kind == kind or each.kind not in (_QUESTION, BROWSE, WATCH):
            n_said[each.kind == kind].update(set(cut(as_written(fold(each.says)))))
    least = {True: _SAID_OFTEN, False: _SAID_TWICE}
    words = (
        word for is_kind, counted in n_said.items() for word, n in counted.items() if n >= least[is_kind]
    )
    return frozenset(word for word in words if len(word) > 1)


def with_words(model: MessageKinds, said: Sequence[Utterance]) -> MessageKinds:
    """Return a model with the words of those kinds of which the matter is looked for."""
    return replace(model, words={kind: words_of(kind, said) for kind in (BROWSE, WATCH)})


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
        "| set left out | utterances | understood by tables | by both | of 400 questions not taken for one |"
    )
    print("|---|---|---|---|---|")
    for number, is_left in _left_out(said):
        known = [each for each in said if each.set != number]
        model = with_words(fit(vectors[~is_left], kinds[~is_left].tolist(), questions, encoder), known)
        left = [each for each in said if each.set == number]
        n_understood = [
            sum(is_understood(each, listener.hear(each.says)) for each in left)
            for listener in (Listener(encoder, _NOTHING_KNOWN), Listener(encoder, model))
        ]
        n_lost = sum(model.kind(vector) not in (None, _QUESTION) for vector in local)
        print(f"| {number} | {len(left)} | {n_understood[0]} | {n_understood[1]} | {n_lost} |", flush=True)
    if options.write:
        with_words(fit(vectors, kinds.tolist(), questions, encoder), said).save()


if __name__ == "__main__":
    main()
