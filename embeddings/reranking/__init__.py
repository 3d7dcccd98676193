"""A question and passages in, how well each answers and where out."""

from embeddings.reranking.catalog import DEFAULT_RERANKER, open_reranker
from embeddings.reranking.reranker import AnswerSpan, Reading, Reranker

__all__ = ["DEFAULT_RERANKER", "AnswerSpan", "Reading", "Reranker", "open_reranker"]
