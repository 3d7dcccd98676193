"""Text in, vectors out. Knows nothing of articles or Telegram; importing it loads no model."""

from embeddings.catalog import DEFAULT_MODEL, open_encoder
from embeddings.encoder import Encoder, EncoderError, EncoderUnreachable, Progress, Vectors
from embeddings.hashing import HashingEncoder
from embeddings.probe import NEAR_ENOUGH, check_prepared, probe

__all__ = [
    "DEFAULT_MODEL",
    "NEAR_ENOUGH",
    "Encoder",
    "EncoderError",
    "EncoderUnreachable",
    "HashingEncoder",
    "Progress",
    "Vectors",
    "check_prepared",
    "open_encoder",
    "probe",
]
