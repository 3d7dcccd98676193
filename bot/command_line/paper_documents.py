"""What `yunwen papers` prints, as JSON documents and for people; the shapes are in docs/papers.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from retrieval import IssueSum, PaperIssue, PaperRow


def paper_document(found: PaperIssue) -> dict[str, Any]:
    """What `yunwen papers check --json` prints of an issue: what would come in, page by page."""
    issue = found.issue
    assert issue is not None
    items = []
    for each in found.articles:
        for article in each.articles:
            items.append(
                {
                    "title": article.title,
                    "author": article.byline or article.credit,
                    "date": article.date.isoformat() if article.date else None,
                    "page": each.number,
                    "section": article.section,
                    "url": article.url,
                    "characters": len(article.text),
                }
            )
    pages = [
        {
            "number": page.number,
            "name": page.name,
            "articles": sum(item["page"] == page.number for item in items),
            "has_outlines": any(each.outlines for each in page.articles),
        }
        for page in issue.pages
    ]
    unread = [(page.url, page.problem) for page in issue.pages if page.problem]
    unread += [(each.key, each.problem) for each in found.articles if each.problem]
    return {
        "kind": issue.kind.value,
        "paper": issue.paper,
        "date": issue.day.isoformat(),
        "url": issue.url,
        "pages": pages,
        "articles": len(items),
        "items": items,
        "unread": [{"url": url, "reason": reason} for url, reason in unread],
    }


def paper_lines(document: dict[str, Any]) -> list[str]:
    """The same for people."""
    lines = [
        f"{document['paper']}  {document['date']}  system {document['kind']}  {document['url']}",
        f"{len(document['pages'])} pages, {document['articles']} articles",
    ]
    for page in document["pages"]:
        outlines = "  with outlines" if page["has_outlines"] else ""
        lines.append(f"\n{page['number']} {page['name']}  {page['articles']} articles{outlines}")
        for item in document["items"]:
            if item["page"] == page["number"]:
                by = f"  by {item['author']}" if item["author"] else ""
                lines.append(f"   {item['title']}  {item['date']}{by}  {item['characters']} characters")
    return [*lines, *(f"unread {each['url']}: {each['reason']}" for each in document["unread"])]


def followed_document(row: PaperRow, sums: Sequence[IssueSum]) -> dict[str, Any]:
    """What `yunwen papers list --json` prints of a newspaper."""
    return {
        "address": row.address,
        "paper": row.name,
        "kind": row.kind,
        "looked_on": row.looked_on.isoformat(),
        "problem": row.problem,
        "issues": [
            {
                "date": each.day.isoformat(),
                "pages": each.pages,
                "pages_read": each.pages_read,
                "articles": each.articles,
                "articles_read": each.articles_read,
                "lost": each.n_lost,
            }
            for each in sums
            if each.is_there
        ],
    }


def followed_lines(document: dict[str, Any]) -> list[str]:
    """The same for people, of the newest ten issues."""
    lines = [f"{document['paper'] or '?'}  {document['address']}  looked at {document['looked_on']}"]
    if document["problem"]:
        lines.append(f"   {document['problem']}")
    for each in document["issues"][:10]:
        lost = f"  {each['lost']} lost" if each["lost"] else ""
        lines.append(
            f"   {each['date']}  pages {each['pages_read']} of {each['pages']}, "
            f"articles {each['articles_read']} of {each['articles']}{lost}"
        )
    return lines
