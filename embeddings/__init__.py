"""Text in, vectors out."""

from embeddings.encoder import Encoder, EncoderError, Progress, Vectors
from embeddings.hashing import HashingEncoder

__all__ = ["Encoder", "EncoderError", "HashingEncoder", "Progress", "Vectors"]
