"""Asking for news rather than for an answer: what is asked to be listed, and the stories that are."""

from retrieval.browsing.browser import Browser
from retrieval.browsing.english import in_chinese, with_chinese_names
from retrieval.browsing.looks import Look, recognise_look
from retrieval.browsing.messages import BROWSE, WATCH, Messages

__all__ = [
    "BROWSE",
    "WATCH",
    "Browser",
    "Look",
    "Messages",
    "in_chinese",
    "recognise_look",
    "with_chinese_names",
]
