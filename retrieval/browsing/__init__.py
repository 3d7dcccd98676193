"""Asking for news rather than for an answer: what is asked to be listed, and the stories that are."""

from retrieval.browsing.browser import Browser

__all__ = ["Browser"]
