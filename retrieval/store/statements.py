"""What every question reads from the store, as statements built once: building one anew takes longer than running it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from retrieval.store import schema
from retrieval.store.database import among


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements for one kind of database; those that read by id take `listed` values (see database.py)."""

    head: Select[Any]
    """The log's last sequence number."""
    ranked: Select[Any]
    """What ranking needs of passages, in CandidateText's words."""
    articles: Select[Any]
    """Articles with their pages' paths."""
    regions: Select[Any]
    """Articles' regions, the primary one first."""

    @classmethod
    def of(cls, dialect: str) -> Statements:
        """The statements for a dialect's name."""
        a, p, r, t = schema.articles, schema.pages, schema.article_regions, schema.passage_terms
        wanted = (t.c.passage_id, t.c.article_id, t.c.kind, t.c.start, t.c.end, t.c.day, t.c.is_first)
        by_rank = r.c.role.desc()  # "primary" before "mentioned"
        return cls(
            head=select(func.coalesce(func.max(schema.index_log.c.seq), 0)),
            ranked=select(*wanted, t.c.units, t.c.head, t.c.folded).where(among(t.c.passage_id, dialect)),
            articles=select(a, p.c.path).join(p, p.c.id == a.c.page_id).where(among(a.c.id, dialect)),
            regions=select(r)
            .where(among(r.c.article_id, dialect))
            .order_by(r.c.article_id, by_rank, r.c.code),
        )
