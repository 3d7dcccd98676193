"""Calls to a Milvus server, done again while it is away. The only user of pymilvus."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from retrieval.errors import RetrievalError, Unreachable

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

_ASK_SECONDS = 4.0
"""For all tries of a search: a person waits for it."""
_WRITE_SECONDS = 60.0
MOST_CODES = 1024
_NOT_LOADED = frozenset({101, 503})
_AWAY = frozenset({1, 2, 14})
"""Codes of a connection that failed, as pymilvus and gRPC number them."""


class MilvusServer:
    """Requests to Milvus: each with a time limit, tried again while the server is away, errors as RetrievalErrors."""

    def __init__(self, address: str) -> None:
        self._address = address if "://" in address else f"http://{address}"
        self._client: Any = None
        self._lock = threading.Lock()
        logging.getLogger("pymilvus").setLevel(
            logging.CRITICAL
        )  # it logs each failed try with its whole trace

    def has(self, name: str) -> bool:
        """Return whether there is a collection of this name."""
        return bool(self._write(lambda client: client.has_collection(name, timeout=_ASK_SECONDS)))

    def create(self, name: str, dimension: int, *, has_sparse: bool) -> None:
        """Make a collection with its indexes and load it."""
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
        schema.add_field("article", DataType.VARCHAR, max_length=16)
        schema.add_field("story", DataType.VARCHAR, max_length=16)
        schema.add_field("day", DataType.INT64)
        for field in ("regions", "main"):
            schema.add_field(
                field,
                DataType.ARRAY,
                element_type=DataType.VARCHAR,
                max_capacity=MOST_CODES,
                max_length=12,
            )
        indexes = MilvusClient.prepare_index_params()
        built = {"M": 16, "efConstruction": 200}
        indexes.add_index("dense", index_type="HNSW", metric_type="IP", params=built)
        if has_sparse:
            schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
            indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")

        def make(client: Any) -> None:
            client.create_collection(
                name, schema=schema, index_params=indexes, consistency_level="Bounded", timeout=_WRITE_SECONDS
            )

        self._write(make)

    def switch(self, alias: str, name: str) -> None:
        """Let the alias mean this collection; of those it meant before, the last stays for who still uses it."""

        def point(client: Any) -> None:
            previous = None
            try:
                previous = client.describe_alias(alias, timeout=_ASK_SECONDS)["collection_name"]
            except Exception as error:
                if not _is_answer(error):
                    raise
            if previous is None:
                client.create_alias(name, alias, timeout=_ASK_SECONDS)
            elif previous != name:
                client.alter_alias(name, alias, timeout=_ASK_SECONDS)
            for other in client.list_collections(timeout=_ASK_SECONDS):
                if other.startswith(f"{alias}_") and other not in (name, previous):
                    client.drop_collection(other, timeout=_WRITE_SECONDS)

        self._write(point)

    def upsert(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Put rows, in place of those with their ids."""
        self._write(lambda client: client.upsert(name, rows, timeout=_WRITE_SECONDS))

    def delete(self, name: str, condition: str) -> None:
        """Delete the rows that fit a condition."""
        self._write(lambda client: client.delete(name, filter=condition, timeout=_WRITE_SECONDS))

    def search(
        self,
        name: str,
        field: str,
        data: Any,
        depth: int,
        condition: str,
        parameters: dict[str, Any],
        level: str,
    ) -> list[tuple[int, float]]:
        """Return ids and inner products of the nearest rows, the nearest first."""

        def ask(client: Any) -> list[tuple[int, float]]:
            found = client.search(
                name,
                data=[data],
                anns_field=field,
                limit=depth,
                filter=condition,
                search_params={"metric_type": "IP", "params": parameters},
                output_fields=["id"],
                consistency_level=level,
                timeout=_ASK_SECONDS,
            )
            return [(int(hit["id"]), float(hit["distance"])) for hit in found[0]]

        return self._read(name, ask)

    def ids(self, name: str, condition: str, level: str) -> Iterator[int]:
        """Return the ids of the rows that fit a condition."""

        def ask(client: Any) -> list[int]:
            found = client.query(
                name,
                filter=condition,
                output_fields=["id"],
                consistency_level=level,
                timeout=_ASK_SECONDS,
            )
            return [int(row["id"]) for row in found]

        return iter(self._read(name, ask))

    def count(self, name: str) -> int:
        """Return how many rows a collection has."""

        def ask(client: Any) -> int:
            found = client.query(
                name,
                filter="",
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=_ASK_SECONDS,
            )
            return int(found[0]["count(*)"])

        return self._read(name, ask)

    def version(self) -> str:
        """Return the server's version."""
        return str(self._write(lambda client: client.get_server_version(timeout=_ASK_SECONDS)))

    # ---------------------------------------------------------------------------------------- plumbing

    def _read(self, name: str, ask: Callable[[Any], _T]) -> _T:
        def loaded(client: Any) -> _T:
            try:
                return ask(client)
            except Exception as error:
                if getattr(error, "code", None) not in _NOT_LOADED and "not loaded" not in str(error):
                    raise
            client.load_collection(name, timeout=_ASK_SECONDS)  # as after the server was started again
            return ask(client)

        return self._try(loaded, _ASK_SECONDS)

    def _write(self, do: Callable[[Any], _T]) -> _T:
        return self._try(do, _WRITE_SECONDS if self._client is not None else _ASK_SECONDS)

    def _try(self, do: Callable[[Any], _T], seconds: float) -> _T:
        end, wait = time.monotonic() + seconds, 0.1
        while True:
            try:
                return do(self._connected())
            except Exception as error:
                if _is_answer(error):
                    raise RetrievalError(
                        f"INDEX_URL={self._address}: Milvus refused a request ({_first_line(error)}): "
                        f"check its version and log"
                    ) from error
                if time.monotonic() + wait >= end:
                    raise Unreachable(f"INDEX_URL={self._address}", _first_line(error)) from error
            time.sleep(wait)
            wait = min(wait * 2, 5.0)

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                from pymilvus import MilvusClient

                self._client = MilvusClient(self._address, timeout=_ASK_SECONDS / 2)
            return self._client


def _is_answer(error: Exception) -> bool:
    """Whether the server itself said no, so that asking again is of no use."""
    from pymilvus import MilvusException

    code = getattr(error, "code", None)
    is_told = isinstance(error, MilvusException) and isinstance(code, int) and code not in _AWAY
    return is_told and "Retry timeout" not in str(
        error
    )  # out of time is no refusal: it may be starting still


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "message", "") or error).strip()
    return text.splitlines()[0][:160] if text else type(error).__name__
