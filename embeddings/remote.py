"""An encoder that runs elsewhere: text-embeddings-inference, or any server with OpenAI's embeddings endpoint.

The only user of httpx in this package. Protocols: text-embeddings-inference's `GET /info` and `POST /embed`
(huggingface.github.io/text-embeddings-inference), and `POST /v1/embeddings` (platform.openai.com/docs/api-reference).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from embeddings.encoder import EncoderError, EncoderUnreachable, Progress, Vectors, made_of

_QUERY_SECONDS = 4.0
"""All tries of a question together: a person waits for it."""
_PASSAGE_SECONDS = 60.0
"""All tries of a batch of passages together."""
_READ_SECONDS = 30.0
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 8.0
_WINDOW = 480
"""Characters of a window where the server does not say how many tokens it reads; of Chinese no token is shorter."""
_OVERLAP = 32
_BATCH = 32
"""What text-embeddings-inference takes in one request unless it is told otherwise."""
_LATER = frozenset({408, 424, 425, 429, 500, 502, 503, 504})
_TOO_MUCH = frozenset({400, 413, 422})
"""What servers say of too many texts, or of one that is too long."""
_SHORT = 64
"""A text of so few characters is not too long for any model."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where texts are sent, in whose form, and what the server says of itself."""

    url: str
    is_openai: bool
    model: str
    revision: str = ""
    window: int = _WINDOW
    batch: int = _BATCH


class RemoteEncoder:
    """Encodes over HTTP: prompts put before texts, batches, tries with back-off, every row checked and normalised.

    The fingerprint names model, revision where the server tells it, and prompts, but not the address: a server
    that moved keeps the index, one that serves another model does not.
    """

    def __init__(
        self,
        url: str,
        endpoint: Endpoint,
        *,
        api_key: str | None = None,
        query_prompt: str = "",
        passage_prompt: str = "",
    ) -> None:
        """`url` is what messages name. Asks the server for one vector.

        Raises EncoderUnreachable where it does not answer, EncoderError where it refuses.
        """
        self._client = open_client(api_key)
        self._url = url
        self._prompts = query_prompt, passage_prompt
        self._endpoint = endpoint
        self.name = endpoint.model
        self.fingerprint = made_of(
            endpoint.model, f"remote\0{endpoint.model}\0{endpoint.revision}", *self._prompts
        )
        self.dimension = 0
        self.dimension = self._ask(["水稻"], "", _QUERY_SECONDS).shape[1]

    def __del__(self) -> None:
        if hasattr(self, "_client"):
            self._client.close()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, in the order given; raises EncoderUnreachable within five seconds."""
        return self._encode(texts, self._prompts[0], _QUERY_SECONDS, None)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of passages, in the order given; raises EncoderUnreachable when a minute's tries have failed."""
        return self._encode(texts, self._prompts[1], _PASSAGE_SECONDS, progress)

    def _encode(
        self, texts: Sequence[str], prompt: str, seconds: float, progress: Progress | None
    ) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        room = max(_OVERLAP + 1, self._endpoint.window - len(prompt))
        pieces = [(number, part) for number, text in enumerate(texts) for part in windows(text, room)]
        last_of = {number: at for at, (number, _) in enumerate(pieces)}
        for start in range(0, len(pieces), self._endpoint.batch):
            batch = pieces[start : start + self._endpoint.batch]
            rows = self._ask([text for _, text in batch], prompt, seconds)
            for (number, _), row in zip(batch, rows, strict=True):
                vectors[number] += row
            if progress is not None:
                ended = {number for at, (number, _) in enumerate(batch, start) if last_of[number] == at}
                progress(len(ended))
        return _unit(vectors)

    def _ask(self, texts: Sequence[str], prompt: str, seconds: float) -> Vectors:
        """Unit rows of a batch; what is too much for the server is asked for in halves."""
        inputs = [prompt + text or " " for text in texts]
        form: dict[str, Any] = {"inputs": inputs, "normalize": True, "truncate": False}
        if self._endpoint.is_openai:
            form = {"model": self._endpoint.model, "input": inputs, "encoding_format": "float"}
        response = send(self._client, "POST", self._endpoint.url, form, seconds)
        if response.status_code in _TOO_MUCH and len(texts) > 1:
            half = len(texts) // 2
            halves = (texts[:half], texts[half:])
            return np.concatenate([self._ask(each, prompt, seconds) for each in halves])
        if response.status_code in _TOO_MUCH and len(texts[0]) > _SHORT:
            parts = list(windows(texts[0], len(texts[0]) // 2 + _OVERLAP))
            return _unit(self._ask(parts, prompt, seconds).sum(axis=0, keepdims=True))
        if response.status_code != 200:
            raise EncoderError(f"EMBEDDING_URL={self._url}: {_refusal(response)}")
        return self._checked(self._rows(response), len(texts))

    def _rows(self, response: httpx.Response) -> list[Any]:
        try:
            answer = response.json()
            if self._endpoint.is_openai:
                answer = [
                    each["embedding"] for each in sorted(answer["data"], key=lambda each: each["index"])
                ]
            return list(answer)
        except (ValueError, KeyError, TypeError) as error:
            raise self._wrong("its answer is not a list of vectors") from error

    def _checked(self, rows: list[Any], n: int) -> Vectors:
        try:
            vectors = np.asarray(rows, dtype=np.float32)
        except (ValueError, TypeError) as error:
            raise self._wrong("its vectors are of different lengths or no numbers") from error
        if vectors.ndim != 2 or vectors.shape[0] != n or vectors.shape[1] < 1:
            raise self._wrong(f"it gave {len(rows)} vectors for {n} texts")
        if self.dimension and vectors.shape[1] != self.dimension:
            raise self._wrong(f"its vectors now have {vectors.shape[1]} numbers, not {self.dimension}")
        norms = np.linalg.norm(vectors, axis=1)
        if not np.all(np.isfinite(norms)) or not np.all(norms > 0):
            raise self._wrong("one of its vectors has no direction")
        return _unit(vectors)

    def _wrong(self, what: str) -> EncoderError:
        return EncoderError(
            f"EMBEDDING_URL={self._url}: {what}: check which model the server serves, then `yunwen ingest --reencode`"
        )


def open_client(api_key: str | None) -> httpx.Client:
    """Connections that bear the key."""
    return httpx.Client(headers={"Authorization": f"Bearer {api_key}"} if api_key else {})


def find_endpoint(client: httpx.Client, url: str, name: str) -> Endpoint:
    """What speaks at an address; raises EncoderUnreachable where nothing answers.

    An address that ends in /v1 or /v1/embeddings is OpenAI's form. Else the server is asked for `/info`, which
    text-embeddings-inference answers; one that does not is taken for OpenAI's.
    """
    root = url.rstrip("/").removesuffix("/embed").removesuffix("/embeddings").removesuffix("/v1")
    openai = Endpoint(f"{root}/v1/embeddings", is_openai=True, model=name)
    if url.rstrip("/").endswith(("/v1", "/embeddings")):
        return openai
    response = send(client, "GET", f"{root}/info", None, _QUERY_SECONDS)
    try:
        info = response.json() if response.status_code == 200 else {}
        model = info["model_id"]
    except (ValueError, KeyError, TypeError):
        return openai
    # a token is at least a character of Chinese; two are the model's own marks
    window = max(_OVERLAP * 2, int(info.get("max_input_length") or _WINDOW + 2) - 2)
    return Endpoint(
        f"{root}/embed",
        is_openai=False,
        model=str(model),
        revision=str(info.get("model_sha") or ""),
        window=window,
        batch=int(info.get("max_client_batch_size") or _BATCH),
    )


def send(
    client: httpx.Client, method: str, url: str, form: dict[str, Any] | None, seconds: float
) -> httpx.Response:
    """The server's answer, asked for again with growing waits while it is away or busy.

    Raises EncoderUnreachable when so many seconds have passed.
    """
    end, wait = time.monotonic() + seconds, _FIRST_WAIT
    while True:
        left = end - time.monotonic()
        reason, asked_wait = "no time left", 0.0
        try:
            timeout = httpx.Timeout(max(0.05, min(left, _READ_SECONDS)), connect=max(0.05, min(left, 2.0)))
            response = client.request(method, url, json=form, timeout=timeout)
            if response.status_code not in _LATER:
                return response
            reason, asked_wait = f"status {response.status_code}", _retry_after(response)
        except httpx.TransportError as error:
            reason = type(error).__name__
        except httpx.InvalidURL as error:
            raise EncoderError(
                f"EMBEDDING_URL={url}: is no address ({error}): write http://host:port"
            ) from error
        pause = max(asked_wait, wait * random.uniform(0.5, 1.0))
        if time.monotonic() + pause >= end:
            raise EncoderUnreachable(
                f"EMBEDDING_URL={url}: the encoder cannot be reached now ({reason}): start it or correct the address"
            )
        time.sleep(pause)
        wait = min(wait * 2, _LONGEST_WAIT)


def windows(text: str, room: int) -> Iterator[str]:
    """The text, or overlapping parts of at most `room` characters that cover it."""
    yield text[:room]
    for start in range(room - _OVERLAP, len(text) - _OVERLAP, room - _OVERLAP):
        yield text[start : start + room]


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows: Vectors = np.ascontiguousarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)
    return rows


def _retry_after(response: httpx.Response) -> float:
    try:
        return max(0.0, float(response.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0


def _refusal(response: httpx.Response) -> str:
    known = {
        401: "wants another EMBEDDING_API_KEY",
        403: "wants another EMBEDDING_API_KEY",
        404: "has no such page",
    }
    said = " ".join(response.text.split())[:120]
    what = known.get(response.status_code, "refused the texts")
    return f"the server {what} (status {response.status_code}: {said}): correct EMBEDDING_URL, key or model"
