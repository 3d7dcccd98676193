"""Articles that tell one story, found when they come in: syndicated copies, a report and its shortened reprint.

Two articles are copies if they are about the same division, one's figures are all among the other's, and
most of their 4-character shingles are shared. Candidates are found by a bottom-k sketch (Broder 1997): of each
article's shingles the few with the smallest hashes are kept in a table, and copies share some of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from heapq import nsmallest

from sqlalchemy import Connection, Integer, Select, bindparam, delete, func, insert, select, union_all, update

from retrieval.store import schema
from retrieval.text.figures import find_figures
from retrieval.text.tokenization import fold
from retrieval.types import RegionRole

SHINGLE = 4
_SAME = 0.6
"""Jaccard similarity of shingles from which two articles are copies."""
_CONTAINED = 0.7
"""Of the shorter one's shingles, what a text that somebody passes on shares with the article that it is."""
_SKETCH = 8
_SHARED = 3
"""Of a sketch, what a candidate has in common: copies at the bar share 6 of 8 on average."""
_CANDIDATES = 20
"""Articles that are compared in full, those with most in common first."""
_OF_EACH = 200
"""Articles looked at for each hash of a sketch: an imprint, or a notice that comes every day, is shared by thousands, and
each that comes in would otherwise cost more than the one before."""


def shingles(text: str) -> frozenset[str]:
    """The 4-character stretches of a text's letters and digits."""
    letters = "".join(character for character in fold(text) if character.isalnum())
    return frozenset(letters[i : i + SHINGLE] for i in range(max(1, len(letters) - SHINGLE + 1)))


def sketch(text: str) -> list[int]:
    """The smallest hashes, unsigned 32 bits, of a text's shingles, ascending; 8 of them, fewer for a short text."""
    hashes = {zlib.crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in shingles(text)}
    return nsmallest(_SKETCH, hashes)


def are_copies(one: str, other: str) -> bool:
    """Whether two articles' texts tell the same story; never true where each has a figure of its own."""
    first, second = shingles(one), shingles(other)
    if len(first & second) < _SAME * len(first | second):
        return False
    figures, others = ({figure.text for figure in find_figures(text)} for text in (one, other))
    return figures <= others or others <= figures


def put_story(
    connection: Connection, article_id: str, text: str, regions: Sequence[tuple[str, RegionRole]]
) -> None:
    """File a stored article under the story of the copy that came before it, or under its own."""
    a, s = schema.articles, schema.story_sketches
    own = sketch(text)
    connection.execute(delete(s).where(s.c.article_id == article_id))
    story = article_id
    for candidate in _candidates(connection, own):
        if _primary(regions) == _stored_primary(connection, candidate):
            row = connection.execute(select(a.c.text, a.c.story).where(a.c.id == candidate)).one()
            if are_copies(row.text, text):
                story = row.story
                break
    connection.execute(update(a).where(a.c.id == article_id).values(story=story))
    connection.execute(insert(s), [{"hash": each, "article_id": article_id} for each in own])


def find_story(connection: Connection, text: str) -> str | None:
    """The id of an article that a text repeats, wholly or for the most part, whatever is put around it; None if none."""
    a, own = schema.articles, shingles(text)
    for candidate in _candidates(connection, sketch(text)):
        told = connection.scalar(select(a.c.text).where(a.c.id == candidate))
        other = shingles(told or "")
        if len(own & other) >= _CONTAINED * min(len(own), len(other)):
            return candidate
    return None


def _candidates(connection: Connection, own: Sequence[int]) -> list[str]:
    none = [-1] * (_SKETCH - len(own))  # hashes are never below 0
    values: dict[str, int] = {f"hash{n}": each for n, each in enumerate([*own, *none])}
    return list(connection.scalars(_sharing(), values | {"least": min(_SHARED, len(own))}))


@cache
def _sharing() -> Select[tuple[str]]:
    """The articles that share hashes with a sketch, those that share most first."""
    s = schema.story_sketches
    of_each = (
        select(s.c.article_id)
        .where(s.c.hash == bindparam(f"hash{n}", type_=s.c.hash.type))
        .order_by(s.c.article_id)
        .limit(_OF_EACH)
        .subquery()
        for n in range(_SKETCH)
    )
    found = union_all(*(select(each.c.article_id) for each in of_each)).subquery()
    n_shared = func.count()
    return (
        select(found.c.article_id)
        .group_by(found.c.article_id)
        .having(n_shared >= bindparam("least", type_=Integer))
        .order_by(n_shared.desc(), found.c.article_id)
        .limit(_CANDIDATES)
    )


def _primary(regions: Sequence[tuple[str, RegionRole]]) -> str | None:
    return next((code for code, role in regions if role is RegionRole.PRIMARY), None)


def _stored_primary(connection: Connection, article_id: str) -> str | None:
    r = schema.article_regions
    is_primary = (r.c.article_id == article_id) & (r.c.role == RegionRole.PRIMARY.value)
    return connection.scalar(select(r.c.code).where(is_primary))
