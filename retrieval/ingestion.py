"""Pages into the store: only what changed, one transaction a page, resumable, with deletions.

The data's way: read a page, find its articles' regions, cut passages, encode those not yet encoded (kept at
once, so an interrupted run goes on behind them), then put the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TypeAlias, TypeVar

from embeddings import Encoder
from retrieval.errors import ReadingError
from retrieval.progress import Progress, Silence
from retrieval.reading import (
    READER_VERSION,
    GivenUp,
    ReadingLimits,
    ReadingProcess,
    Unchanged,
    archives_above,
    find_pages,
    is_archive,
)
from retrieval.reading.parting import parts_of
from retrieval.store.rows import Entry, IndexedText
from retrieval.store.store import Store
from retrieval.text.passages import ChunkSize, chunk, passage_header
from retrieval.text.tokenization import Tokenizer
from retrieval.types import Article, Page, RegionRole, Skipped

_T = TypeVar("_T")

RULES_VERSION = 12
"""Raised when regions, passages, terms or stories are made differently; pages are then read again."""

_ENCODE_BATCH = 512
"""Passages encoded between two commits: some seconds of work, which is what an interruption can cost."""

_LOOKED_AT = 200
"""Files that are looked at together, before those that have changed are read."""
_States: TypeAlias = Mapping[str, tuple[str, int]]
"""Of stored pages by their paths: hash and reader."""

Regions: TypeAlias = Callable[[Article], Sequence[tuple[str, RegionRole]]]
"""Finds an article's divisions: (code, role)."""


@dataclass(slots=True)
class Report:
    """What one ingest did; grows while it runs."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    articles: int = 0
    """In the store afterwards."""
    passages: int = 0
    """In the store afterwards."""
    skipped: list[Skipped] = field(default_factory=list)
    unread: int = 0
    """Pages that could not be read at all; what the store had of them is kept."""


class Ingester:
    """Puts pages into a store."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        tokenizer: Tokenizer,
        regions: Regions,
        *,
        size: ChunkSize | None = None,
        encode_batch: int = _ENCODE_BATCH,
        limits: ReadingLimits | None = None,
    ) -> None:
        """`encode_batch` passages are encoded between two commits; `limits` bound the reading of each page."""
        self._store = store
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._regions = regions
        self._size = size or ChunkSize()
        self._encode_batch = encode_batch
        self._limits = limits
        self._given_up = GivenUp()
        self._reader = READER_VERSION * 1000 + RULES_VERSION

    def ingest(
        self, paths: Iterable[Path], progress: Progress | None = None, *, dry_run: bool = False
    ) -> Report:
        """Bring the store to the pages under these paths; pages gone from under them are removed.

        With `dry_run` nothing is changed: the report says what would be, its articles and passages what is.

        A page that cannot be read is reported and skipped, what the store has of it stays. Raises
        EncoderMismatch before anything is changed, StoreError if the database fails: then pages already put
        stay, and running again goes on from there.
        """
        progress = progress or Silence()
        self._store.check_encoder(self._encoder)
        roots = [path.absolute() for path in paths]
        found, skipped = find_pages(roots)
        report = Report(skipped=list(skipped), unread=len(skipped))
        if not self._store.encoder and not dry_run:
            self._store.set_encoder(self._encoder.fingerprint, self._encoder.name)
        states = self._store.page_states()
        progress.start("reading pages", len(found))
        present: set[str] = set()
        """Pages that are there, and those of an archive that could not be looked into."""
        with ReadingProcess(self._limits, self._given_up) as process:
            members = _members_of_archives(states)
            for some in _chunks(found, _LOOKED_AT):
                settled = process.settled(some, self._known(map(str, some), states))
                for path in some:
                    present.add(str(path))
                    if path in settled:
                        _count(settled[path], report)
                    else:
                        stored = [str(path), *members.get(str(path), ())]
                        self._ingest_file(path, process, states, stored, report, progress, present, dry_run)
                    progress.advance(1)
        for gone in _gone(states, roots, present):
            if not dry_run:
                self._store.remove_page(gone)
            report.removed += 1
        if (report.changed or report.removed) and not dry_run:
            self._store.prune_vectors()
        counts = self._store.counts()
        report.articles, report.passages = counts.articles, counts.passages
        return report

    def _ingest_file(
        self,
        path: Path,
        process: ReadingProcess,
        states: _States,
        stored: Sequence[str],
        report: Report,
        progress: Progress,
        present: set[str],
        dry_run: bool,
    ) -> None:
        """Ingest a file's pages, one or an archive's many, which are `stored`; each that is there is added to `present`."""
        try:
            for each in process.pages(path, self._known(stored, states)):
                present.add(str(each.path))
                if isinstance(each, Unchanged | Skipped):
                    _count(each, report)
                else:
                    self._ingest_page(each, str(each.path) in states, report, progress, dry_run)
        except ReadingError as error:
            _count(Skipped(path, error.line, error.reason), report)
            present.update(stored)

    def _known(self, pages: Iterable[str], states: _States) -> dict[str, str]:
        """The hashes of those pages that this reader has read."""
        return {each: states[each][0] for each in pages if each in states and states[each][1] == self._reader}

    def _ingest_page(
        self, page: Page, is_known: bool, report: Report, progress: Progress, dry_run: bool
    ) -> None:
        report.skipped.extend(page.skipped)
        if not dry_run:
            self.put(page, progress)
        report.changed += is_known
        report.new += not is_known

    def put_pages(self, pages: Iterable[Page], progress: Progress | None = None) -> Report:
        """Bring the store to pages that lie in no file, a feed's for instance; none is removed.

        Raises EncoderMismatch before anything is changed, StoreError if the database fails.
        """
        progress = progress or Silence()
        self._store.check_encoder(self._encoder)
        if not self._store.encoder:
            self._store.set_encoder(self._encoder.fingerprint, self._encoder.name)
        states, report = self._store.page_states(), Report()
        for page in pages:
            state = states.get(str(page.path))
            if state == (page.sha256, self._reader):
                report.unchanged += 1
                continue
            self.put(page, progress)
            report.new += state is None
            report.changed += state is not None
        counts = self._store.counts()
        report.articles, report.passages = counts.articles, counts.passages
        return report

    def put(self, page: Page, progress: Progress) -> None:
        """Encode what is not yet encoded of a page, then store it, articles of a book's length in parts."""
        texts: dict[bytes, str] = {}
        entries: list[Entry] = []
        for article in chain.from_iterable(map(parts_of, page.articles)):
            header = passage_header(article)
            title_terms = " ".join(self._tokenizer.terms(_searchable_title(article)))
            slices: list[IndexedText] = []
            for piece in chunk(article, self._size):
                body = article.text[piece.start : piece.end]
                text = f"{header}\n{body}" if header else body
                checksum = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                texts[checksum] = text
                slices.append(
                    IndexedText(piece, checksum, title_terms, " ".join(self._tokenizer.terms(body)))
                )
            entries.append(Entry(article, tuple(slices), tuple(self._regions(article))))
        self._encode(texts, progress)
        self._store.put_page(page, self._reader, entries)

    def reencode(self, progress: Progress | None = None) -> int:
        """Encode every stored passage with this encoder and make it the store's. Return the number encoded.

        Until the last passage is done the store stays with the old encoder; an interrupted run goes on.
        """
        progress = progress or Silence()
        texts: dict[bytes, str] = {}
        wanted = self._store.passage_checksums()
        for batch in _chunks(wanted, 1000):
            passages = self._store.passages([passage_id for passage_id, _, _ in batch])
            articles = self._store.articles({article_id for _, article_id, _ in batch})
            for passage_id, article_id, checksum in batch:
                header = passage_header(articles[article_id])
                body = passages[passage_id].text
                texts[checksum] = f"{header}\n{body}" if header else body
        progress.start("encoding passages again", len(texts))
        n_encoded = self._encode(texts, progress, advance=True)
        self._store.set_encoder(self._encoder.fingerprint, self._encoder.name)
        self._store.prune_vectors()
        return n_encoded

    def _encode(self, texts: dict[bytes, str], progress: Progress, *, advance: bool = False) -> int:
        fingerprint = self._encoder.fingerprint
        known = self._store.known_checksums(fingerprint, texts)
        missing = [checksum for checksum in texts if checksum not in known]
        # every batch has texts of all lengths, so that the time it took tells how long the others take
        missing.sort(key=lambda checksum: len(texts[checksum]))
        n_batches = -(-len(missing) // self._encode_batch)
        if not advance and len(missing) > self._encode_batch:
            progress.start("encoding passages", len(missing))
            advance = True
        for batch in (missing[number::n_batches] for number in range(n_batches)):
            vectors = self._encoder.encode_passages(
                [texts[checksum] for checksum in batch], progress=progress.advance if advance else None
            )
            self._store.put_vectors(fingerprint, batch, vectors)
        return len(missing)


def _searchable_title(article: Article) -> str:
    """What of an article's head belongs to each of its passages' terms; a derived title is body already."""
    title = "" if article.title_is_derived else article.title
    return " ".join(part for part in (article.place, title, article.section) if part)


def _count(each: Unchanged | Skipped, report: Report) -> None:
    """Add to a report what was not read."""
    if isinstance(each, Unchanged):
        report.unchanged += 1
    else:
        report.skipped.append(each)
        report.unread += 1


def _members_of_archives(states: Iterable[str]) -> dict[str, list[str]]:
    """Return the stored pages that lie in archives, by the archive's path."""
    members: dict[str, list[str]] = {}
    for stored in states:
        for archive in archives_above(stored):
            members.setdefault(archive, []).append(stored)
    return members


def _gone(states: Iterable[str], roots: Sequence[Path], present: Collection[str]) -> Iterator[str]:
    """Stored pages that lay under an ingested folder or archive and exist no more.

    A folder that is itself gone, or that cannot be looked into, proves nothing: it may be unmounted.
    """
    folders = [root for root in roots if root.is_dir() or (is_archive(root) and root.is_file())]
    for stored in states:
        if stored not in present and any(folder in Path(stored).parents for folder in folders):
            try:
                Path(stored).stat()
            except (FileNotFoundError, NotADirectoryError):
                yield stored
            except OSError:
                continue


def _chunks(values: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
