"""Progress bars on stderr for a person at a terminal; one line a step for a log."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_PATIENCE_SECONDS = 1.0
"""A step that ends sooner shows nothing."""


class TerminalProgress:
    """A context in which the steps of a long piece of work are shown."""

    def __init__(self, console: Console | None = None, *, is_shown: bool = True) -> None:
        self._console = console or Console(stderr=True)
        self._is_shown = is_shown
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._begun = 0.0
        self._step = ""
        self._is_live = False

    def __enter__(self) -> TerminalProgress:
        """Nothing is shown until a step takes its time."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the bars."""
        if self._is_live:
            self._bars.stop()
            self._is_live = False

    def start(self, step: str, total: int) -> None:
        """A step of `total` units begins."""
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(step, total=total)
        self._begun, self._step = time.monotonic(), step

    def advance(self, n: int) -> None:
        """So many units are done."""
        if self._task is None:
            return
        self._bars.advance(self._task, n)
        if self._is_shown and not self._is_live and time.monotonic() - self._begun > _PATIENCE_SECONDS:
            self._show()

    def step(self, name: str, done: int, total: int) -> None:
        """`done` of `total` units of a named step are done; a new name begins a step."""
        if name != self._step:
            self.start(name, total)
            if self._is_shown and not self._is_live:
                self._show()
        if self._task is not None:
            self._bars.update(self._task, completed=done, total=total)

    def _show(self) -> None:
        if self._console.is_terminal:
            self._bars.start()
            self._is_live = True
        else:
            self._console.print(f"{self._step} …")
            self._begun = float("inf")  # said once a step
