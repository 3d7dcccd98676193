"""No test depends on how fast the machine is: none is named after a time, none sets a limit of its own."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from paths import ROOT

FILES = sorted((ROOT / "tests").rglob("*.py"))
DURATION = re.compile(r"within_\w*(second|minute|ms)|_(seconds|milliseconds)_(at_most|or_less)")
LIMITED = {"wait": 0, "wait_for": 1, "join": 0, "communicate": 1}
"""Calls with a limit, and where it stands among the arguments that are numbers."""
STARTERS = {"processes.py", "postgres.py", "milvus_servers.py"}
"""Where processes are started that somebody sees to the end of."""


@cache
def trees() -> tuple[tuple[Path, tuple[ast.AST, ...]], ...]:
    """The nodes of every file of the tests."""
    return tuple((path, tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))) for path in FILES)


def calls(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.Call]]:
    for node in nodes:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def limits(call: ast.Call) -> list[ast.expr]:
    """Limits in seconds that a call names: `timeout`, `read_timeout`, `shutdown_timeout`, …"""
    named = [each.value for each in call.keywords if (each.arg or "").endswith("timeout")]
    return [each for each in named if is_number(each)]


def is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def test_no_test_is_named_after_a_time() -> None:
    names = [
        f"{path.name}: {node.name}"
        for path, nodes in trees()
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and DURATION.search(node.name)
    ]
    assert names == []


def test_what_is_waited_for_has_the_one_limit() -> None:
    found = []
    for path, nodes in trees():
        for name, call in calls(nodes):
            own = [each for each in call.args[LIMITED[name] :] if is_number(each)] if name in LIMITED else []
            own += limits(call)
            if own:
                found.append(f"{path.name}:{call.lineno}: {ast.unparse(call)}")
    assert found == []


def test_nobody_sleeps_instead_of_waiting_for_an_event() -> None:
    found = [
        f"{path.name}:{call.lineno}"
        for path, nodes in trees()
        if path.parent.name != "support"
        for name, call in calls(nodes)
        if name == "sleep" and call.args and ast.unparse(call.args[0]) != "0"
    ]
    assert found == []


def test_the_one_limit_is_set_in_one_place() -> None:
    found = [
        path.name
        for path, nodes in trees()
        for node in nodes
        if isinstance(node, ast.Assign) and "HANG_SECONDS" in ast.unparse(node.targets[0])
    ]
    assert found == ["waiting.py"]


def test_generated_cases_have_no_deadline() -> None:
    assert settings().deadline is None


def test_no_assertion_reads_a_clock() -> None:
    clocks = {"monotonic", "perf_counter", "process_time"}
    found = [
        f"{path.name}:{node.lineno}"
        for path, nodes in trees()
        if path.name != "waiting.py"
        for node in nodes
        if isinstance(node, ast.Assert)
        for call in ast.walk(node.test)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in clocks
    ]
    assert found == []


def test_processes_are_started_where_they_are_ended() -> None:
    found = [
        f"{path.name}:{call.lineno}"
        for path, nodes in trees()
        for name, call in calls(nodes)
        if name == "Popen" and path.name not in STARTERS | {"make_old_home.py"}
    ]
    assert found == []


def test_no_file_of_the_tests_and_benches_has_outgrown_its_reader() -> None:
    files = (*FILES, *(ROOT / "bench").rglob("*.py"))
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: n for name, n in lengths.items() if n > 400} == {}


@pytest.mark.parametrize(
    "source",
    [
        "asyncio.wait_for(run, 10)",
        "process.wait(30)",
        "f(timeout=60)",
        "AppRunner(app, shutdown_timeout=0.1)",
        "bot.send(read_timeout=0.2)",
    ],
)
def test_a_limit_of_its_own_is_seen(source: str) -> None:
    ((name, call),) = calls(ast.walk(ast.parse(source)))
    positional = [each for each in call.args[LIMITED.get(name, 9) :] if is_number(each)]
    assert positional or limits(call)
