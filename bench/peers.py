"""yunwen and its peers side by side: the same passages, vectors, encoder, questions and machine, in one run.

    python bench/peers.py SET VECTORS [--questions N] [--systems NAME...]

SET is a folder with corpus.jsonl, queries.jsonl, qrels.tsv and answers.jsonl; VECTORS the evaluation.db that
`yunwen evaluate SET --work …` leaves. The peers, and how to install them, are in bench/peers.txt. Every system runs in a
process of its own, one after the other; passages are cut by yunwen and their stored vectors handed over, so building
takes no encoding. Peers get jieba's words: through a tokenizer where they take one (LangChain), else in texts and
questions cut beforehand, which is timed with the question.
"""

import argparse
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.update(
    {
        "HF_HUB_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "LANGCHAIN_TRACING_V2": "false",
        "TOKENIZERS_PARALLELISM": "false",
        "TQDM_DISABLE": "1",
    }
)
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402

from bench import setting  # noqa: E402
from embeddings import open_encoder  # noqa: E402
from retrieval import Store, Tokenizer  # noqa: E402
from retrieval.evaluation import Retrieved, answer_at, load_questions, measure  # noqa: E402
from retrieval.ingestion import passage_header  # noqa: E402
from retrieval.types import Outcome  # noqa: E402

_K = 10
"""Hits taken from each side and in the end, which is what the peers' own examples take or more."""
_WARM_UP = 20
_SLICE = 50
"""Questions that one system is asked before the next one's turn: a noisy minute falls on all."""

Search = Callable[[str], list[int]]
"""A question to passage ids, best first."""
Take = Callable[[Callable[[str], Any], Any], dict[str, Any]]
"""Ask a system all questions, beside the encoder alone."""


class Vectors:
    """The one encoder, with the stored vectors at hand for as long as a peer builds."""

    def __init__(self, encoder: Any) -> None:
        self.encoder = encoder
        self.stored: dict[str, Any] = {}

    def passages(self, texts: Sequence[str]) -> Any:
        return np.stack([self.stored[text] for text in texts])

    def query(self, text: str) -> Any:
        return self.encoder.encode_queries([text])[0]


class Passages:
    """Ids, texts with their header, and vectors of all passages of a store."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        store = Store.open(f"sqlite:///{folder.absolute() / 'evaluation.db'}")
        vectors: dict[int, Any] = {}
        for ids, rows in store.all_vectors(fingerprint)[1]:
            vectors.update(zip(ids.tolist(), rows, strict=True))
        passages = store.passages(list(vectors))
        articles = store.articles({passage.article_id for passage in passages.values()})
        headers = {i: passage_header(article) for i, article in articles.items()}
        self.ids = sorted(passages)
        self.texts = [f"{headers[passages[i].article_id]}\n{passages[i].text}".strip() for i in self.ids]
        self.vectors = np.stack([vectors[i] for i in self.ids])


def cut(tokenizer: Tokenizer) -> Callable[[str], list[str]]:
    """Words by jieba without white space and punctuation."""
    return lambda text: [word for word in tokenizer.cut(text.lower()) if any(map(str.isalnum, word))]


# --------------------------------------------------------------------------------------------- the systems


def open_txtai(passages: Passages, vectors: Vectors, words: Callable[[str], list[str]]) -> Search:
    """txtai: hybrid, neuml.github.io/txtai/embeddings/configuration: `hybrid`, external vectors, bm25 with terms."""
    from txtai import Embeddings

    def transform(texts: list[Any]) -> Any:
        return np.stack(
            [
                vectors.stored.get(text, None) if text in vectors.stored else vectors.query(text)
                for text in texts
            ]
        )

    embeddings = Embeddings(
        method="external",
        transform=transform,
        hybrid=True,
        scoring={"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"whitespace": True}},
    )
    spaced = [" ".join(words(text)) for text in passages.texts]
    vectors.stored = dict(zip(spaced, passages.vectors, strict=True))
    embeddings.index(zip(passages.ids, spaced, [None] * len(spaced), strict=True))
    asked: dict[str, str] = {}

    def ask(question: str) -> list[int]:
        # its two sides take one text: the encoder is given the question as it was typed
        spaced_question = " ".join(words(question))
        asked[spaced_question] = question
        return [int(i) for i, _ in embeddings.search(spaced_question, _K)]

    real = vectors.query
    vectors.query = lambda text: real(asked.get(text, text))  # type: ignore[method-assign]
    return ask


def open_langchain(passages: Passages, vectors: Vectors, words: Callable[[str], list[str]]) -> Search:
    """LangChain: EnsembleRetriever of BM25Retriever (preprocess_func) and FAISS, equal weights."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    class Same(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return vectors.passages(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return vectors.query(text).tolist()

    metadatas = [{"id": i} for i in passages.ids]
    sparse = BM25Retriever.from_texts(passages.texts, metadatas, preprocess_func=words, k=_K)
    pairs = zip(passages.texts, passages.vectors, strict=True)
    dense = FAISS.from_embeddings(list(pairs), Same(), metadatas)
    retriever = EnsembleRetriever(
        retrievers=[sparse, dense.as_retriever(search_kwargs={"k": _K})], weights=[0.5, 0.5]
    )
    return lambda question: [document.metadata["id"] for document in retriever.invoke(question)][:_K]


def open_haystack(passages: Passages, vectors: Vectors, words: Callable[[str], list[str]]) -> Search:
    """Haystack: the hybrid retrieval tutorial's pipeline, without a ranker; its store takes a regex only."""
    from haystack import Document, Pipeline, component
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    @component
    class QueryEmbedder:
        @component.output_types(embedding=list[float])
        def run(self, text: str) -> dict[str, Any]:
            return {"embedding": vectors.query(text).tolist()}

    store = InMemoryDocumentStore(
        bm25_tokenization_regex=r"(?u)\S+", embedding_similarity_function="cosine", return_embedding=False
    )
    store.write_documents(
        [
            Document(id=str(i), content=" ".join(words(text)), embedding=vector.tolist())
            for i, text, vector in zip(passages.ids, passages.texts, passages.vectors, strict=True)
        ]
    )
    pipeline = Pipeline()
    pipeline.add_component("embedder", QueryEmbedder())
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=_K))
    pipeline.add_component("sparse", InMemoryBM25Retriever(store, top_k=_K))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=_K))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("sparse", "joiner")

    def ask(question: str) -> list[int]:
        found = pipeline.run({"embedder": {"text": question}, "sparse": {"query": " ".join(words(question))}})
        return [int(document.id) for document in found["joiner"]["documents"]]

    return ask


def open_llamaindex(passages: Passages, vectors: Vectors, words: Callable[[str], list[str]]) -> Search:
    """LlamaIndex: QueryFusionRetriever (reciprocal_rerank, no generated queries) of FAISS and BM25Retriever."""
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    class Same(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return vectors.query(asked.get(query, query)).tolist()

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return vectors.stored[text].tolist()

    asked: dict[str, str] = {}
    nodes = [
        TextNode(id_=str(i), text=" ".join(words(text)), embedding=vector.tolist())
        for i, text, vector in zip(passages.ids, passages.texts, passages.vectors, strict=True)
    ]
    storage = StorageContext.from_defaults(
        vector_store=FaissVectorStore(faiss.IndexFlatIP(passages.vectors.shape[1]))
    )
    index = VectorStoreIndex(nodes, storage_context=storage, embed_model=Same())
    bare = [TextNode(id_=node.node_id, text=node.text) for node in nodes]
    sparse = BM25Retriever.from_defaults(
        nodes=bare, similarity_top_k=_K, language="zh", skip_stemming=True, token_pattern=r"(?u)\S+"
    )
    retriever = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=_K), sparse],
        llm=MockLLM(),
        similarity_top_k=_K,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
    )

    def ask(question: str) -> list[int]:
        spaced = " ".join(words(question))
        asked[spaced] = question
        return [int(found.node.node_id) for found in retriever.retrieve(spaced)]

    return ask


PEERS = {
    "txtai": open_txtai,
    "langchain": open_langchain,
    "haystack": open_haystack,
    "llamaindex": open_llamaindex,
}
SYSTEMS = ("yunwen", *PEERS, *(f"{name}+torch" for name in PEERS))
"""With `+torch` a peer's questions are encoded as its documentation has it: sentence-transformers on torch, 32 bits."""
PACKAGES = {
    "txtai": "txtai",
    "langchain": "langchain-classic",
    "haystack": "haystack-ai",
    "llamaindex": "llama-index-core",
    "yunwen": "yunwen",
}


# ------------------------------------------------------------------------------------------------- one run


def run_peer(name: str, work: Path, take: Take) -> dict[str, Any]:
    name, _, backend = name.partition("+")
    encoder = open_encoder(cache=setting.load_settings().cache / "models", backend=backend or None)
    encoder.encode_queries(["预热"])
    tokenizer = Tokenizer(setting.load_settings().cache / "jieba")
    words = cut(tokenizer)
    words("预热")
    before = setting.rss()
    passages = Passages(work, encoder.fingerprint)
    vectors = Vectors(encoder)
    vectors.stored = dict(zip(passages.texts, passages.vectors, strict=True))
    started = time.perf_counter()
    search = PEERS[name](passages, vectors, words)
    built = time.perf_counter() - started
    vectors.stored = {}
    del passages
    raw = take(search, encoder)
    return raw | {"build": built, "rss": setting.rss() - before}


def run_yunwen(folder: Path, vectors: Path, take: Take) -> dict[str, Any]:
    encoder = setting.open_encoder()
    encoder.encode_queries(["预热"])
    tokenizer = Tokenizer(setting.load_settings().cache / "jieba")
    tokenizer.cut("预热")
    before = setting.rss()
    with tempfile.TemporaryDirectory() as built_in:
        started = time.perf_counter()
        setting.build_store(folder / "corpus.jsonl", vectors, Path(built_in), encoder)
        built = time.perf_counter() - started
        parts = setting.open_parts(Path(built_in), encoder)
        raw = take(parts.answerer.ask, encoder)
        used = setting.rss() - before
        answers = raw.pop("found")
        ranked = [parts.answerer.rank(answer.question) for answer in answers]
    return raw | {
        "build": built,
        "rss": used,
        "hits": [[(hit.article.id, hit.passage.text) for hit in answer.hits] for answer in answers],
        "ranked": [[(hit.article.id, hit.passage.text) for hit in hits] for hits in ranked],
        "outcomes": {each.value: sum(answer.outcome is each for answer in answers) for each in Outcome},
    }


def ask_in_turn(
    texts: list[str], search: Callable[[str], Any], encoder: Any, seconds: float
) -> dict[str, Any]:
    """Ask slice by slice, whenever a line comes on stdin; the encoder alone is timed behind each question.

    A system that has spent its seconds is asked no more; the table says how many questions it got.
    """
    for text in texts[:_WARM_UP]:  # asked otherwise, so that nobody remembers an answer
        search(f"请问{text}")
    print("ready", flush=True)
    found: list[Any] = []
    delays: list[float] = []
    encoding: list[float] = []
    while len(found) < len(texts) and sum(delays) < seconds * 1000:
        sys.stdin.readline()
        for text in texts[len(found) : len(found) + _SLICE]:
            delays += setting.timed([lambda: found.append(search(text))])  # noqa: B023
            encoding += setting.timed([lambda: encoder.encode_queries([text])])  # noqa: B023
        print("ready", flush=True)
    return {"found": found, "delays": delays, "encoding": encoding}


def child(name: str, options: argparse.Namespace) -> None:
    logging.disable(logging.WARNING)
    questions = load_questions(options.folder)
    chosen = dict(list(questions.queries.items())[: options.questions])
    questions = type(questions)(chosen, questions.qrels, questions.answers)
    texts = list(chosen.values())
    records = json.loads((options.work / "records.json").read_text())

    def take(search: Callable[[str], Any], encoder: Any) -> dict[str, Any]:
        return ask_in_turn(texts, search, encoder, options.seconds)

    if name == "yunwen":
        raw = run_yunwen(options.folder, options.vectors, take)
        hits = raw["hits"]
    else:
        raw = run_peer(name, options.work, take)
        store = Store.open(f"sqlite:///{options.work.absolute() / 'evaluation.db'}")
        by_id = store.passages({i for found in raw["found"] for i in found})
        hits = [[(by_id[i].article_id, by_id[i].text) for i in found] for found in raw["found"]]
    chosen = dict(list(chosen.items())[: len(hits)])
    questions = type(questions)(chosen, questions.qrels, questions.answers)
    result = {
        "questions": len(hits),
        "version": setting.version(PACKAGES[name.partition("+")[0]]),
        "build_s": round(raw["build"], 1),
        "rss_mb": round(raw["rss"]),
        "ms": setting.quantiles(raw["delays"]),
        "encoder_ms": setting.quantiles(raw["encoding"]),
        "over_encoder": round(float(np.median(raw["delays"]) / np.median(raw["encoding"])), 2),
    } | score(questions, chosen, hits, records)
    if name == "yunwen":
        result["ranking_alone"] = score(questions, chosen, raw["ranked"], records)
        result["outcomes"] = raw["outcomes"]
    options.out.write_text(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)  # not what is measured: some peers take long to let go of their memory


def score(questions: Any, chosen: dict[str, str], hits: list[Any], records: dict[str, str]) -> dict[str, Any]:
    run = {
        i: Retrieved(
            tuple(dict.fromkeys(records[article] for article, _ in found)), tuple(text for _, text in found)
        )
        for i, found in zip(chosen, hits, strict=True)
    }
    metrics = measure(questions, run)
    whole = [answer_at(1, run[i].passages, questions.answers[i]) for i in chosen if questions.answers.get(i)]
    return {
        "hit_at_1": round(metrics.hit_at_1 or 0.0, 4),
        "hit_at_5": round(metrics.hit_at_5 or 0.0, 4),
        "answer_at_1": round(float(np.mean(whole)), 4) if whole else None,
        "answer_at_3": round(metrics.answer_at_3 or 0.0, 4),
    }


def start(name: str, options: argparse.Namespace, work: Path, scratch: Path) -> subprocess.Popen[str]:
    """Build one system in a process of its own; returns when it is ready to be asked."""
    command = [sys.executable, __file__, str(options.folder), str(options.vectors), "--work", str(work)]
    command += [
        "--questions",
        str(options.questions),
        "--seconds",
        str(options.seconds),
        "--one",
        name,
        "--out",
        str(scratch / f"{name}.json"),
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    pause(process)
    print(f"{name} is built", file=sys.stderr, flush=True)
    return process


def tell(process: subprocess.Popen[str], line: str) -> None:
    if process.poll() is None and process.stdin:
        process.send_signal(signal.SIGCONT)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            pause(process)


def pause(process: subprocess.Popen[str]) -> None:
    """Read on until the process says that it is ready, and halt it, or until it is gone.

    Halted, as some go on working in the background, which whoever is asked next would be slowed by.
    """
    for line in process.stdout or ():
        if line == "ready\n":
            process.send_signal(signal.SIGSTOP)
            return


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--questions", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=300.0, help="asking time a system gets")
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=SYSTEMS)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--one", choices=SYSTEMS, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        child(options.one, options)
        return
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        records = setting.build_store(
            options.folder / "corpus.jsonl", options.vectors, work, setting.open_encoder()
        )
        (work / "records.json").write_text(json.dumps(records))
        running = {name: start(name, options, work, Path(scratch)) for name in options.systems}
        n_slices = -(-min(options.questions, len(load_questions(options.folder).queries)) // _SLICE)
        for _ in range(n_slices):
            for process in running.values():
                tell(process, "go")
        for name, process in running.items():
            process.send_signal(signal.SIGCONT)
            process.wait()
            out = Path(scratch) / f"{name}.json"
            results[name] = json.loads(out.read_text()) if out.exists() else {"failed": process.returncode}
        n = len(Store.open(f"sqlite:///{work.absolute() / 'evaluation.db'}").passage_checksums())
    report(results, options, n)


def report(results: dict[str, Any], options: argparse.Namespace, n_passages: int) -> None:
    header = [
        "system",
        "version",
        "asked",
        "p50 ms",
        "p95",
        "p99",
        "x encoder",
        "hit@1",
        "hit@5",
        "answer@1",
        "answer@3",
    ]
    rows: list[list[object]] = [[*header, "build s", "RSS MB"]]
    done = {name: each for name, each in results.items() if "ms" in each}
    for name, each in done.items():
        rows.append(
            [name, each["version"], each["questions"], *(f"{value:.1f}" for value in each["ms"].values())]
            + [f"{each['over_encoder']:.2f}"]
            + [f"{each[key]:.4f}" for key in ("hit_at_1", "hit_at_5", "answer_at_1", "answer_at_3")]
            + [each["build_s"], each["rss_mb"]]
        )
    n_questions = min(options.questions, len(load_questions(options.folder).queries))
    print(
        f"{options.folder.name}: {n_passages} passages, {n_questions} questions, k {_K}; RSS above imports and encoder"
    )
    print(setting.table(rows))
    document: dict[str, Any] = {"passages": n_passages, "questions": n_questions, "systems": results}
    peers = {name: each for name, each in done.items() if name != "yunwen"}
    if peers and "yunwen" in done:
        complete = {name: each for name, each in peers.items() if each["questions"] == n_questions} or peers
        fastest, documented = (
            min(
                (name for name in peers if ("+" in name) == has_torch),
                key=lambda name: peers[name]["ms"]["p50"],
                default="",
            )
            for has_torch in (False, True)
        )
        ours = done["yunwen"]
        document["ratios"] = {
            **{
                f"yunwen_p50_over_{name}": round(ours["ms"]["p50"] / peers[name]["ms"]["p50"], 3)
                for name in (fastest, documented)
                if name
            },
            "yunwen_p50_over_encoder": ours["over_encoder"],
            "peer_hit_at_1_over_yunwen": round(
                max(each["hit_at_1"] for each in complete.values()) / ours["hit_at_1"], 3
            ),
            "peer_answer_at_1_over_yunwen": round(
                max(each["answer_at_1"] for each in complete.values()) / ours["answer_at_1"], 3
            ),
        }
        print(f"fastest peers: {fastest} {documented}; {json.dumps(document['ratios'])}")
    setting.save_result("peers", document)


if __name__ == "__main__":
    main()
