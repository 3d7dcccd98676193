"""Text in, vectors out. Knows nothing of articles or Telegram; importing it loads no model."""

from embeddings.catalog import DEFAULT_MODEL, open_encoder
from embeddings.encoder import Encoder, EncoderError, EncoderUnreachable, Progress, Vectors
from embeddings.hashing import HashingEncoder

__all__ = [
    "DEFAULT_MODEL",
    "Encoder",
    "EncoderError",
    "EncoderUnreachable",
    "HashingEncoder",
    "Progress",
    "Vectors",
    "open_encoder",
]
