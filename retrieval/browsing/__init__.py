"""Asking for news rather than for an answer: what is asked to be listed, and the stories that are."""

from retrieval.browsing.browser import Browser
from retrieval.browsing.english import in_chinese

__all__ = ["Browser", "in_chinese"]
