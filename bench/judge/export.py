"""A trained judge as an 8-bit ONNX graph, built as embeddings/graph.py builds the encoder's, and what the 8 bits cost.

    python -m bench.judge.export CHECKPOINT.pt OUT.onnx --groups GROUPS.jsonl

The word embedding table is not in the file: the graph takes the words' vectors (1, n, hidden), which `Words` reads from
the bundled encoder's own 8-bit table. Out come the pair's logit (1, 1, 1) and each token's start and end (1, n, 2).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from bench.judge.groups import Group, read_groups
from bench.judge.measure import auc, divide
from bench.judge.model import Judge, Pair, Pairs, best_span, compute, model_folder
from embeddings import graph
from embeddings.bundled import multiplies_signed, onnx_file, prune
from embeddings.weights import ModelWeights, bundled_file, read_weights

WORDS, RELEVANCE, SPAN = "words", "relevance", "span"
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Words:
    """The bundled encoder's word vectors, at 8 bits with a scale each."""

    def __init__(self, encoder: Path) -> None:
        import onnx
        from onnx import numpy_helper

        found = {each.name: each for each in onnx.load(str(encoder)).graph.initializer}
        self._rows = numpy_helper.to_array(found["words"])
        self._scales = numpy_helper.to_array(found["word scales"])

    def of(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """Return the vectors of one pair's ids, (1, n, hidden)."""
        places = np.array(ids)
        vectors: NDArray[np.float32] = (self._rows[places] * self._scales[places])[None].astype(np.float32)
        return vectors


class _JudgeGraph(graph._Graph):
    """The encoder's graph with word vectors for ids going in, and two heads for the mean coming out."""

    def judge(self) -> Any:
        from onnx import TensorProto

        vectors = self._places_added()
        for number in range(self._sizes.n_layers):
            vectors = self._layer(f"l{number}.", vectors)
        self._heads(vectors)
        hidden = self._sizes.hidden
        info = self._helper.make_tensor_value_info
        made = self._helper.make_graph(
            self._nodes,
            "judge",
            [info(WORDS, TensorProto.FLOAT, [1, "n_tokens", hidden])],
            [
                info(RELEVANCE, TensorProto.FLOAT, [1, 1, 1]),
                info(SPAN, TensorProto.FLOAT, [1, "n_tokens", 2]),
            ],
            self._constants,
        )
        opsets = [self._helper.make_opsetid(domain, version) for domain, version in graph._OPSETS]
        return self._helper.make_model(made, opset_imports=opsets, ir_version=graph._IR_VERSION)

    def _places_added(self) -> str:
        types = self._tensors["emb.type"].reshape(-1, self._sizes.hidden)
        positions = self._constant("positions", (self._tensors["emb.pos"] + types[0]).astype(np.float32))
        first = self._constant("first", np.array([0], dtype=np.int64))
        n_tokens = self._node("Shape", [WORDS], "n_tokens", start=1, end=2)
        places = self._node("Slice", [positions, first, n_tokens], "places")
        return self._normalised(self._node("Add", [WORDS, places], "embedded"), "emb.ln")

    def _heads(self, vectors: str) -> None:
        """Relevance from the mean and the first token, the span from each; both at 32 bits, they are small."""
        mean = self._node("ReduceMean", [vectors], "mean", axes=[1], keepdims=1)
        zero = self._constant("zero", np.array([0], dtype=np.int64))
        pooled = self._node("Add", [mean, self._node("Gather", [vectors, zero], "start", axis=1)], "pooled")
        for name, given, out in (("relevance", pooled, RELEVANCE), ("span", vectors, SPAN)):
            matrix = self._constant(f"{name}.w", self._tensors[f"{name}.w"].T)
            product = self._node("MatMul", [given, matrix], f"{name}.product")
            self._node("Add", [product, self._constant(f"{name}.b", self._tensors[f"{name}.b"])], out)


def weights_of(state: dict[str, torch.Tensor], n_layers: int) -> ModelWeights:
    """Return a checkpoint's weights by the names of the bundled file; raises ValueError if its word embeddings changed."""
    bundled = prune(read_weights(bundled_file()))
    words = state["encoder.embeddings.word_embeddings.weight"].numpy()
    if not np.array_equal(words, bundled.tensors["emb.word"]):
        raise ValueError("the checkpoint's word embeddings are not the bundled ones: they cannot be shared")
    tensors = {name: values for name, values in bundled.tensors.items() if name.startswith("emb.")}
    for number in range(n_layers):
        for short, long in _LAYER.items():
            for end, ending in (("w", "weight"), ("b", "bias")):
                tensors[f"l{number}.{short}.{end}"] = state[
                    f"encoder.encoder.layer.{number}.{long}.{ending}"
                ].numpy()
    for name in ("relevance", "span"):
        tensors[f"{name}.w"], tensors[f"{name}.b"] = (
            state[f"{name}.weight"].numpy(),
            state[f"{name}.bias"].numpy(),
        )
    return ModelWeights(replace(bundled.architecture, n_layers=n_layers), bundled.pieces, tensors)


def write(weights: ModelWeights, out: Path) -> None:
    """Write the graph, in the kind of 8 bits that suits this machine."""
    import onnx

    onnx.save(_JudgeGraph(weights, multiplies_signed()).judge(), str(out))


def compare(
    judge: Judge, session: Any, words: Words, pairs: Pairs, groups: Sequence[Group], most: int
) -> None:
    """Print the largest differences between torch and 8 bits over `most` pairs, and both's AUC right against wrong."""
    sides: dict[str, tuple[list[float], list[float]]] = {"torch": ([], []), "8 bits": ([], [])}
    differences, n_same, took, n, n_spans = [0.0, 0.0], 0, 0.0, 0, 0
    for group in groups:
        if n >= most:
            break
        passages = ([group.right] if group.right else []) + list(group.wrong[:1])
        for number, (head, text) in enumerate(passages):
            pair = pairs.make(group.question, head, text)
            with torch.inference_mode():
                logits, spans = compute(judge, [pair], 0)
            began = time.perf_counter()
            logit, span = _run(session, words, pair)
            took += time.perf_counter() - began
            is_right = group.right is not None and number == 0
            for name, value in (("torch", float(logits[0])), ("8 bits", logit)):
                sides[name][0 if is_right else 1].append(value)
            differences[0] = max(differences[0], abs(logit - float(logits[0])))
            differences[1] = max(differences[1], float(np.abs(span - spans[0].numpy()).max()))
            if is_right:
                n_spans += 1
                n_same += best_span(spans[0]) == best_span(torch.from_numpy(span))
            n += 1
    print(
        f"{n} pairs: largest difference {differences[0]:.3f} of the logit, {differences[1]:.3f} of a token's"
    )
    print(f"the same span {n_same} of {n_spans}, {1000 * took / max(1, n):.1f} ms a pair")
    for name, (right, wrong) in sides.items():
        print(f"{name}: AUC right against wrong {auc(right, wrong):.4f}")


def _run(session: Any, words: Words, pair: Pair) -> tuple[float, NDArray[np.float32]]:
    relevance, span = session.run([RELEVANCE, SPAN], {WORDS: words.of(pair.ids)})
    return float(relevance.item()), span[0, pair.first : pair.first + len(pair.offsets)]


def main() -> None:
    """Write the graph, and compare it if groups are given."""
    import onnxruntime

    parser = argparse.ArgumentParser(prog="python -m bench.judge.export")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--groups", type=Path)
    parser.add_argument("--most", type=int, default=200)
    options = parser.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(options.checkpoint, weights_only=False)
    write(weights_of(saved["judge"], saved["n_layers"]), options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB, step {saved['step']}")
    if options.groups:
        folder = model_folder()
        judge = Judge(folder, saved["n_layers"])
        judge.load_state_dict(saved["judge"])
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(options.out), settings, providers=["CPUExecutionProvider"])
        _, own, _ = divide(read_groups(options.groups))
        compare(judge.eval(), session, Words(folder / onnx_file()), Pairs(folder), own, options.most)


if __name__ == "__main__":
    main()
