"""Where the repository's own files are."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
SEED = SEEDS / "000_2aca70f694a15d08.txt"
"""The seed page: eighteen articles."""
SEED_QUESTIONS = ROOT / "tests" / "data" / "seed_questions.jsonl"
