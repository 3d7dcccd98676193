"""What is true of a remote encoder alone; the contract of all encoders is in test_encoders."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from embedding_server import Served, serving
from waiting import HANG_SECONDS, wait_until

from embeddings import Encoder, EncoderError, EncoderUnreachable, HashingEncoder, open_encoder
from embeddings.remote import _QUERY_SECONDS, windows

HERE = Path()


@pytest.fixture
def served() -> Served:
    return Served(HashingEncoder(64))


@pytest.fixture
def address(served: Served) -> Iterator[str]:
    with serving(served) as url:
        yield url


class Clock:
    """The remote encoder's time: it stands still but for the encoder's own waits, if they count."""

    now = 0.0
    waits_count = True

    def monotonic(self) -> float:
        return self.now if self.waits_count else 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        time.sleep(0)  # others go on


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("embeddings.remote.time", clock)
    return clock


def opened(url: str, name: str = "test/hashing", **options: str) -> Encoder:
    return open_encoder(name, cache=HERE, url=url, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["", "/", "/embed", "/v1", "/v1/embeddings"])
def test_vectors_are_those_of_the_encoder_that_is_served(address: str, served: Served, path: str) -> None:
    texts = ["水稻", "小麦", "玉米大豆"]
    remote = opened(address + path)
    assert np.allclose(remote.encode_passages(texts), served.encoder.encode_passages(texts), atol=1e-6)
    form = "/v1/embeddings" if "v1" in path else "/embed"
    assert {each for each, _ in served.asked} == {form}


def test_a_server_without_info_is_asked_in_openais_form(address: str, served: Served) -> None:
    served.is_tei = False
    assert opened(address).dimension == 64
    assert served.asked[-1][0] == "/v1/embeddings"


def test_prompts_stand_before_texts_and_known_models_have_theirs(address: str, served: Served) -> None:
    served.model = "intfloat/multilingual-e5-small"
    remote = opened(address)
    remote.encode_queries(["水稻"])
    remote.encode_passages(["小麦"])
    assert [texts for _, texts in served.asked[-2:]] == [["query: 水稻"], ["passage: 小麦"]]
    own = opened(address, query_prompt="问：", passage_prompt="")
    own.encode_queries(["水稻"])
    own.encode_passages(["小麦"])
    assert [texts for _, texts in served.asked[-2:]] == [["问：水稻"], ["小麦"]]
    assert own.fingerprint != remote.fingerprint


def test_a_server_that_moves_keeps_the_fingerprint_and_another_model_changes_it(served: Served) -> None:
    with serving(served) as first:
        fingerprint = opened(first).fingerprint
    with serving(served) as second:
        assert second != first
        assert opened(second).fingerprint == fingerprint
        served.model = "test/other"
        assert opened(second).fingerprint != fingerprint


def test_more_texts_than_a_request_may_have_come_in_several_and_in_order(
    address: str, served: Served
) -> None:
    texts = [f"第{number}版" for number in range(50)]
    counted: list[int] = []
    found = opened(address).encode_passages(texts, progress=counted.append)
    assert np.allclose(found, served.encoder.encode_passages(texts), atol=1e-6)
    assert sum(counted) == 50
    assert max(len(asked) for _, asked in served.asked) == 16


def test_a_text_that_is_too_long_for_the_model_is_read_in_parts_to_its_end(
    address: str, served: Served
) -> None:
    remote = opened(address)
    served.max_characters = 100  # characters of several tokens: the server's limit is met earlier than told
    long = "水稻种植" * 60
    ending = long + "航天飞船"
    same, other, question = remote.encode_passages([long, ending, "航天飞船"])
    assert float(other @ question) > float(same @ question)
    assert max(len(text) for _, texts in served.asked for text in texts if len(texts) == 1) > 100


@pytest.mark.parametrize(
    "failures",
    [
        [(503, {}, {})],
        [(429, {"Retry-After": "0.3"}, {"error": "Model is overloaded"}), (500, {}, {})],
        [(0, {}, {}), (0, {}, {})],
    ],
)
def test_a_busy_or_broken_server_is_asked_again(
    address: str, served: Served, clock: Clock, failures: list[tuple[int, dict[str, str], object]]
) -> None:
    remote = opened(address)
    n_before = len(served.asked)
    served.failures = list(failures)
    assert np.allclose(remote.encode_queries(["水稻"]), served.encoder.encode_queries(["水稻"]), atol=1e-6)
    assert len(served.asked) - n_before == len(failures) + 1


def test_a_server_that_is_away_is_told_of_and_used_again_when_it_is_back(
    served: Served, clock: Clock
) -> None:
    with serving(served) as url:
        remote = opened(url)
    with pytest.raises(EncoderUnreachable, match="EMBEDDING_URL=.*ConnectError"):
        remote.encode_queries(["水稻"])
    assert 0 < clock.now <= _QUERY_SECONDS  # a person waits for it
    with serving(served, int(url.rpartition(":")[2])):
        assert remote.encode_queries(["水稻"]).shape == (1, 64)


def test_a_server_that_never_answers_is_told_of(
    address: str, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = opened(address)
    served.failures = [(-1, {}, {})] * 100
    monkeypatch.setattr("embeddings.remote._QUERY_SECONDS", 0.3)
    with pytest.raises(EncoderUnreachable, match="ReadTimeout"):
        remote.encode_queries(["水稻"])


def test_passages_wait_for_a_server_that_comes_back(served: Served, clock: Clock) -> None:
    with serving(served) as url:
        remote = opened(url)
    clock.waits_count = False  # the server comes back before its time is up
    found: list[np.ndarray] = []
    thread = threading.Thread(target=lambda: found.append(remote.encode_passages(["小麦"])))
    thread.start()
    wait_until(lambda: clock.now, "the first try to fail")
    assert found == []
    with serving(served, int(url.rpartition(":")[2])):
        thread.join(HANG_SECONDS)
    assert np.allclose(found[0], served.encoder.encode_passages(["小麦"]), atol=1e-6)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ([[1.0, 0.0]], "2 numbers, not 64"),
        ([[0.0] * 64], "no direction"),
        ([[float("nan")] * 64], "no direction"),
        ([[1.0] * 64] * 2, "2 vectors for 1 texts"),
        ([[1.0] * 64, [1.0]], "different lengths"),
        ({"error": "?"}, "vectors"),
        ("hello", "vectors"),
    ],
)
def test_an_answer_that_is_no_vector_for_each_text_is_refused(
    address: str, served: Served, answer: object, complaint: str
) -> None:
    remote = opened(address)
    served.failures = [(200, {}, answer)]
    with pytest.raises(EncoderError, match=f"EMBEDDING_URL.*{complaint}"):
        remote.encode_queries(["水稻"])


def test_the_key_is_sent_and_a_missing_one_is_named(address: str, served: Served) -> None:
    served.key = "secret"
    assert opened(address, api_key="secret").dimension == 64
    with pytest.raises(EncoderError, match="EMBEDDING_API_KEY"):
        opened(address)


def test_a_model_that_the_server_does_not_have_is_named(address: str) -> None:
    with pytest.raises(EncoderError, match="404.*does not exist"):
        opened(f"{address}/v1", "nobody/nothing")


def test_windows_cover_a_text_and_overlap() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(1000))
    parts = list(windows(text, 200))
    assert parts[0] + "".join(part[32:] for part in parts[1:]) == text
    assert max(map(len, parts)) == 200
    assert list(windows("", 200)) == [""]
    assert list(windows("水稻", 200)) == ["水稻"]
