"""Index engines by the scheme of their address: the only list of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from embeddings import Encoder
from retrieval.index.base import IndexStatus, PassageIndex
from retrieval.index.local import LocalIndex, snapshot_status
from retrieval.index.milvus import MilvusIndex, milvus_status
from retrieval.store.store import Store


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of index."""

    open: Callable[[str, Store, Encoder, bool], PassageIndex]
    status: Callable[[str, Store], IndexStatus]
    """Found without loading the index."""
    is_shared: bool
    """Whether it is kept by a server: who takes pages in brings it up to date then, and no question waits for it."""


def _path(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


_LOCAL = Engine(
    open=lambda url, store, encoder, _: LocalIndex(store, _path(url), encoder),
    status=lambda url, store: snapshot_status(store, _path(url)),
    is_shared=False,
)
_MILVUS = Engine(
    open=lambda url, store, encoder, takes_in: MilvusIndex(store, url, encoder, follows=takes_in),
    status=lambda url, store: milvus_status(store, url),
    is_shared=True,
)
_ENGINES = {"file": _LOCAL, "http": _MILVUS, "https": _MILVUS, "tcp": _MILVUS}


def engine_of(url: str) -> Engine:
    """Return the engine for an address. Raises ValueError if its scheme is none that is known."""
    scheme = urlsplit(url).scheme
    if scheme not in _ENGINES:
        raise ValueError(f"{url}: no index has such an address: begin it with {', '.join(sorted(_ENGINES))}")
    return _ENGINES[scheme]


def open_index(url: str, store: Store, encoder: Encoder, *, takes_in: bool = False) -> PassageIndex:
    """Open the index at an address; `takes_in` says whether this process takes pages in."""
    return engine_of(url).open(url, store, encoder, takes_in)


def index_status(url: str, store: Store) -> IndexStatus:
    """Return what the index at an address holds and how far it is behind the store, without loading it."""
    return engine_of(url).status(url, store)
