"""Lines typed at a terminal: editing, a history of one's own, and completion of commands and places by Tab."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output

_MOST_KEPT_BYTES = 200_000
"""Of history; the older half of a longer one is forgotten."""
_LONGEST_NAME, _MOST_OFFERED = 12, 20


def open_session(
    prompt: str,
    commands: Sequence[str],
    places: Iterable[str],
    history: Path,
    *,
    source: Input | None = None,
    screen: Output | None = None,
) -> PromptSession[str]:
    """Return what asks for lines at the terminal, or at another `source` and `screen`.

    `history` is a file that its owner alone can read; where it cannot be written, lines are remembered until the end.
    """
    return PromptSession(
        FormattedText([("ansigreen", prompt)]),
        completer=WordCompleter(commands, places),
        complete_while_typing=False,
        history=_open_history(history),
        input=source,
        output=screen,
    )


def typed_lines(session: PromptSession[str]) -> Iterator[str]:
    """Yield what is typed, line by line, until the input ends; KeyboardInterrupt at Ctrl-C."""
    while True:
        try:
            line = session.prompt()
        except EOFError:
            return
        yield line


class WordCompleter(Completer):
    """Completes a command at the beginning of a line, and a place's name anywhere in it."""

    def __init__(self, commands: Sequence[str], places: Iterable[str]) -> None:
        """Of the places that may be meant the first in `places` is offered first."""
        self._commands = tuple(commands)
        self._order = {name: number for number, name in enumerate(dict.fromkeys(places))}
        self._places = sorted(self._order)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        """Yield what the text before the cursor may become: of several beginnings of names the longest counts."""
        text = document.text_before_cursor
        for command in self._commands:
            if text and command.startswith(text) and command != text:
                yield Completion(command, start_position=-len(text))
        for length in range(min(_LONGEST_NAME, len(text)), 0, -1):
            found = self._beginning_with(text[-length:])
            if found:
                yield from (Completion(name, start_position=-length) for name in found)
                return

    def _beginning_with(self, beginning: str) -> list[str]:
        found = takewhile(
            lambda name: name.startswith(beginning), self._places[bisect_left(self._places, beginning) :]
        )
        others = [name for name in found if name != beginning]
        return sorted(others, key=self._order.__getitem__)[:_MOST_OFFERED]


def _open_history(path: Path) -> History:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
        if path.stat().st_size > _MOST_KEPT_BYTES:
            _forget_older_half(path)
    except OSError:
        return InMemoryHistory()
    return _KeptHistory(str(path))


def _forget_older_half(path: Path) -> None:
    kept = path.read_bytes()[-_MOST_KEPT_BYTES // 2 :]
    path.write_bytes(kept[kept.find(b"\n# ") + 1 :])  # from the beginning of an entry on


class _KeptHistory(FileHistory):
    """A file of lines; a disk that is full ends no conversation."""

    def store_string(self, string: str) -> None:
        """Append a line."""
        with suppress(OSError):
            super().store_string(string)
