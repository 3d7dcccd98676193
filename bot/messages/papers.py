"""What is said of followed newspapers: alarms, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence

from bot.languages import Texts
from bot.messages.splitting import shorten
from retrieval import IssueSum, PaperAlarm, PaperRow

_DETAIL_UNITS = 300
_NAME_UNITS = 100
_MOST_ISSUES = 5
_MOST_PAPERS = 10


def compose_alarm(alarm: PaperAlarm, row: PaperRow | None, texts: Texts) -> str:
    """Return what an operator is told, as plain text."""
    said = {
        "empty": texts.paper_alarm_empty,
        "lost": texts.paper_alarm_lost,
        "silent": texts.paper_alarm_silent,
    }[alarm.kind]
    name = row.name if row is not None and row.name else alarm.paper
    return said.format(
        paper=shorten(name, _NAME_UNITS),
        day=texts.say_day(alarm.day),
        detail=shorten(alarm.detail, _DETAIL_UNITS),
    )


def compose_papers(found: Sequence[tuple[PaperRow, Sequence[IssueSum]]], texts: Texts) -> str:
    """Return how the newspapers stand, as plain text: their newest issues, expected and read."""
    if not found:
        return texts.no_papers
    blocks = []
    for row, sums in found[:_MOST_PAPERS]:
        lines = [
            texts.paper_heading.format(
                paper=shorten(row.name or row.paper, _NAME_UNITS),
                address=shorten(row.address, _DETAIL_UNITS),
                day=texts.say_day(row.looked_on),
            )
        ]
        if row.problem:
            lines.append(texts.paper_problem.format(reason=shorten(row.problem, _DETAIL_UNITS)))
        issues = [each for each in sums if each.is_there][:_MOST_ISSUES]
        for each in issues:
            lost = texts.paper_lost.format(n=each.n_lost) if each.n_lost else ""
            lines.append(
                texts.paper_issue.format(
                    day=texts.say_day(each.day),
                    pages=each.pages,
                    pages_read=each.pages_read,
                    articles=each.articles,
                    articles_read=each.articles_read,
                    lost=lost,
                )
            )
        if not issues:
            lines.append(texts.paper_without_issue)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
