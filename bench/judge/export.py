"""A trained judge's weights at 8 bits, as the product carries them, and what the 8 bits cost.

    python -m bench.judge.export CHECKPOINT.pt [--out WEIGHTS.npz] [--groups GROUPS.jsonl]

The word embeddings are not in the file: they are the bundled encoder's.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from bench.judge.groups import Group, read_groups
from bench.judge.measure import auc, divide
from bench.judge.model import Judge, Pairs, best_span, compute, model_folder
from embeddings.bundled import multiplies_signed, prune
from embeddings.graph import write_cross_encoder
from embeddings.model_folder import LAYER_NAMES
from embeddings.reranking.bundled import BundledReranker
from embeddings.weights import (
    RERANKER_WEIGHTS,
    bundled_file,
    read_reranker_weights,
    read_weights,
    write_reranker_weights,
)


def tensors_of(state: dict[str, torch.Tensor], n_layers: int) -> dict[str, NDArray[np.float32]]:
    """Return a checkpoint's layers and heads by the names of the bundled file.

    Raises ValueError if its word embeddings are not the bundled ones.
    """
    words = prune(read_weights(bundled_file())).tensors["emb.word"]
    if not np.array_equal(state["encoder.embeddings.word_embeddings.weight"].numpy(), words):
        raise ValueError("the checkpoint's word embeddings are not the bundled ones: they cannot be shared")
    tensors = {
        f"l{number}.{short}.{end}": state[f"encoder.encoder.layer.{number}.{long}.{ending}"].numpy()
        for number in range(n_layers)
        for short, long in LAYER_NAMES.items()
        for end, ending in (("w", "weight"), ("b", "bias"))
    }
    for name in ("relevance", "span"):
        tensors[f"{name}.w"] = state[f"{name}.weight"].numpy()
        tensors[f"{name}.b"] = state[f"{name}.bias"].numpy()
    return tensors


def compare(
    judge: Judge, reranker: BundledReranker, pairs: Pairs, groups: Sequence[Group], most: int
) -> None:
    """Print the largest differences between torch and 8 bits over `most` pairs, and both's AUC right against wrong."""
    sides: dict[str, tuple[list[float], list[float]]] = {"torch": ([], []), "8 bits": ([], [])}
    largest, n_same, took, n, n_spans = 0.0, 0, 0.0, 0, 0
    for group in groups:
        if n >= most:
            break
        passages = ([group.right] if group.right else []) + list(group.wrong[:1])
        for number, (head, text) in enumerate(passages):
            pair = pairs.make(group.question, head, text)
            with torch.inference_mode():
                logits, spans = compute(judge, [pair], 0)
            began = time.perf_counter()
            reading = reranker.read(group.question, [(head, text)])[0]
            took += time.perf_counter() - began
            is_right = group.right is not None and number == 0
            for name, value in (("torch", float(logits[0])), ("8 bits", reading.relevance)):
                sides[name][0 if is_right else 1].append(value)
            largest = max(largest, abs(reading.relevance - float(logits[0])))
            if is_right:
                n_spans += 1
                shift = len(head) + 1 if head else 0
                start, end = pair.stretch(*(pair.first + each for each in best_span(spans[0])))
                span = reading.best_span(0, len(text))
                n_same += span is not None and (span.start, span.end) == (start - shift, end - shift)
            n += 1
    print(f"{n} pairs: largest difference of the logit {largest:.3f}, the same span {n_same} of {n_spans}")
    print(f"{1000 * took / max(1, n):.1f} ms a pair")
    for name, (right, wrong) in sides.items():
        print(f"{name}: AUC right against wrong {auc(right, wrong):.4f}")


def main() -> None:
    """Write the weights, and compare them if groups are given."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge.export")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=RERANKER_WEIGHTS)
    parser.add_argument("--groups", type=Path)
    parser.add_argument("--most", type=int, default=200)
    options = parser.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(options.checkpoint, weights_only=False)
    write_reranker_weights(tensors_of(saved["judge"], saved["n_layers"]), options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB, step {saved['step']}")
    if not options.groups:
        return
    folder = model_folder()
    judge = Judge(folder, saved["n_layers"])
    judge.load_state_dict(saved["judge"])
    with tempfile.TemporaryDirectory() as made:
        graph = Path(made) / "reranker.onnx"
        weights = read_reranker_weights(prune(read_weights(bundled_file())), options.out)
        write_cross_encoder(weights, graph, is_signed=multiplies_signed())
        reranker = BundledReranker("judge", folder / "tokenizer.json", graph, n_threads=1)
        _, own, _ = divide(read_groups(options.groups))
        compare(judge.eval(), reranker, Pairs(folder), own, options.most)


if __name__ == "__main__":
    main()
