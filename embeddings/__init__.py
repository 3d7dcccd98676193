"""Text in, vectors out; a question and passages in, how each answers out.

Knows nothing of articles or Telegram; importing it loads no model.
"""

from embeddings.catalog import DEFAULT_MODEL, open_encoder
from embeddings.encoder import Encoder, EncoderError, EncoderUnreachable, Progress, Vectors
from embeddings.hashing import HashingEncoder
from embeddings.message_kinds import SURE, MessageKinds, message_kinds
from embeddings.probe import NEAR_ENOUGH, check_prepared, probe
from embeddings.reranking import DEFAULT_RERANKER, AnswerSpan, Reading, Reranker, open_reranker

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_RERANKER",
    "NEAR_ENOUGH",
    "SURE",
    "AnswerSpan",
    "Encoder",
    "EncoderError",
    "EncoderUnreachable",
    "HashingEncoder",
    "MessageKinds",
    "Progress",
    "Reading",
    "Reranker",
    "Vectors",
    "check_prepared",
    "message_kinds",
    "open_encoder",
    "open_reranker",
    "probe",
]
