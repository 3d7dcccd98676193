"""The bundled model as a folder that sentence-transformers opens, written without it: it needs torch, answering does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.weights import ModelWeights, Pieces

_PROMPTS = {"query": "query: ", "passage": "passage: "}
_MODULES = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
"""What a sentence-transformers model is made of, and where each part of it is."""
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""What a layer's parts are called in the bundled file, and by transformers."""


def build_tokenizer(pieces: Pieces) -> Any:
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


def write_model_folder(weights: ModelWeights, folder: Path) -> None:
    """Write tokenizer, BERT weights, mean pooling, unit rows and prompts into an empty folder."""
    from safetensors.numpy import save_file

    _save_tokenizer(weights, folder)
    save_file(_state(weights), folder / "model.safetensors", metadata={"format": "pt"})
    sizes = weights.architecture
    documents: dict[str, object] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "vocab_size": len(weights.pieces.texts),
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.n_layers,
            "num_attention_heads": sizes.n_heads,
            "intermediate_size": sizes.feed_forward,
            "hidden_act": "gelu",
            "max_position_embeddings": sizes.n_positions,
            "type_vocab_size": sizes.n_types,
            "layer_norm_eps": 1e-12,
            "pad_token_id": weights.pieces.pad,
        },
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in enumerate(_MODULES)
        ],
        "sentence_bert_config.json": {"max_seq_length": sizes.n_positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": _PROMPTS, "similarity_fn_name": "cosine"},
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
        },
    }
    for path, _ in _MODULES:
        (folder / path).mkdir(exist_ok=True)
    for name, content in documents.items():
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def _save_tokenizer(weights: ModelWeights, folder: Path) -> None:
    from tokenizers import AddedToken

    pieces = weights.pieces
    tokenizer = build_tokenizer(pieces)
    special = [pieces.texts[number] for number in sorted({pieces.bos, pieces.eos, pieces.pad, pieces.unk})]
    tokenizer.add_special_tokens([AddedToken(each, special=True, normalized=False) for each in special])
    tokenizer.save(str(folder / "tokenizer.json"))
    bos, eos = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    content = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": weights.architecture.n_positions,
        "clean_up_tokenization_spaces": False,
        "bos_token": bos,
        "eos_token": eos,
        "cls_token": bos,
        "sep_token": eos,
        "pad_token": pieces.texts[pieces.pad],
        "unk_token": pieces.texts[pieces.unk],
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


def _state(weights: ModelWeights) -> dict[str, NDArray[np.float32]]:
    """The tensors by the names that transformers gives them."""
    t = weights.tensors
    state = {
        "embeddings.word_embeddings.weight": t["emb.word"],
        "embeddings.position_embeddings.weight": t["emb.pos"],
        "embeddings.token_type_embeddings.weight": t["emb.type"].reshape(-1, weights.architecture.hidden),
        "embeddings.LayerNorm.weight": t["emb.ln.w"],
        "embeddings.LayerNorm.bias": t["emb.ln.b"],
    }
    for layer in range(weights.architecture.n_layers):
        for short, long in LAYER_NAMES.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = t[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{long}.bias"] = t[f"l{layer}.{short}.b"]
    return {name: np.ascontiguousarray(values) for name, values in state.items()}
