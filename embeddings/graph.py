"""A BERT encoder or cross-encoder as an ONNX graph of few nodes: matrices at 8 bits, one text at a time.

Exporters write some five hundred nodes, most of them to work out shapes; for a question of twenty tokens those take as
long as a third of the matrices. Here a layer is twelve nodes. Matrices have a scale for each column; what they
are multiplied by is quantised as it comes. Attention's own products stay at 32 bits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.weights import ModelWeights, quantised

INPUT, OUTPUT = "input_ids", "mean"
RELEVANCE, SPAN = "relevance", "span"
_RUNTIME = "com.microsoft"
"""ONNX Runtime's own operators."""
_OPSETS = (("", 17), (_RUNTIME, 1))
_IR_VERSION = 9


def write_graph(weights: ModelWeights, file: Path, *, is_signed: bool) -> None:
    """Write the encoder to a file.

    Its input is the token ids of one text, int64 of shape (1, n); its output the mean of the tokens' vectors, float32 of
    shape (1, hidden). `is_signed` says how the same 8-bit weights are written: the two kinds
    differ in speed by machine, and not in what comes out where a CPU sums products of bytes exactly.
    """
    import onnx

    onnx.save(_Graph(weights, is_signed).encoder(), str(file))


def write_cross_encoder(weights: ModelWeights, file: Path, *, is_signed: bool) -> None:
    """Write a cross-encoder to a file.

    Its input is the token ids of one pair, int64 of shape (1, n). Its outputs are the pair's logit, float32 of shape
    (1, 1, 1), from the mean of the tokens' vectors and the first one's, and each token's two logits, float32 of
    shape (1, n, 2): that an answer begins with it, and that one ends with it.
    """
    import onnx

    onnx.save(_Graph(weights, is_signed).cross_encoder(), str(file))


class _Graph:
    """The graph while it is put together."""

    def __init__(self, weights: ModelWeights, is_signed: bool) -> None:
        from onnx import helper, numpy_helper

        self._helper, self._to_tensor = helper, numpy_helper.from_array
        self._sizes, self._tensors = weights.architecture, weights.tensors
        self._is_signed = is_signed
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def encoder(self) -> Any:
        self._node("ReduceMean", [self._tokens()], OUTPUT, axes=[1], keepdims=0)
        return self._model("encoder", {OUTPUT: [1, self._sizes.hidden]})

    def cross_encoder(self) -> Any:
        tokens = self._tokens()
        mean = self._node("ReduceMean", [tokens], "mean", axes=[1], keepdims=1)
        zero = self._constant("zero", np.array([0], dtype=np.int64))
        pooled = self._node("Add", [mean, self._node("Gather", [tokens, zero], "start", axis=1)], "pooled")
        self._head(RELEVANCE, pooled)
        self._head(SPAN, tokens)
        return self._model("cross_encoder", {RELEVANCE: [1, 1, 1], SPAN: [1, "n_tokens", 2]})

    def _tokens(self) -> str:
        vectors = self._embedding()
        for number in range(self._sizes.n_layers):
            vectors = self._layer(f"l{number}.", vectors)
        return vectors

    def _head(self, name: str, given: str) -> None:
        """A linear output at 32 bits: it is small."""
        matrix = self._constant(f"{name}.w", self._tensors[f"{name}.w"].T)
        product = self._node("MatMul", [given, matrix], f"{name}.product")
        self._node("Add", [product, self._constant(f"{name}.b", self._tensors[f"{name}.b"])], name)

    def _model(self, name: str, outputs: Mapping[str, Sequence[int | str]]) -> Any:
        from onnx import TensorProto

        info = self._helper.make_tensor_value_info
        graph = self._helper.make_graph(
            self._nodes,
            name,
            [info(INPUT, TensorProto.INT64, [1, "n_tokens"])],
            [info(output, TensorProto.FLOAT, shape) for output, shape in outputs.items()],
            self._constants,
        )
        opsets = [self._helper.make_opsetid(domain, version) for domain, version in _OPSETS]
        return self._helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def _embedding(self) -> str:
        """Words, positions and the type of the first text; words at 8 bits with a scale each."""
        from onnx import TensorProto

        words, scales = quantised(self._tensors["emb.word"])
        types = self._tensors["emb.type"].reshape(-1, self._sizes.hidden)
        positions = self._constant("positions", self._tensors["emb.pos"] + types[0])
        n_tokens = self._node("Shape", [INPUT], "n_tokens", start=1, end=2)
        first = self._constant("first", np.array([0], dtype=np.int64))
        places = self._node("Slice", [positions, first, n_tokens], "places")
        rows = self._node("Gather", [self._constant("words", words), INPUT], "rows")
        values = self._node("Cast", [rows], "values", to=TensorProto.FLOAT)
        factors = self._node("Gather", [self._constant("word scales", scales[:, None]), INPUT], "factors")
        scaled = self._node("Mul", [values, factors], "scaled")
        return self._normalised(self._node("Add", [scaled, places], "embedded"), "emb.ln")

    def _layer(self, name: str, given: str) -> str:
        """Attention, then the feed-forward part, each added to what went in and normalised."""
        quantised = [f"{name}quantised", f"{name}scale", f"{name}zero"]
        self._nodes.append(self._helper.make_node("DynamicQuantizeLinear", [given], quantised))
        values, scale, zero = quantised
        heads = []
        for part in ("q", "k", "v"):
            matrix, scales, zeros, bias = self._matrix(name + part)
            inputs = [values, matrix, scale, scales, zero, zeros, bias]
            heads.append(self._node("MatMulIntegerToFloat", inputs, f"{name}{part}.out", domain=_RUNTIME))
        attended = self._node(
            "MultiHeadAttention", heads, f"{name}attended", domain=_RUNTIME, num_heads=self._sizes.n_heads
        )
        inner = self._added(self._linear(attended, f"{name}ao"), given, f"{name}aln")
        widened = self._node("Gelu", [self._linear(inner, f"{name}fi")], f"{name}widened", domain=_RUNTIME)
        return self._added(self._linear(widened, f"{name}fo"), inner, f"{name}oln")

    def _linear(self, given: str, name: str) -> str:
        return self._node(
            "DynamicQuantizeMatMul", [given, *self._matrix(name)], f"{name}.out", domain=_RUNTIME
        )

    def _matrix(self, name: str) -> tuple[str, str, str, str]:
        """A matrix at 8 bits, its columns' scales and zeros, and the bias."""
        rows, scales = quantised(self._tensors[f"{name}.w"])
        written = (lambda values: values) if self._is_signed else _unsigned
        return (
            self._constant(f"{name}.w", written(rows.T)),
            self._constant(f"{name}.scales", scales),
            self._constant(f"{name}.zeros", written(np.zeros(len(scales), dtype=np.int8))),
            self._constant(f"{name}.b", self._tensors[f"{name}.b"]),
        )

    def _added(self, change: str, given: str, name: str) -> str:
        # apart, not as one node: ONNX Runtime's SkipLayerNormalization takes eight times as long as this one
        return self._normalised(self._node("Add", [change, given], f"{name}.in"), name)

    def _normalised(self, given: str, name: str) -> str:
        scale = self._constant(f"{name}.w", self._tensors[f"{name}.w"])
        bias = self._constant(f"{name}.b", self._tensors[f"{name}.b"])
        return self._node(
            "LayerNormalization", [given, scale, bias], f"{name}.out", epsilon=self._sizes.epsilon, axis=-1
        )

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self._constants.append(self._to_tensor(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self._nodes.append(self._helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output


def _unsigned(values: NDArray[np.int8]) -> NDArray[np.uint8]:
    """The same values around 128."""
    return (values.astype(np.int16) + 128).astype(np.uint8)
