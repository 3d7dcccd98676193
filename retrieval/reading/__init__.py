"""Pages in files to articles with their offsets, dates and sources."""

from retrieval.reading.files import max_bytes, read_page
from retrieval.reading.finding import archives_above, find_pages, is_archive
from retrieval.reading.formats import MAX_BYTES, PAGE_SUFFIXES
from retrieval.reading.formats.page import parse_page
from retrieval.reading.formats.records import read_records
from retrieval.reading.given_up import GivenUp
from retrieval.reading.process import ReadingLimits, ReadingProcess, Unchanged, read_pages
from retrieval.reading.sidecar import sidecar_path
from retrieval.reading.web.feed_reader import FeedPages, FeedReader, FeedState
from retrieval.reading.web.fetching import Fetcher, FetchError

READER_VERSION = 12
"""Raised when the rules of reading change; pages are then read again."""

__all__ = [
    "MAX_BYTES",
    "PAGE_SUFFIXES",
    "READER_VERSION",
    "FeedPages",
    "FeedReader",
    "FeedState",
    "FetchError",
    "Fetcher",
    "GivenUp",
    "ReadingLimits",
    "ReadingProcess",
    "Unchanged",
    "archives_above",
    "find_pages",
    "is_archive",
    "max_bytes",
    "parse_page",
    "read_page",
    "read_pages",
    "read_records",
    "sidecar_path",
]
