"""The judge as torch trains it: the bundled encoder's first layers, one output for a pair, two for each token."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from embeddings.bundled import prepare_bundled, prune
from embeddings.model_folder import LAYER_NAMES
from embeddings.weights import bundled_file, read_reranker_weights, read_weights

N_LAYERS = 6
MAX_TOKENS = 256
_CHUNK = 8
"""Pairs computed together; of like length, so that little is padding."""


def model_folder() -> Path:
    """Return the folder of the bundled model: MODEL_DIR, or the one in the product's cache, made if it is missing."""
    if os.environ.get("MODEL_DIR"):
        return Path(os.environ["MODEL_DIR"])
    from bot.settings import load_settings

    return prepare_bundled(load_settings().cache / "models")


class Judge(nn.Module):
    """A cross-encoder over a question and a passage under its title."""

    def __init__(self, folder: Path, n_layers: int = N_LAYERS) -> None:
        super().__init__()
        from transformers import BertModel
        from transformers.utils import logging

        # it lists the layers left out
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        self.encoder = BertModel.from_pretrained(
            folder,
            num_hidden_layers=n_layers,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        hidden = self.encoder.config.hidden_size
        self.relevance, self.span = nn.Linear(hidden, 1), nn.Linear(hidden, 2)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return a logit for each pair, and for each token those of the answer's start and end."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        pooled = (states * mask).sum(1) / mask.sum(1) + states[:, 0]
        return self.relevance(pooled).squeeze(-1), self.span(states)

    def freeze(self, n_lowest: int) -> None:
        """Leave the embeddings and the lowest layers as they are."""
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:n_lowest]):
            for values in part.parameters():
                values.requires_grad = False

    def load_bundled(self) -> None:
        """Take the weights that the product carries, at their 8 bits."""
        tensors = read_reranker_weights(prune(read_weights(bundled_file()))).tensors
        names = {
            f"l{number}.{short}.{end}": f"encoder.encoder.layer.{number}.{long}.{ending}"
            for number in range(self.encoder.config.num_hidden_layers)
            for short, long in LAYER_NAMES.items()
            for end, ending in (("w", "weight"), ("b", "bias"))
        }
        names |= {
            f"{head}.{end[0]}": f"{head}.{end}"
            for head in ("relevance", "span")
            for end in ("weight", "bias")
        }
        state = self.state_dict()
        with torch.no_grad():
            for short, long in names.items():
                state[long].copy_(torch.from_numpy(tensors[short]).reshape(state[long].shape))


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as token ids; `offsets` are the passage's tokens' places in title + passage."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    first: int
    """The first token of the passage's side; the last id is the end mark."""

    def tokens_of(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the first and last token of a stretch of title + passage. None if it was cut off."""
        inside = [at for at, (a, b) in enumerate(self.offsets) if b > start and a < end]
        return (self.first + inside[0], self.first + inside[-1]) if inside else None

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """Return where the tokens stand in title + passage."""
        return self.offsets[first - self.first][0], self.offsets[last - self.first][1]


class Pairs:
    """Makes token ids of pairs."""

    def __init__(self, folder: Path, limit: int = MAX_TOKENS) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(limit, strategy="only_second")

    def make(self, question: str, head: str, text: str) -> Pair:
        """Return the ids of a question (cut at 64 characters) with a passage under its title."""
        encoding = self._tokenizer.encode(question[:64], joined(head, text))
        sides = encoding.sequence_ids
        first = sides.index(1)
        n = sides.count(1)
        return Pair(tuple(encoding.ids), tuple(encoding.offsets[first : first + n]), first)


def joined(head: str, text: str) -> str:
    """Return title and passage as the judge reads them."""
    return f"{head}\n{text}" if head else text


def compute(judge: Judge, pairs: Sequence[Pair], pad: int) -> tuple[Tensor, list[Tensor]]:
    """Return each pair's logit, and each pair's token logits (tokens of the passage's side, start and end)."""
    order = sorted(range(len(pairs)), key=lambda number: len(pairs[number].ids))
    logits: list[Tensor] = []
    spans: list[Tensor] = [torch.empty(0)] * len(pairs)
    for at in range(0, len(order), _CHUNK):
        some = order[at : at + _CHUNK]
        width = len(pairs[some[-1]].ids)
        ids = torch.full((len(some), width), pad, dtype=torch.long)
        mask = torch.zeros((len(some), width), dtype=torch.long)
        for row, number in enumerate(some):
            n = len(pairs[number].ids)
            ids[row, :n] = torch.tensor(pairs[number].ids)
            mask[row, :n] = 1
        relevance, span = judge(ids, mask)
        logits.append(relevance)
        for row, number in enumerate(some):
            pair = pairs[number]
            spans[number] = span[row, pair.first : pair.first + len(pair.offsets)]
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(logits)[back], spans


def best_span(span: Tensor, longest: int = 24) -> tuple[int, int]:
    """Return the first and last token (counted from the passage's side) with the highest sum of start and end."""
    n = len(span)
    sums = span[:, 0].unsqueeze(1) + span[:, 1].unsqueeze(0)
    allowed = torch.ones(n, n).triu().tril(longest - 1).bool()
    best = int(sums.masked_fill(~allowed, float("-inf")).argmax())
    return best // n, best % n
