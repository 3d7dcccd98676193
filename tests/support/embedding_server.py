"""A local HTTP server that speaks both forms of embeddings endpoint, serves a real encoder, and fails to order.

After the documentation of text-embeddings-inference (`/info`, `/embed`, status 413 for too much, 429 for overload)
and of OpenAI's embeddings endpoint.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from embeddings import Encoder


@dataclass
class Served:
    """What the server serves, what it was asked, and how it is to fail next."""

    encoder: Encoder
    model: str = "test/hashing"
    key: str | None = None
    max_texts: int = 8
    max_characters: int = 512
    is_tei: bool = True
    failures: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    """Status, headers and JSON of the next answers; status 0 cuts the connection, -1 never answers."""
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    """No server runs any more: what was never answered ends."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Served

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/info" and self.served.is_tei:
            self._answer(
                200,
                {
                    "model_id": self.served.model,
                    "model_sha": "abc",
                    "max_input_length": self.served.max_characters,
                    "max_client_batch_size": self.served.max_texts * 2,  # proxies allow less than servers say
                },
            )
        else:
            self._answer(404, {"error": "no such page"})

    def do_POST(self) -> None:
        form = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = form.get("inputs", form.get("input"))
        self.served.asked.append((self.path, texts))
        if self.served.key and self.headers.get("Authorization") != f"Bearer {self.served.key}":
            self._answer(401, {"error": "no"})
        elif self.served.failures:
            self._fail(*self.served.failures.pop(0))
        elif self.path == "/embed" and self.served.is_tei:
            self._embed(texts)
        elif self.path == "/v1/embeddings":
            self._openai(texts, form["model"])
        else:
            self._answer(404, {"error": "no such page"})

    def _embed(self, texts: list[str]) -> None:
        if not texts or not all(texts):
            self._answer(400, {"error": "`inputs` cannot be empty", "error_type": "Empty"})
        elif len(texts) > self.served.max_texts or max(map(len, texts)) > self.served.max_characters:
            self._answer(413, {"error": "too much", "error_type": "Validation"})
        else:
            self._answer(200, self.served.encoder.encode_passages(texts).tolist())

    def _openai(self, texts: list[str], model: str) -> None:
        if model != self.served.model:
            self._answer(404, {"error": {"message": f"The model {model} does not exist"}})
            return
        vectors = self.served.encoder.encode_passages(texts).tolist()
        data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(vectors)]
        self._answer(200, {"object": "list", "data": data[::-1], "model": model})

    def _fail(self, status: int, headers: dict[str, str], document: Any) -> None:
        if status == 0:
            self.connection.close()
            self.close_connection = True
        elif status == -1:
            self.served.ended.wait()
        else:
            self._answer(status, document, headers)

    def _answer(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *arguments: Any) -> None:
        self.connections: list[socket.socket] = []
        super().__init__(*arguments)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address

    def cut(self) -> None:
        """End every connection, as a killed server does."""
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: Any) -> None:
        """A client that gave up is no news."""


@contextmanager
def serving(served: Served, port: int = 0) -> Iterator[str]:
    """The server's address while it runs."""
    served.ended.clear()
    handler = type("Handler", (_Handler,), {"served": served})
    server = _Server(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        served.ended.set()
        server.shutdown()
        server.server_close()
        server.cut()
        thread.join()
