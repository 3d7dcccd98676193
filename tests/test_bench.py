"""What `make bench-check` lets through; what it measures is in bench/ and takes half an hour."""

import json
from pathlib import Path

import pytest

from bench.check import main


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    path = tmp_path / "ratios.json"
    path.write_text(json.dumps({"EPYC": {"encode: a": 0.2}, "Xeon": {"encode: a": 0.3}}), encoding="utf-8")
    return path


def measured(folder: Path, cpu: str, **ratios: float) -> Path:
    results = folder / "results"
    results.mkdir(exist_ok=True)
    document = {"ratios": ratios, "machine": {"cpu": cpu}}
    (results / "encode.json").write_text(json.dumps(document), encoding="utf-8")
    return results


@pytest.mark.parametrize(
    ("cpu", "value", "status"),
    [
        ("Xeon", 0.35, 0),
        ("Xeon", 0.37, 1),
        ("EPYC", 0.23, 0),
        ("EPYC", 0.25, 1),
        ("Neoverse", 0.35, 0),
        ("Neoverse", 0.37, 1),
    ],
)
def test_a_ratio_may_be_a_fifth_worse_than_on_the_same_cpu(
    committed: Path, tmp_path: Path, cpu: str, value: float, status: int
) -> None:
    assert main(measured(tmp_path, cpu, a=value), committed) == status


def test_what_was_never_measured_is_held_against_nothing(committed: Path, tmp_path: Path) -> None:
    assert main(measured(tmp_path, "Xeon", b=9.0), committed) == 0


def test_written_ratios_are_those_of_their_cpu_alone(committed: Path, tmp_path: Path) -> None:
    main(measured(tmp_path, "EPYC", a=0.4), committed, is_written=True)
    written = json.loads(committed.read_text(encoding="utf-8"))
    assert written == {"EPYC": {"encode: a": 0.4}, "Xeon": {"encode: a": 0.3}}
