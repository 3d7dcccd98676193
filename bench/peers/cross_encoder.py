"""The bundled reader as sentence-transformers has cross-encoders: a folder that any of its CrossEncoders is opened from."""

import sys
from pathlib import Path

import torch
from sentence_transformers import CrossEncoder
from sentence_transformers.base.modules import Dense, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from torch import nn
from transformers import AutoTokenizer

from bench.judge.model import MAX_TOKENS, Judge, model_folder


def write_cross_encoder(folder: Path) -> None:
    """Write the bundled reader's layers and its output for a pair, at 32 bits; spans are left out."""
    judge = Judge(model_folder())
    judge.load_bundled()
    layers = folder / "layers"
    judge.encoder.save_pretrained(layers)
    AutoTokenizer.from_pretrained(model_folder()).save_pretrained(layers)  # type: ignore[no-untyped-call]
    read = Transformer(str(layers), transformer_task="feature-extraction", max_seq_length=MAX_TOKENS)
    hidden = judge.encoder.config.hidden_size
    pooled = Pooling(hidden, pooling_mode=["cls", "mean"])
    relevance = Dense(
        2 * hidden,
        1,
        activation_function=nn.Identity(),
        module_input_name="sentence_embedding",
        module_output_name="scores",
    )
    # the reader's head is over the sum of both
    relevance.linear.weight.data = torch.cat([judge.relevance.weight, judge.relevance.weight], dim=1)
    relevance.linear.bias.data = judge.relevance.bias.data
    CrossEncoder(modules=[read, pooled, relevance], device="cpu").save_pretrained(str(folder))


if __name__ == "__main__":
    write_cross_encoder(Path(sys.argv[1]))
