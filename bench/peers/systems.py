"""How each peer is set up, as its own documentation has it: with the same passages, stored vectors and words."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval import Store, Tokenizer
from retrieval.text.passages import passage_header

N_HITS = 10
"""Hits taken from each side and in the end, which is what the peers' own examples take or more."""

Search = Callable[[str], list[int]]
"""A question to passage ids, best first."""


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


def open_txtai(passages: Passages, vectors: Vectors, words: Callable[[str], list[str]]) -> Search:
    """txtai: hybrid, neuml.github.io/txtai/embeddings/configuration: `hybrid`, external vectors, bm25 with terms."""
    from txtai import Embeddings

    def transform(texts: list[Any]) -> Any:
        return np.stack(
            [vectors.stored[text] if text in vectors.stored else vectors.query(text) for text in texts]
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
        return [int(i) for i, _ in embeddings.search(spaced_question, N_HITS)]

    real = vectors.query
    vectors.query = lambda text: real(asked.get(text, text))  # type: ignore[method-assign]
    return ask


def open_langchain(
    passages: Passages, vectors: Vectors, words: Callable[[str], list[str]], cross_encoder: Path | None = None
) -> Search:
    """LangChain: EnsembleRetriever of BM25Retriever (preprocess_func) and FAISS, equal weights.

    With a cross-encoder's folder, a ContextualCompressionRetriever over it with CrossEncoderReranker, which reads all that
    both sides found.
    """
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
    sparse = BM25Retriever.from_texts(passages.texts, metadatas, preprocess_func=words, k=N_HITS)
    pairs = zip(passages.texts, passages.vectors, strict=True)
    dense = FAISS.from_embeddings(list(pairs), Same(), metadatas)
    retriever = EnsembleRetriever(
        retrievers=[sparse, dense.as_retriever(search_kwargs={"k": N_HITS})], weights=[0.5, 0.5]
    )
    if cross_encoder is not None:
        retriever = _with_cross_encoder(retriever, cross_encoder)
    return lambda question: [document.metadata["id"] for document in retriever.invoke(question)][:N_HITS]


def _with_cross_encoder(retriever: Any, folder: Path) -> Any:
    from langchain_classic.retrievers import ContextualCompressionRetriever
    from langchain_classic.retrievers.document_compressors import CrossEncoderReranker
    from langchain_community.cross_encoders import HuggingFaceCrossEncoder

    model = HuggingFaceCrossEncoder(model_name=str(folder), model_kwargs={"device": "cpu"})
    compressor = CrossEncoderReranker(model=model, top_n=N_HITS)
    return ContextualCompressionRetriever(base_compressor=compressor, base_retriever=retriever)


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
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=N_HITS))
    pipeline.add_component("sparse", InMemoryBM25Retriever(store, top_k=N_HITS))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=N_HITS))
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
        nodes=bare, similarity_top_k=N_HITS, language="zh", skip_stemming=True, token_pattern=r"(?u)\S+"
    )
    retriever = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=N_HITS), sparse],
        llm=MockLLM(),
        similarity_top_k=N_HITS,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
    )

    def ask(question: str) -> list[int]:
        spaced = " ".join(words(question))
        asked[spaced] = question
        return [int(found.node.node_id) for found in retriever.retrieve(spaced)]

    return ask


PEERS: dict[str, Callable[[Passages, Vectors, Callable[[str], list[str]]], Search]] = {
    "txtai": open_txtai,
    "langchain": open_langchain,
    "haystack": open_haystack,
    "llamaindex": open_llamaindex,
}
READING = "reading"
SYSTEMS = (
    "yunwen",
    *PEERS,
    *(f"{name}+torch" for name in PEERS),
    f"yunwen+{READING}",
    f"langchain+{READING}",
)
"""With `+torch` a peer's questions are encoded as its documentation has it: sentence-transformers on torch, 32 bits. With
`+reading` what was found is read with the question as well: by yunwen's bundled reader, by the peer with a cross-encoder of
the same weights as its documentation sets one up; its encoder and cross-encoder then run on torch at 32 bits.
"""
PACKAGES = {
    "txtai": "txtai",
    "langchain": "langchain-classic",
    "haystack": "haystack-ai",
    "llamaindex": "llama-index-core",
    "yunwen": "yunwen",
}
