"""Short name to encoder: the only list of known models and their prompts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from embeddings.bundled import NAME, Steps, onnx_file, prepare_bundled
from embeddings.encoder import Encoder, EncoderError
from embeddings.hashing import HashingEncoder

DEFAULT_MODEL = NAME


@dataclass(frozen=True, slots=True)
class Prompts:
    """What a model was trained to see before questions and passages."""

    query: str
    passage: str


_E5 = Prompts("query: ", "passage: ")
_BGE_ZH = Prompts("为这个句子生成表示以用于检索相关文章：", "")
KNOWN_PROMPTS: dict[str, Prompts] = {
    "intfloat/multilingual-e5-small": _E5,
    "intfloat/multilingual-e5-base": _E5,
    "intfloat/multilingual-e5-large": _E5,
    "BAAI/bge-small-zh-v1.5": _BGE_ZH,
    "BAAI/bge-base-zh-v1.5": _BGE_ZH,
    "BAAI/bge-large-zh-v1.5": _BGE_ZH,
    "BAAI/bge-m3": Prompts("", ""),
}
"""Models whose folders do not say their prompts, by the names that their makers gave them."""


def open_encoder(
    name: str = DEFAULT_MODEL,
    *,
    cache: Path,
    backend: str | None = None,
    device: str | None = None,
    query_prompt: str | None = None,
    passage_prompt: str | None = None,
    progress: Steps | None = None,
    url: str | None = None,
    api_key: str | None = None,
) -> Encoder:
    """The encoder of that name: the bundled one, "hashing", a folder, or a name in the model cache.

    With `url` it runs on a server there, and `name` is the model asked for.

    `cache` is where the bundled model is prepared. A prompt of None means the model's own. Raises
    EncoderError, with what to do, if it cannot be opened.
    """
    if url is not None:
        return _open_remote(url, name, api_key, query_prompt, passage_prompt)
    if name == "hashing":
        return HashingEncoder()
    if name == DEFAULT_MODEL:
        folder = prepare_bundled(cache, progress=progress)
        weights = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["weights"]
        if backend == "onnx" or (backend is None and device is None):
            from embeddings.onnx import OnnxEncoder

            return OnnxEncoder(
                name,
                folder,
                folder / onnx_file(),
                weights=weights,
                query_prompt=query_prompt,
                passage_prompt=passage_prompt,
            )
        from embeddings.sentence_transformer import SentenceTransformerEncoder

        return SentenceTransformerEncoder(
            name,
            str(folder),
            weights=weights,
            backend="torch",  # the quantised model is for the CPU
            device=device or "cpu",
            query_prompt=query_prompt,
            passage_prompt=passage_prompt,
        )
    from embeddings.sentence_transformer import SentenceTransformerEncoder

    path = Path(name).expanduser()
    known = known_prompts(name)
    return SentenceTransformerEncoder(
        name,
        str(path) if path.is_dir() else name,
        weights=_weights_checksum(path) if path.is_dir() else name,
        backend=backend or "torch",
        device=device,
        query_prompt=known.query if known and query_prompt is None else query_prompt,
        passage_prompt=known.passage if known and passage_prompt is None else passage_prompt,
    )


def _open_remote(
    url: str, name: str, api_key: str | None, query_prompt: str | None, passage_prompt: str | None
) -> Encoder:
    from embeddings.remote import RemoteEncoder, find_endpoint, open_client

    with open_client(api_key) as client:
        endpoint = find_endpoint(client, url, name)
    known = known_prompts(endpoint.model) or Prompts("", "")
    return RemoteEncoder(
        url,
        endpoint,
        api_key=api_key,
        query_prompt=known.query if query_prompt is None else query_prompt,
        passage_prompt=known.passage if passage_prompt is None else passage_prompt,
    )


def known_prompts(name: str) -> Prompts | None:
    """The prompts of a model by its name, or by the last part of a name or path; None for one not known."""
    last = Path(name).name
    return KNOWN_PROMPTS.get(name) or next(
        (prompts for known, prompts in KNOWN_PROMPTS.items() if known.split("/")[1] == last), None
    )


def _weights_checksum(folder: Path) -> str:
    """Stands for the content of a folder's weights: names and sizes of all, the first megabyte of each."""
    checksum = sha256()
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".safetensors", ".bin", ".onnx"))
    if not files:
        raise EncoderError(
            f"{folder}: no weights (*.safetensors, *.bin, *.onnx) in this folder: give the folder of a "
            f"sentence-transformers model"
        )
    for path in files:
        with path.open("rb") as file:
            checksum.update(f"{path.relative_to(folder)} {path.stat().st_size}".encode() + file.read(1 << 20))
    return checksum.hexdigest()
