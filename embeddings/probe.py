"""Whether the bundled model computes what it did when it was made: one sentence against a stored vector."""

from __future__ import annotations

import base64
import json
from importlib.resources import files
from pathlib import Path

import numpy as np

from embeddings.bundled import NAME, folder_of, is_sound
from embeddings.encoder import Encoder, EncoderError, Vectors

SENTENCE = "库伦旗水稻种植面积达3万余亩,预计稻谷总产量达15000余吨。"
NEAR_ENOUGH = 0.98
"""Cosine with the vector at 32 bits: at 8 bits it was 0.998; a question about the sentence has 0.96, another place 0.89."""


def check_prepared(cache: Path) -> bool:
    """Whether the bundled model's folder is there; raises EncoderError if it is, but damaged."""
    folder = folder_of(cache)
    if folder.exists() and not is_sound(folder):
        raise EncoderError(f"{folder}: the prepared model is damaged: remove this folder, it is made again")
    return folder.exists()


def probe(encoder: Encoder) -> float | None:
    """The cosine of the sentence's vector with the stored one; None for a model that none is stored of.

    Raises EncoderError if the vector is no unit vector of the encoder's dimension.
    """
    vector = encoder.encode_passages([SENTENCE])[0]
    if vector.shape != (encoder.dimension,) or not abs(float(np.linalg.norm(vector)) - 1) < 1e-3:
        raise EncoderError(f"{encoder.name}: gives vectors that are not of length 1: prepare the model again")
    return float(vector @ _expected()) if encoder.name == NAME else None


def _expected() -> Vectors:
    content = json.loads(files("embeddings").joinpath("probe.json").read_text(encoding="utf-8"))
    row = np.frombuffer(base64.b64decode(content["vector"]), "<f2").astype(np.float32)
    return row / np.linalg.norm(row)
