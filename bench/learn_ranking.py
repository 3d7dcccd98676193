"""Learn retrieval/ranking.json from sets of questions with known answers.

    python bench/learn_ranking.py collect SET WORK OUT.npz     features of each query's candidates
    python bench/learn_ranking.py learn TRAIN.npz TEST.npz...   trees and calibration; writes the model

`collect` needs the set's index as `yunwen evaluate SET --work WORK` leaves it. Half of the training set's queries, by a
hash of their ids, are held out; all of the test sets are. Questions about the seed page are in none of them.

A candidate's label is 1 if it stands in a relevant article and holds an answer string, 0 if it does neither; passages of
a relevant article without the answer are left out. The trees rank; a logistic curve over their output is then fitted
to whether the first hit is right, with the true articles in place and with them taken away (which makes every question
unanswerable), so that the score is a probability.
"""

import json
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from bot.composition import open_resolver, open_settings_encoder, open_tokenizer
from bot.progress import TerminalProgress
from bot.settings import load_settings
from retrieval.answering import Answerer, today_at_home
from retrieval.evaluation import answer_at, load_questions
from retrieval.index.local import LocalIndex
from retrieval.ranking import FEATURES, LEARNED, describe
from retrieval.reading import read_records
from retrieval.store import Store

N_TREES, DEPTH, RATE, SMALLEST_LEAF = 120, 4, 0.08, 30


def collect(folder: Path, work: Path, out: Path) -> None:
    settings = load_settings()
    tokenizer = open_tokenizer(settings)
    resolver = open_resolver(settings, tokenizer)
    store = Store.open(f"sqlite:///{work.absolute() / 'evaluation.db'}")
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    index = LocalIndex(store, work / "dense.index", encoder)
    answerer = Answerer(store, index, encoder, tokenizer, resolver)
    questions = load_questions(folder)
    record_ids = stored_ids(folder, store)
    rows, labels, groups, queries, holds = [], [], [], [], []
    for number, (query_id, text) in enumerate(questions.queries.items()):
        if query_id not in questions.qrels:
            continue
        asked = answerer._understand(text, today_at_home(), None, None)
        considered, weights = answerer._candidates(asked, encoder.encode_queries([text])[0])
        answers = questions.answers.get(query_id, ())
        for each, features in zip(considered, describe(considered, asked.query, weights), strict=True):
            is_relevant = record_ids[each.article.id] in questions.qrels[query_id]
            has_answer = bool(answer_at(1, [each.passage.text], answers)) if answers else is_relevant
            rows.append([features[name] for name in FEATURES])
            labels.append(1 if is_relevant and has_answer else -1 if is_relevant or has_answer else 0)
            holds.append(has_answer)
            groups.append(number)
        queries.append(query_id)
    np.savez_compressed(
        out,
        rows=np.array(rows, dtype=np.float32),
        labels=np.array(labels),
        holds=np.array(holds),
        groups=np.array(groups),
        is_held_out=np.array([zlib.crc32(i.encode()) % 2 == 0 for i in questions.queries]),
        features=np.array(FEATURES),
    )
    print(out, len(queries), "queries", len(rows), "candidates")


def stored_ids(folder: Path, store: Store) -> dict[str, str]:
    ids: dict[str, str] = {}
    records = list(read_records(folder / "corpus.jsonl"))
    for number in range(0, len(records), 500):
        path = folder / f"corpus.jsonl#{number // 500}"
        stored = store.page_articles(str(path.absolute()))
        ids |= dict(zip(stored, (i for i, _ in records[number : number + 500]), strict=True))
    return ids


def learn(train: Path, tests: list[Path]) -> None:
    from sklearn.ensemble import GradientBoostingClassifier

    data = np.load(train)
    held_out = data["is_held_out"][data["groups"]]
    used = (~held_out) & (data["labels"] >= 0)
    model = GradientBoostingClassifier(
        n_estimators=N_TREES,
        max_depth=DEPTH,
        learning_rate=RATE,
        subsample=0.7,
        min_samples_leaf=SMALLEST_LEAF,
        random_state=7,
    )
    model.fit(data["rows"][used], data["labels"][used])
    document = as_document(model)
    slope, offset = calibrate(data, ~held_out, document)
    document |= {
        "provenance": f"learned by bench/learn_ranking.py from half of {train.stem} "
        f"({len(np.unique(data['groups'][~held_out]))} questions, {int(used.sum())} candidates)",
        "slope": round(slope, 4),
        "offset": round(offset, 4),
    }
    LEARNED.write_text(
        json.dumps(document, ensure_ascii=False, indent=None, separators=(",", ":")), encoding="utf-8"
    )
    report(train.stem + " held out", data, held_out, document)
    for test in tests:
        other = np.load(test)
        report(test.stem, other, np.ones(len(other["labels"]), dtype=bool), document)


def as_document(model: Any) -> dict[str, Any]:
    """The trees as lists; a node is [feature, threshold, left, right, value], a leaf has feature -1."""
    trees = []
    for (estimator,) in model.estimators_:
        tree = estimator.tree_
        values = tree.value.reshape(-1) * model.learning_rate
        trees.append(
            [
                [int(f) if f >= 0 else -1, round(float(t), 5), int(a), int(b), round(float(v), 5)]
                for f, t, a, b, v in zip(
                    tree.feature, tree.threshold, tree.children_left, tree.children_right, values, strict=True
                )
            ]
        )
    prior = float(model.init_.class_prior_[1])
    return {"features": list(FEATURES), "bias": round(float(np.log(prior / (1 - prior))), 5), "trees": trees}


def outputs(document: dict[str, Any], rows: Any) -> Any:
    from retrieval.ranking import TreeModel

    model = TreeModel.from_document(document | {"slope": 1.0, "offset": 0.0})
    return np.array([model.output(dict(zip(FEATURES, map(float, row), strict=True))) for row in rows])


def first_hits(data: Any, chosen: Any, values: Any) -> tuple[Any, Any]:
    """For each query its first hit's output and whether it is right, with the truth in place and taken away."""
    scores, rights = [], []
    for group in np.unique(data["groups"][chosen]):
        members = np.flatnonzero((data["groups"] == group) & chosen)
        best = members[np.argmax(values[members])]
        scores.append(values[best])
        rights.append(bool(data["holds"][best]) and data["labels"][best] != 0)
        wrong = members[(data["labels"][members] == 0)]
        if len(wrong):
            scores.append(values[wrong[np.argmax(values[wrong])]])
            rights.append(False)
    return np.array(scores), np.array(rights)


def calibrate(data: Any, chosen: Any, document: dict[str, Any]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    values = outputs(document, data["rows"])
    scores, rights = first_hits(data, chosen, values)
    curve = LogisticRegression().fit(scores[:, None], rights)
    return float(curve.coef_[0][0]), float(curve.intercept_[0])


def report(name: str, data: Any, chosen: Any, document: dict[str, Any]) -> None:
    values = outputs(document, data["rows"])
    ranked = {"trees": values}
    for side in ("bm25", "dense"):
        ranked[side] = data["rows"][:, FEATURES.index(side)]
    for which, scores in ranked.items():
        n_hit = n_answer = n = 0
        for group in np.unique(data["groups"][chosen]):
            members = np.flatnonzero((data["groups"] == group) & chosen)
            best = members[np.argmax(scores[members])]
            n += 1
            n_hit += data["labels"][best] == 1 or (data["labels"][best] == -1 and not data["holds"][best])
            n_answer += bool(data["holds"][best])
        print(f"{name:24} {which:6} n {n:5} article@1 {n_hit / n:.3f} answer@1 {n_answer / n:.3f}")
    scores, rights = first_hits(data, chosen, values)
    probability = 1 / (1 + np.exp(-(document["slope"] * scores + document["offset"])))
    brier = float(np.mean((probability - rights) ** 2))
    for bar in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        said = probability >= bar
        precision = rights[said].mean() if said.any() else float("nan")
        print(
            f"    bar {bar}: said {said.mean():.3f}, right of these {precision:.3f}, found of the findable {(rights & said).sum() / max(1, rights.sum()):.3f}"
        )
    print(f"    Brier {brier:.4f}")


if __name__ == "__main__":
    if sys.argv[1] == "collect":
        collect(*map(Path, sys.argv[2:5]))
    else:
        learn(Path(sys.argv[2]), [Path(each) for each in sys.argv[3:]])
