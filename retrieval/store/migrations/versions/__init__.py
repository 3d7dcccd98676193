"""Numbered changes of the retrieval tables."""
