"""A small library of made-up pages, for the tests of this folder."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b, sha256
from pathlib import Path

from embeddings import HashingEncoder
from retrieval import Answerer, Gazetteer, Ingester, Library, LocalIndex, ReadingLimits, Resolver
from retrieval.store.rows import Entry, IndexedText
from retrieval.store.store import Store
from retrieval.text.passages import chunk, passage_header
from retrieval.text.tokenization import Tokenizer
from retrieval.types import Article, ArticleKind, DateBasis, Page, RegionRole, Span, SpanKind

ENCODER = HashingEncoder(64)
TOKENIZER = Tokenizer()
RESOLVER = Resolver(Gazetteer.load(), cuts_word=TOKENIZER.cuts_word)


def article(title: str, text: str, *, place: str | None = None, day: date | None = None) -> Article:
    return Article(
        title=title,
        place=place,
        date=day,
        date_basis=DateBasis.FRONT_MATTER if day else DateBasis.NONE,
        kind=ArticleKind.ARTICLE,
        text=text,
        spans=(Span(SpanKind.BODY, 0, len(text)),),
        lines=(1, 2),
    )


def page(path: str, articles: Sequence[Article]) -> Page:
    checksum = sha256("\0".join(each.title + each.text for each in articles).encode()).hexdigest()
    return Page(
        path=Path(path),
        sha256=checksum,
        encoding="utf-8",
        date=None,
        date_basis=DateBasis.NONE,
        source=None,
        url=None,
        articles=tuple(articles),
    )


def entry(item: Article, *regions: tuple[str, RegionRole]) -> Entry:
    slices = []
    for piece in chunk(item):
        body = item.text[piece.start : piece.end]
        checksum = blake2b((passage_header(item) + body).encode(), digest_size=16).digest()
        title = " ".join(TOKENIZER.terms(f"{item.place or ''} {item.title}"))
        slices.append(IndexedText(piece, checksum, title, " ".join(TOKENIZER.terms(body))))
    return Entry(item, tuple(slices), regions)


def put(store: Store, path: str, *entries: Entry) -> None:
    """Store a page with its vectors, as ingestion does."""
    if store.encoder is None:
        store.set_encoder(ENCODER.fingerprint, ENCODER.name)
    slices = [each for item in entries for each in item.slices]
    texts = [
        item.article.text[each.passage.start : each.passage.end] for item in entries for each in item.slices
    ]
    store.put_vectors(ENCODER.fingerprint, [each.checksum for each in slices], ENCODER.encode_passages(texts))
    store.put_page(page(path, [item.article for item in entries]), 1, entries)


def regions(article: Article) -> list[tuple[str, RegionRole]]:
    """The divisions that ingestion files an article under."""
    found = RESOLVER.resolve_article(article)
    primary = [(found.primary, RegionRole.PRIMARY)] if found.primary else []
    return [*((mention.code, RegionRole.MENTIONED) for mention in found.mentions), *primary]


def ingester(
    store: Store, encoder: HashingEncoder = ENCODER, limits: ReadingLimits | None = None
) -> Ingester:
    return Ingester(store, encoder, TOKENIZER, regions, limits=limits)


def library_of(pages: Mapping[str, str], folder: Path, today: date) -> Library:
    """A library of pages by file name, written and taken in there, asked as of a day."""
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = Store.open(f"sqlite:///{folder / 'home' / 'yunwen.db'}")
    ingester(store).ingest([folder])
    index = LocalIndex(store, folder / "x.index", ENCODER)
    return Library(store, Answerer(store, index, ENCODER, TOKENIZER, RESOLVER, clock=lambda: today), RESOLVER)
