"""Where an article stands, as it is said to anyone who asks."""

from datetime import date

import pytest

from bot.languages import Language, texts_of
from bot.messages.answers import compose_source
from retrieval import ArticleKind, DateBasis, StoredArticle


def stored(url: str | None) -> StoredArticle:
    return StoredArticle(
        title="水稻丰收",
        kind=ArticleKind.ARTICLE,
        date=date(2023, 5, 4),
        date_basis=DateBasis.FRONT_MATTER,
        url=url,
        text="库伦旗水稻丰收。",
        spans=(),
        lines=(1, 2),
        id="a",
        page="/p/a.txt",
        regions=(),
        story="a",
    )


@pytest.mark.parametrize(
    ("url", "is_offered"),
    [
        ("https://example.com/1?a=b@c", True),
        ("http://example.com:8080/1", True),
        ("https://user:word@example.com/1", False),
        ("https://user@example.com/1", False),
        ("https://@example.com/1", False),
        ("https:///1", False),
        ("https://[::1", False),
        ("javascript:alert(1)", False),
        (None, False),
    ],
)
def test_only_an_address_that_anyone_may_have_is_offered(url: str | None, is_offered: bool) -> None:
    assert compose_source(stored(url), texts_of(Language.SIMPLIFIED)).url == (url if is_offered else None)
