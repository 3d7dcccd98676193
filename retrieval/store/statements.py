"""What every question reads from the store, as statements built once: building one anew takes longer than running it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from retrieval.store import schema
from retrieval.store.database import among
from retrieval.types import RegionRole


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
    newest: Select[Any]
    """Ids of `n` articles, the newest issue first, without the `first` before."""
    newest_within: Select[Any]
    """The same of those about divisions whose codes run from `low` to `high`."""
    copies: Select[Any]
    """Ids of the articles that tell the story `of` an id `but` for one, the newest first, `most` of them."""
    told: Select[Any]
    """Passages' ids with those of their articles and of their stories."""

    @classmethod
    @cache
    def of(cls, dialect: str) -> Statements:
        """The statements for a dialect's name."""
        a, p, r, t = schema.articles, schema.pages, schema.article_regions, schema.passage_terms
        s = schema.passages
        wanted = (t.c.passage_id, t.c.article_id, t.c.kind, t.c.start, t.c.end, t.c.day, t.c.is_first)
        newest = (
            select(a.c.id)
            .order_by(a.c.date.desc().nulls_last(), a.c.page_id.desc(), a.c.position)
            .limit(bindparam("n"))
            .offset(bindparam("first"))
        )
        is_within = (r.c.code >= bindparam("low")) & (r.c.code < bindparam("high"))
        about = select(r.c.article_id).where(is_within & (r.c.role == RegionRole.PRIMARY.value))
        by_rank = r.c.role.desc()  # "primary" before "mentioned"
        return cls(
            head=select(func.coalesce(func.max(schema.index_log.c.seq), 0)),
            ranked=select(*wanted, t.c.units, t.c.head, t.c.folded).where(among(t.c.passage_id, dialect)),
            articles=select(a, p.c.path).join(p, p.c.id == a.c.page_id).where(among(a.c.id, dialect)),
            regions=select(r)
            .where(among(r.c.article_id, dialect))
            .order_by(r.c.article_id, by_rank, r.c.code),
            newest=newest,
            newest_within=newest.where(a.c.id.in_(about)),
            copies=select(a.c.id)
            .where(a.c.story == bindparam("of"), a.c.id != bindparam("but"))
            .order_by(a.c.date.desc().nulls_last(), a.c.id)
            .limit(bindparam("most")),
            told=select(s.c.id, s.c.article_id, a.c.story)
            .join(a, a.c.id == s.c.article_id)
            .where(among(s.c.id, dialect)),
        )
