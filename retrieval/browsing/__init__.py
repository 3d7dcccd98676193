"""Asking for news rather than for an answer: what is asked to be listed, and the stories that are."""

from retrieval.browsing.browser import Browser
from retrieval.browsing.english import in_chinese
from retrieval.browsing.looks import Look, recognise_look

__all__ = ["Browser", "Look", "in_chinese", "recognise_look"]
