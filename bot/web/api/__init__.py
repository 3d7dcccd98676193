"""The interface for other programs: questions, articles, places and digests as JSON; docs/api.md describes it."""
