"""The divisions that an article is filed under."""

from __future__ import annotations

from retrieval.regions.resolver import Resolver
from retrieval.types import Article, RegionRole


def divisions_of(article: Article, resolver: Resolver) -> list[tuple[str, RegionRole]]:
    """Return the divisions that an article names, and the one that it is about: what it states itself, else the resolver's."""
    resolution = resolver.resolve_article(article)
    found = [(mention.code, RegionRole.MENTIONED) for mention in resolution.mentions]
    primary = _stated(article, resolver) or resolution.primary
    return [*found, (primary, RegionRole.PRIMARY)] if primary else found


def _stated(article: Article, resolver: Resolver) -> str | None:
    """The division whose code or clear name an article's record or sidecar gives."""
    if article.region is None or resolver.gazetteer.get(article.region):
        return article.region
    codes = {mention.code for mention in resolver.resolve_question(article.region).mentions}
    return codes.pop() if len(codes) == 1 else None
