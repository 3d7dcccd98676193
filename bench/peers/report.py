"""The systems side by side: a table, and the ratios that are kept."""

import argparse
import json
from typing import Any

from bench import setting
from bench.peers.systems import N_HITS, READING
from retrieval.evaluation import load_questions


def report(results: dict[str, Any], options: argparse.Namespace, n_passages: int) -> None:
    header = [
        "system",
        "version",
        "asked",
        "p50 ms",
        "p95",
        "p99",
        "x encoder",
        "hit@1",
        "hit@5",
        "answer@1",
        "answer@3",
    ]
    rows: list[list[object]] = [[*header, "build s", "RSS MB"]]
    done = {name: each for name, each in results.items() if "ms" in each}
    for name, each in done.items():
        rows.append(
            [name, each["version"], each["questions"], *(f"{value:.1f}" for value in each["ms"].values())]
            + [f"{each['over_encoder']:.2f}"]
            + [f"{each[key]:.4f}" for key in ("hit_at_1", "hit_at_5", "answer_at_1", "answer_at_3")]
            + [each["build_s"], each["rss_mb"]]
        )
    n_questions = min(options.questions, len(load_questions(options.folder).queries))
    print(
        f"{options.folder.name}: {n_passages} passages, {n_questions} questions, k {N_HITS}; RSS above imports and encoder"
    )
    print(setting.table(rows))
    document: dict[str, Any] = {"passages": n_passages, "questions": n_questions, "systems": results}
    of_reading = f"yunwen+{READING}", f"langchain+{READING}"
    peers = {name: each for name, each in done.items() if name not in ("yunwen", *of_reading)}
    if peers and "yunwen" in done:
        complete = {name: each for name, each in peers.items() if each["questions"] == n_questions} or peers
        fastest, documented = (
            min(
                (name for name in peers if ("+" in name) == has_torch),
                key=lambda name: peers[name]["ms"]["p50"],
                default="",
            )
            for has_torch in (False, True)
        )
        ours = done["yunwen"]
        document["ratios"] = {
            **{
                f"yunwen_p50_over_{name}": round(ours["ms"]["p50"] / peers[name]["ms"]["p50"], 3)
                for name in (fastest, documented)
                if name
            },
            "yunwen_p50_over_encoder": ours["over_encoder"],
            "peer_hit_at_1_over_yunwen": round(
                max(each["hit_at_1"] for each in complete.values()) / ours["hit_at_1"], 3
            ),
            "peer_answer_at_1_over_yunwen": round(
                max(each["answer_at_1"] for each in complete.values()) / ours["answer_at_1"], 3
            ),
        }
    if all(name in done for name in of_reading):
        ours, theirs = (done[name] for name in of_reading)
        document["reading"] = {
            "yunwen_p50_over_langchain": round(ours["ms"]["p50"] / theirs["ms"]["p50"], 3),
            "langchain_hit_at_1_over_yunwen": round(theirs["hit_at_1"] / ours["hit_at_1"], 3),
        }
        print(f"with reading: {json.dumps(document['reading'])}")
    if "ratios" in document:
        print(f"fastest peers: {fastest} {documented}; {json.dumps(document['ratios'])}")
    setting.save_result(options.result, document)
