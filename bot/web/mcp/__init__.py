"""The interface for programs that are led by a language model (Model Context Protocol); docs/api.md describes it."""
