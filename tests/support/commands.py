"""The `yunwen` command within the test's own process: it sees an environment, streams and a log of its own."""

import io
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from paths import ROOT

from bot.command_line.main import main
from bot.logs import set_up_logging
from bot.settings import Settings, load_settings

_LEVELLED = (
    *("bot", "retrieval", "embeddings", "yunwen"),
    *("telegram", "httpx", "httpcore", "aiohttp.access"),
)
"""Loggers whose level a command sets."""


def run_command(
    arguments: list[str], environment: Mapping[str, str], text: str | bytes = ""
) -> "CompletedProcess[str]":
    """Run a command as a process with this environment and input would; commands that serve until a signal cannot."""
    streams = [_stream(each) for each in (text, "", "")]
    with (
        chdir(ROOT),
        patch.dict(os.environ, environment, clear=True),
        patch.multiple(sys, stdin=streams[0], stdout=streams[1], stderr=streams[2]),
        _log_of_its_own(),
    ):
        try:
            status = main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
    printed, said = (_written(each) for each in streams[1:])
    return CompletedProcess(arguments, status, printed, said)


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings that a process with this environment has."""
    with chdir(ROOT), patch.dict(os.environ, environment, clear=True):
        return load_settings()


@contextmanager
def logged(settings: Settings, path: Path) -> Iterator[None]:
    """Log to a file as a process with these settings does to stderr, and nowhere else."""
    with path.open("a", encoding="utf-8") as file, _log_of_its_own():
        with patch.object(sys, "stderr", file):
            set_up_logging(
                settings.log_level,
                settings.log_format,
                settings.secrets,
                with_questions=settings.log_questions,
            )
        yield


def _stream(text: str | bytes) -> io.TextIOWrapper:
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape")


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")


@contextmanager
def _log_of_its_own() -> Iterator[None]:
    """Take away the root logger's handlers, as a new process has none, and bring all back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in _LEVELLED}
    root.handlers = []
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
