"""Values to the JSON documents that the command line alone promises; the shapes are in docs/command-line.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval import Answer, Gazetteer, Page, Report, Resolution, Scores

if TYPE_CHECKING:
    from bot.documents.composing import Composer
    from bot.operations.manifest import Manifest
    from bot.operations.restore import Restored
import json


def answer_document(answer: Answer, composer: Composer, *, explain: bool = False) -> dict[str, Any]:
    """What `yunwen ask --json` prints."""
    document = composer.answer(answer).model_dump(mode="json")
    if explain:
        for shown, hit in zip(document["hits"], answer.hits, strict=True):
            shown["contributions"] = {name: round(value, 4) for name, value in hit.contributions.items()}
    return document


def report_document(report: Report) -> dict[str, Any]:
    """What `yunwen ingest --json` prints."""
    return {
        "pages": {
            "new": report.new,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "removed": report.removed,
        },
        "articles": report.articles,
        "passages": report.passages,
        "skipped": [
            {"path": str(each.path), "line": each.line, "reason": each.reason} for each in report.skipped
        ],
    }


def report_line(report: Report) -> str:
    """The same for people."""
    return (
        f"pages: {report.new} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.removed} removed; {report.articles} articles, {report.passages} passages in all"
    )


def backup_document(path: Path, manifest: Manifest) -> dict[str, Any]:
    """What `yunwen backup --json` prints."""
    return {
        "file": str(path),
        "size": path.stat().st_size,
        "made_at": manifest.made_at.isoformat(),
        "counts": manifest.counts,
        "files": len(manifest.files),
    }


def restored_document(restored: Restored, home: Path) -> dict[str, Any]:
    """What `yunwen restore --json` prints."""
    return {
        "home": str(home),
        "kept": str(restored.kept) if restored.kept else None,
        "made_at": restored.manifest.made_at.isoformat(),
        "counts": restored.manifest.counts,
        "files": len(restored.manifest.files),
    }


def resolution_document(resolution: Resolution, gazetteer: Gazetteer) -> dict[str, Any]:
    """What `yunwen regions --json` prints."""
    return {
        "primary": resolution.primary,
        "mentions": [
            {
                "text": each.text,
                "start": each.start,
                "end": each.end,
                "code": each.code,
                "name": each.name,
                "path": each.path,
                "rule": each.rule,
                "confidence": each.confidence,
            }
            for each in resolution.mentions
        ],
        "candidates": [
            {
                "text": each.text,
                "codes": list(each.codes),
                "names": [gazetteer.path_name(code) for code in each.codes],
            }
            for each in resolution.candidates
        ],
    }


def metrics_document(folder: str, side: str, metrics: Scores) -> dict[str, Any]:
    """What `yunwen evaluate --json` prints."""
    values = {
        "hit@1": metrics.hit_at_1,
        "hit@5": metrics.hit_at_5,
        "mrr@10": metrics.mrr_at_10,
        "answer@1": metrics.answer_at_1,
        "answer@3": metrics.answer_at_3,
    }
    return {
        "set": folder,
        "side": side,
        "queries": metrics.n_queries,
        **{name: None if value is None else round(value, 4) for name, value in values.items()},
    }


def page_document(page: Page, resolutions: Sequence[Resolution]) -> dict[str, Any]:
    """What `yunwen page show --json` prints of a page: how it was read, and which places were found by which rule."""
    return {
        "path": str(page.path),
        "encoding": page.encoding,
        "date": page.date.isoformat() if page.date else None,
        "date_basis": page.date_basis.value,
        "source": page.source,
        "articles": [
            {
                "title": article.title,
                "title_is_derived": article.title_is_derived,
                "kind": article.kind.value,
                "lines": list(article.lines),
                "section": article.section,
                "place": article.place,
                "date": article.date.isoformat() if article.date else None,
                "date_basis": article.date_basis.value,
                "byline": article.byline,
                "credit": article.credit,
                "spans": [[span.kind.value, span.start, span.end] for span in article.spans],
                "primary": resolution.primary,
                "mentions": [
                    {"text": each.text, "code": each.code, "path": each.path, "rule": each.rule}
                    for each in resolution.mentions
                ],
            }
            for article, resolution in zip(page.articles, resolutions, strict=True)
        ],
        "skipped": [{"line": each.line, "reason": each.reason} for each in page.skipped],
    }


def page_lines(document: dict[str, Any]) -> list[str]:
    """The same for people."""
    lines = [
        f"{document['path']}  {document['encoding']}  {document['date'] or 'no date'} ({document['date_basis']})"
        f"  {document['source'] or ''}".rstrip()
    ]
    for number, article in enumerate(document["articles"], start=1):
        first, last = article["lines"]
        section = f"【{article['section']}】" if article["section"] else ""
        derived = " (derived)" if article["title_is_derived"] else ""
        lines.append(
            f"\n{number}. {article['title']}{derived}  {article['kind']}  lines {first}-{last}  {section}".rstrip()
        )
        by = article["byline"] or article["credit"]
        about = [f"place {article['place']}" if article["place"] else "", f"by {by}" if by else ""]
        lines.append(
            "   " + "  ".join([f"date {article['date']} ({article['date_basis']})", *filter(None, about)])
        )
        kinds: dict[str, int] = {}
        for kind, start, end in article["spans"]:
            kinds[kind] = kinds.get(kind, 0) + end - start
        lines.append("   " + "  ".join(f"{kind} {n}" for kind, n in kinds.items()) + " characters")
        for each in {mention["code"]: mention for mention in article["mentions"]}.values():
            mark = "*" if each["code"] == article["primary"] else " "
            lines.append(f"   {mark} {each['text']}  {each['path']}  ({each['rule']})")
    lines += [f"skipped, line {each['line']}: {each['reason']}" for each in document["skipped"]]
    return lines


def print_json(document: Any) -> None:
    """Print one JSON document in a line."""
    print(json.dumps(document, ensure_ascii=False, indent=None))
