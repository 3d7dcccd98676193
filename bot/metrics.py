"""What an operator can measure of the running bot, in Prometheus' text form; docs/monitoring.md lists it all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STAGES = ("queue", "encode", "search", "send", "total")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

received_at: ContextVar[float | None] = ContextVar("received_at", default=None)
"""When the update that is being handled came in, in `perf_counter` seconds."""

Gauges = Callable[[], Mapping[str, Mapping[str, float]]]
"""Values read when they are asked for: {name: {label: value}}; the label "" stands for none."""

_GAUGES = {
    "queue_length": ("updates accepted and not yet handled", None),
    "ledger": ("digests by the state of their delivery", "state"),
    "stored": ("what the store holds", "kind"),
    "papers": ("articles of followed newspapers' issues of the last 30 days by what became of them", "state"),
    "paper_alarms": ("alarms about newspapers that were raised", "kind"),
}


class _AtScrape(Collector):
    """Gauges whose values are read when they are asked for; what cannot be read is left out."""

    def __init__(self, read: Gauges) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        """The families that can be read now."""
        try:
            values = self._read()
        except Exception:
            _log.exception("some metrics could not be read")
            values = {}
        for name, (text, label) in _GAUGES.items():
            family = GaugeMetricFamily(f"yunwen_{name}", text, labels=[label] if label else None)
            for key, value in values.get(name, {}).items():
                family.add_metric([key] if label else [], value)
            yield family


class Metrics:
    """Counters and histograms of one bot, in a registry of its own. Safe for several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()

        def counter(name: str, text: str, label: str, *labels: str) -> Counter:
            return Counter(f"yunwen_{name}", text, [label, *labels], registry=self.registry)

        self.questions = counter("questions", "questions answered", "outcome")
        self.stages = Histogram(
            "yunwen_stage_seconds",
            "what a question spends where",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.readings = counter(
            "readings", "questions by how many passages the reranker may read", "passages"
        )
        self.updates = counter("updates", "updates by what became of them", "verdict")
        self.errors = counter("errors", "errors that got a code in the log", "kind")
        self.calls = counter("telegram_calls", "calls of the Bot API", "method", "result")
        self.ingests = counter("ingests", "ingests by how they ended", "result")
        self.pages = counter("pages_ingested", "pages taken in", "change")
        for stage in STAGES:
            self.stages.labels(stage)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)

    def register(self, read: Gauges) -> None:
        """Read queue, ledger and store whenever somebody asks for the metrics."""
        self.registry.register(_AtScrape(read))

    def count_call(self, method: str, result: str) -> None:
        """A call of the Bot API ended: ok, or the class of its error."""
        self.calls.labels(method, result).inc()

    def count_error(self, error: BaseException | None) -> None:
        """Something went wrong that nobody foresaw, or that an operator should see."""
        self.errors.labels(type(error).__name__).inc()

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Measure a stage, however it ends."""
        started = perf_counter()
        try:
            yield
        finally:
            self.stages.labels(stage).observe(perf_counter() - started)

    def observe_since_received(self, stage: str) -> None:
        """What has passed since the update that is being handled came in."""
        came = received_at.get()
        if came is not None:
            self.stages.labels(stage).observe(perf_counter() - came)

    def text(self) -> bytes:
        """All of it as Prometheus reads it. Reads the database."""
        return generate_latest(self.registry)
