"""Measure answers: every set and side, refusals, evidence, the seed page; compare with the committed baseline.

    python -m bench.quality SETS WORK [--seed-only] [--write] [--feedback=DIR]

SETS holds cmrc2018, dureader_demo, news20k, webqa_sample (each as `yunwen evaluate` reads them). WORK keeps their
indexes. Exits 1 if a figure is worse than bench/quality.json by more than its tolerance; --write makes what was
measured the new baseline. DIR is what `yunwen feedback export` wrote; its baseline is DIR/quality.json.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.composition import (
    compose_library,
    open_ingester,
    open_resolver,
    open_settings_encoder,
    open_settings_reranker,
    open_tokenizer,
)
from bot.progress import TerminalProgress
from bot.settings import Settings, load_settings
from embeddings import Encoder, Reranker
from retrieval import (
    Answer,
    Answerer,
    LocalIndex,
    Outcome,
    PassageIndex,
    QuestionSet,
    Side,
    Store,
    Tokenizer,
    load_questions,
    measure,
    put_corpus,
    run_queries,
    side_search,
)
from retrieval.answering.answerer import Thresholds
from retrieval.answering.searcher import fuse
from retrieval.evaluation import Retrieved, Search, answer_at, corpus_day
from retrieval.index.base import EVERYTHING, IndexStatus
from retrieval.progress import Silence
from retrieval.types import Filter, PassageScore

ROOT = Path(__file__).parent.parent
BASELINE = Path(__file__).with_name("quality.json")
SETS = ("cmrc2018", "dureader_demo", "news20k", "webqa_sample")
TOLERANCE = 0.01
"""A point: some questions change sides with the order of floating point sums."""
SEED_DAY = date(2022, 7, 1)


class Without:
    """An index that hides some passages: what remains when their articles were never there."""

    def __init__(self, index: PassageIndex) -> None:
        self._index = index
        self.hidden: frozenset[int] = frozenset()

    def search_dense(
        self, vector: NDArray[np.float32], depth: int, where: Filter = EVERYTHING
    ) -> list[PassageScore]:
        found = self._index.search_dense(vector, depth + len(self.hidden), where)
        return [each for each in found if each.passage_id not in self.hidden][:depth]

    def search_sparse(
        self, terms: Sequence[str], depth: int, where: Filter = EVERYTHING
    ) -> list[PassageScore]:
        found = self._index.search_sparse(terms, depth + len(self.hidden), where)
        return [each for each in found if each.passage_id not in self.hidden][:depth]

    def similarities(self, vector: NDArray[np.float32], passage_ids: Sequence[int]) -> dict[int, float]:
        return self._index.similarities(vector, passage_ids)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        return self._index.frequencies(terms)

    def passing(self, passage_ids: Sequence[int], where: Filter) -> frozenset[int]:
        return self._index.passing(passage_ids, where)

    @property
    def n_passages(self) -> int:
        return self._index.n_passages

    def refresh(self, *, is_whole: bool = False) -> int:
        return (
            self._index.refresh(is_whole=is_whole) + 1
        )  # what is hidden may be another than before: no answer may be remembered

    def status(self) -> IndexStatus:
        return self._index.status()

    def save(self) -> None:
        self._index.save()


def measure_set(
    folder: Path, work: Path, settings: Settings, encoder: Encoder, tokenizer: Tokenizer
) -> dict[str, float]:
    store = Store.open(f"sqlite:///{(work / 'evaluation.db').absolute()}")
    resolver = open_resolver(settings, tokenizer)
    if not store.encoder:
        store.set_encoder(encoder.fingerprint, encoder.name)
    ingester = open_ingester(store, encoder, tokenizer, resolver)
    record_ids = put_corpus(folder / "corpus.jsonl", ingester, store, Silence())
    index = LocalIndex(store, work / "dense.index", encoder)
    index.save()
    answerer = Answerer(store, index, encoder, tokenizer, resolver, reranker=open_reranker_of(settings))
    questions = load_questions(folder)
    figures: dict[str, float] = {}

    def note(side: str, run: Mapping[str, Retrieved]) -> None:
        found = measure(questions, run)
        values = {"hit@1": found.hit_at_1, "MRR@10": found.mrr_at_10, "answer@1": found.answer_at_1}
        figures.update({f"{folder.name} {side} {n}": round(v, 4) for n, v in values.items() if v is not None})

    for side in Side:
        note(side.value, run_queries(questions, side_search(side, answerer, store, record_ids), Silence()))
    if folder.name == "news20k":
        note("fused only", run_queries(questions, fused_search(answerer, store, record_ids), Silence()))
        figures.update(refusals(questions, store, index, record_ids, encoder, tokenizer, settings))
    return figures


def open_reranker_of(settings: Settings) -> Reranker | None:
    with TerminalProgress() as progress:
        return open_settings_reranker(settings, progress)


def fused_search(answerer: Answerer, store: Store, record_ids: Mapping[str, str]) -> Search:
    """Both sides merged by reciprocal ranks and not rescored: what the reranker adds is the difference."""

    def search(text: str) -> Retrieved:
        dense = answerer.search_side(text, is_dense=True, depth=100)
        candidates = fuse(dense, answerer.search_side(text, is_dense=False, depth=100))
        passages = store.passages([each.passage_id for each in candidates])
        found = [passages[each.passage_id] for each in candidates]
        ids = dict.fromkeys(record_ids[passage.article_id] for passage in found)
        return Retrieved(tuple(ids), tuple(passage.text for passage in found))

    return search


def refusals(
    questions: QuestionSet,
    store: Store,
    index: PassageIndex,
    record_ids: Mapping[str, str],
    encoder: Encoder,
    tokenizer: Tokenizer,
    settings: Settings,
) -> dict[str, float]:
    """Of the questions, the share refused with their article present, and held back with it hidden."""
    hiding = Without(index)
    every = Thresholds(found=0.0, near=0.0, further=0.0)
    resolver, reranker = open_resolver(settings, tokenizer), open_reranker_of(settings)
    answerer = Answerer(store, hiding, encoder, tokenizer, resolver, reranker=reranker, bars=every)
    passages: dict[str, list[int]] = {}
    for passage_id, article_id, _ in store.passage_checksums():
        passages.setdefault(record_ids[article_id], []).append(passage_id)
    present, hidden, right, told_elsewhere = [], [], [], []
    today = corpus_day(store)
    asked = [i for i in questions.queries if i in questions.qrels]
    for query_id in asked:
        hiding.hidden = frozenset()
        answer = answerer.ask(questions.queries[query_id], today=today)
        present.append(sureness(answer))
        said = "".join(each.text for each in answer.hits[0].evidence) if answer.hits else ""
        right.append(bool(answer_at(1, [said], questions.answers.get(query_id, ()))))
        hiding.hidden = frozenset(p for i in questions.qrels[query_id] for p in passages.get(i, ()))
        other = answerer.ask(questions.queries[query_id], today=today)
        hidden.append(sureness(other))
        said = other.hits[0].passage.text if other.hits else ""
        told_elsewhere.append(bool(answer_at(1, [said], questions.answers.get(query_id, ()))))
    found, n = Thresholds().found, len(asked)
    for bar in (0.05, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7):
        refused, held = sum(s < bar for s in present) / n, sum(s < bar for s in hidden) / n
        unanswerable = [score < bar for score, told in zip(hidden, told_elsewhere, strict=True) if not told]
        print(
            f"news20k bar {bar:.2f}: refused, article present {refused:.3f}; held back, article hidden {held:.3f}, "
            f"of those that the passage shown then does not answer {sum(unanswerable) / len(unanswerable):.3f}"
        )
    unanswerable = [score < found for score, told in zip(hidden, told_elsewhere, strict=True) if not told]
    shown = [is_right for is_right, score in zip(right, present, strict=True) if score >= found]
    return {
        "news20k not refused, article present": round(sum(s >= found for s in present) / n, 4),
        "news20k held back, article hidden": round(sum(s < found for s in hidden) / n, 4),
        "news20k held back, no other article answers": round(sum(unanswerable) / len(unanswerable), 4),
        "news20k answer in the evidence of those found": round(sum(shown) / max(1, len(shown)), 4),
    }


def measure_feedback(
    folder: Path, work: Path, settings: Settings, encoder: Encoder, tokenizer: Tokenizer
) -> dict[str, float]:
    """Of what people judged: good answers still found, wrong ones no longer given, right refusals kept."""
    figures: dict[str, float] = {}
    if (folder / "queries.jsonl").stat().st_size:
        measured = measure_set(folder, work, settings, encoder, tokenizer)
        figures.update({name.replace(f"{folder.name} ", "feedback ", 1): n for name, n in measured.items()})
    store = Store.open(f"sqlite:///{(work / 'evaluation.db').absolute()}")
    if not store.encoder:
        store.set_encoder(encoder.fingerprint, encoder.name)
    resolver = open_resolver(settings, tokenizer)
    record_ids = put_corpus(
        folder / "corpus.jsonl", open_ingester(store, encoder, tokenizer, resolver), store, Silence()
    )
    index, reranker = LocalIndex(store, work / "dense.index", encoder), open_reranker_of(settings)
    answerer = Answerer(store, index, encoder, tokenizer, resolver, reranker=reranker)
    today = corpus_day(store)
    wrong = [
        not repeats(answerer.ask(str(each["text"]), today=today), each, record_ids)
        for each in json_lines(folder / "negatives.jsonl")
    ]
    kept = [
        answerer.ask(str(each["text"]), today=today).outcome is not Outcome.FOUND
        for each in json_lines(folder / "refusals.jsonl")
    ]
    if wrong:
        figures["feedback wrong answers no longer given"] = round(sum(wrong) / len(wrong), 4)
    if kept:
        figures["feedback refusals kept"] = round(sum(kept) / len(kept), 4)
    return figures


def repeats(answer: Answer, negative: Mapping[str, object], record_ids: Mapping[str, str]) -> bool:
    """Whether an answer does again what was judged wrong: says the same sentence, or refuses again."""
    is_found = answer.outcome is Outcome.FOUND
    if negative["article"] is None:
        return not is_found
    first = answer.hits[0] if is_found and answer.hits else None
    if first is None or record_ids.get(first.article.id) != negative["article"]:
        return False
    return bool(answer_at(1, [each.text for each in first.evidence], [str(e) for e in negative["evidence"]]))  # type: ignore[attr-defined]


def json_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def sureness(answer: Answer) -> float:
    """The score that decides whether an answer is found; 0 where something else decided that it is not."""
    return answer.hits[0].score if answer.outcome is Outcome.FOUND and answer.hits else 0.0


def measure_seed(
    settings: Settings, encoder: Encoder, tokenizer: Tokenizer, files: Mapping[str, Path]
) -> dict[str, float]:
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        own = settings.model_copy(update={"home": Path(folder)})
        store = Store.open(f"sqlite:///{folder}/yunwen.db")
        open_ingester(store, encoder, tokenizer, open_resolver(settings, tokenizer)).ingest([ROOT / "seeds"])
        library = compose_library(own, store, encoder, tokenizer)
        for name, path in files.items():
            records = [
                json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
            ]
            answers = {r["question"]: library.ask(r["question"], today=SEED_DAY) for r in records}
            counts = {"in the first hit": 0, "in the evidence": 0, "answered": 0, "unanswerable not found": 0}
            for record in records:
                answer = answers[record["question"]]
                is_found = answer.outcome is Outcome.FOUND
                if not record["answers"]:
                    counts["unanswerable not found"] += not is_found
                    continue
                counts["answered"] += is_found
                said = "".join(e.text for e in answer.hits[0].evidence) if answer.hits else ""
                passage = answer.hits[0].passage.text if answer.hits else ""
                counts["in the evidence"] += bool(answer_at(1, [said], record["answers"]))
                counts["in the first hit"] += bool(answer_at(1, [said + passage], record["answers"]))
            figures.update({f"{name} {what}": float(n) for what, n in counts.items()})
    return figures


def compare(figures: Mapping[str, float], baseline: Mapping[str, float]) -> list[str]:
    """Print the table; the names of figures that became worse."""
    worse = []
    for name, value in figures.items():
        before = baseline.get(name)
        is_worse = before is not None and value < before - (TOLERANCE if before <= 1 else 0)
        worse += [name] if is_worse else []
        shown = "new" if before is None else f"{value - before:+.4g}"
        print(f"{name:52} {value:9.4g}  {shown:>8}{'  WORSE' if is_worse else ''}")
    return worse


def main(arguments: list[str]) -> int:
    options = [each for each in arguments if each.startswith("--")]
    places = [Path(each) for each in arguments if not each.startswith("--")]
    sets, work = places[0], places[1]
    settings = load_settings()
    tokenizer = open_tokenizer(settings)
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    shared = sets.parent / "eval" / "seed_questions.jsonl"
    files = {"own questions": ROOT / "tests" / "data" / "seed_questions.jsonl"}
    files |= {"seed questions": shared} if shared.exists() else {}
    figures = measure_seed(settings, encoder, tokenizer, files)
    chosen = [each[7:] for each in options if each.startswith("--only=")] or SETS
    for name in chosen if "--seed-only" not in options else ():
        if (sets / name / "corpus.jsonl").exists():
            figures |= measure_set(sets / name, work / name, settings, encoder, tokenizer)
        else:
            print(f"{sets / name}: not there, left out", file=sys.stderr)
    status = settle(figures, BASELINE, "--write" in options)
    for folder in (Path(each[11:]) for each in options if each.startswith("--feedback=")):
        name = folder.resolve().name
        judged = measure_feedback(folder.resolve(), work / f"feedback-{name}", settings, encoder, tokenizer)
        status |= settle(judged, folder / "quality.json", "--write" in options)
    return status


def settle(figures: Mapping[str, float], path: Path, is_written: bool) -> int:
    """Compare with the baseline in a file, and write it if asked to; 1 if a figure is worse, else 0."""
    baseline = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"figures": {}}
    worse = compare(figures, baseline["figures"])
    if is_written:
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
        )
        document = {"measured_on": commit.stdout.strip(), "figures": {**baseline["figures"], **figures}}
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return 0
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
