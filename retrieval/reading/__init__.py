"""Pages in files to articles with their offsets, dates and sources."""

from retrieval.reading.files import MAX_BYTES, find_pages, read_page
from retrieval.reading.page import parse_page
from retrieval.reading.records import read_records

READER_VERSION = 1
"""Raised when the rules of reading change; pages are then read again."""

__all__ = ["MAX_BYTES", "READER_VERSION", "find_pages", "parse_page", "read_page", "read_records"]
