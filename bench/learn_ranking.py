"""Learn retrieval/answering/ranking.json from sets of questions with known answers.

    python -m bench.learn_ranking collect SET WORK OUT.npz     features of each query's candidates
    python -m bench.learn_ranking learn SET.npz...             both sums, from the first set; writes the model

`collect` needs the set's index as `yunwen evaluate SET --work WORK` leaves it. Half of the first set's queries,
by a hash of their ids, are held out, all of the others are. Questions about the seed page are in none of them.

A candidate's label is 1 if it stands in a relevant article and holds an answer string, 0 if it does neither; passages that
do one of both are left out. One weighted sum is fitted to order right passages above their rivals; another, over
features of the first hit alone, to tell whether it is right, with the true articles in place and with them taken away,
which makes every question unanswerable.
"""

import json
import sys
import zlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.composition import open_resolver, open_settings_encoder, open_tokenizer
from bot.progress import TerminalProgress
from bot.settings import load_settings
from retrieval.answering.answerer import Answerer, today_at_home
from retrieval.answering.ranking import FEATURES, LEARNED, Model, load_model
from retrieval.evaluation import answer_at, load_questions
from retrieval.index.local import LocalIndex
from retrieval.reading import read_records
from retrieval.store.store import Store

ORDERING = (
    *("bm25", "coverage", "topic_coverage", "title_coverage", "word_coverage", "longest_run", "dense"),
    *("asked_kind", "is_first", "length"),
)
CONFIDING = (
    *("bm25", "coverage", "topic_coverage", "title_coverage", "word_coverage", "rarest_word", "longest_run"),
    *("dense", "asked_kind"),
)
BY_HAND = {"region": 1.0, "date": 0.5, "is_caption": -0.5}
PLOT = Path(__file__).parent.parent / "docs" / "reliability.svg"


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
        asked = answerer.understanding.understand(text, today_at_home(), None, None)
        searcher = answerer._searcher
        weights = searcher.weigh(asked.query)
        vector = encoder.encode_queries([text])[0]
        found = searcher.candidates(asked.query, asked.regions, partial(np.copy, vector), weights)
        answers = questions.answers.get(query_id, ())
        for passage, features in found:
            is_relevant = record_ids[passage.article_id] in questions.qrels[query_id]
            has_answer = bool(answer_at(1, [passage.folded], answers)) if answers else is_relevant
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
        stored = store.page_articles(f"{folder.resolve().name}/corpus.jsonl#{number // 500}")
        ids |= dict(zip(stored, (i for i, _ in records[number : number + 500]), strict=True))
    return ids


def learn(paths: list[Path]) -> None:
    sets = {path.stem: load(path) for path in paths}
    first_name, first = next(iter(sets.items()))
    order = learn_order(first)
    confidence, bias = learn_confidence(first, order)
    document = {
        "provenance": f"bench/learn_ranking.py on half of {first_name} ({int((~first['is_held_out']).sum())} questions); "
        "region, date and is_caption set by hand: the sets have too few such questions",
        "order": order | BY_HAND,
        "confidence": confidence,
        "bias": bias,
    }
    LEARNED.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    model = load_model()
    for name, data in sets.items():
        data["is_held_out"] = data["is_held_out"] | (name != first_name)
    curves = {name: report(name, data, model) for name, data in sets.items()}
    PLOT.write_text(draw(curves), encoding="utf-8")


def held_out(data: dict[str, Any]) -> Any:
    """Which candidates belong to queries that were not learned from."""
    return data["is_held_out"][data["groups"]]


def load(path: Path) -> dict[str, Any]:
    stored = np.load(path)
    return {name: stored[name] for name in stored.files}


def learn_order(data: dict[str, Any]) -> dict[str, float]:
    """Logistic regression on differences between a right passage and its hardest rivals (as RankNet, Burges 2005)."""
    columns = [FEATURES.index(name) for name in ORDERING]
    rows, labels = data["rows"], data["labels"]
    chance = np.random.default_rng(7)
    pairs = []
    for group in np.unique(data["groups"][~held_out(data)]):
        members = np.flatnonzero(data["groups"] == group)
        right, wrong = members[labels[members] == 1][:6], members[labels[members] == 0]
        if not len(right) or not len(wrong):
            continue
        hardest = [
            wrong[np.argsort(-rows[wrong, FEATURES.index(name)])[:n]]
            for name, n in (("bm25", 15), ("dense", 10))
        ]
        rivals = np.concatenate([*hardest, chance.choice(wrong, min(10, len(wrong)), replace=False)])
        pairs += [rows[one][columns] - rows[rivals][:, columns] for one in right]
    differences = np.concatenate(pairs)
    both = np.concatenate([differences, -differences])
    winners = np.r_[np.ones(len(differences)), np.zeros(len(differences))]
    fitted = LogisticRegression(C=0.01, fit_intercept=False, max_iter=1000).fit(both, winners)
    return {name: round(float(value), 3) for name, value in zip(ORDERING, fitted.coef_[0], strict=True)}


def first_hits(data: dict[str, Any], chosen: Any, values: Any) -> tuple[Any, Any]:
    """Rows of each query's first hit and whether it is right: with the truth in place, and taken away."""
    firsts, rights = [], []
    for group in np.unique(data["groups"][chosen]):
        members = np.flatnonzero((data["groups"] == group) & chosen)
        best = members[np.argmax(values[members])]
        firsts.append(best)
        rights.append(bool(data["holds"][best]))
        wrong = members[data["labels"][members] == 0]
        if len(wrong):
            firsts.append(wrong[np.argmax(values[wrong])])
            rights.append(False)
    return np.array(firsts), np.array(rights)


def learn_confidence(data: dict[str, Any], order: dict[str, float]) -> tuple[dict[str, float], float]:
    values = data["rows"][:, [FEATURES.index(name) for name in order]] @ np.array(list(order.values()))
    firsts, rights = first_hits(data, ~held_out(data), values)
    columns = [FEATURES.index(name) for name in CONFIDING]
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(data["rows"][firsts][:, columns], rights)
    weights = {name: round(float(w), 3) for name, w in zip(CONFIDING, fitted.coef_[0], strict=True)}
    return weights, round(float(fitted.intercept_[0]), 3)


def report(name: str, data: dict[str, Any], model: Model) -> list[tuple[float, float, int]]:
    """Print the held-out half's figures; return its reliability curve: mean score, share right, number."""
    rows, chosen = data["rows"], held_out(data)
    is_relevant = (data["labels"] == 1) | ((data["labels"] == -1) & ~data["holds"])
    outputs = {
        "model": rows[:, [FEATURES.index(n) for n in model.order]] @ np.array(list(model.order.values())),
        "bm25": rows[:, FEATURES.index("bm25")],
        "dense": rows[:, FEATURES.index("dense")],
    }
    for which, values in outputs.items():
        groups = np.unique(data["groups"][chosen])
        best = [(m := np.flatnonzero(data["groups"] == g))[np.argmax(values[m])] for g in groups]
        print(
            f"{name:14} {which:8} {len(groups):5} questions; first passage of a right article {is_relevant[best].mean():.3f}, "
            f"holds the answer {data['holds'][best].mean():.3f}"
        )
    firsts, rights = first_hits(data, chosen, outputs["model"])
    sums = rows[firsts][:, [FEATURES.index(n) for n in model.confidence]] @ np.array(
        list(model.confidence.values())
    )
    scores = 1 / (1 + np.exp(-(sums + model.bias)))
    for bar in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        said = scores >= bar
        precision = rights[said].mean() if said.any() else float("nan")
        recall = (rights & said).sum() / max(1, rights.sum())
        refused = (~said & ~rights).sum() / max(1, (~rights).sum())
        print(
            f"    bar {bar}: right of those given {precision:.3f}, right ones given {recall:.3f}, wrong ones held back {refused:.3f}"
        )
    print(
        f"    Brier score {np.mean((scores - rights) ** 2):.4f}, of always saying the mean {rights.mean() * (1 - rights.mean()):.4f}"
    )
    edges = np.linspace(0, 1, 11)
    bins = np.clip(np.digitize(scores, edges) - 1, 0, 9)
    return [
        (float(scores[bins == b].mean()), float(rights[bins == b].mean()), int((bins == b).sum()))
        for b in range(10)
        if (bins == b).sum() >= 5
    ]


def draw(curves: dict[str, list[tuple[float, float, int]]]) -> str:
    """A reliability plot as SVG: score across, share of right first hits up."""
    colours = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd")
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 420" font-family="sans-serif" font-size="12">',
        '<rect x="50" y="20" width="350" height="350" fill="none" stroke="#888"/>',
        '<line x1="50" y1="370" x2="400" y2="20" stroke="#bbb" stroke-dasharray="4"/>',
        '<text x="190" y="405">score</text><text x="14" y="250" transform="rotate(-90 14 250)">share right</text>',
    ]
    parts += [
        f'<text x="{45 + 350 * v}" y="386">{v}</text><text x="24" y="{374 - 350 * v}">{v}</text>'
        for v in (0, 0.5, 1)
    ]
    for number, (name, curve) in enumerate(curves.items()):
        colour = colours[number % len(colours)]
        points = " ".join(f"{50 + 350 * x:.1f},{370 - 350 * y:.1f}" for x, y, _ in curve)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{50 + 350 * x:.1f}" cy="{370 - 350 * y:.1f}" r="3" fill="{colour}"/>'
            for x, y, _ in curve
        ]
        parts.append(f'<text x="60" y="{40 + 16 * number}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    if sys.argv[1] == "collect":
        collect(*map(Path, sys.argv[2:5]))
    else:
        learn([Path(each) for each in sys.argv[2:]])
