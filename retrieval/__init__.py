"""Pages in, answers out: what the bot and the command line use of this package."""

from retrieval.answer_types import (
    Answer,
    ArticleCount,
    Browsed,
    Evidence,
    Figure,
    Hit,
    Instead,
    Outcome,
    PlaceChoice,
    PlaceSide,
    Timings,
    Turn,
    Wanted,
)
from retrieval.answering.answerer import HOME_ZONE, Answerer, today_at_home
from retrieval.answering.arrivals import Arrivals
from retrieval.answering.interrogatives import SEQUEL_WORDS, without_sequel
from retrieval.answering.versions import answering_versions
from retrieval.browsing import Messages, with_chinese_names
from retrieval.editions import (
    Choice,
    DigestItem,
    Edition,
    EditionStory,
    build_edition,
    edition_between,
    edition_dated,
    edition_since,
    key_sentence,
)
from retrieval.errors import (
    EncoderMismatch,
    ReadingError,
    RetrievalError,
    SchemaError,
    SnapshotError,
    StoreError,
    Unreachable,
)
from retrieval.evaluation import (
    QuestionSet,
    Scores,
    Side,
    load_questions,
    measure,
    put_corpus,
    run_queries,
    side_search,
)
from retrieval.index.base import IndexStatus, PassageIndex
from retrieval.index.engines import engine_of, index_status, open_index
from retrieval.index.local import LocalIndex
from retrieval.ingestion import Ingester, Report
from retrieval.issue import PlacedItem, Section, arrange
from retrieval.library import WARM_UP_QUESTION, FoundPlace, Library, PlaceListing
from retrieval.paper_issues import (
    SILENT_DAYS,
    ArticlePicture,
    article_picture,
    check_silence,
    picture_place,
    put_issue,
)
from retrieval.progress import Progress, Silence
from retrieval.reading import (
    PAGE_SUFFIXES,
    FeedPages,
    FeedReader,
    FeedState,
    Fetcher,
    FetchError,
    ReadingLimits,
    read_pages,
    sidecar_path,
)
from retrieval.reading.papers.addresses import day_in, paper_key
from retrieval.reading.papers.issue import ArticleState, PaperIssue
from retrieval.reading.papers.looks import PaperReader
from retrieval.reading.papers.steps import Wanted as WantedIssue
from retrieval.regions import Division, Gazetteer, Mention, Resolution, Resolver, divisions_of
from retrieval.regions.seats import place_of_seat
from retrieval.store.archive import Archive
from retrieval.store.articles import Counts
from retrieval.store.database import (
    held_alone,
    migrate,
    open_engine,
    reading_from,
    run_migrations,
    store_errors,
    writing_to,
)
from retrieval.store.file_lock import file_held_alone
from retrieval.store.papers import IssueSum, PaperAlarm, PaperLedger, PaperRow
from retrieval.store.relocation import Moved, RelocationRefused, relocate, relocate_store
from retrieval.store.sqlite import check_sqlite, copy_sqlite, count_rows, move_pages, read_revision
from retrieval.store.store import HEAD, VERSION_TABLE, Store
from retrieval.text.colloquial import as_written
from retrieval.text.dates import find_periods
from retrieval.text.news import is_telling, likeness, strip_labels
from retrieval.text.sentences import split_sentences
from retrieval.text.tokenization import Tokenizer, fold
from retrieval.timelines.figures import find_measured
from retrieval.timelines.indicator import asks_for_course
from retrieval.timelines.stories import Course, Step
from retrieval.timelines.values import Point, PointKind, Timeline
from retrieval.types import (
    Article,
    ArticleKind,
    ArticleRegion,
    DateBasis,
    Filter,
    Page,
    Passage,
    PassageScore,
    PassageSlice,
    RegionRole,
    Skipped,
    Span,
    SpanKind,
    StoredArticle,
)

__all__ = [
    "HEAD",
    "HOME_ZONE",
    "PAGE_SUFFIXES",
    "SEQUEL_WORDS",
    "SILENT_DAYS",
    "VERSION_TABLE",
    "WARM_UP_QUESTION",
    "Answer",
    "Answerer",
    "Archive",
    "Arrivals",
    "Article",
    "ArticleCount",
    "ArticleKind",
    "ArticlePicture",
    "ArticleRegion",
    "ArticleState",
    "Browsed",
    "Choice",
    "Counts",
    "Course",
    "DateBasis",
    "DigestItem",
    "Division",
    "Edition",
    "EditionStory",
    "EncoderMismatch",
    "Evidence",
    "FeedPages",
    "FeedReader",
    "FeedState",
    "FetchError",
    "Fetcher",
    "Figure",
    "Filter",
    "FoundPlace",
    "Gazetteer",
    "Hit",
    "IndexStatus",
    "Ingester",
    "Instead",
    "IssueSum",
    "Library",
    "LocalIndex",
    "Mention",
    "Messages",
    "Moved",
    "Outcome",
    "Page",
    "PaperAlarm",
    "PaperIssue",
    "PaperLedger",
    "PaperReader",
    "PaperRow",
    "Passage",
    "PassageIndex",
    "PassageScore",
    "PassageSlice",
    "PlaceChoice",
    "PlaceListing",
    "PlaceSide",
    "PlacedItem",
    "Point",
    "PointKind",
    "Progress",
    "QuestionSet",
    "ReadingError",
    "ReadingLimits",
    "RegionRole",
    "RelocationRefused",
    "Report",
    "Resolution",
    "Resolver",
    "RetrievalError",
    "SchemaError",
    "Scores",
    "Section",
    "Side",
    "Silence",
    "Skipped",
    "SnapshotError",
    "Span",
    "SpanKind",
    "Step",
    "Store",
    "StoreError",
    "StoredArticle",
    "Timeline",
    "Timings",
    "Tokenizer",
    "Turn",
    "Unreachable",
    "Wanted",
    "WantedIssue",
    "answering_versions",
    "arrange",
    "article_picture",
    "as_written",
    "asks_for_course",
    "build_edition",
    "check_silence",
    "check_sqlite",
    "copy_sqlite",
    "count_rows",
    "day_in",
    "divisions_of",
    "edition_between",
    "edition_dated",
    "edition_since",
    "engine_of",
    "file_held_alone",
    "find_measured",
    "find_periods",
    "fold",
    "held_alone",
    "index_status",
    "is_telling",
    "key_sentence",
    "likeness",
    "load_questions",
    "measure",
    "migrate",
    "move_pages",
    "open_engine",
    "open_index",
    "paper_key",
    "picture_place",
    "place_of_seat",
    "put_corpus",
    "put_issue",
    "read_pages",
    "read_revision",
    "reading_from",
    "relocate",
    "relocate_store",
    "run_migrations",
    "run_queries",
    "side_search",
    "sidecar_path",
    "split_sentences",
    "store_errors",
    "strip_labels",
    "today_at_home",
    "with_chinese_names",
    "without_sequel",
    "writing_to",
]
