"""Homes that are backed up, and what must be equal in them afterwards."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from commands import run_command

from retrieval import Answer, Outcome, Timings, Turn

QUESTION = "库伦旗水稻种植面积"
PAGE = "date: 2026-11-23\n## 阿尔山市 冰雪节第{n}场\n\n阿尔山市冰雪节第{n}场接待游客{n}万人次。\n"


def run(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YUNWEN", "TELEGRAM", "EMBED"))}
    settings = {
        "YUNWEN_HOME": str(home),
        "YUNWEN_CACHE": str(home.parent / "cache"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
    }
    return run_command([str(each) for each in arguments], kept | settings)


def answer(question: str) -> Answer:
    return Answer(
        question=question,
        outcome=Outcome.NONE,
        as_of=None,
        hits=(),
        turn=Turn(question),
        timings=Timings(0, 0, 0),
    )


def contents(home: Path) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    for name, table in (("yunwen.db", "articles"), ("yunwen.db", "passages"), ("chats.db", "answers")):
        with closing(sqlite3.connect(home / name)) as connection:
            found[table] = connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
    return found


def names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir() if not path.name.endswith((".lock", "-wal", "-shm"))}
